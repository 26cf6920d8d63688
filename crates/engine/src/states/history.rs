//! `GetExecutionHistory`.

use fanout_asl::api::{ApiError, GetExecutionHistory, History, Reply};

use super::{Service, list};

impl Service {
    pub(super) fn history(&self, call: &GetExecutionHistory) -> Result<Reply, ApiError> {
        let record = self.record(self.execution(&call.execution_arn)?);
        let include = call.include_execution_data.unwrap_or(true);
        let reverse = call.reverse_order.unwrap_or(false);
        let count = record.history.len();
        let positions = (0..count).map(|at| if reverse { count - 1 - at } else { at });
        let (positions, next_token) = list::page(positions, call.max_results, call.next_token.as_deref())?;
        let events = positions.into_iter().map(|at| record.history[at].to_json(include)).collect();
        Ok(Reply::History(History { events, next_token }))
    }
}
