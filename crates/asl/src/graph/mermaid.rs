//! A Mermaid flowchart: of Mermaid's diagrams the one that has both boxes within boxes and dashed arrows.
//!
//! Labels hold letters, digits and little else as themselves; everything that Mermaid, Markdown or HTML might take for
//! its own is written as a character reference.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::colours;
use super::model::{Edge, Kind, Machine, Node, Role};
use super::text::shortened;

const LONGEST_NAME: usize = 120;
const LONGEST_LABEL: usize = 60;

/// The flowchart of a machine.
pub(super) fn chart(machine: &Machine) -> String {
    let mut chart = Chart { text: "flowchart TD\n".to_owned(), ..Chart::default() };
    chart.machine(machine, 1);
    chart.classes();
    chart.text
}

#[derive(Default)]
struct Chart {
    text: String,
    ids: usize,
    /// The ids of each kind of node.
    kinds: BTreeMap<Kind, Vec<String>>,
    branches: Vec<String>,
}

impl Chart {
    fn machine(&mut self, machine: &Machine, depth: usize) {
        let ids: Vec<String> = machine.nodes.iter().map(|node| self.node(node, depth)).collect();
        for edge in &machine.edges {
            let text = format!("{} {} {}", ids[edge.from], arrow(edge), ids[edge.to]);
            self.line(depth, &text);
        }
    }

    /// Writes a node; its id.
    fn node(&mut self, node: &Node, depth: usize) -> String {
        let id = format!("s{}", self.ids);
        self.ids += 1;
        self.kinds.entry(node.kind).or_default().push(id.clone());
        let lines = [&node.name].into_iter().chain(&node.notes).map(|line| escaped(&shortened(line, LONGEST_NAME)));
        // A box with a second line in its title would write it over its content.
        let label = lines.collect::<Vec<_>>().join(if node.machines.is_empty() { "<br/>" } else { " · " });
        if node.machines.is_empty() {
            self.line(depth, &shape(node.kind, &id, &label));
            return id;
        }
        self.block(&id, &label, depth, |chart, depth| match &node.machines[..] {
            [only] if node.kind == Kind::Map => chart.machine(only, depth),
            several => chart.branches(several, depth),
        });
        id
    }

    fn branches(&mut self, branches: &[Machine], depth: usize) {
        for (position, branch) in branches.iter().enumerate() {
            let id = format!("s{}", self.ids);
            self.ids += 1;
            self.block(&id, &(position + 1).to_string(), depth, |chart, depth| chart.machine(branch, depth));
            self.branches.push(id);
        }
    }

    fn block(&mut self, id: &str, label: &str, depth: usize, inside: impl FnOnce(&mut Self, usize)) {
        self.line(depth, &format!("subgraph {id}[\"{label}\"]"));
        self.line(depth + 1, "direction TB");
        inside(self, depth + 1);
        self.line(depth, "end");
    }

    /// Deep machines are not indented further: the spaces would outgrow the text.
    fn line(&mut self, depth: usize, text: &str) {
        let indent = 4 * depth.min(12);
        // Writing to a string does not fail.
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn classes(&mut self) {
        for (kind, ids) in std::mem::take(&mut self.kinds) {
            let Some(colours) = colours::ALL.iter().find(|colours| colours.kind == kind) else { continue };
            let [fill, stroke] = colours.light;
            let fill = if kind == Kind::End { "transparent" } else { fill };
            let dashes = if kind == Kind::Missing { ",stroke-dasharray:4 3" } else { "" };
            self.class(colours.class, &format!("fill:{fill},stroke:{stroke},color:#1c2a36{dashes}"), &ids);
        }
        let branches = std::mem::take(&mut self.branches);
        self.class("branch", "fill:#ffffff,stroke:#9aa7b4,color:#1c2a36", &branches);
    }

    fn class(&mut self, class: &str, style: &str, ids: &[String]) {
        if !ids.is_empty() {
            self.line(1, &format!("classDef {class}State {style}"));
            self.line(1, &format!("class {} {class}State", ids.join(",")));
        }
    }
}

fn shape(kind: Kind, id: &str, label: &str) -> String {
    match kind {
        Kind::Start => format!("{id}((\" \"))"),
        Kind::End => format!("{id}(((\" \")))"),
        Kind::Choice => format!("{id}{{{{\"{label}\"}}}}"),
        Kind::Succeed | Kind::Fail => format!("{id}([\"{label}\"])"),
        _ => format!("{id}[\"{label}\"]"),
    }
}

fn arrow(edge: &Edge) -> String {
    let line = if edge.role == Role::Catch { "-.->" } else { "-->" };
    if edge.label.is_empty() {
        return line.to_owned();
    }
    format!("{line}|\"{}\"|", escaped(&shortened(&edge.label, LONGEST_LABEL)))
}

/// What is certain to mean nothing to Mermaid stays as it is; all other punctuation of ASCII becomes character references.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let word_follows = characters.peek().is_some_and(|next| next.is_alphanumeric());
        let stays = match c {
            ' ' | ',' | '/' | '=' | '?' => true,
            '.' => word_follows,
            '-' | '_' => word_follows && before.is_alphanumeric(),
            _ => c.is_alphanumeric() || !c.is_ascii(),
        };
        // Two of them would begin a formula.
        if c == '$' && before == '$' {
            escaped.push_str("#8203;");
        }
        if stays {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
        }
        before = c;
    }
    escaped
}
