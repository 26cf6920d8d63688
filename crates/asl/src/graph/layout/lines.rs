//! The arrows: curves through the rows, and lines with corners to, along and from the lanes.

use std::collections::BTreeMap;

use super::grid::{Bundle, Grid, Item, Route};
use super::heights::Heights;
use super::lanes::Lanes;
use super::{Label, Picture, Point};
use crate::graph::model::{Machine, Role};

/// How round corners are.
pub(in crate::graph) const CORNER: f64 = 7.0;

/// A line of the picture.
#[derive(Debug)]
pub(in crate::graph) struct Line {
    pub(in crate::graph) role: Role,
    /// Whether it ends in an arrowhead.
    pub(in crate::graph) arrow: bool,
    pub(in crate::graph) path: Path,
}

/// The course of a line.
#[derive(Debug)]
pub(in crate::graph) enum Path {
    /// From point to point, upright in each.
    Curve(Vec<Point>),
    /// Level and upright, with round corners.
    Corners(Vec<Point>),
}

/// Draws all arrows and their labels, moved to the right by `shift`.
pub(super) fn draw<'m>(machine: &'m Machine, grid: &Grid<'m>, lanes: &Lanes, heights: &Heights, shift: f64, picture: &mut Picture<'m>) {
    let mut pen = Pen { grid, heights, shift, picture };
    for (edge, route) in machine.edges.iter().zip(&grid.routes) {
        let places = match route {
            Route::Rows(places) => &places[..],
            Route::Lane(place) => std::slice::from_ref(place),
        };
        pen.through(edge.from, places, matches!(route, Route::Rows(_)).then_some(edge.to), edge.role);
    }
    for (id, (bundle, lane)) in grid.bundles.iter().zip(&lanes.x).enumerate() {
        pen.lane(id, bundle, *lane);
    }
}

struct Pen<'p, 'm> {
    grid: &'p Grid<'m>,
    heights: &'p Heights,
    shift: f64,
    picture: &'p mut Picture<'m>,
}

impl Pen<'_, '_> {
    /// From a node through places in the rows below it, perhaps to another node.
    fn through(&mut self, from: usize, places: &[usize], to: Option<usize>, role: Role) {
        let source = &self.grid.items[from];
        let mut points = vec![self.at(source.x, self.heights.top(source.row) + source.height)];
        if self.heights.bottom(source.row) > self.heights.top(source.row) + source.height {
            points.push(self.at(source.x, self.heights.bottom(source.row)));
        }
        for place in places.iter().map(|place| &self.grid.items[*place]) {
            let stands_between_labels = self.heights.bottom(place.row) > self.heights.top(place.row);
            if to.is_some() && !stands_between_labels {
                continue;
            }
            let top = self.at(place.x, self.heights.top(place.row));
            points.push(top);
            if let Some(text) = place.label {
                self.picture.labels.push(Label { text, at: top });
                self.line(role, false, Path::Curve(std::mem::take(&mut points)));
                points.push(self.at(place.x, self.heights.top(place.row) + place.height));
            }
            if self.heights.bottom(place.row) > self.heights.top(place.row) + place.height {
                points.push(self.at(place.x, self.heights.bottom(place.row)));
            }
        }
        if let Some(target) = to.map(|to| &self.grid.items[to]) {
            points.push(self.at(target.x, self.heights.top(target.row)));
        }
        if points.len() > 1 {
            self.line(role, to.is_some(), Path::Curve(points));
        }
    }

    /// All arrows of a bundle from where their places end, and the lane that they share.
    fn lane(&mut self, id: usize, bundle: &Bundle, lane: f64) {
        let mut gaps: BTreeMap<usize, Vec<&Item<'_>>> = BTreeMap::new();
        for member in bundle.members.iter().map(|member| &self.grid.items[*member]) {
            gaps.entry(member.row.div_ceil(2)).or_default().push(member);
        }
        let onward = if bundle.back { -CORNER } else { CORNER };
        for (gap, members) in &gaps {
            let y = self.heights.turn(*gap, id);
            let (left, right) = members.iter().fold((lane, lane), |(left, right), member| (left.min(member.x), right.max(member.x)));
            for member in members {
                let is_outermost = member.x <= left || member.x >= right;
                self.tributary(member, is_outermost, [lane, y, y + onward], bundle.role);
            }
        }
        let first = if bundle.back { gaps.last_key_value() } else { gaps.first_key_value() };
        let Some((first, _)) = first else { return };
        let to = &self.grid.items[bundle.to];
        let begin = self.heights.turn(*first, id) + onward;
        let end = self.heights.turn(to.row / 2, id);
        let port = to.x + port(lane - to.x, to.width / 2.0, bundle.role);
        let points = vec![self.at(lane, begin), self.at(lane, end), self.at(port, end), self.at(port, self.heights.top(to.row))];
        self.line(bundle.role, true, Path::Corners(points));
    }

    /// From below one place to the lane and onward, or to the arrow from further away that goes there too.
    fn tributary(&mut self, member: &Item<'_>, is_outermost: bool, [lane, y, onward]: [f64; 3], role: Role) {
        let mut points = vec![self.at(member.x, self.heights.bottom(member.row)), self.at(member.x, y)];
        if is_outermost {
            points.extend([self.at(lane, y), self.at(lane, onward)]);
        } else {
            points.push(self.at(member.x + CORNER.copysign(lane - member.x), y));
        }
        self.line(role, false, Path::Corners(points));
    }

    fn line(&mut self, role: Role, arrow: bool, path: Path) {
        self.picture.lines.push(Line { role, arrow, path });
    }

    fn at(&self, x: f64, y: f64) -> Point {
        Point { x: x + self.shift, y }
    }
}

/// How far beside a target's middle an arrow from a lane arrives: below the lane if that is above the target.
fn port(lane: f64, half_width: f64, role: Role) -> f64 {
    let most = f64::max(half_width - 12.0, 0.0);
    let aside = if role == Role::Catch { 22.0 } else { 12.0 };
    if lane.abs() <= most { lane } else { f64::min(aside, most).copysign(lane) }
}
