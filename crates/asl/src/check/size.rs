//! How large the definition is.

use super::pointer::Pointer;
use super::report::Report;
use super::rules;

/// Characters of a definition, and bytes of the request that carries it (Step Functions quotas).
const DEFINITION: usize = 1_048_576;

/// Notes a definition that is too large, or nearly.
pub(super) fn check(report: &mut Report<'_>) {
    let text = report.source().text();
    // In the request the definition is a JSON string: quotes, backslashes and line ends count twice.
    let sent = text.chars().map(|c| if matches!(c, '"' | '\\' | '\n' | '\r' | '\t') { 2 } else { c.len_utf8() }).sum::<usize>();
    let characters = text.chars().count();
    let compact = report.source().root().to_string().len();
    let help = match text.len() - compact.min(text.len()) {
        blanks if blanks > text.len() / 20 => format!("{blanks} bytes of it are blanks and line ends: without them it has {compact}"),
        _ => "move a part into a state machine of its own, called with states:startExecution.sync:2".into(),
    };
    let at = Pointer::default();
    if characters > DEFINITION {
        let message = format!("the definition has {characters} characters; AWS takes {DEFINITION}");
        report.add(&rules::DEFINITION_TOO_LARGE, &at, message, help);
    } else if sent > DEFINITION / 10 * 9 {
        let message =
            format!("the definition has {characters} characters, {sent} bytes as the request carries it; a request may have {DEFINITION}");
        report.add(&rules::DEFINITION_NEARLY_TOO_LARGE, &at, message, help);
    }
}
