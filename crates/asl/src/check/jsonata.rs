//! Expressions between `{%` and `%}`: those that are not wholly one, and those that nobody evaluates.

use super::machine::Place;
use super::report::Report;
use super::rules;

/// Notes expressions that are none.
pub(super) fn check(places: &[Place<'_, '_>], report: &mut Report<'_>) {
    for state in places.iter().map(|place| place.state) {
        for leaf in state.leaves() {
            let Some(text) = leaf.value.as_str() else { continue };
            let trimmed = text.trim();
            let (opens, closes) = (trimmed.starts_with("{%"), trimmed.ends_with("%}"));
            if !state.is_jsonata {
                if opens && closes && trimmed.len() >= 4 {
                    let message = "this expression is passed as it is written: the state's QueryLanguage is JSONPath";
                    let help = "give the state \"QueryLanguage\": \"JSONata\", with Arguments and Output for Parameters and the paths";
                    report.add_unless_refused(&rules::JSONATA_IN_JSONPATH, &leaf.at, message, help);
                }
                continue;
            }
            let is_expression = text.starts_with("{%") && text.ends_with("%}") && text.len() >= 4;
            let has_both = text.find("{%").is_some_and(|at| text[at..].contains("%}"));
            if is_expression || !(opens || closes || has_both) {
                continue;
            }
            let what = match (opens, closes) {
                // Recorded: this one is text.
                (true, true) => "the blanks around {% … %} make it plain text",
                (true, false) => "an expression that begins with {% has to end with %}: AWS refuses it or takes it as text",
                (false, true) => "an expression that ends with %} has to begin with {%: AWS refuses it or takes it as text",
                (false, false) => "the text around {% … %} makes it no expression: AWS refuses it or takes it as text",
            };
            let help = "begin with {% and end with %}: \"{% 'text ' & $states.input.name %}\"";
            report.add_unless_refused(&rules::JSONATA_DELIMITERS, &leaf.at, what, help);
        }
    }
}
