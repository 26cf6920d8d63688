//! A document, read for everything that is wrong with it, will fail later, or does not mean what it seems to mean.
//!
//! [`check`] is pure and total: any text gives findings, none makes it fail. What AWS refuses when a machine is created
//! comes with AWS's code and words; what it accepts but should not have been written comes with a [`Rule`] of this crate.
//!
//! The files: `source` knows where everything stands in the text, `machine` is the document as the rules see it, `refusals`
//! are AWS's; each other file is a family of rules.

mod batch;
mod call;
mod choices;
mod express;
mod finding;
mod handlers;
mod history;
mod jsonata;
mod loops;
mod machine;
mod maps;
mod names;
mod nearest;
mod paths;
mod pointer;
mod refusals;
mod report;
mod results;
mod rules;
mod size;
mod source;
mod syntax;
mod tasks;
mod timeouts;
mod variables;
mod waits;

pub use finding::{Finding, Severity, Span};
pub use rules::{RULES, Rule};

use machine::Machine;
use report::Report;
use source::Source;

/// What a machine is to be created as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// Up to a year, with a history of its own.
    #[default]
    Standard,
    /// Up to five minutes, without `.sync`, callbacks and activities.
    Express,
}

/// All findings in a document, in the order of the text.
pub fn check(text: &str, machine_type: MachineType) -> Vec<Finding> {
    let source = match Source::read(text) {
        Ok(source) => source,
        Err(error) => return vec![syntax::finding(text, &error)],
    };
    let mut report = Report::new(&source);
    size::check(&mut report);
    source::check_keys(&mut report);
    let machine = Machine::of_document(source.root());
    let places = machine.places();
    refusals::check(&machine, &places, &mut report);
    express::check(&places, machine_type, &mut report);
    waits::check(&places, machine_type, &mut report);
    handlers::check(&places, &mut report);
    tasks::check(&places, &mut report);
    timeouts::check(&places, &mut report);
    choices::check(&places, &mut report);
    loops::check(&machine, &mut report);
    maps::check(&places, &mut report);
    results::check(&places, &mut report);
    batch::check(&places, &mut report);
    paths::check(&places, &mut report);
    jsonata::check(&places, &mut report);
    variables::check(&machine, &places, &mut report);
    if machine_type == MachineType::Standard {
        history::check(&machine, &places, &mut report);
    }
    report.finish()
}

#[cfg(test)]
mod tests;
