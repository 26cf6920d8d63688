//! The Wait state at work.

use jiff::Timestamp;

use super::Execution;
use super::arena::Key;
use super::lookup::shown;
use super::strand::Doing;
use super::timers::Owner;
use crate::document::{Given, State, Wait, parse_timestamp};
use crate::expression::Lookup;
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
            return self.pass_input_on(key, state, &state.flow.leaving, state.next);
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
            self.pass_input_on(key, state, &state.flow.leaving, state.next);
        }
    }

    fn until(&mut self, key: Key, state: &State, wait: &Wait) -> Result<Timestamp, Fault> {
        match wait {
            Wait::Seconds(Given::Fixed(seconds)) => Ok(self.after(*seconds)),
            Wait::Timestamp(Given::Fixed(until)) => Ok(*until),
            Wait::Seconds(Given::Looked(lookup)) => self.seconds_to_wait(key, state, lookup),
            Wait::Timestamp(Given::Looked(lookup)) => self.moment(key, state, lookup),
        }
    }

    fn seconds_to_wait(&mut self, key: Key, state: &State, lookup: &Lookup) -> Result<Timestamp, Fault> {
        if lookup.is_jsonata() {
            let value = self.looked_up(key, state, lookup, "Seconds")?;
            return match value.as_u64() {
                Some(seconds) => Ok(self.after(seconds)),
                None if value.is_number() => {
                    let words = format!("The Seconds field must be a non-negative integer: {value}");
                    Err(self.query_fault(key, state, "Seconds", true, &words))
                }
                None => Err(self.unexpected(key, state, lookup, "Seconds", "number", &value)),
            };
        }
        let value = self.looked_up(key, state, lookup, "SecondsPath")?;
        let words = match (value.as_u64(), value.as_i64()) {
            (Some(seconds), _) => return Ok(self.after(seconds)),
            (None, Some(_)) => "references a negative value",
            (None, None) => "cannot be parsed as a long value",
        };
        Err(self.runtime_fault(key, state, &format!("The SecondsPath parameter {words}: {} == {}", lookup.text(), shown(&value))))
    }

    fn moment(&mut self, key: Key, state: &State, lookup: &Lookup) -> Result<Timestamp, Fault> {
        if lookup.is_jsonata() {
            let value = self.looked_up(key, state, lookup, "Timestamp")?;
            let Some(text) = value.as_str() else {
                return Err(self.unexpected(key, state, lookup, "Timestamp", "string", &value));
            };
            return parse_timestamp(text).ok_or_else(|| {
                let words = format!("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {text}");
                self.query_fault(key, state, "Timestamp", true, &words)
            });
        }
        let value = self.looked_up(key, state, lookup, "TimestampPath")?;
        value.as_str().and_then(parse_timestamp).ok_or_else(|| {
            let words = "does not reference a valid ISO-8601 extended offset date-time format string";
            self.runtime_fault(key, state, &format!("The TimestampPath parameter {words}: {} == {}", lookup.text(), shown(&value)))
        })
    }

    fn after(&self, seconds: u64) -> Timestamp {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        self.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
    }
}
