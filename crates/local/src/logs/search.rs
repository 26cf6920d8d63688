//! Looks for events in many streams, in the order of their times, without holding more of them than an answer has.

use std::collections::BTreeMap;
use std::io;

use super::pattern::Pattern;
use super::{LogStore, Query, Start};

/// The most bytes of messages that one answer holds, as on AWS.
const MOST_BYTES: usize = 1 << 20;

/// What to look for.
#[derive(Clone, Debug)]
pub struct Search {
    /// In which streams.
    pub streams: Vec<String>,
    /// Not before this time, in milliseconds since the epoch.
    pub start: Option<i64>,
    /// Not after this time.
    pub end: Option<i64>,
    /// Which messages.
    pub pattern: Pattern,
    /// Only what comes after this event.
    pub after: Option<Place>,
    /// How many events at most.
    pub limit: usize,
}

/// Where an event is among all events: by its time, then by its stream, then within it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Milliseconds since the epoch.
    pub timestamp: i64,
    /// The stream's name.
    pub stream: String,
    /// Where its line begins, in bytes.
    pub offset: u64,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Places and messages.
    pub events: BTreeMap<Place, String>,
    /// Whether there are more after these.
    pub more: bool,
    bytes: usize,
}

pub(super) fn search(store: &LogStore, search: &Search, now: i64) -> io::Result<Found> {
    let mut found = Found::default();
    for stream in &search.streams {
        let Some(mut begin) = begin(store, search, stream)? else { continue };
        'stream: loop {
            let page = store.read(stream, &Query { start: Start::After(begin), limit: usize::MAX })?;
            let Some(page) = page.filter(|page| page.to > begin) else { break };
            begin = page.to;
            for event in page.events {
                let place = Place { timestamp: event.timestamp, stream: stream.clone(), offset: event.offset };
                // What is written while others are read waits for the next search.
                if place.timestamp > search.end.map_or(now, |end| end.min(now)) || found.is_beyond(&place) {
                    break 'stream;
                }
                let is_meant =
                    search.start.is_none_or(|start| place.timestamp >= start) && search.after.as_ref().is_none_or(|after| place > *after);
                if is_meant && search.pattern.takes(&event.message) {
                    found.add(place, event.message, search.limit);
                }
            }
        }
    }
    Ok(found)
}

/// From which byte on the stream has to be read, if at all.
fn begin(store: &LogStore, search: &Search, stream: &str) -> io::Result<Option<u64>> {
    let Some(times) = store.times(stream)? else { return Ok(None) };
    let start = search.start.into_iter().chain(search.after.as_ref().map(|after| after.timestamp)).max().unwrap_or(i64::MIN);
    if times.last() < start {
        return Ok(None);
    }
    let here = search.after.as_ref().filter(|after| after.stream == stream).map_or(0, |after| after.offset);
    Ok(Some(times.begin(start).max(here)))
}

impl Found {
    /// Whether there is no room for this and what comes after it.
    fn is_beyond(&self, place: &Place) -> bool {
        self.more && self.events.last_key_value().is_some_and(|(last, _)| place > last)
    }

    /// The earliest stay.
    fn add(&mut self, place: Place, message: String, limit: usize) {
        self.bytes += message.len();
        self.events.insert(place, message);
        while self.events.len() > limit || self.bytes > MOST_BYTES && self.events.len() > 1 {
            self.bytes -= self.events.pop_last().map_or(0, |(_, message)| message.len());
            self.more = true;
        }
    }
}
