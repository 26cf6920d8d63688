//! Places from top to bottom: the rows, and in the gaps above rows of states a height for every turn into or out of a lane.

use std::collections::BTreeMap;

use super::grid::Grid;
use super::lanes::Lanes;
use super::layers::Layers;

/// Between two turns in a gap.
const TURN: f64 = 10.0;
/// The least room between a row of states and its labels, and between those and the next states.
const TO_LABELS: f64 = 12.0;
const TO_STATES: f64 = 24.0;

/// The heights of a machine.
#[derive(Debug)]
pub(super) struct Heights {
    /// Top and bottom of each row.
    rows: Vec<(f64, f64)>,
    turns: BTreeMap<(usize, usize), f64>,
    pub(super) bottom: f64,
}

impl Heights {
    /// The top of a row.
    pub(super) fn top(&self, row: usize) -> f64 {
        self.rows[row].0
    }

    /// The bottom of a row.
    pub(super) fn bottom(&self, row: usize) -> f64 {
        self.rows[row].1
    }

    /// Where a bundle turns in a gap.
    pub(super) fn turn(&self, gap: usize, bundle: usize) -> f64 {
        self.turns.get(&(gap, bundle)).copied().unwrap_or_default()
    }
}

/// Finds all heights.
pub(super) fn of(grid: &Grid<'_>, lanes: &Lanes, layers: &Layers) -> Heights {
    let mut heights = Heights { rows: Vec::new(), turns: BTreeMap::new(), bottom: 0.0 };
    let mut y = 0.0;
    for (gap, mut turns) in turns(grid, lanes, layers.count).into_iter().enumerate() {
        turns.sort_by(|one, other| one.arrives.cmp(&other.arrives).then(one.key.total_cmp(&other.key)));
        for (position, turn) in turns.iter().enumerate() {
            heights.turns.insert((gap, turn.bundle), y + TURN * (position as f64 + 1.0));
        }
        let turning = TURN * turns.len() as f64;
        if gap == layers.count {
            heights.bottom = y + turning;
            break;
        }
        let arrives = gap > 0 || turning > 0.0;
        y += if arrives { (turning + TO_STATES).max(slope(grid, 2 * gap)) } else { 0.0 };
        for row in [2 * gap, 2 * gap + 1] {
            let tallest = grid.rows[row].iter().map(|id| grid.items[*id].height).fold(0.0, f64::max);
            if row % 2 == 1 && !grid.rows[row].is_empty() {
                y += TO_LABELS.max(slope(grid, row));
            }
            heights.rows.push((y, y + tallest));
            y += tallest;
        }
    }
    heights
}

/// Room for lines that go far to the side.
fn slope(grid: &Grid<'_>, row: usize) -> f64 {
    let items = grid.rows[row].iter().map(|id| &grid.items[*id]);
    let aside = items.flat_map(|item| item.up.iter().map(|link| (grid.items[link.item].x - item.x).abs()));
    (aside.fold(0.0, f64::max) / 8.0).min(48.0).round()
}

/// Where a bundle turns out of a gap's row above (departs) or into its row below (arrives).
struct Turn {
    bundle: usize,
    arrives: bool,
    key: f64,
}

/// The turns in each gap, with keys that keep lines to the same side from crossing.
fn turns(grid: &Grid<'_>, lanes: &Lanes, layers: usize) -> Vec<Vec<Turn>> {
    let mut turns: Vec<Vec<Turn>> = Vec::new();
    turns.resize_with(layers + 1, Vec::new);
    for (id, (bundle, lane)) in grid.bundles.iter().zip(&lanes.x).enumerate() {
        let sided = |x: f64| if *lane < x { x } else { -x };
        let target = &grid.items[bundle.to];
        turns[target.row / 2].push(Turn { bundle: id, arrives: true, key: -sided(target.x) });
        let mut departures: BTreeMap<usize, f64> = BTreeMap::new();
        for member in bundle.members.iter().map(|member| &grid.items[*member]) {
            let key = departures.entry(member.row.div_ceil(2)).or_insert(f64::INFINITY);
            *key = key.min(sided(member.x));
        }
        for (gap, key) in departures {
            turns[gap].push(Turn { bundle: id, arrives: false, key });
        }
    }
    turns
}
