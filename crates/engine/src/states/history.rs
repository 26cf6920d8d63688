//! `GetExecutionHistory`.

use fanout_asl::api::{ApiError, GetExecutionHistory, History, Reply};
use serde_json::Value;

use super::execution::Record;
use super::{Service, list};

impl Service {
    pub(super) fn history(&self, call: &GetExecutionHistory) -> Result<Reply, ApiError> {
        let record = self.record(self.execution(&call.execution_arn)?);
        let include = call.include_execution_data.unwrap_or(true);
        let reverse = call.reverse_order.unwrap_or(false);
        let count = record.history.len();
        let positions = (0..count).map(|at| if reverse { count - 1 - at } else { at });
        let (positions, next_token) = list::page(positions, call.max_results, call.next_token.as_deref())?;
        let events = positions.into_iter().map(|at| event(record, at, include)).collect();
        Ok(Reply::History(History { events, next_token }))
    }
}

/// The first event names the version and the alias that the execution was started on: the execution itself does not know.
fn event(record: &Record, at: usize, include: bool) -> Value {
    let mut event = record.history[at].to_json(include);
    if at == 0
        && let Some(details) = event.get_mut("executionStartedEventDetails")
    {
        let target = &record.target;
        for (member, arn) in [("stateMachineAliasArn", &target.alias_arn), ("stateMachineVersionArn", &target.version_arn)] {
            if let Some(arn) = arn {
                details[member] = arn.as_str().into();
            }
        }
    }
    event
}
