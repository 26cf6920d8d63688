//! The Wait state at work.

use jiff::Timestamp;
use serde_json::Value;

use super::Execution;
use super::arena::Key;
use super::strand::Doing;
use super::timers::Owner;
use crate::document::{State, Wait, parse_timestamp};
use crate::history::Fault;

/// Seconds that a state may wait: 24,855 days were recorded to pass, 24,856 not.
const MAX_SECONDS: i64 = i32::MAX as i64;

impl Execution {
    /// Finds out until when, and waits.
    pub(super) fn wait(&mut self, key: Key, state: &State, wait: &Wait) {
        let until = match self.until(key, state, wait) {
            Ok(until) => until,
            Err(fault) => return self.state_failed(key, state, fault, false),
        };
        if until <= self.now {
            return self.pass_input_on(key, state, state.next);
        }
        if until.as_second().saturating_sub(self.now.as_second()) > MAX_SECONDS {
            let fault = self.runtime_fault(key, state, "Wait state delay is too long.");
            return self.state_failed(key, state, fault, false);
        }
        if let Some(strand) = self.strands.get_mut(key) {
            strand.doing = Doing::Waiting;
            strand.timer = Some(self.timers.set_at(until, Owner::Strand(key), "wait"));
        }
    }

    /// The time has come.
    pub(super) fn wait_over(&mut self, key: Key) {
        let definition = std::sync::Arc::clone(&self.definition);
        if let Some(strand) = self.strands.get_mut(key) {
            strand.doing = Doing::Turning;
            let state = definition.state(strand.state);
            self.pass_input_on(key, state, state.next);
        }
    }

    fn until(&mut self, key: Key, state: &State, wait: &Wait) -> Result<Timestamp, Fault> {
        match wait {
            Wait::Seconds(seconds) => Ok(self.after(*seconds)),
            Wait::Timestamp(until) => Ok(*until),
            Wait::SecondsPath(path) => {
                let value = self.looked_up(key, state, path, "SecondsPath")?;
                let words = match (value.as_u64(), value.as_i64()) {
                    (Some(seconds), _) => return Ok(self.after(seconds)),
                    (None, Some(_)) => "references a negative value",
                    (None, None) => "cannot be parsed as a long value",
                };
                Err(self.runtime_fault(key, state, &format!("The SecondsPath parameter {words}: {} == {}", path.text(), shown(&value))))
            }
            Wait::TimestampPath(path) => {
                let value = self.looked_up(key, state, path, "TimestampPath")?;
                value.as_str().and_then(parse_timestamp).ok_or_else(|| {
                    let words = "does not reference a valid ISO-8601 extended offset date-time format string";
                    self.runtime_fault(key, state, &format!("The TimestampPath parameter {words}: {} == {}", path.text(), shown(&value)))
                })
            }
        }
    }

    fn after(&self, seconds: u64) -> Timestamp {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
