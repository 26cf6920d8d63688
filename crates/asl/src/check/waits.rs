//! Waits that are longer than the execution.

use serde_json::Value;

use super::MachineType;
use super::express::express;
use super::machine::Place;
use super::report::Report;
use super::rules;

/// A year, and the five minutes of an express execution (Developer Guide, choosing workflow type).
const STANDARD: u64 = 31_622_400;
const EXPRESS: u64 = 300;

/// Notes Waits that never come to their end.
pub(super) fn check(places: &[Place<'_, '_>], machine_type: MachineType, report: &mut Report<'_>) {
    for place in places.iter().filter(|place| place.state.is("Wait")) {
        let Some(seconds) = place.state.get("Seconds").and_then(Value::as_u64) else { continue };
        let at = place.state.at.key("Seconds");
        if express(place, machine_type).is_some() && seconds >= EXPRESS {
            let message = format!("this waits {seconds} s, but an express execution ends with States.Timeout after {EXPRESS} s");
            report.add_unless_refused(&rules::WAIT_TOO_LONG, &at, message, "wait less, or make the machine STANDARD");
        } else if seconds > STANDARD {
            let message = format!("this waits {seconds} s, but an execution lives a year, {STANDARD} s at most");
            report.add_unless_refused(&rules::WAIT_TOO_LONG, &at, message, "wait less, or start a new execution later");
        }
    }
}
