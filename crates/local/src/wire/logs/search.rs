//! `FilterLogEvents`: events of many streams, in the order of their times.
//!
//! Source: CloudWatch Logs API Reference, `FilterLogEvents`: `interleaved` is taken for true, `searchedLogStreams` is empty.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::failure::Failure;
use super::{broken, invalid, known_group, limit, not_found};
use crate::logs::{LogStore, Pattern, Place, Search};

/// The most streams that may be named.
const MOST_STREAMS: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterLogEvents {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(default)]
    filter_pattern: String,
    next_token: Option<String>,
    limit: Option<i64>,
    start_from_head: Option<bool>,
}

pub(super) fn filter_log_events(logs: &LogStore, asked: FilterLogEvents) -> Result<Value, Failure> {
    known_group(asked.log_group_name, asked.log_group_identifier)?;
    if asked.start_from_head == Some(false) {
        return Err(invalid("fanout does not have startFromHead false: it answers the earliest events first."));
    }
    let pattern = Pattern::parse(&asked.filter_pattern).map_err(|error| invalid(&error.to_string()))?;
    let after =
        asked.next_token.as_deref().map(|token| place(token).ok_or_else(|| invalid("The specified nextToken is invalid."))).transpose()?;
    let search = Search {
        streams: streams(logs, asked.log_stream_names, asked.log_stream_name_prefix)?,
        start: asked.start_time,
        end: asked.end_time,
        pattern,
        after,
        limit: limit(asked.limit, 10_000)?,
    };
    let found = logs.search(&search).map_err(|error| broken(&error))?;
    let next = found.events.last_key_value().filter(|_| found.more).map(|(last, _)| token(last));
    let events: Vec<_> = found.events.iter().map(|(place, message)| event(place, message)).collect();
    let mut answer = json!({ "events": events, "searchedLogStreams": [] });
    if let Some(next) = next {
        answer["nextToken"] = next.into();
    }
    Ok(answer)
}

fn streams(logs: &LogStore, names: Option<Vec<String>>, prefix: Option<String>) -> Result<Vec<String>, Failure> {
    match (names, prefix) {
        (Some(_), Some(_)) => Err(invalid("logStreamNames and logStreamNamePrefix cannot both be specified.")),
        (Some(names), None) if !(1..=MOST_STREAMS).contains(&names.len()) => {
            let bound = if names.is_empty() { "greater than or equal to 1" } else { "less than or equal to 100" };
            let shown = names.join(", ");
            let what = format!("Value '[{shown}]' at 'logStreamNames' failed to satisfy constraint: Member must have length {bound}");
            Err(invalid(&format!("1 validation error detected: {what}")))
        }
        (Some(names), None) if !names.iter().all(|name| logs.has(name)) => Err(not_found("The specified log stream does not exist.")),
        (Some(mut names), None) => {
            names.sort_unstable();
            names.dedup();
            Ok(names)
        }
        (None, prefix) => logs.names(&prefix.unwrap_or_default()).map_err(|error| broken(&error)),
    }
}

fn event(place: &Place, message: &str) -> Value {
    json!({
        "logStreamName": place.stream,
        "timestamp": place.timestamp,
        "message": message,
        "ingestionTime": place.timestamp,
        "eventId": event_id(place),
    })
}

/// The same for the same line as long as this version of fanout lives; 56 digits, as on AWS.
fn event_id(place: &Place) -> String {
    let mut hasher = DefaultHasher::new();
    place.stream.hash(&mut hasher);
    format!("{:056}", (u128::from(hasher.finish()) << 64) | u128::from(place.offset))
}

fn token(place: &Place) -> String {
    format!("{}/{}/{}", place.timestamp, place.offset, place.stream)
}

fn place(token: &str) -> Option<Place> {
    let mut parts = token.splitn(3, '/');
    let (timestamp, offset, stream) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned());
    Some(Place { timestamp, stream, offset })
}
