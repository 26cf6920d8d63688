//! The picture in words, for those who cannot see it.

use crate::graph::model::{Kind, Machine, Node};

/// Whoever listens to more has lost the thread.
const MOST_SENTENCES: usize = 60;

/// What a machine is made of, one sentence per state.
pub(super) fn of(machine: &Machine) -> String {
    let mut sentences = Vec::new();
    tell(machine, "", &mut sentences);
    let untold = sentences.len().saturating_sub(MOST_SENTENCES);
    sentences.truncate(MOST_SENTENCES);
    if untold > 0 {
        sentences.push(format!("{untold} more sentences are left out."));
    }
    sentences.join(" ")
}

fn tell(machine: &Machine, within: &str, sentences: &mut Vec<String>) {
    let mut ways: Vec<Vec<String>> = machine.nodes.iter().map(|_| Vec::new()).collect();
    for edge in &machine.edges {
        let condition = if edge.label.is_empty() { String::new() } else { format!("{}: ", edge.label) };
        ways[edge.from].push(format!("{condition}{}", name(&machine.nodes[edge.to])));
    }
    for (node, ways) in machine.nodes.iter().zip(ways) {
        if matches!(node.kind, Kind::End | Kind::Missing) {
            continue;
        }
        let about = node.notes.first().map_or_else(String::new, |note| format!(" ({note})"));
        let leads = if ways.is_empty() { String::new() } else { format!(" leads to {}", ways.join("; ")) };
        sentences.push(format!("{within}{}{about}{leads}.", name(node)));
        for (position, inner) in node.machines.iter().enumerate() {
            tell(inner, &format!("In {} {}: ", name(node), position + 1), sentences);
        }
    }
}

fn name(node: &Node) -> &str {
    match node.kind {
        Kind::Start => "Start",
        Kind::End => "the end",
        _ => &node.name,
    }
}
