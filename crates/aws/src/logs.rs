//! CloudWatch Logs: the last lines of a stream.

use aws_sdk_cloudwatchlogs::Client;
use fanout_core::call::{CallError, LogTail};

use crate::failure::failure;

pub(crate) async fn tail(client: &Client, LogTail { group, stream, limit }: &LogTail) -> Result<Vec<String>, CallError> {
    let limit = i32::try_from((*limit).clamp(1, 10_000)).unwrap_or(10_000);
    let call = client.get_log_events().log_group_name(group).log_stream_name(stream).start_from_head(false).limit(limit);
    let answer = call.send().await.map_err(|error| failure("logs:GetLogEvents", error))?;
    let events = answer.events.unwrap_or_default();
    Ok(events.into_iter().filter_map(|event| event.message).collect())
}
