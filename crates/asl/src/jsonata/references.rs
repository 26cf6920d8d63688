//! What an expression refers to: fields, variables, and members of `$states`. AWS refuses some of it when a machine is created.

use std::collections::BTreeSet;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

/// What of `$states` there is where an expression stands, beside `input` and `context`
/// (Developer Guide, Transforming data with JSONata: Reserved variable).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// The work has not begun, or there is none.
    Neither,
    /// `result`: in Output and Assign of a Task, Map or Parallel.
    Result,
    /// `errorOutput`: in Output and Assign of a catcher.
    ErrorOutput,
}

/// What an expression refers to.
#[derive(Clone, Debug, Default)]
pub(super) struct References {
    /// Fields that are looked for where AWS has nothing: at the top level. Each once, in their order.
    fields: Vec<Box<str>>,
    /// Members of `$states`, likewise.
    members: Vec<Box<str>>,
    /// Whether there is a `$$`.
    root: bool,
    variables: BTreeSet<Box<str>>,
    /// Variables that the expression makes itself.
    bound: BTreeSet<Box<str>>,
}

impl References {
    /// Of the whole of an expression.
    pub(super) fn of(tree: &AstNode) -> Self {
        let mut references = Self::default();
        references.node(tree, true);
        references
    }

    /// The variables that the expression reads and does not make; among them functions that are named without being called.
    pub(super) fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().filter(|name| !self.bound.contains(*name)).map(|name| &**name)
    }

    /// AWS's words for what is not there. Quoted in floci-io/floci#2670 and #2745 and anomalyco/sst#6110.
    pub(super) fn unsupported(&self, known: Known) -> Vec<String> {
        let absent = |member: &str| match member {
            "result" => known != Known::Result,
            "errorOutput" => known != Known::ErrorOutput,
            _ => false,
        };
        let fields = self.fields.iter().map(|name| format!("Reference to '{name}' at the top level is not supported."));
        let root = self.root.then(|| "Reference to '$$' is not supported.".to_owned());
        let members = self.members.iter().filter(|member| absent(member));
        fields.chain(root).chain(members.map(|member| format!("Field '$states.{member}' does not exist."))).collect()
    }

    /// `top` is whether a field would be looked for at the top level.
    fn node(&mut self, node: &AstNode, top: bool) {
        match node {
            AstNode::Name(name) if top => add(&mut self.fields, name),
            AstNode::Variable(name) if !name.is_empty() && name != "states" => _ = self.variables.insert(name.as_str().into()),
            AstNode::ParentVariable(_) => self.root = true,
            AstNode::Path { steps } => self.path(steps, top),
            AstNode::Binary { op, lhs, rhs } => match (op, &**lhs, &**rhs) {
                (BinaryOp::ColonEqual, AstNode::Variable(name), value)
                | (BinaryOp::FocusBind | BinaryOp::IndexBind, value, AstNode::Variable(name)) => {
                    self.bind(name);
                    self.node(value, top);
                }
                (_, lhs, rhs) => {
                    self.node(lhs, top);
                    self.node(rhs, top);
                }
            },
            AstNode::Unary { operand, .. } => self.node(operand, top),
            AstNode::Function { args, .. } => self.all(args, top),
            AstNode::Call { procedure, args } => {
                self.node(procedure, top);
                self.all(args, top);
            }
            AstNode::Lambda { params, body, .. } => {
                for name in params {
                    self.bind(name);
                }
                self.node(body, top);
            }
            AstNode::Array(items) | AstNode::ArrayGroup(items) | AstNode::Block(items) => self.all(items, top),
            AstNode::Object(pairs) => self.pairs(pairs, top),
            AstNode::ObjectTransform { input, pattern } => {
                self.node(input, top);
                self.pairs(pattern, false);
            }
            AstNode::Conditional { condition, then_branch, else_branch } => {
                let parts = [Some(condition), Some(then_branch), else_branch.as_ref()];
                parts.into_iter().flatten().for_each(|part| self.node(part, top));
            }
            AstNode::FunctionApplication(inner) => self.node(inner, false),
            AstNode::Sort { input, terms } => {
                self.node(input, top);
                for (term, _) in terms {
                    self.node(term, false);
                }
            }
            AstNode::Transform { location, update, delete } => {
                let parts = [Some(location), Some(update), delete.as_ref()];
                parts.into_iter().flatten().for_each(|part| self.node(part, false));
            }
            _ => {}
        }
    }

    /// Only the first step is taken at the top level, the others in what the one before made.
    fn path(&mut self, steps: &[PathStep], top: bool) {
        if let [first, second, ..] = steps
            && matches!(&first.node, AstNode::Variable(name) if name == "states")
            && let AstNode::Name(member) | AstNode::String(member) = &second.node
        {
            add(&mut self.members, member);
        }
        for (position, step) in steps.iter().enumerate() {
            self.node(&step.node, top && position == 0);
            for stage in &step.stages {
                match stage {
                    Stage::Filter(test) => self.node(test, false),
                    Stage::Index(name) => self.bind(name),
                    Stage::KeepArray => {}
                }
            }
            [&step.focus, &step.index_var].into_iter().flatten().for_each(|name| self.bind(name));
        }
    }

    fn all(&mut self, nodes: &[AstNode], top: bool) {
        for node in nodes {
            self.node(node, top);
        }
    }

    fn pairs(&mut self, pairs: &[(AstNode, AstNode)], top: bool) {
        pairs.iter().flat_map(|(key, value)| [key, value]).for_each(|node| self.node(node, top));
    }

    fn bind(&mut self, name: &str) {
        self.bound.insert(name.into());
    }
}

fn add(names: &mut Vec<Box<str>>, name: &str) {
    if !names.iter().any(|known| **known == *name) {
        names.push(name.into());
    }
}
