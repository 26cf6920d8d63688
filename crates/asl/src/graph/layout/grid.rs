//! The rows of a machine: states in the even ones, labels of the arrows that leave them in the odd ones.

use std::collections::BTreeMap;

use super::boxes::Interior;
use super::layers::Layers;
use super::ways::{self, Side, Way};
use crate::graph::model::{Edge, Machine, Role};
use crate::graph::text::{self, Face};

/// The longest label, and the height of all.
pub(in crate::graph) const LABEL_WIDTH: f64 = 240.0;
pub(super) const LABEL_HEIGHT: f64 = 16.0;

/// Rows of items, from top to bottom and from left to right.
#[derive(Debug)]
pub(super) struct Grid<'m> {
    /// Nodes first, by their ids.
    pub(super) items: Vec<Item<'m>>,
    pub(super) rows: Vec<Vec<usize>>,
    /// By edge.
    pub(super) routes: Vec<Route>,
    pub(super) bundles: Vec<Bundle>,
}

/// Something with a place in a row.
#[derive(Debug, Default)]
pub(super) struct Item<'m> {
    pub(super) row: usize,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Of an arrow's first place.
    pub(super) label: Option<&'m str>,
    /// Of an arrow that goes to a lane from here.
    pub(super) lane: Option<Side>,
    /// The middle.
    pub(super) x: f64,
    pub(super) up: Vec<Link>,
    pub(super) down: Vec<Link>,
}

/// A neighbour in the next row, and how much a straight line to it is worth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) item: usize,
    pub(super) weight: f64,
}

/// How an arrow gets to its target.
#[derive(Debug)]
pub(super) enum Route {
    /// Through places in the rows between.
    Rows(Vec<usize>),
    /// Through one place below its source, then along a lane.
    Lane(usize),
}

/// Arrows that share a lane.
#[derive(Debug)]
pub(super) struct Bundle {
    pub(super) to: usize,
    pub(super) back: bool,
    pub(super) side: Side,
    pub(super) role: Role,
    /// Their places below their sources.
    pub(super) members: Vec<usize>,
}

/// Fills the rows in the order of the walk.
pub(super) fn of<'m>(machine: &'m Machine, interiors: &[Interior<'m>], layers: &Layers) -> Grid<'m> {
    let nodes = interiors.iter().zip(&layers.of);
    let item = |(interior, layer): (&Interior<'m>, &usize)| Item {
        row: 2 * layer,
        width: interior.width,
        height: interior.height,
        ..Item::default()
    };
    let mut grid =
        Grid { items: nodes.map(item).collect(), rows: vec![Vec::new(); 2 * layers.count], routes: Vec::new(), bundles: Vec::new() };
    let ways = ways::of(machine, layers);
    let mut routes: BTreeMap<usize, Route> = BTreeMap::new();
    let mut bundles = BTreeMap::new();
    for node in &layers.walk {
        grid.rows[2 * layers.of[*node]].push(*node);
        for id in &layers.leaving[*node] {
            let (edge, way) = (&machine.edges[*id], ways[*id]);
            let row = 2 * layers.of[*node] + 1;
            let last = if way.lane.is_some() { row } else { 2 * layers.of[edge.to] - 1 };
            let places = grid.places(edge, way, row, last);
            let route = if let Some(side) = way.lane {
                let key = (edge.to, layers.back[*id], edge.role == Role::Catch);
                let known = grid.bundles.len();
                let bundle = *bundles.entry(key).or_insert(known);
                if bundle == known {
                    grid.bundles.push(Bundle { to: edge.to, back: layers.back[*id], side, role: edge.role, members: Vec::new() });
                }
                grid.bundles[bundle].members.push(places[0]);
                Route::Lane(places[0])
            } else {
                grid.link(places[places.len() - 1], edge.to, way.weight);
                Route::Rows(places)
            };
            routes.insert(*id, route);
        }
    }
    grid.routes = routes.into_values().collect();
    grid
}

impl<'m> Grid<'m> {
    /// Places for an arrow in a range of rows, linked to its source and to each other.
    fn places(&mut self, edge: &'m Edge, way: Way, first: usize, last: usize) -> Vec<usize> {
        let mut above = edge.from;
        let mut places = Vec::new();
        for row in first..=last {
            let mut item = Item { row, lane: way.lane, ..Item::default() };
            if row == first && !edge.label.is_empty() {
                item.label = Some(&edge.label);
                (item.width, item.height) = (text::width(&edge.label, Face::Line).min(LABEL_WIDTH).ceil(), LABEL_HEIGHT);
            }
            let id = self.items.len();
            self.items.push(item);
            self.rows[row].push(id);
            // Lines that cross rows of states should be straight above all.
            self.link(above, id, way.weight * if row == first { 1.0 } else { 4.0 });
            above = id;
            places.push(id);
        }
        places
    }

    fn link(&mut self, above: usize, below: usize, weight: f64) {
        self.items[above].down.push(Link { item: below, weight });
        self.items[below].up.push(Link { item: above, weight });
    }
}
