//! CloudWatch Logs: JSON 1.1, `X-Amz-Target: Logs_20140328.<operation>`; only what reads Batch's one group.
//!
//! Sources: CloudWatch Logs API Reference; its service model.

mod search;

use std::io;

use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::failure::{Dialect, Failure};
use super::{Answer, or_empty_object};
use crate::logs::{GROUP, Listing, LogStore, Order, Page, Query, Start};

const ACCOUNT: &str = "arn:aws:logs:us-east-1:123456789012:log-group";

pub(super) fn call(logs: &LogStore, operation: &str, body: &[u8]) -> Result<Answer, Failure> {
    let body = or_empty_object(body);
    let answer = match operation {
        "GetLogEvents" => get_log_events(logs, decode(body)?),
        "FilterLogEvents" => search::filter_log_events(logs, decode(body)?),
        "DescribeLogStreams" => describe_log_streams(logs, decode(body)?),
        "DescribeLogGroups" => describe_log_groups(&decode(body)?),
        _ => Err(Failure::unknown_operation(Dialect::Json11)),
    };
    answer.map(|body| Answer { media_type: Dialect::Json11.media_type(), body })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GetLogEvents {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<i64>,
    #[serde(default)]
    start_from_head: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeLogStreams {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    #[serde(default)]
    descending: bool,
    next_token: Option<String>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeLogGroups {
    log_group_name_prefix: Option<String>,
    log_group_name_pattern: Option<String>,
    limit: Option<i64>,
}

fn get_log_events(logs: &LogStore, asked: GetLogEvents) -> Result<Value, Failure> {
    known_group(asked.log_group_name, asked.log_group_identifier)?;
    let start = match &asked.next_token {
        Some(token) => parse_token(token).ok_or_else(|| invalid("The specified nextToken is invalid."))?,
        None if asked.start_from_head => Start::Head,
        None => Start::Tail,
    };
    let query = Query { start, limit: limit(asked.limit, 10_000)? };
    let page = logs.read(&asked.log_stream_name, &query).map_err(|error| broken(&error))?;
    let Page { events, from, to } = page.ok_or_else(|| not_found("The specified log stream does not exist."))?;
    let events = events.iter().filter(|event| asked.start_time.is_none_or(|start| event.timestamp >= start));
    let events = events.filter(|event| asked.end_time.is_none_or(|end| event.timestamp < end));
    let events: Vec<_> =
        events.map(|event| json!({ "timestamp": event.timestamp, "message": event.message, "ingestionTime": event.timestamp })).collect();
    Ok(json!({
        "events": events,
        "nextForwardToken": format!("f/{to:056}/s"),
        "nextBackwardToken": format!("b/{from:056}/s"),
    }))
}

fn describe_log_streams(logs: &LogStore, asked: DescribeLogStreams) -> Result<Value, Failure> {
    known_group(asked.log_group_name, asked.log_group_identifier)?;
    let order = match asked.order_by.as_deref() {
        None | Some("LogStreamName") => Order::Name,
        Some("LastEventTime") if asked.log_stream_name_prefix.is_some() => {
            return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
        }
        Some("LastEventTime") => Order::LastWrite,
        Some(other) => {
            let what = format!("Value '{other}' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set");
            return Err(invalid(&format!("1 validation error detected: {what}: [LogStreamName, LastEventTime]")));
        }
    };
    let listing = Listing {
        prefix: asked.log_stream_name_prefix.unwrap_or_default(),
        order,
        descending: asked.descending,
        after: asked.next_token,
        limit: limit(asked.limit, 50)?,
    };
    let list = logs.list(&listing).map_err(|error| broken(&error))?;
    let streams: Vec<_> = list
        .streams
        .iter()
        .map(|stream| {
            let mut description = json!({
                "logStreamName": stream.name,
                "creationTime": stream.created_at,
                "arn": format!("{ACCOUNT}:{GROUP}:log-stream:{}", stream.name),
                "storedBytes": 0,
            });
            // A stream without events has no times of events.
            if stream.size > 0 {
                description["firstEventTimestamp"] = stream.created_at.into();
                description["lastEventTimestamp"] = stream.written_at.into();
                description["lastIngestionTime"] = stream.written_at.into();
            }
            description
        })
        .collect();
    let mut answer = json!({ "logStreams": streams });
    if let Some(next) = list.next {
        answer["nextToken"] = next.into();
    }
    Ok(answer)
}

fn describe_log_groups(asked: &DescribeLogGroups) -> Result<Value, Failure> {
    limit(asked.limit, 50)?;
    let is_meant = match (&asked.log_group_name_prefix, &asked.log_group_name_pattern) {
        (Some(_), Some(_)) => return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")),
        (Some(prefix), None) => GROUP.starts_with(prefix),
        (None, Some(part)) => GROUP.contains(part),
        (None, None) => true,
    };
    let group = json!({
        "logGroupName": GROUP,
        "creationTime": 0,
        "metricFilterCount": 0,
        "arn": format!("{ACCOUNT}:{GROUP}:*"),
        "logGroupArn": format!("{ACCOUNT}:{GROUP}"),
        "logGroupClass": "STANDARD",
        "storedBytes": 0,
    });
    Ok(json!({ "logGroups": if is_meant { vec![group] } else { vec![] } }))
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| Failure::undecodable(Dialect::Json11, &error))
}

/// By name or by ARN.
fn known_group(name: Option<String>, identifier: Option<String>) -> Result<(), Failure> {
    let named = name.or(identifier).ok_or_else(|| invalid("Either logGroupName or logGroupIdentifier is required."))?;
    let name = named.split_once(":log-group:").map_or(named.as_str(), |(_, name)| name);
    if name.strip_suffix(":*").unwrap_or(name) == GROUP { Ok(()) } else { Err(not_found("The specified log group does not exist.")) }
}

fn limit(asked: Option<i64>, most: i64) -> Result<usize, Failure> {
    let limit = asked.unwrap_or(most);
    if !(1..=most).contains(&limit) {
        let bound = if limit < 1 { "greater than or equal to 1".to_owned() } else { format!("less than or equal to {most}") };
        let what = format!("Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value {bound}");
        return Err(invalid(&format!("1 validation error detected: {what}")));
    }
    Ok(limit as usize)
}

fn parse_token(token: &str) -> Option<Start> {
    let (direction, offset) = token.strip_suffix("/s")?.split_once('/')?;
    let offset = offset.parse().ok()?;
    match direction {
        "f" => Some(Start::After(offset)),
        "b" => Some(Start::Before(offset)),
        _ => None,
    }
}

fn failure(status: StatusCode, code: &str, message: &str) -> Failure {
    Failure { dialect: Dialect::Json11, status, namespace: "", code: code.into(), message: message.into() }
}

fn not_found(message: &str) -> Failure {
    failure(StatusCode::BAD_REQUEST, "ResourceNotFoundException", message)
}

fn invalid(message: &str) -> Failure {
    failure(StatusCode::BAD_REQUEST, "InvalidParameterException", message)
}

fn broken(error: &io::Error) -> Failure {
    tracing::error!(%error, "a log stream cannot be read");
    failure(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableException", "The service cannot complete the request.")
}
