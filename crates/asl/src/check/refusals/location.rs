//! From AWS's way to name a place, such as `/States/S/Catch[0]/Next`, to the place.

use serde_json::Value;

use crate::check::pointer::Pointer;

/// The place that a diagnostic means.
#[derive(Debug)]
pub(super) struct Exact {
    pub(super) at: Pointer,
    /// If the name of a member is meant, its object and the name.
    pub(super) key: Option<(Pointer, String)>,
}

/// Follows AWS's location as far as it leads. Names may hold `/` and `[`: of several readings that which leads furthest
/// holds, and the longest names go first.
pub(super) fn resolve(root: &Value, location: &str) -> Pointer {
    let rest = location.trim_end_matches('/');
    walk(root, rest, &Pointer::default()).0
}

/// The place that was reached, and how much of the text was left over.
fn walk(value: &Value, rest: &str, at: &Pointer) -> (Pointer, usize) {
    let mut best = (at.clone(), rest.len());
    if rest.is_empty() {
        return best;
    }
    let mut consider = |found: (Pointer, usize)| {
        if found.1 < best.1 {
            best = found;
        }
        best.1 == 0
    };
    match value {
        Value::Object(members) => {
            let Some(name) = rest.strip_prefix('/') else { return best };
            let ends = name.char_indices().filter(|(_, c)| matches!(c, '/' | '[')).map(|(end, _)| end).chain([name.len()]);
            for end in ends.collect::<Vec<_>>().into_iter().rev() {
                if let Some(member) = members.get(&name[..end])
                    && consider(walk(member, &name[end..], &at.key(&name[..end])))
                {
                    break;
                }
            }
        }
        Value::Array(elements) => {
            let position = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
            let found = position.and_then(|(digits, rest)| Some((digits.parse::<usize>().ok()?, rest)));
            if let Some((position, rest)) = found
                && let Some(element) = elements.get(position)
            {
                consider(walk(element, rest, &at.index(position)));
            }
        }
        _ => {}
    }
    best
}

/// The value at a place.
pub(super) fn value<'v>(root: &'v Value, pointer: &Pointer) -> Option<&'v Value> {
    pointer.parts().try_fold(root, |value, part| match value {
        Value::Object(members) => members.get(&*part),
        Value::Array(elements) => part.parse::<usize>().ok().and_then(|position| elements.get(position)),
        _ => None,
    })
}

/// Goes on from where AWS stops, if the message names a member below: the places that it may mean, in order. A message that
/// is there twice means one after the other.
pub(super) fn refine(root: &Value, around: &Pointer, message: &str) -> Vec<Exact> {
    let Some(value) = value(root, around) else { return Vec::new() };
    let key = |name: &str| vec![Exact { at: around.key(name), key: Some((around.clone(), name.to_owned())) }];
    let present = |name: &&str| value.get(*name).is_some();
    if let Some(name) = unsupported_field(message) {
        return Some(name).filter(present).map_or_else(Vec::new, key);
    }
    if let Some(name) = quoted(message, "The field \"", "\" is not supported by Step Functions") {
        let dynamic = format!("{name}.$");
        return [name, &dynamic].into_iter().find(present).map_or_else(Vec::new, key);
    }
    if let Some(names) = quoted(message, "Only one of these fields is allowed: [", "]") {
        return names.split(", ").filter(present).nth(1).map_or_else(Vec::new, key);
    }
    let mut wrong = Vec::new();
    if let Some((name, wanted)) = message.strip_prefix("The value for the field '").and_then(|rest| rest.split_once("' must be ")) {
        members_called(value, name, around, &mut |at, value| {
            if !fits(value, wanted) {
                wrong.push(Exact { at, key: None });
            }
        });
    }
    wrong
}

/// The field that a state does not have, or not in its language.
pub(super) fn unsupported_field(message: &str) -> Option<&str> {
    let in_other_language = || message.split_once(", but field '")?.1.split_once("' is only supported for the '").map(|(field, _)| field);
    quoted(message, "Field '", "' is not supported").or_else(in_other_language)
}

fn quoted<'m>(message: &'m str, before: &str, behind: &str) -> Option<&'m str> {
    message.strip_prefix(before)?.strip_suffix(behind)
}

/// Shows every member of that name, and every element of a list of that name, here and below.
fn members_called<'v>(value: &'v Value, name: &str, at: &Pointer, found: &mut dyn FnMut(Pointer, &'v Value)) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                let below = at.key(key);
                match member {
                    Value::Array(elements) if key == name && elements.iter().any(|element| !element.is_object()) => {
                        elements.iter().enumerate().for_each(|(position, element)| found(below.index(position), element));
                    }
                    _ if key == name => found(below.clone(), member),
                    _ => {}
                }
                members_called(member, name, &below, found);
            }
        }
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                members_called(element, name, &at.index(position), found);
            }
        }
        _ => {}
    }
}

fn fits(value: &Value, wanted: &str) -> bool {
    match wanted {
        "a STRING" => value.is_string(),
        "an INTEGER" => value.is_i64() || value.is_u64(),
        "a BOOLEAN" => value.is_boolean(),
        "a STRUCTURE" | "a MAP" => value.is_object(),
        "a LIST" => value.is_array(),
        _ => value.as_str().is_some_and(|text| text.starts_with('$') || text.starts_with("States.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{refine, resolve};

    #[test]
    fn locations_are_followed_through_names_that_hold_slashes_and_brackets() {
        let root = json!({"States": {"a/b[0]": {"Catch": [{"Next": "x"}]}, "a": {"b[0]": 1, "Catch": []}, "": {"Type": 1}}});
        for (location, pointer) in [
            ("/", ""),
            ("/States/a~b", "/States"),
            ("/States/a/b[0]/Catch[0]/Next", "/States/a~1b[0]/Catch/0/Next"),
            ("/States/a/b[0]", "/States/a~1b[0]"),
            ("/States/a/Catch[7]/Next", "/States/a/Catch"),
            ("/States//Type", "/States//Type"),
            ("nonsense", ""),
        ] {
            assert_eq!(resolve(&root, location).as_str(), pointer, "{location}");
        }
    }

    #[test]
    fn messages_that_name_a_member_lead_to_it() {
        let root = json!({"P": {"Environment": [{"Value": "a"}, {"Value": 1}, {"Value": 2}], "Command": ["a", 3], "x.$": 1, "y": 1}});
        let around = resolve(&root, "/P");
        for (message, repeated, pointer) in [
            ("The value for the field 'Value' must be a STRING", 0, "/P/Environment/1/Value"),
            ("The value for the field 'Value' must be a STRING", 1, "/P/Environment/2/Value"),
            ("The value for the field 'Value' must be a STRING", 2, ""),
            ("The value for the field 'Command' must be a STRING", 0, "/P/Command/1"),
            ("The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call", 0, "/P/x.$"),
            ("Field 'y' is not supported", 0, "/P/y"),
            ("The QueryLanguage is set to 'JSONata', but field 'y' is only supported for the 'JSONPath' QueryLanguage", 0, "/P/y"),
            ("The field \"x\" is not supported by Step Functions", 0, "/P/x.$"),
            ("Only one of these fields is allowed: [Command, y]", 0, "/P/y"),
        ] {
            assert_eq!(refine(&root, &around, message).get(repeated).map_or("", |exact| exact.at.as_str()), pointer, "{message}");
        }
    }
}
