//! What an express machine cannot do, and the children of a distributed Map that are express.

use super::MachineType;
use super::call::Pattern;
use super::machine::{Place, State};
use super::report::Report;

const SCHEMA: &str = "SCHEMA_VALIDATION_FAILED";

/// Notes what express executions cannot do.
pub(super) fn check(places: &[Place<'_, '_>], machine_type: MachineType, report: &mut Report<'_>) {
    for place in places {
        if let Some(who) = express(place, machine_type) {
            check_state(place.state, who, report);
        }
    }
}

/// Who runs this state, if that is an express execution.
pub(super) fn express(place: &Place<'_, '_>, machine_type: MachineType) -> Option<&'static str> {
    match (place.around.iter().rev().find(|state| state.is_distributed_map()), machine_type) {
        (Some(map), _) => (map.config("ExecutionType") == Some("EXPRESS")).then_some("An express child execution of a distributed Map"),
        (None, MachineType::Express) => Some("Express state machine"),
        (None, MachineType::Standard) => None,
    }
}

fn check_state(state: &State<'_>, who: &str, report: &mut Report<'_>) {
    let mut refuse = |field: &str, message: String, help: &str| {
        let at = state.at.key(field);
        let range = report.source().range(&at);
        report.refuse(SCHEMA, &at, range, message, Some(help.into()));
    };
    let help = "make the machine STANDARD, or do not wait: an express execution lives five minutes";
    let pattern = state.call().map(|call| call.pattern);
    // Recorded for '.waitForTaskToken'.
    match pattern {
        Some(Pattern::Job) => refuse("Resource", format!("{who} does not support '.sync' service integration"), help),
        Some(Pattern::Token) => refuse("Resource", format!("{who} does not support '.waitForTaskToken' service integration"), help),
        Some(Pattern::Activity) => refuse("Resource", format!("{who} does not support activities"), help),
        Some(Pattern::Response) | None => {}
    }
    if state.is_distributed_map() {
        let field = if state.has("ItemProcessor") { "ItemProcessor" } else { "Iterator" };
        refuse(field, format!("{who} does not support a Map in DISTRIBUTED mode"), "use INLINE mode, or a STANDARD machine");
    }
}
