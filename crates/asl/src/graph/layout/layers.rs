//! Which row a state stands in: below all that lead to it, but for the edges that lead back.

use crate::graph::model::{Kind, Machine};

/// The rows of a machine's nodes.
#[derive(Debug)]
pub(super) struct Layers {
    /// By node.
    pub(super) of: Vec<usize>,
    /// By edge: whether it closes a loop.
    pub(super) back: Vec<bool>,
    /// Nodes as a walk from the start meets them, first choices first.
    pub(super) walk: Vec<usize>,
    /// The edges that leave each node.
    pub(super) leaving: Vec<Vec<usize>>,
    pub(super) count: usize,
}

/// Puts nodes into rows, each as high as it can be.
pub(super) fn of(machine: &Machine) -> Layers {
    let mut leaving = vec![Vec::new(); machine.nodes.len()];
    for (id, edge) in machine.edges.iter().enumerate() {
        leaving[edge.from].push(id);
    }
    let mut search =
        Search { met: vec![Met::Not; leaving.len()], back: vec![false; machine.edges.len()], walk: Vec::new(), done: Vec::new() };
    for node in 0..leaving.len() {
        search.from(node, machine, &leaving);
    }
    let has_start = machine.nodes.iter().any(|node| node.kind == Kind::Start);
    let lowest = |kind| usize::from(has_start && kind != Kind::Start);
    let mut layers: Vec<usize> = machine.nodes.iter().map(|node| lowest(node.kind)).collect();
    for node in search.done.iter().rev() {
        for edge in leaving[*node].iter().filter(|edge| !search.back[**edge]) {
            let to = machine.edges[*edge].to;
            layers[to] = layers[to].max(layers[*node] + 1);
        }
    }
    let count = layers.iter().max().map_or(0, |last| last + 1);
    Layers { of: layers, back: search.back, walk: search.walk, leaving, count }
}

#[derive(Clone, Copy, PartialEq)]
enum Met {
    Not,
    OnTheWay,
    Done,
}

/// A walk in depth, without recursion: a chain may have ten thousand states.
struct Search {
    met: Vec<Met>,
    back: Vec<bool>,
    walk: Vec<usize>,
    done: Vec<usize>,
}

impl Search {
    fn from(&mut self, node: usize, machine: &Machine, leaving: &[Vec<usize>]) {
        let mut way = Vec::new();
        self.enter(node, &mut way);
        while let Some((node, next)) = way.last_mut() {
            let Some(edge) = leaving[*node].get(*next).copied() else {
                self.met[*node] = Met::Done;
                self.done.push(*node);
                way.pop();
                continue;
            };
            *next += 1;
            let to = machine.edges[edge].to;
            self.back[edge] = self.met[to] == Met::OnTheWay;
            self.enter(to, &mut way);
        }
    }

    fn enter(&mut self, node: usize, way: &mut Vec<(usize, usize)>) {
        if self.met[node] == Met::Not {
            self.met[node] = Met::OnTheWay;
            self.walk.push(node);
            way.push((node, 0));
        }
    }
}
