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
    /// How often the state has been retried, if it can be.
    pub(crate) retries: Option<u32>,
    /// The innermost Map's item.
    pub(crate) item: Option<Item<'a>>,
    /// Of a task that waits for a callback.
    pub(crate) task_token: Option<&'a str>,
    /// How often the execution was redriven, and when last.
    pub(crate) redrives: (u32, Option<Timestamp>),
}

/// One item of a Map.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    /// From 0.
    pub(crate) index: u32,
    /// Itself.
    pub(crate) value: &'a Value,
    /// Its name, if the Map goes over an object.
    pub(crate) key: Option<&'a str>,
    /// `STATE_DATA`, or the object in S3 that it was read from.
    pub(crate) source: &'a str,
}

/// The source of items that the state's own input holds.
pub(crate) const STATE_DATA: &str = "STATE_DATA";

impl Context<'_> {
    /// The whole object, in the order in which AWS recorded it.
    pub(crate) fn to_value(self) -> Value {
        self.to_value_with(self.execution.input.value().clone())
    }

    /// The whole object, with something else in place of the execution's input.
    pub(crate) fn to_value_with(self, input: Value) -> Value {
        let execution = self.execution;
        let (redrives, redriven_at) = self.redrives;
        let mut whole = json!({
            "Execution": {
                "Id": execution.execution_arn,
                "Input": input,
                "StartTime": clock_text(self.started_at),
                "Name": execution.execution_name,
                "RoleArn": execution.role_arn,
            },
            "StateMachine": {"Id": execution.state_machine_arn, "Name": execution.state_machine_name},
            "State": {"Name": self.state, "EnteredTime": clock_text(self.entered_at)},
        });
        // Recorded: an express execution, which cannot be redriven, has no count.
        if execution.execution_arn.split(':').nth(5) != Some("express") {
            whole["Execution"]["RedriveCount"] = redrives.into();
        }
        if let Some(retries) = self.retries {
            whole["State"]["RetryCount"] = retries.into();
        }
        if let Some(at) = redriven_at {
            whole["Execution"]["RedriveTime"] = clock_text(at).into();
        }
        if let Some(token) = self.task_token {
            whole["Task"] = json!({"Token": token});
        }
        if let Some(item) = self.item {
            whole["Map"] = json!({"Item": {"Index": item.index, "Value": item.value, "Source": item.source}});
            if let Some(key) = item.key {
                whole["Map"]["Item"]["Key"] = key.into();
            }
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
