//! The lanes: where arrows run that lead back or far down, on the left or on the right, past all rows between.

use std::collections::BTreeMap;

use super::grid::{Bundle, Grid};
use super::ways::Side;

/// Between a lane and what is beside it.
const BETWEEN: f64 = 14.0;

/// The lane of each bundle.
#[derive(Debug)]
pub(super) struct Lanes {
    /// Where each runs, from left to right.
    pub(super) x: Vec<f64>,
}

/// Finds a lane for each bundle, the short ones nearest to the rows.
pub(super) fn of(grid: &Grid<'_>, layers: usize) -> Lanes {
    let mut sides = [Outline::default(), Outline::default()];
    for layer in 0..layers {
        let mut reach = [f64::NEG_INFINITY; 2];
        for item in grid.rows[2 * layer..=2 * layer + 1].iter().flatten().map(|id| &grid.items[*id]) {
            reach = [reach[0].max(item.width / 2.0 - item.x), reach[1].max(item.x + item.width / 2.0)];
        }
        for (side, reach) in sides.iter_mut().zip(reach) {
            side.0.insert(2 * layer, f64::NEG_INFINITY);
            side.0.insert(2 * layer + 1, reach);
        }
    }
    for side in &mut sides {
        side.0.insert(2 * layers, f64::NEG_INFINITY);
    }
    let mut spans: Vec<(usize, usize, usize)> = Vec::new();
    for (id, bundle) in grid.bundles.iter().enumerate() {
        let (from, to) = span(bundle, grid);
        spans.push((to - from, from, id));
    }
    spans.sort_unstable();
    let mut x = vec![0.0; grid.bundles.len()];
    for (length, from, id) in spans {
        x[id] = match grid.bundles[id].side {
            Side::Left => -sides[0].extend(from, from + length),
            Side::Right => sides[1].extend(from, from + length),
        };
    }
    Lanes { x }
}

/// The first and the last place that a bundle passes: even ones are the gaps above layers, odd ones the layers.
fn span(bundle: &Bundle, grid: &Grid<'_>) -> (usize, usize) {
    let arrives = grid.items[bundle.to].row;
    let leaves = bundle.members.iter().map(|member| grid.items[*member].row + 1);
    leaves.fold((arrives, arrives), |(first, last), leaves| (first.min(leaves), last.max(leaves)))
}

/// How far out things reach on one side: a place's value holds until the next place.
#[derive(Debug, Default)]
struct Outline(BTreeMap<usize, f64>);

impl Outline {
    /// Moves the outline out between two places; where it is then.
    fn extend(&mut self, first: usize, last: usize) -> f64 {
        self.split(last + 1);
        self.split(first);
        let covered: Vec<usize> = self.0.range(first..=last).map(|(place, _)| *place).collect();
        let reach = covered.iter().filter_map(|place| self.0.remove(place)).fold(f64::NEG_INFINITY, f64::max) + BETWEEN;
        self.0.insert(first, reach);
        reach
    }

    fn split(&mut self, place: usize) {
        let before = self.0.range(..=place).next_back().map_or(f64::NEG_INFINITY, |(_, reach)| *reach);
        self.0.insert(place, before);
    }
}
