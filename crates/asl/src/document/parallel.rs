//! The Parallel state as it is written.

use super::StateId;
use super::fields::Fields;
use super::states::Reader;

/// What only a Parallel has.
pub(super) const FIELDS: [&str; 1] = ["Branches"];

/// A Parallel's own part.
#[derive(Debug)]
pub(crate) struct Parallel {
    /// The first state of each branch.
    pub(crate) branches: Vec<StateId>,
}

/// Reads a Parallel.
pub(super) fn read<'d>(fields: &Fields<'d>, reader: &mut Reader<'d>) -> Option<Parallel> {
    fields.require(&["Branches"], &mut reader.problems);
    let list = fields.array("Branches", &mut reader.problems)?;
    if list.is_empty() {
        reader.problems.schema(&fields.location("Branches"), "Value cannot be empty");
    }
    let mut branches = Vec::new();
    for (position, branch) in list.iter().enumerate() {
        if let Some(branch) = fields.element("Branches", position, branch, &mut reader.problems) {
            branch.allow_only(&[&["Comment", "StartAt", "States"]], &mut reader.problems);
            branches.extend(reader.machine(&branch));
        }
    }
    Some(Parallel { branches })
}
