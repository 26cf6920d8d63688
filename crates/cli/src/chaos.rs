//! `--chaos`: what goes wrong on purpose.

use fanout_core::assignment;
use fanout_engine::{Chaos, Faults};

use crate::printer::Printer;

/// What was asked for, with its seed; whoever looks at the terminal is told.
pub(crate) fn of(faults: Option<Faults>, seed: u64, printer: &Printer) -> Option<Chaos> {
    let faults = faults?;
    printer.say(&format!("chaos: {faults} (seed {seed})"));
    Some(Chaos { faults, seed, index_variable: assignment::INDEX.into() })
}
