//! Comparing recorded JSON, in which some texts are masked, with our own.

use serde_json::Value;

/// Knows the masks of one case.
pub(crate) struct Matcher {
    masks: Vec<String>,
}

/// Masks that stand for a whole value, and fields that came after the recordings.
const WHOLE: [&str; 3] = ["timestamp", "datetime", "date"];
const LATER: [&str; 4] = ["redriveCount", "redriveStatus", "RedriveCount", "variableReferences"];

impl Matcher {
    pub(crate) fn new(tokens: Vec<&str>) -> Self {
        let masks = tokens.into_iter().map(str::to_owned).chain(["date".to_owned(), "111111111111".to_owned()]);
        Self { masks: masks.collect() }
    }

    /// Where the two differ.
    pub(crate) fn differences(&self, recorded: &Value, actual: &Value) -> Vec<String> {
        let mut found = Vec::new();
        self.compare("$", recorded, actual, &mut found);
        found
    }

    fn compare(&self, at: &str, recorded: &Value, actual: &Value, found: &mut Vec<String>) {
        match (recorded, actual) {
            (Value::String(mask), _) if WHOLE.contains(&mask.as_str()) || self.masks.contains(mask) => {}
            (Value::String(text), Value::String(ours)) if self.fits(text, ours) => {}
            // Outputs are JSON in strings: a string in one is quoted twice.
            (Value::String(text), Value::String(ours)) if parsed(text).is_some_and(|inner| inner == **ours) => {}
            (Value::Object(_) | Value::Array(_) | Value::Number(_), Value::String(text)) if parsed(text).is_some() => {
                self.compare(at, recorded, &parsed(text).unwrap_or_default(), found);
            }
            (Value::String(text), other) if !other.is_string() && parsed(text).is_some() => {
                self.compare(at, &parsed(text).unwrap_or_default(), other, found);
            }
            (Value::Object(theirs), Value::Object(ours)) => {
                for (key, value) in theirs {
                    match ours.get(key) {
                        Some(own) => self.compare(&format!("{at}.{key}"), value, own, found),
                        None => found.push(format!("{at}.{key} is missing, recorded {value}")),
                    }
                }
                let more = ours.keys().filter(|key| !theirs.contains_key(*key) && !LATER.contains(&key.as_str()));
                found.extend(more.map(|key| format!("{at}.{key} was not recorded")));
            }
            (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
                for (position, (value, own)) in theirs.iter().zip(ours).enumerate() {
                    self.compare(&format!("{at}[{position}]"), value, own, found);
                }
            }
            (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
            (a, b) if a == b => {}
            (a, b) => found.push(format!("{at}: recorded {a}, ours {b}")),
        }
    }

    /// Whether the text is the recorded one, whatever stands behind its masks.
    fn fits(&self, recorded: &str, ours: &str) -> bool {
        let mut pieces = vec![String::new()];
        let mut rest = recorded;
        while let Some(c) = rest.chars().next() {
            let bracketed = if c == '<' { rest.find('>').map(|end| end + 1) } else { None };
            let mask = self.masks.iter().find(|mask| rest.starts_with(mask.as_str())).map(String::len).or(bracketed);
            if mask.is_some() {
                pieces.push(String::new());
            } else {
                pieces.last_mut().into_iter().for_each(|piece| piece.push(c));
            }
            rest = &rest[mask.unwrap_or(c.len_utf8())..];
        }
        let (last, mut at) = (pieces.len() - 1, 0);
        pieces.iter().enumerate().all(|(position, piece)| {
            let found = match position {
                _ if position == last && last > 0 => ours[at..].ends_with(piece.as_str()).then_some(ours.len() - piece.len()),
                0 => ours.starts_with(piece.as_str()).then_some(0),
                _ => ours[at..].find(piece.as_str()).map(|found| at + found),
            };
            at = found.map_or(at, |start| start + piece.len());
            found.is_some()
        }) && at == ours.len()
    }
}

fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}
