//! The functions that AWS adds to JSONata (Developer Guide, Transforming data with JSONata), those whose clock and chance
//! are the execution's, and those that are kept within bounds.

use std::cell::RefCell;
use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::guards::{self, GUARDS};
use super::syntax::Needs;
use crate::expression::Scope;
use crate::intrinsic;
use crate::random::Random;

/// Items that `$range` makes: what JSONata's own `[1..n]` makes.
const MOST_RANGE: f64 = 10_000_000.0;

pub(super) type Made = Result<JValue, EvaluatorError>;

/// The execution's chance, while an evaluation has it.
pub(super) type Lent = Option<Rc<RefCell<Random>>>;

/// Takes the chance back.
pub(super) fn give_back(random: Lent, scope: &mut Scope<'_>) {
    if let Some(random) = random {
        *scope.random = random.replace(Random::new(0));
    }
}

/// Makes the functions known that the expression names.
pub(super) fn register(evaluator: &mut Evaluator, scope: &mut Scope<'_>, needs: &Needs) -> Lent {
    let names = |name: &str| needs.variables.contains(name);
    let mut add = |name: &str, function: Function| {
        // Both refuse only names that the library compiles, of which none is here.
        _ = evaluator.register_fn_override(name, move |arguments: &[JValue]| function(arguments));
    };
    for (name, function) in PLAIN {
        if names(name) {
            add(name, Box::new(function));
        }
    }
    for (name, function) in GUARDS {
        add(name, Box::new(function));
    }
    let at = scope.now;
    add("guard_toMillis", Box::new(move |arguments| guards::left_out(at, arguments)));
    let millis = at.as_millisecond();
    if names("millis") {
        add("millis", Box::new(move |_| Ok(JValue::Number(millis as f64))));
    }
    if names("now") {
        add("now", Box::new(move |arguments| now(millis, arguments)));
    }
    if !["random", "uuid", "shuffle"].into_iter().any(names) {
        return None;
    }
    let random = Rc::new(RefCell::new(std::mem::replace(scope.random, Random::new(0))));
    let lent = Rc::clone(&random);
    add("uuid", Box::new(move |_| Ok(lent.borrow_mut().uuid().to_string().into())));
    let lent = Rc::clone(&random);
    add("random", Box::new(move |arguments| random_number(arguments, &lent)));
    let lent = Rc::clone(&random);
    add("shuffle", Box::new(move |arguments| Ok(shuffle(arguments, &mut lent.borrow_mut()))));
    Some(random)
}

type Function = Box<dyn Fn(&[JValue]) -> Made>;
pub(super) type Plain = fn(&[JValue]) -> Made;

const PLAIN: [(&str, Plain); 5] = [("eval", eval), ("hash", hash), ("parse", parse), ("partition", partition), ("range", range)];

pub(super) fn wrong<T>(code: &str, words: impl std::fmt::Display) -> Result<T, EvaluatorError> {
    Err(EvaluatorError::EvaluationError(format!("{code}: {words}")))
}

pub(super) fn argument(arguments: &[JValue], position: usize) -> &JValue {
    arguments.get(position).unwrap_or(&JValue::Undefined)
}

pub(super) fn number(function: &str, arguments: &[JValue], position: usize) -> Result<f64, EvaluatorError> {
    match argument(arguments, position).as_f64() {
        Some(number) => Ok(number),
        None => wrong("T0410", format!("Argument {} of function \"{function}\" does not match function signature", position + 1)),
    }
}

pub(super) fn text<'v>(function: &str, arguments: &'v [JValue], position: usize) -> Result<&'v str, EvaluatorError> {
    match argument(arguments, position).as_str() {
        Some(text) => Ok(text),
        None => wrong("T0410", format!("Argument {} of function \"{function}\" does not match function signature", position + 1)),
    }
}

/// AWS does not have it.
fn eval(_: &[JValue]) -> Made {
    wrong("T1006", "Attempted to invoke a non-function")
}

/// `$parse(text)`: JSON to value.
fn parse(arguments: &[JValue]) -> Made {
    if argument(arguments, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let text = text("parse", arguments, 0)?;
    JValue::from_json_str(text).or_else(|error| wrong("D3121", format!("The argument of function \"parse\" is not JSON: {error}")))
}

/// `$partition(array, n)`: arrays of n items, the last perhaps shorter.
fn partition(arguments: &[JValue]) -> Made {
    let items = match argument(arguments, 0) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::Array(items) => items.to_vec(),
        single => vec![single.clone()],
    };
    let size = number("partition", arguments, 1)?.floor();
    if !(1.0..=u32::MAX.into()).contains(&size) {
        return wrong("D3140", "The second argument of function \"partition\" must be a positive number");
    }
    Ok(JValue::array(items.chunks(size as usize).map(|chunk| JValue::array(chunk.to_vec())).collect()))
}

/// `$range(first, last, step)`: both ends are included.
fn range(arguments: &[JValue]) -> Made {
    let (first, last) = (number("range", arguments, 0)?, number("range", arguments, 1)?);
    let step = if argument(arguments, 2).is_undefined() { 1.0 } else { number("range", arguments, 2)? };
    if step == 0.0 || !step.is_finite() || !first.is_finite() || !last.is_finite() {
        return wrong("D3141", "The third argument of function \"range\" must not be zero");
    }
    let count = ((last - first) / step).floor() + 1.0;
    if count > MOST_RANGE {
        return guards::too_much("range");
    }
    Ok(JValue::array((0..count.max(0.0) as u64).map(|at| JValue::Number(first + at as f64 * step)).collect()))
}

/// `$hash(content, algorithm)`: hexadecimal.
fn hash(arguments: &[JValue]) -> Made {
    if argument(arguments, 0).is_undefined() {
        return Ok(JValue::Undefined);
    }
    let (content, algorithm) = (text("hash", arguments, 0)?, text("hash", arguments, 1)?);
    match intrinsic::digest(content.as_bytes(), algorithm) {
        Some(digest) => Ok(digest.into()),
        None => wrong("D3142", "The hash algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
    }
}

/// `$random()` in 0 up to 1; `$random(seed)` always the same.
fn random_number(arguments: &[JValue], random: &RefCell<Random>) -> Made {
    if argument(arguments, 0).is_undefined() {
        return Ok(random.borrow_mut().fraction().into());
    }
    let seed = number("random", arguments, 0)?;
    Ok(Random::new(seed as i64 as u64).fraction().into())
}

fn shuffle(arguments: &[JValue], random: &mut Random) -> JValue {
    let mut items = match argument(arguments, 0) {
        JValue::Undefined => return JValue::Undefined,
        JValue::Array(items) => items.to_vec(),
        single => vec![single.clone()],
    };
    for last in (1..items.len()).rev() {
        items.swap(last, random.between(0, last as i64 + 1) as usize);
    }
    JValue::array(items)
}

/// `$now(picture, timezone)` of JSONata, at the execution's time.
fn now(millis: i64, arguments: &[JValue]) -> Made {
    if argument(arguments, 0).as_str().is_some_and(|picture| !guards::has_sane_widths(picture)) {
        return guards::too_much("now");
    }
    let mut bound = Context::new();
    bound.bind("at".into(), JValue::Number(millis as f64));
    for (name, position) in [("picture", 0), ("zone", 1)] {
        bound.bind(name.into(), argument(arguments, position).clone());
    }
    match parser::parse("$fromMillis($at, $picture, $zone)") {
        Ok(tree) => Evaluator::with_context(bound).evaluate(&tree, &JValue::Undefined),
        Err(error) => wrong("D3144", error),
    }
}
