//! The order of the items in each row: near their neighbours, so that few arrows cross.

use std::cmp::Ordering;

use super::grid::{Grid, Item, Link};
use super::ways::Side;

const SWEEPS: usize = 4;

/// Sorts every row by where its neighbours stand, down and up a few times; equals stay as they are.
pub(super) fn untangle(grid: &mut Grid<'_>) {
    let mut places = vec![0.0; grid.items.len()];
    for row in &grid.rows {
        number(row, &mut places);
    }
    for _ in 0..SWEEPS {
        for row in &mut grid.rows {
            sort(row, &mut places, |id, places| by_source(id, &grid.items, places));
        }
        for row in grid.rows.iter_mut().rev() {
            sort(row, &mut places, |id, places| [mean(id, &grid.items[id].down, places), 0.0, 0.0]);
        }
    }
    for row in grid.rows.iter_mut().skip(1).step_by(2) {
        sort(row, &mut places, |id, places| by_source(id, &grid.items, places));
    }
}

/// Arrows from one source: those to lanes outermost, the others in the order of their targets.
fn by_source(id: usize, items: &[Item<'_>], places: &[f64]) -> [f64; 3] {
    let item = &items[id];
    let side = match item.lane {
        Some(Side::Left) => -1.0,
        None => 0.0,
        Some(Side::Right) => 1.0,
    };
    [mean(id, &item.up, places), side, mean(id, &item.down, places)]
}

fn sort(row: &mut [usize], places: &mut [f64], key: impl Fn(usize, &[f64]) -> [f64; 3]) {
    let mut keyed: Vec<([f64; 3], usize)> = row.iter().map(|id| (key(*id, places), *id)).collect();
    keyed.sort_by(|(one, _), (other, _)| {
        one.iter().zip(other).map(|(one, other)| one.total_cmp(other)).fold(Ordering::Equal, Ordering::then)
    });
    for (slot, (_, id)) in row.iter_mut().zip(keyed) {
        *slot = id;
    }
    number(row, places);
}

/// The mean place of the neighbours; without any, its own.
fn mean(id: usize, neighbours: &[Link], places: &[f64]) -> f64 {
    if neighbours.is_empty() {
        return places[id];
    }
    neighbours.iter().map(|link| places[link.item]).sum::<f64>() / neighbours.len() as f64
}

/// Places from 0 to 1, so that rows of different lengths compare.
fn number(row: &[usize], places: &mut [f64]) {
    for (position, id) in row.iter().enumerate() {
        places[*id] = (position as f64 + 0.5) / row.len() as f64;
    }
}
