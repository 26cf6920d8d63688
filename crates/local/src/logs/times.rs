//! When the lines of streams were written, as far as somebody looked: programs write to files themselves, and files keep only
//! the time of their last write.

use std::collections::HashMap;

/// The most marks of one stream; beyond, those that are close to each other become one.
const MOST_MARKS: usize = 1_024;

/// All that comes before this byte was written at this time or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    end: u64,
    at: i64,
}

/// What was seen of the streams of this process's programs.
#[derive(Debug, Default)]
pub(super) struct Times {
    marks: HashMap<String, Vec<Mark>>,
    shown: i64,
}

/// The times of one stream's lines.
#[derive(Debug)]
pub(super) struct LineTimes {
    marks: Vec<Mark>,
    otherwise: i64,
}

impl Times {
    /// From now on no line is found to be older than what a search may have shown by now: whoever goes on from
    /// the latest event he has seen misses none.
    pub(super) fn show(&mut self, now: i64) {
        self.shown = self.shown.max(now);
    }

    /// The stream has this size, and its last write was at this time.
    pub(super) fn observe(&mut self, stream: &str, size: u64, written_at: i64) {
        let seen = self.marks.get(stream).and_then(|marks| marks.last()).map_or(0, |mark| mark.end);
        if size <= seen {
            return;
        }
        let marks = self.marks.entry(stream.to_owned()).or_default();
        marks.push(Mark { end: size, at: written_at.max(self.shown) });
        if marks.len() > MOST_MARKS {
            thin(marks);
        }
    }

    /// Nothing will be written any more: what the file itself knows need not be kept.
    pub(super) fn settle(&mut self, stream: &str, written_at: i64) {
        if self.marks.get(stream).is_some_and(|marks| matches!(marks[..], [mark] if mark.at == written_at)) {
            self.marks.remove(stream);
        }
    }

    pub(super) fn of(&self, stream: &str, written_at: i64) -> LineTimes {
        LineTimes { marks: self.marks.get(stream).cloned().unwrap_or_default(), otherwise: written_at }
    }
}

/// Leaves about half of them, evenly spread over the time, and the last.
fn thin(marks: &mut Vec<Mark>) {
    let Some((first, last)) = marks.first().copied().zip(marks.last().copied()) else { return };
    let gap = (last.at - first.at) / (MOST_MARKS / 2) as i64;
    let mut next = first.at;
    marks.retain(|mark| {
        let is_kept = mark.at >= next || mark.end == last.end;
        if is_kept {
            next = mark.at + gap + 1;
        }
        is_kept
    });
}

impl LineTimes {
    /// When the line that ends before this byte was written, in milliseconds since the epoch.
    pub(super) fn at(&self, end: u64) -> i64 {
        let next = self.marks.partition_point(|mark| mark.end < end);
        self.marks.get(next).map_or_else(|| self.last(), |mark| mark.at)
    }

    /// No line is later.
    pub(super) fn last(&self) -> i64 {
        self.marks.last().map_or(self.otherwise, |mark| mark.at.max(self.otherwise))
    }

    /// Every line before this byte is older than that.
    pub(super) fn begin(&self, start: i64) -> u64 {
        let before = self.marks.partition_point(|mark| mark.at < start);
        before.checked_sub(1).map_or(0, |last| self.marks[last].end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_time_at_which_they_were_seen() {
        let mut times = Times::default();
        for (size, at) in [(0, 5), (10, 10), (10, 11), (30, 20)] {
            times.observe("s", size, at);
        }
        let lines = times.of("s", 25);
        assert_eq!([1, 10, 11, 30, 31].map(|end| lines.at(end)), [10, 10, 20, 20, 25]);
        assert_eq!([10, 11, 20, 21].map(|start| lines.begin(start)), [0, 10, 10, 30]);
        assert_eq!(times.of("other", 7).at(1), 7);
    }

    #[test]
    fn what_is_seen_late_is_not_older_than_what_was_shown() {
        let mut times = Times::default();
        times.show(100);
        times.observe("s", 10, 90);
        assert_eq!(times.of("s", 90).at(10), 100);
        times.settle("s", 90);
        assert_eq!(times.of("s", 90).at(10), 100);
    }

    #[test]
    fn a_long_life_does_not_fill_the_memory() {
        let mut times = Times::default();
        for number in 1..=10_000 {
            times.observe("s", number, i64::try_from(number).unwrap());
        }
        let lines = times.of("s", 0);
        assert!(lines.marks.len() <= MOST_MARKS, "{}", lines.marks.len());
        assert_eq!([9_999, 10_000].map(|end| lines.at(end)), [9_999, 10_000]);
        for end in [1, 2_500, 5_000, 7_500] {
            let late = lines.at(end) - i64::try_from(end).unwrap();
            assert!((0..50).contains(&late), "the line before byte {end} is {late} ms late");
        }
    }
}
