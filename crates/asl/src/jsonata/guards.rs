//! Functions of the library that an expression gets in other clothes: those that would take time and memory without end,
//! and those that would read the machine's clock.
//!
//! A host's function does not see what `$` is, as `'a'.$pad(3)` needs it. So an expression that names one of these begins
//! with a function of the same name, signature included, that is written in JSONata.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::parser;
use jsonata_core::value::JValue;

use super::functions::{Made, Plain, argument, number, text, wrong};
use super::syntax::Needs;
use crate::payload::MOST_WEIGHT;

/// Characters to which `$pad` pads: four times what a payload can hold.
const MOST_PADDING: f64 = 1_048_576.0;
/// Numbers that are written in Roman numerals, of which a thousand takes one letter.
const MOST_ROMAN: f64 = 1e9;
/// Digits of a width in a picture: nothing that is shown has a thousand characters.
const WIDTH_DIGITS: usize = 3;

/// The name of a function, and what takes its place.
const CLOTHES: [(&str, &str); 7] = [
    ("distinct", "($distinct := function($x)<x:x>{ $guard_distinct($x) })"),
    (
        "formatInteger",
        "($library_formatInteger := $formatInteger;
          $formatInteger := function($n, $p)<n-s:s>{ $library_formatInteger($n, $guard_formatInteger($n, $p)) })",
    ),
    (
        "fromMillis",
        "($library_fromMillis := $fromMillis;
          $fromMillis := function($n, $p, $z)<n-s?s?:s>{ $library_fromMillis($n, $guard_picture($p), $z) })",
    ),
    ("join", "($library_join := $join; $join := function($a, $s)<a<s>s?:s>{ $library_join($guard_join($a, $s), $s) })"),
    ("pad", "($pad := function($s, $n, $c)<s-ns?:s>{ $guard_pad($s, $n, $c) })"),
    (
        "replace",
        "($library_replace := $replace; $replace := function($s, $p, $r, $l)<s-(sf)(sf)n?:s>{
            ($guard_replace($s, $p, $r); $exists($l) ? $library_replace($s, $p, $r, $l) : $library_replace($s, $p, $r)) })",
    ),
    (
        "toMillis",
        "($library_toMillis := $toMillis; $toMillis := function($s, $p)<s-s?:n>{
            $exists($s) and $exists($p)
                ? ($before := $guard_toMillis($p); $library_toMillis($before.text & $s, $before.picture & $p))
                : $library_toMillis($s) })",
    ),
];

/// The functions in [`CLOTHES`] that are the host's.
pub(super) const GUARDS: [(&str, Plain); 6] = [
    ("guard_distinct", distinct),
    ("guard_formatInteger", format_integer),
    ("guard_picture", picture),
    ("guard_join", join),
    ("guard_pad", pad),
    ("guard_replace", replace),
];

/// An expression with what it needs before it.
pub(super) fn dressed(tree: AstNode, needs: &Needs) -> AstNode {
    let mut steps = Vec::new();
    for (_, clothes) in CLOTHES.iter().filter(|(name, _)| needs.variables.contains(*name)) {
        match parser::parse(clothes) {
            Ok(AstNode::Block(more)) => steps.extend(more),
            other => unreachable!("a block: {other:?}"),
        }
    }
    if steps.is_empty() {
        return tree;
    }
    steps.push(tree);
    AstNode::Block(steps)
}

/// The code with which the library refuses what is too long.
pub(super) fn too_much(function: &str) -> Made {
    wrong("D2015", format!("The value of function \"{function}\" would be too big"))
}

/// `$distinct`, but in the time that a search takes: the library compares each item with each.
fn distinct(arguments: &[JValue]) -> Made {
    let JValue::Array(items) = argument(arguments, 0) else {
        return Ok(argument(arguments, 0).clone());
    };
    let (mut seen, mut found, mut left) = (BTreeSet::new(), Vec::new(), MOST_WEIGHT);
    for item in items {
        let mut key = String::new();
        if write_key(item, &mut key, &mut left).is_none() {
            return too_much("distinct");
        }
        // Functions are equal to nothing.
        if key.is_empty() || seen.insert(key) {
            found.push(item.clone());
        }
    }
    Ok(if items.sequence { JValue::sequence(found) } else { JValue::array(found) })
}

/// Text that is the same for equal values and no others; empty for a function. `None` if it would be too long.
fn write_key(value: &JValue, key: &mut String, left: &mut usize) -> Option<()> {
    *left = left.checked_sub(1 + value.as_str().map_or(0, str::len))?;
    // Writing to a string cannot fail.
    _ = match value {
        JValue::Null => write!(key, "null"),
        JValue::Bool(flag) => write!(key, "{flag}"),
        // Zero is minus zero.
        JValue::Number(number) => write!(key, "{}", number + 0.0),
        JValue::String(text) => write!(key, "{text:?}"),
        JValue::Array(items) => {
            key.push('[');
            items.iter().try_for_each(|item| {
                write_key(item, key, left)?;
                key.push(',');
                Some(())
            })?;
            write!(key, "]")
        }
        JValue::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| name.as_str());
            key.push('{');
            fields.into_iter().try_for_each(|(name, value)| {
                _ = write!(key, "{name:?}:");
                *left = left.checked_sub(name.len())?;
                write_key(value, key, left)?;
                key.push(',');
                Some(())
            })?;
            write!(key, "}}")
        }
        _ => Ok(()),
    };
    Some(())
}

