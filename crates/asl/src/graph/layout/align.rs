//! Places from left to right: every item as near to its neighbours above and below as the row allows.

use super::grid::{Grid, Item, Link};

const SWEEPS: usize = 4;
/// Between boxes, and between arrows or their labels.
const BETWEEN: [f64; 2] = [30.0, 14.0];

/// Which neighbours count.
#[derive(Clone, Copy)]
enum Side {
    Up,
    Down,
    Both,
}

/// Gives every item its place, in whole pixels.
pub(super) fn align(grid: &mut Grid<'_>) {
    let Grid { items, rows, .. } = grid;
    for row in rows.iter() {
        settle(row, items, |_, _| (0.0, 1.0));
    }
    for [down, up] in [[Side::Up, Side::Down], [Side::Both, Side::Both]] {
        for _ in 0..SWEEPS {
            for row in rows.iter() {
                settle(row, items, |id, items| wish(&items[id], down, items));
            }
            for row in rows.iter().rev() {
                settle(row, items, |id, items| wish(&items[id], up, items));
            }
        }
    }
    let onward: Vec<Option<Link>> = items.iter().map(|item| foremost(&item.down)).collect();
    for row in rows.iter() {
        settle(row, items, |id, items| below(id, items, &onward));
    }
    for item in items {
        item.x = item.x.round();
    }
}

/// Where an item would like to be, and how much: the weighted mean of its neighbours.
fn wish(item: &Item<'_>, side: Side, items: &[Item<'_>]) -> (f64, f64) {
    let (up, down) = match side {
        Side::Up => (&item.up[..], &[][..]),
        Side::Down => (&[][..], &item.down[..]),
        Side::Both => (&item.up[..], &item.down[..]),
    };
    let (mut sum, mut weight) = (0.0, 0.0);
    for link in up.iter().chain(down) {
        sum += items[link.item].x * link.weight;
        weight += link.weight;
    }
    if weight > 0.0 { (sum / weight, weight) } else { (item.x, 0.1) }
}

/// Exactly below an item that leads here above all, if this one follows it above all; where it is otherwise.
fn below(id: usize, items: &[Item<'_>], onward: &[Option<Link>]) -> (f64, f64) {
    let above = foremost(&items[id].up).filter(|up| onward[up.item].is_some_and(|down| down.item == id));
    above.map_or((items[id].x, 1.0), |above| (items[above.item].x, above.weight))
}

/// The link that is worth more than all others.
fn foremost(links: &[Link]) -> Option<Link> {
    let best = links.iter().max_by(|one, other| one.weight.total_cmp(&other.weight))?;
    let is_alone = links.iter().filter(|link| link.weight >= best.weight).count() == 1;
    is_alone.then_some(*best)
}

/// The places that are nearest to the wishes, in the sense of least squares, with the order and the distances kept.
///
/// Neighbours that would come too near are pooled to a block, which stands at the mean of its wishes.
fn settle(row: &[usize], items: &mut [Item<'_>], wish: impl Fn(usize, &[Item<'_>]) -> (f64, f64)) {
    let mut offset = 0.0;
    let mut blocks: Vec<Block> = Vec::new();
    let mut offsets = Vec::with_capacity(row.len());
    for (position, id) in row.iter().enumerate() {
        let item = &items[*id];
        if position > 0 {
            let before = &items[row[position - 1]];
            offset += f64::midpoint(before.width, item.width) + BETWEEN[usize::from(is_thin(before) || is_thin(item))];
        }
        offsets.push(offset);
        let (at, weight) = wish(*id, items);
        let mut block = Block { sum: (at - offset) * weight, weight, count: 1 };
        while let Some(before) = blocks.pop_if(|before| before.at() >= block.at()) {
            block = Block { sum: before.sum + block.sum, weight: before.weight + block.weight, count: before.count + block.count };
        }
        blocks.push(block);
    }
    let mut ids = row.iter().zip(offsets);
    for block in &blocks {
        for (id, offset) in ids.by_ref().take(block.count) {
            items[*id].x = block.at() + offset;
        }
    }
}

fn is_thin(item: &Item<'_>) -> bool {
    item.row % 2 == 1 || item.width == 0.0
}

struct Block {
    sum: f64,
    weight: f64,
    count: usize,
}

impl Block {
    fn at(&self) -> f64 {
        self.sum / self.weight
    }
}
