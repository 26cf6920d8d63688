//! Which way each arrow takes, and how much it matters that it is straight.
//!
//! An arrow has a place in each row that it crosses. One that would cross many, leads back, catches from afar or shares
//! its target with many others does not: it goes to a lane at the side, which all arrows of its kind to that target share.

use super::layers::Layers;
use crate::graph::model::{Edge, Machine, Role};

/// Arrows that cross more rows of states take a lane, and so do more than two long ones to one target.
const MOST_CROSSED: usize = 4;
const MOST_LONG: usize = 2;

/// The way of one arrow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Where its lane is, if it takes one.
    pub(super) lane: Option<Side>,
    /// What a straight line is worth.
    pub(super) weight: f64,
}

/// A side of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// By edge: its way.
pub(super) fn of(machine: &Machine, layers: &Layers) -> Vec<Way> {
    let crossed = |edge: &Edge| (layers.of[edge.to]).saturating_sub(layers.of[edge.from] + 1);
    let mut long = vec![0; machine.nodes.len()];
    for edge in machine.edges.iter().filter(|edge| crossed(edge) > 0) {
        long[edge.to] += 1;
    }
    let main = main(machine, layers);
    let way = |(edge, back): (&Edge, &bool)| {
        let catch = edge.role == Role::Catch;
        let takes_lane = crossed(edge) > 0 && (catch || long[edge.to] > MOST_LONG || crossed(edge) > MOST_CROSSED);
        let side = if *back || catch { Side::Right } else { Side::Left };
        let weight = match edge.role {
            Role::Next if main[edge.from] => 1000.0,
            Role::Choice if main[edge.from] => 30.0,
            _ => 1.0,
        };
        Way { lane: (*back || takes_lane).then_some(side), weight }
    };
    machine.edges.iter().zip(&layers.back).map(way).collect()
}

/// By node: whether it is reached without an error.
fn main(machine: &Machine, layers: &Layers) -> Vec<bool> {
    let mut main = vec![true; machine.nodes.len()];
    for edge in &machine.edges {
        main[edge.to] = false;
    }
    let mut waiting: Vec<usize> = (0..main.len()).filter(|node| main[*node]).collect();
    while let Some(node) = waiting.pop() {
        for edge in layers.leaving[node].iter().map(|edge| &machine.edges[*edge]).filter(|edge| edge.role != Role::Catch) {
            if !std::mem::replace(&mut main[edge.to], true) {
                waiting.push(edge.to);
            }
        }
    }
    main
}
