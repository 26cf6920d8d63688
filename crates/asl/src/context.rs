//! The context object `$$`: facts about the execution, the state and the Map item.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::settings::Settings;

/// Everything that `$$` can be asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// Facts that hold for the whole execution.
    pub(crate) execution: &'a Settings,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// The state's name.
    pub(crate) state: &'a str,
    /// When the state was entered.
    pub(crate) entered_at: Timestamp,
    /// How often the state has been retried; only Tasks show it.
    pub(crate) retries: Option<u32>,
    /// The innermost Map's item.
    pub(crate) item: Option<Item<'a>>,
}

/// One item of a Map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    /// From 0.
    pub(crate) index: u32,
    /// Itself.
    pub(crate) value: &'a Value,
}

impl Context<'_> {
    /// The whole object, in the order in which AWS recorded it.
    pub(crate) fn to_value(self) -> Value {
        let execution = self.execution;
        let mut whole = json!({
            "Execution": {
                "Id": execution.execution_arn,
                "Input": execution.input.value(),
                "StartTime": clock_text(self.started_at),
                "Name": execution.execution_name,
                "RoleArn": execution.role_arn,
            },
            "StateMachine": {"Id": execution.state_machine_arn, "Name": execution.state_machine_name},
            "State": {"Name": self.state, "EnteredTime": clock_text(self.entered_at)},
        });
        // Recorded: an express execution, which cannot be redriven, has no count.
        if execution.execution_arn.split(':').nth(5) != Some("express") {
            whole["Execution"]["RedriveCount"] = 0.into();
        }
        if let Some(retries) = self.retries {
            whole["State"]["RetryCount"] = retries.into();
        }
        if let Some(item) = self.item {
            whole["Map"] = json!({"Item": {"Index": item.index, "Value": item.value, "Source": "STATE_DATA"}});
        }
        whole
    }
}

/// Milliseconds in UTC; trailing zero groups are dropped.
fn clock_text(at: Timestamp) -> String {
    let whole = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    if whole.subsec_millisecond() == 0 { whole.to_string() } else { format!("{whole:.3}") }
}

#[cfg(test)]
mod tests {
    use super::clock_text;

    #[test]
    fn times_have_no_or_three_fractional_digits() {
        for (given, shown) in [
            ("2024-09-11T12:46:58Z", "2024-09-11T12:46:58Z"),
            ("2024-09-11T12:46:58.2Z", "2024-09-11T12:46:58.200Z"),
            ("2024-09-11T12:46:58.1239Z", "2024-09-11T12:46:58.123Z"),
        ] {
            assert_eq!(clock_text(given.parse().unwrap()), shown);
        }
    }
}
