//! What is drawn: a machine of nodes and edges, where a node may hold machines of its own.

/// The document itself, a branch, or a Map's processor.
#[derive(Debug, Default)]
pub(super) struct Machine {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

/// A state, or one of the marks around states.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) name: String,
    /// Lines beneath the name.
    pub(super) notes: Vec<String>,
    pub(super) machines: Vec<Machine>,
}

/// The type of a state, or what else a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Start,
    End,
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Map,
    Parallel,
    /// A state whose type is none of the eight.
    Unknown,
    /// What a transition names and the machine does not have.
    Missing,
}

/// A transition between two places of [`Machine::nodes`].
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) role: Role,
    /// Empty if there is nothing to say.
    pub(super) label: String,
}

/// Why a transition is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Next,
    /// A rule of a Choice, or its default.
    Choice,
    Catch,
}

impl Kind {
    /// The type as a document names it.
    pub(super) fn of(written: &str) -> Self {
        match written {
            "Task" => Self::Task,
            "Pass" => Self::Pass,
            "Choice" => Self::Choice,
            "Wait" => Self::Wait,
            "Succeed" => Self::Succeed,
            "Fail" => Self::Fail,
            "Map" => Self::Map,
            "Parallel" => Self::Parallel,
            _ => Self::Unknown,
        }
    }
}
