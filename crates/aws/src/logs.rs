//! CloudWatch Logs: the last lines of a stream, and all of it page by page.

use aws_sdk_cloudwatchlogs::Client;
use fanout_core::call::{CallError, LogTail};

use crate::failure::failure;

/// Lines of a stream, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// The lines.
    pub lines: Vec<String>,
    /// Where the next page begins.
    pub next: Option<String>,
}

pub(crate) async fn page(client: &Client, group: &str, stream: &str, from: Option<String>) -> Result<LogPage, CallError> {
    let call = client.get_log_events().log_group_name(group).log_stream_name(stream).start_from_head(true);
    match call.set_next_token(from.clone()).send().await.map_err(|error| failure("logs:GetLogEvents", error)) {
        Ok(answer) => {
            let lines = answer.events.unwrap_or_default().into_iter().filter_map(|event| event.message).collect();
            Ok(LogPage { lines, next: answer.next_forward_token })
        }
        Err(error) if error.code == "ResourceNotFoundException" => Ok(LogPage { lines: Vec::new(), next: from }),
        Err(error) => Err(error),
    }
}

pub(crate) async fn tail(client: &Client, LogTail { group, stream, limit }: &LogTail) -> Result<Vec<String>, CallError> {
    let limit = i32::try_from((*limit).clamp(1, 10_000)).unwrap_or(10_000);
    let call = client.get_log_events().log_group_name(group).log_stream_name(stream).start_from_head(false).limit(limit);
    let answer = call.send().await.map_err(|error| failure("logs:GetLogEvents", error))?;
    let events = answer.events.unwrap_or_default();
    Ok(events.into_iter().filter_map(|event| event.message).collect())
}
