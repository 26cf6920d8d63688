//! How large a node is, and how the machines within a Map or a Parallel share its box.

use super::{Picture, Point};
use crate::graph::model::{Kind, Machine, Node};
use crate::graph::text::{self, Face};

/// The room around what stands in a box.
pub(in crate::graph) const PADDING: f64 = 14.0;
/// From the top of a box to the baseline of its name, and from there to each further line.
pub(in crate::graph) const HEADER: [f64; 2] = [20.0, 16.0];

const NARROWEST: f64 = 96.0;
const WIDEST: f64 = 300.0;
/// Machines stand beside each other up to this width, and further if they would become taller than wide.
const SHELF: f64 = 1200.0;
const BETWEEN: f64 = 14.0;

/// A box and what it holds.
#[derive(Debug)]
pub(in crate::graph) struct Interior<'m> {
    pub(in crate::graph) width: f64,
    pub(in crate::graph) height: f64,
    pub(in crate::graph) regions: Vec<Region<'m>>,
    /// Whether each machine has a frame of its own.
    pub(in crate::graph) framed: bool,
}

/// A machine's part of a box; its corner is seen from that of the box.
#[derive(Debug)]
pub(in crate::graph) struct Region<'m> {
    pub(in crate::graph) x: f64,
    pub(in crate::graph) y: f64,
    pub(in crate::graph) width: f64,
    pub(in crate::graph) height: f64,
    /// From the region's edge to the picture's.
    pub(in crate::graph) inset: Point,
    pub(in crate::graph) picture: Picture<'m>,
}

/// Measures a node and lays out the machines in it.
pub(super) fn interior(node: &Node) -> Interior<'_> {
    let mark = match node.kind {
        Kind::Start => Some(18.0),
        Kind::End => Some(20.0),
        _ => None,
    };
    if let Some(size) = mark {
        return Interior { width: size, height: size, regions: Vec::new(), framed: false };
    }
    let lines = node.notes.iter().map(|note| text::width(note, Face::Line));
    let text = lines.fold(text::width(&node.name, Face::Name), f64::max) + 2.0 * PADDING;
    let width = text.ceil().clamp(NARROWEST, WIDEST);
    let height = HEADER[0] + HEADER[1] * node.notes.len() as f64 + 11.0;
    if node.machines.is_empty() {
        return Interior { width, height, regions: Vec::new(), framed: false };
    }
    let framed = node.kind != Kind::Map || node.machines.len() > 1;
    let regions = shelved(&node.machines, framed, height);
    let right = regions.iter().map(|region| region.x + region.width).fold(0.0, f64::max) + PADDING;
    let bottom = regions.iter().map(|region| region.y + region.height).fold(0.0, f64::max) + PADDING;
    let mut interior = Interior { width: width.max(right), height: bottom, regions, framed };
    let shift = ((interior.width - right) / 2.0).floor();
    for region in &mut interior.regions {
        region.x += shift;
    }
    interior
}

/// Machines on shelves, from left to right and then below.
fn shelved(machines: &[Machine], framed: bool, top: f64) -> Vec<Region<'_>> {
    let inset = if framed { 12.0 } else { 0.0 };
    let pictures: Vec<Picture<'_>> = machines.iter().map(super::of).collect();
    let room = |picture: &Picture<'_>| (picture.width.max(40.0) + 2.0 * inset, picture.height + 2.0 * inset);
    let area: f64 = pictures.iter().map(room).map(|(width, height)| (width + BETWEEN) * (height + BETWEEN)).sum();
    let most = (area * 1.6).sqrt().max(SHELF);
    let mut regions: Vec<Region<'_>> = Vec::new();
    let (mut x, mut y, mut tallest, mut first) = (PADDING, top, 0.0_f64, 0);
    for picture in pictures {
        let (width, height) = room(&picture);
        if x > PADDING && x + width > most {
            level(&mut regions[first..], tallest);
            first = regions.len();
            (x, y, tallest) = (PADDING, y + tallest + BETWEEN, 0.0);
        }
        let inset = Point { x: (width - picture.width) / 2.0, y: inset };
        regions.push(Region { x, y, width, height, inset, picture });
        x += width + BETWEEN;
        tallest = tallest.max(height);
    }
    level(&mut regions[first..], tallest);
    regions
}

/// Regions on one shelf are of one height.
fn level(shelf: &mut [Region<'_>], height: f64) {
    for region in shelf {
        region.height = height;
    }
}
