//! The Choice state at work.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::strand::Sight;
use crate::Payload;
use crate::document::{Choice, Comparand, Given, Leaving, Next, Order, Rule, State, StateId, Test, Type, parse_timestamp};
use crate::expression::{EvaluationError, Expression, Lookup, Scope};
use crate::history::Fault;

/// Why a rule cannot be decided.
enum Undecided {
    /// A path leads nowhere.
    NoValue { path: String },
    /// A condition has no value.
    Condition(EvaluationError),
    /// A condition is neither true nor false.
    NoBoolean(Box<(Lookup, Value)>),
}

impl Execution {
    /// Follows the first rule that holds.
    pub(super) fn choose(&mut self, key: Key, state: &State, choice: &Choice) {
        match self.selected_input(key, state).and_then(|input| self.choice(key, state, choice, &input)) {
            Ok((leaving, next)) => self.pass_input_on(key, state, leaving, Next::State(next)),
            Err(fault) => self.state_failed(key, state, fault, false),
        }
    }

    fn choice<'c>(&mut self, key: Key, state: &'c State, choice: &'c Choice, input: &Payload) -> Result<(&'c Leaving, StateId), Fault> {
        let chosen = self.with_scope(key, state, Sight::of(input), |scope| {
            for (position, alternative) in choice.rules.iter().enumerate() {
                if alternative.rule.holds(scope).map_err(|why| (position, why))? {
                    return Ok(Some((&alternative.leaving, alternative.next)));
                }
            }
            Ok(choice.default.map(|next| (&state.flow.leaving, next)))
        });
        match chosen {
            Some(Ok(Some(next))) => Ok(next),
            Some(Err((position, why))) => Err(self.undecided_fault(key, state, position, input, why)),
            Some(Ok(None)) | None => {
                let words = "Failed to transition out of the state. The state does not point to a next state.";
                Err(self.runtime_fault(key, state, words))
            }
        }
    }

    fn undecided_fault(&self, key: Key, state: &State, position: usize, input: &Payload, why: Undecided) -> Fault {
        let field = format!("Choices[{position}]/Condition");
        match why {
            Undecided::NoValue { path } => {
                let words = format!("Invalid path '{path}': The choice state's condition path references an invalid value.");
                self.runtime_fault(key, state, &words)
            }
            Undecided::Condition(error) => self.field_fault(key, state, &field, input, &error),
            Undecided::NoBoolean(of) => self.unexpected(key, state, &of.0, &field, "boolean", &of.1),
        }
    }
}

impl Rule {
    fn holds(&self, scope: &mut Scope<'_>) -> Result<bool, Undecided> {
        match self {
            Self::All(rules) => {
                for rule in rules {
                    if !rule.holds(scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(rules) => {
                for rule in rules {
                    if rule.holds(scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(rule) => rule.holds(scope).map(|held| !held),
            Self::Condition(Given::Fixed(held)) => Ok(*held),
            Self::Condition(Given::Looked(condition)) => {
                let value = condition.evaluate(scope).map_err(Undecided::Condition)?.into_owned();
                value.as_bool().ok_or_else(|| Undecided::NoBoolean(Box::new((condition.clone(), value))))
            }
            Self::Test { variable, test } => match variable.evaluate(scope) {
                Ok(value) => test.holds(&value, scope),
                Err(error) => match test {
                    Test::Is(Type::Present, expected) => Ok(!expected),
                    _ => Err(no_value(variable, &error)),
                },
            },
        }
    }
}

impl Test {
    /// A value of another type than the test's is neither equal nor less nor greater.
    fn holds(&self, value: &Value, scope: &mut Scope<'_>) -> Result<bool, Undecided> {
        Ok(match self {
            Self::Text(order, with) => {
                let with = with.value(scope, |value| value.as_str().map(Into::into))?;
                value.as_str().zip(with).is_some_and(|(text, with)| order.fits(text.cmp(&**with)))
            }
            Self::Number(order, with) => {
                let with = with.value(scope, Value::as_f64)?;
                let sides = value.as_f64().zip(with);
                sides.and_then(|(number, with)| number.partial_cmp(&with)).is_some_and(|sides| order.fits(sides))
            }
            Self::Time(order, with) => {
                let with = with.value(scope, time)?;
                time(value).zip(with).is_some_and(|(at, with)| order.fits(at.cmp(&with)))
            }
            Self::Boolean(with) => {
                let with = with.value(scope, Value::as_bool)?;
                value.as_bool().zip(with).is_some_and(|(flag, with)| flag == *with)
            }
            Self::Matches(pattern) => value.as_str().is_some_and(|text| matches(pattern, text)),
            Self::Is(kind, expected) => kind.includes(value) == *expected,
        })
    }
}

impl<T: Clone> Comparand<T> {
    fn value(&self, scope: &mut Scope<'_>, read: fn(&Value) -> Option<T>) -> Result<Option<Cow<'_, T>>, Undecided> {
        match self {
            Self::Fixed(value) => Ok(Some(Cow::Borrowed(value))),
            Self::Path(path) => match path.evaluate(scope) {
                Ok(value) => Ok(read(&value).map(Cow::Owned)),
                Err(error) => Err(no_value(path, &error)),
            },
        }
    }
}

impl Order {
    fn fits(self, sides: Ordering) -> bool {
        match self {
            Self::Equals => sides.is_eq(),
            Self::LessThan => sides.is_lt(),
            Self::GreaterThan => sides.is_gt(),
            Self::LessThanEquals => sides.is_le(),
            Self::GreaterThanEquals => sides.is_ge(),
        }
    }
}

impl Type {
    fn includes(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Present => true,
            Self::Numeric => value.is_number(),
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Timestamp => time(value).is_some(),
        }
    }
}

fn time(value: &Value) -> Option<jiff::Timestamp> {
    value.as_str().and_then(parse_timestamp)
}

fn no_value(path: &Expression, error: &EvaluationError) -> Undecided {
    let path = match error {
        EvaluationError::Path { path, .. } | EvaluationError::Argument { path, .. } => path.clone(),
        EvaluationError::Intrinsic { .. } | EvaluationError::Jsonata { .. } | EvaluationError::TooBig => path.text().into(),
    };
    Undecided::NoValue { path }
}

/// `*` stands for any characters, `\*` for itself.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = vec![String::new()];
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '*' => parts.push(String::new()),
            '\\' => parts.last_mut().into_iter().for_each(|part| part.extend(chars.next())),
            plain => parts.last_mut().into_iter().for_each(|part| part.push(plain)),
        }
    }
    let (Some((first, middle)), true) = (parts.split_first(), text.len() >= parts[0].len()) else {
        return false;
    };
    let Some((last, middle)) = middle.split_last() else {
        return text == first;
    };
    let Some(mut rest) = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str())) else {
        return false;
    };
    for part in middle {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_as_documented() {
        for (pattern, text, expected) in [
            ("*.log", "a.log", true),
            ("*.log", ".log", true),
            ("*.log", "a.log.txt", false),
            ("a*b*c", "a--b--c", true),
            ("a*b*c", "a--c--b", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("plain", "plain", true),
            (r"a\*b", "a*b", true),
            (r"a\*b", "axb", false),
            (r"a\\*", r"a\x", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