/// The picture, if the number is not too big for it.
fn format_integer(arguments: &[JValue]) -> Made {
    let picture = argument(arguments, 1);
    let roman = picture.as_str().is_some_and(|picture| picture.starts_with(['i', 'I']));
    if roman && argument(arguments, 0).as_f64().is_some_and(|number| number.abs() > MOST_ROMAN) {
        return too_much("formatInteger");
    }
    Ok(picture.clone())
}

/// The picture of a time, if its widths are not too big.
fn picture(arguments: &[JValue]) -> Made {
    let picture = argument(arguments, 0);
    if picture.as_str().is_some_and(|text| !has_sane_widths(text)) {
        return too_much("fromMillis");
    }
    Ok(picture.clone())
}

/// Whether no width, which stands behind a comma in brackets, has too many digits.
pub(super) fn has_sane_widths(picture: &str) -> bool {
    picture.split('[').skip(1).all(|marker| {
        let width = marker.split(']').next().and_then(|marker| marker.split_once(',')).map_or("", |(_, width)| width);
        width.split(|c: char| !c.is_ascii_digit()).all(|digits| digits.len() <= WIDTH_DIGITS)
    })
}

/// The items, if they are not too long together.
fn join(arguments: &[JValue]) -> Made {
    let items = argument(arguments, 0);
    let between = argument(arguments, 1).as_str().map_or(0, str::len);
    if let JValue::Array(parts) = items {
        let length = |part: &JValue| part.as_str().map_or(0, str::len) + between;
        if parts.iter().map(length).sum::<usize>() > MOST_WEIGHT {
            return too_much("join");
        }
    }
    Ok(items.clone())
}

/// `$pad(text, width, character)` of JSONata, with an end.
fn pad(arguments: &[JValue]) -> Made {
    if argument(arguments, 0).is_undefined() || argument(arguments, 1).is_undefined() {
        return Ok(argument(arguments, 0).clone());
    }
    let (text, width) = (text("pad", arguments, 0)?, number("pad", arguments, 1)?.trunc());
    if width.is_nan() || width.abs() > MOST_PADDING {
        return too_much("pad");
    }
    let filling = argument(arguments, 2).as_str().filter(|filling| !filling.is_empty()).unwrap_or(" ");
    let missing = (width.abs() as usize).saturating_sub(text.chars().count());
    let padding: String = filling.chars().cycle().take(missing).collect();
    Ok(if width < 0.0 { format!("{padding}{text}") } else { format!("{text}{padding}") }.into())
}

/// Refuses a replacement that makes too much of a text. What a function returns is not known before.
fn replace(arguments: &[JValue]) -> Made {
    let (Some(text), pattern) = (argument(arguments, 0).as_str(), argument(arguments, 1)) else {
        return Ok(JValue::Undefined);
    };
    let replacement = argument(arguments, 2).as_str().unwrap_or_default();
    // `$0` can be all of the text, once for each `$`.
    let groups = if pattern.is_string() { 0 } else { replacement.matches('$').count() };
    let length = |matches: usize| matches.saturating_mul(replacement.len()).saturating_add(text.len().saturating_mul(groups + 1));
    let matches = match pattern.as_str() {
        Some(pattern) => text.len() / pattern.len().max(1),
        None => text.len() + 1,
    };
    if length(matches) <= MOST_WEIGHT || length(count(text, pattern)?) <= MOST_WEIGHT {
        return Ok(JValue::Undefined);
    }
    too_much("replace")
}

/// How often a pattern is found.
fn count(text: &str, pattern: &JValue) -> Result<usize, EvaluatorError> {
    if let Some(pattern) = pattern.as_str() {
        return Ok(text.matches(pattern).count());
    }
    let mut bound = Context::new();
    bound.bind("text".into(), text.to_owned().into());
    bound.bind("pattern".into(), pattern.clone());
    let tree = parser::parse("$count($split($text, $pattern))").map_err(|error| EvaluatorError::EvaluationError(error.to_string()))?;
    let parts = Evaluator::with_context(bound).evaluate(&tree, &JValue::Undefined)?;
    Ok(parts.as_f64().map_or(0, |parts| parts as usize))
}

/// What a picture leaves out of a time before its first part, which JSONata takes from the clock: as text and as picture.
pub(super) fn left_out(now: Timestamp, arguments: &[JValue]) -> Made {
    let picture = argument(arguments, 0).as_str().unwrap_or_default();
    if !has_sane_widths(picture) {
        return too_much("toMillis");
    }
    let parts = parts(picture);
    let now = now.to_zoned(TimeZone::UTC);
    let (year, month, day) = (format!("{:04}-", now.year()), format!("{:02}-", now.month()), format!("{:02}T", now.day()));
    let whole = [(year, "[Y0001]-"), (month, "[M01]-"), (day, "[D01]T"), (format!("{:02}:", now.hour()), "[H01]:")];
    let count = match parts {
        [true, ..] => 0,
        [_, true, ..] => 1,
        [_, _, true, ..] => 2,
        [_, _, _, true, ..] => 3,
        [.., true] => 4,
        _ => 0,
    };
    let (text, picture) = whole[..count].iter().fold((String::new(), String::new()), |made, part| (made.0 + &part.0, made.1 + part.1));
    let pair = [("text".to_owned(), text.into()), ("picture".to_owned(), picture.into())];
    Ok(JValue::object(pair.into_iter().collect()))
}

/// Whether a picture has a year (or a week, which has one), a month or a day of the year, a day, an hour, a minute or less.
fn parts(picture: &str) -> [bool; 5] {
    let markers: Vec<char> = picture.split('[').skip(1).filter_map(|marker| marker.trim_start().chars().next()).collect();
    ["YXxWw", "Md", "DF", "HhP", "msf"].map(|letters| markers.iter().any(|marker| letters.contains(*marker)))
}
