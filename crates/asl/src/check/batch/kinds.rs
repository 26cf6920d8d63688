//! Which expressions surely give a number or a boolean, told by their form.

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Boolean,
    /// An item of the Map, whatever that is.
    Item,
}

const NUMBERS: [&str; 15] =
    ["abs", "average", "ceil", "count", "floor", "length", "max", "millis", "min", "number", "power", "random", "round", "sqrt", "sum"];
const BOOLEANS: [&str; 4] = ["boolean", "contains", "exists", "not"];

/// What a path or an intrinsic call gives, if its form tells.
pub(super) fn of_path(text: &str) -> Option<Kind> {
    let call = |name: &str| text.strip_prefix("States.").and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with('('));
    if ["MathAdd", "MathRandom", "ArrayLength"].into_iter().any(call) {
        return Some(Kind::Number);
    }
    if call("ArrayContains") {
        return Some(Kind::Boolean);
    }
    match text {
        "$$.Map.Item.Index" | "$$.State.RetryCount" | "$$.Execution.RedriveCount" => Some(Kind::Number),
        "$$.Map.Item.Value" => Some(Kind::Item),
        _ => (text.starts_with('$') && text.ends_with(".length()")).then_some(Kind::Number),
    }
}

/// What a JSONata expression gives, if its form tells.
pub(super) fn of_jsonata(text: &str) -> Option<Kind> {
    match text.strip_prefix("$states.context.") {
        Some("Map.Item.Index" | "State.RetryCount" | "Execution.RedriveCount") => return Some(Kind::Number),
        Some("Map.Item.Value") => return Some(Kind::Item),
        _ => {}
    }
    if matches!(text, "true" | "false") {
        return Some(Kind::Boolean);
    }
    if text.parse::<f64>().is_ok() && text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) || is_sum(text) {
        return Some(Kind::Number);
    }
    let (name, arguments) = text.strip_prefix('$')?.split_once('(')?;
    if !closes_at_end(arguments) {
        return None;
    }
    let known = |names: &[&str], kind| names.contains(&name).then_some(kind);
    known(&NUMBERS, Kind::Number).or_else(|| known(&BOOLEANS, Kind::Boolean))
}

/// Whether the parenthesis before this text is closed by its last character.
fn closes_at_end(arguments: &str) -> bool {
    let (mut depth, mut quote) = (1, None);
    for (at, c) in arguments.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1 == arguments.len();
        }
    }
    false
}

/// Whether this is a sum of plain things: `$i + 1`.
fn is_sum(text: &str) -> bool {
    let mut depth = 0i32;
    let mut has_plus = false;
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '+' => has_plus |= depth == 0,
            '$' | '.' | '_' | ' ' | ',' | '-' | '*' => {}
            _ if c.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    let words = |word: &str| matches!(word, "and" | "or" | "in");
    has_plus && !text.split(' ').any(words)
}

#[cfg(test)]
mod tests {
    use super::{Kind, of_jsonata, of_path};

    #[test]
    fn forms_tell_numbers_and_booleans() {
        for (text, kind) in [
            ("$$.Map.Item.Index", Some(Kind::Number)),
            ("$$.Map.Item.Value", Some(Kind::Item)),
            ("$$.Map.Item.Value.name", None),
            ("States.MathAdd($.a, 1)", Some(Kind::Number)),
            ("States.ArrayLength($.a)", Some(Kind::Number)),
            ("States.ArrayContains($.a, 1)", Some(Kind::Boolean)),
            ("States.Format('{}', States.MathAdd($.a, 1))", None),
            ("$.a.length()", Some(Kind::Number)),
            ("$.a", None),
        ] {
            assert_eq!(of_path(text), kind, "{text}");
        }
        for (text, kind) in [
            ("$states.context.Map.Item.Index", Some(Kind::Number)),
            ("$states.context.Map.Item.Index + 1", Some(Kind::Number)),
            ("$string($states.context.Map.Item.Index + 1)", None),
            ("$string($a) & ' + '", None),
            ("$count($a)", Some(Kind::Number)),
            ("$count($a) & 'x'", None),
            ("$count($a) > 3", None),
            ("$max([1, $length(')')])", Some(Kind::Number)),
            ("$exists(a)", Some(Kind::Boolean)),
            ("7", Some(Kind::Number)),
            ("'7'", None),
            ("nan", None),
        ] {
            assert_eq!(of_jsonata(text), kind, "{text}");
        }
    }
}
