//! What goes where: rows of boxes from top to bottom, rows of labels between them, and lanes beside them for long ways.
//!
//! Written here because no library does it: of those on crates.io only `dagre` knows boxes within boxes, and its 0.1.2
//! takes four seconds for a hundred states that share one catcher. Here every step takes linear time, or that of a sort.
//!
//! The steps, one per file: `boxes.rs` measures nodes and nests machines; `layers.rs` says which row a state stands in,
//! `ways.rs` which way an arrow takes; `grid.rs` fills the rows with both, and `order.rs` untangles them; `align.rs` finds
//! places from left to right, `lanes.rs` the lanes, `heights.rs` places from top to bottom; `lines.rs` draws the arrows.

mod align;
mod boxes;
mod grid;
mod heights;
mod lanes;
mod layers;
mod lines;
mod order;
mod ways;

pub(super) use boxes::{HEADER, Interior, PADDING};
pub(super) use grid::LABEL_WIDTH;
pub(super) use lines::{CORNER, Line, Path};

use super::model::{Machine, Node};

/// A place on the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A machine with a place for everything, seen from its own upper left corner.
#[derive(Debug)]
pub(super) struct Picture<'m> {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) boxes: Vec<Placed<'m>>,
    pub(super) labels: Vec<Label<'m>>,
    pub(super) lines: Vec<Line>,
}

/// A node in its place.
#[derive(Debug)]
pub(super) struct Placed<'m> {
    pub(super) node: &'m Node,
    pub(super) at: Point,
    pub(super) interior: Interior<'m>,
}

/// What is written on an edge; its place is the middle of its upper side.
#[derive(Debug)]
pub(super) struct Label<'m> {
    pub(super) text: &'m str,
    pub(super) at: Point,
}

/// Gives everything in a machine a place.
pub(super) fn of(machine: &Machine) -> Picture<'_> {
    let interiors: Vec<Interior<'_>> = machine.nodes.iter().map(boxes::interior).collect();
    let layers = layers::of(machine);
    let mut grid = grid::of(machine, &interiors, &layers);
    order::untangle(&mut grid);
    align::align(&mut grid);
    let lanes = lanes::of(&grid, layers.count);
    let heights = heights::of(&grid, &lanes, &layers);
    let mut picture = Picture { width: 0.0, height: heights.bottom, boxes: Vec::new(), labels: Vec::new(), lines: Vec::new() };
    let (left, right) = extent(&grid, &lanes);
    picture.width = right - left;
    lines::draw(machine, &grid, &lanes, &heights, -left, &mut picture);
    for (id, (node, interior)) in machine.nodes.iter().zip(interiors).enumerate() {
        let item = &grid.items[id];
        let at = Point { x: item.x - item.width / 2.0 - left, y: heights.top(item.row) };
        picture.boxes.push(Placed { node, at, interior });
    }
    picture
}

fn extent(grid: &grid::Grid<'_>, lanes: &lanes::Lanes) -> (f64, f64) {
    let sides = grid.items.iter().map(|item| (item.x - item.width / 2.0, item.x + item.width / 2.0));
    let all = sides.chain(lanes.x.iter().map(|x| (x - 4.0, x + 4.0)));
    all.reduce(|(left, right), (from, to)| (left.min(from), right.max(to))).unwrap_or((0.0, 0.0))
}
