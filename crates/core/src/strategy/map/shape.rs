//! The shape of a cascade: how many nested executions, how many runs in each, how many of both at a time.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::limits;

/// The most runs of one execution whose items are listed in its input.
pub(super) const MOST_LISTED: usize = ((limits::HISTORY_EVENTS.most - limits::EVENTS_AROUND_MAP) / limits::EVENTS_PER_ITERATION) as usize;
/// The most runs of one execution whose items are computed: what `States.ArrayRange` makes.
pub(super) const MOST_COMPUTED: usize = limits::ARRAY_RANGE.most as usize;
/// Iterations of one Map state at a time.
const AT_ONCE: usize = limits::MAP_ITERATIONS.most as usize;

/// As typed in `map:20x25`: that many nested executions, of that many runs each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Nested executions, at least 1.
    pub outer: usize,
    /// Runs of each, at least 1.
    pub inner: usize,
}

/// A text that is no shape.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shape is two numbers from 1 on, as in map:20x25: 20 nested executions of 25 runs each")]
pub struct ShapeError;

impl FromStr for Shape {
    type Err = ShapeError;

    fn from_str(text: &str) -> Result<Self, ShapeError> {
        let number = |text: &str| text.parse().ok().filter(|number| *number > 0).ok_or(ShapeError);
        let (outer, inner) = text.split_once('x').ok_or(ShapeError)?;
        Ok(Self { outer: number(outer)?, inner: number(inner)? })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.outer, self.inner)
    }
}

/// The runs in groups whose sizes differ by one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    runs: usize,
    /// How many groups, each a nested execution.
    pub(super) outer: usize,
    /// `MaxConcurrency` of the outer Map; 0: no cap.
    pub(super) outer_at_once: usize,
    /// `MaxConcurrency` of the inner Maps; 0: no cap.
    pub(super) inner_at_once: usize,
}

impl Layout {
    /// `runs` in `outer` groups, with at most `asked` runs at a time.
    pub(super) fn of(runs: usize, outer: usize, asked: Option<usize>) -> Self {
        let outer = outer.clamp(1, runs);
        let (outer_at_once, inner_at_once) = match asked.filter(|asked| *asked < runs) {
            None => (0, 0),
            Some(asked) => factors(asked, outer.min(AT_ONCE), runs.div_ceil(outer).min(AT_ONCE)),
        };
        Self { runs, outer, outer_at_once, inner_at_once }
    }

    /// Runs of the largest group.
    pub(super) fn inner(self) -> usize {
        self.runs.div_ceil(self.outer)
    }

    /// The runs of one group.
    pub(super) fn group(self, group: usize) -> Range<usize> {
        let (each, more) = (self.runs / self.outer, self.runs % self.outer);
        let first = |group: usize| group * each + group.min(more);
        first(group)..first(group + 1)
    }

    /// How many runs may be in flight.
    pub(super) fn at_once(self) -> usize {
        let level = |cap: usize, count: usize| if cap == 0 { count.min(AT_ONCE) } else { cap };
        level(self.outer_at_once, self.outer) * level(self.inner_at_once, self.inner())
    }
}

/// How many groups have to run at a time so that so many runs do; 1: a cascade brings nothing.
pub(super) fn levels_at_once(asked: Option<usize>, runs: usize) -> usize {
    match asked {
        None => 1,
        Some(asked) if asked >= runs => runs.div_ceil(AT_ONCE).min(AT_ONCE),
        Some(asked) => factors(asked, AT_ONCE, AT_ONCE).0,
    }
}

/// Two numbers whose product comes nearest to `most` and does not exceed it; the first as small as it can be.
fn factors(most: usize, outer: usize, inner: usize) -> (usize, usize) {
    let pairs = (1..=outer.min(most)).map(|outer| (outer, (most / outer).min(inner)));
    pairs.rev().max_by_key(|(outer, inner)| outer * inner).unwrap_or((1, 1))
}

#[cfg(test)]
mod tests {
    use super::{Layout, Shape, ShapeError, factors, levels_at_once};

    #[test]
    fn shapes_are_two_numbers() {
        assert_eq!("20x25".parse(), Ok(Shape { outer: 20, inner: 25 }));
        for bad in ["", "20", "x", "0x5", "5x0", "20X25", "-1x2", "2x3x4", "1.5x2"] {
            assert_eq!(bad.parse::<Shape>(), Err(ShapeError), "{bad:?}");
        }
    }

    #[test]
    fn groups_cover_all_runs_once_and_are_alike() {
        for (runs, outer) in [(1, 1), (6, 4), (500, 20), (7, 9), (100_000, 40)] {
            let layout = Layout::of(runs, outer, None);
            let groups: Vec<_> = (0..layout.outer).map(|group| layout.group(group)).collect();
            assert!(groups.iter().all(|group| !group.is_empty() && group.len() <= layout.inner() && group.len() + 1 >= layout.inner()));
            assert_eq!(groups.into_iter().flatten().collect::<Vec<_>>(), (0..runs).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_more_are_at_a_time_than_asked_for_and_nearly_as_many() {
        assert_eq!(
            [1, 6, 40, 41, 60, 100, 500, 1_600, 9_000].map(|most| factors(most, 40, 40)),
            [(1, 1), (1, 6), (1, 40), (1, 40), (2, 30), (4, 25), (20, 25), (40, 40), (40, 40)]
        );
        for most in 1..1_700 {
            let (outer, inner) = factors(most, 40, 40);
            assert!(outer * inner <= most && outer * inner * 100 >= most.min(1_600) * 94, "{most}: {outer} x {inner}");
        }
    }

    #[test]
    fn a_cascade_is_for_more_than_forty_at_a_time() {
        assert_eq!(levels_at_once(None, 2_000), 1);
        assert_eq!(levels_at_once(Some(40), 2_000), 1);
        assert_eq!(levels_at_once(Some(60), 2_000), 2);
        assert_eq!(levels_at_once(Some(41), 41), 2);
        assert_eq!(levels_at_once(Some(6), 6), 1);
    }
}
