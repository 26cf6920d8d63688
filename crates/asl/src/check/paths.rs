//! Paths and intrinsic calls that are passed as they are written, because nothing says that they are to be computed.

use super::machine::{Leaf, Place, State};
use super::report::Report;
use super::rules;

/// The fields whose members are computed if their names end in `.$`.
const TEMPLATES: [&str; 9] =
    ["Parameters", "ItemSelector", "ResultSelector", "Assign", "ItemReader", "ItemBatcher", "ResultWriter", "Credentials", "Catch"];

/// Parts of names of parameters in which a service wants a path as text, and ends of such names.
const FOR_SERVICES: [&str; 8] = ["jsonpath", "paths", "transform", "definition", "mapping", "template", "filter", "query"];
const FOR_SERVICES_AT_END: [&str; 3] = ["path", "expression", "selector"];

/// The intrinsic functions.
const FUNCTIONS: [&str; 18] = [
    "Array",
    "ArrayContains",
    "ArrayGetItem",
    "ArrayLength",
    "ArrayPartition",
    "ArrayRange",
    "ArrayUnique",
    "Base64Decode",
    "Base64Encode",
    "Format",
    "Hash",
    "JsonMerge",
    "JsonToString",
    "MathAdd",
    "MathRandom",
    "StringSplit",
    "StringToJson",
    "UUID",
];

/// Notes what looks computed and is not.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for state in places.iter().map(|place| place.state) {
        for leaf in state.leaves() {
            let Some(text) = leaf.value.as_str() else { continue };
            if state.is("Pass") && leaf.field() == "Result" && !state.is_jsonata {
                result(&leaf, text, report);
            } else if looks_computed(text) && !leaf.names[1..].iter().any(|name| is_for_service(name)) {
                look(state, &leaf, text, report);
            }
        }
    }
}

fn is_for_service(name: &str) -> bool {
    let name = name.to_lowercase();
    FOR_SERVICES.iter().any(|part| name.contains(part)) || FOR_SERVICES_AT_END.iter().any(|end| name.ends_with(end))
}

fn look(state: &State<'_>, leaf: &Leaf<'_>, text: &str, report: &mut Report<'_>) {
    if state.is_jsonata {
        if matches!(leaf.field(), "Arguments" | "Output" | "Assign" | "ItemSelector" | "Items" | "Catch" | "ItemBatcher") {
            let message = format!("\"{text}\" is passed as it is written: this state is JSONata");
            let help = text.strip_prefix("$.").map_or_else(
                || "write an expression: \"{% … %}\"".into(),
                |path| format!("write \"{{% $states.input.{path} %}}\", or $states.result for the result"),
            );
            report.add_unless_refused(&rules::PATH_IN_JSONATA, &leaf.at, message, help);
        }
        return;
    }
    let name = leaf.name();
    let message = format!("\"{text}\" is passed as it is written: only what stands behind a name with .$ is computed");
    let with_path = |fields: &[&str]| fields.contains(&name);
    let help = match leaf.field() {
        field if TEMPLATES.contains(&field) && leaf.is_element => {
            let example = if text.starts_with("States.") { text.to_owned() } else { format!("…, {text}") };
            format!("an element of a list is not computed; make the whole list: \"{name}.$\": \"States.Array({example})\"")
        }
        field
            if TEMPLATES.contains(&field) && !name.ends_with(".$") && !matches!(name, "Next" | "ErrorEquals" | "Resource" | "Comment") =>
        {
            format!("call it \"{name}.$\"")
        }
        "Error" | "Cause" if with_path(&["Error", "Cause"]) && state.is("Fail") => format!("call it \"{name}Path\""),
        "Choices" if is_comparison(name) => format!("to compare with the value there, call it \"{name}Path\""),
        _ => return,
    };
    report.add_unless_refused(&rules::PATH_WITHOUT_SUFFIX, &leaf.at, message, help);
}

fn is_comparison(name: &str) -> bool {
    let typed = ["String", "Numeric", "Timestamp", "Boolean"].iter().any(|kind| name.starts_with(kind));
    typed && (name.ends_with("Equals") || name.ends_with("Than"))
}

fn result(leaf: &Leaf<'_>, text: &str, report: &mut Report<'_>) {
    let suffixed = leaf.names.iter().skip(1).any(|name| name.ends_with(".$"));
    if suffixed && (text.starts_with('$') || text.starts_with("States.")) {
        let message = format!("\"{}\" is passed as it is written: a Pass state's Result is not computed", leaf.name());
        report.add(&rules::PATH_IN_RESULT, &leaf.at, message, "put it into \"Parameters\" instead of \"Result\"");
    }
}

/// Whether a text is a path into something, or an intrinsic call.
fn looks_computed(text: &str) -> bool {
    if let Some(call) = text.strip_prefix("States.") {
        return text.ends_with(')') && call.split_once('(').is_some_and(|(name, _)| FUNCTIONS.contains(&name));
    }
    let below = match text.strip_prefix("$$") {
        Some(below)
            if ["Execution", "State", "StateMachine", "Task", "Map"].iter().any(|root| below[1.min(below.len())..].starts_with(root)) =>
        {
            below
        }
        Some(_) => return false,
        None => text.strip_prefix('$').unwrap_or_default(),
    };
    !below.is_empty() && is_path(below)
}

/// Whether this is steps like `.name` and `[0]` only.
fn is_path(mut rest: &str) -> bool {
    while !rest.is_empty() {
        if let Some(name) = rest.strip_prefix('.') {
            let length = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))).unwrap_or(name.len());
            if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
                return false;
            }
            rest = &name[length..];
        } else if let Some((inside, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let quoted = inside.len() > 2 && inside.starts_with('\'') && inside.ends_with('\'');
            if !(quoted || inside == "*" || !inside.is_empty() && inside.bytes().all(|byte| byte.is_ascii_digit())) {
                return false;
            }
            rest = behind;
        } else {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::looks_computed;

    #[test]
    fn what_looks_like_a_path() {
        for text in ["$.a", "$.a.b_c[0].d", "$['a b'].c", "$$.Execution.Id", "$$.Task.Token", "States.UUID()", "States.Format('{}', $.a)"] {
            assert!(looks_computed(text), "{text}");
        }
        for text in
            ["$", "$5", "$.50", "$a", "$ref", "$.a is missing", "$$.price", "$$", "States.ALL", "States.Nothing()", "$.a.", "$[", "€$$é"]
        {
            assert!(!looks_computed(text), "{text}");
        }
    }
}
