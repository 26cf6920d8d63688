//! `--chaos`: what goes wrong on purpose.

use fanout_core::assignment;
use fanout_engine::{Chaos, Faults};

use crate::printer::Printer;

/// What was asked for, with its seed; whoever looks at the terminal is told.
pub(crate) fn of(faults: Option<Faults>, seed: u64, printer: &Printer) -> Option<(Faults, u64)> {
    let faults = faults?;
    printer.say(&format!("chaos: {faults} (seed {seed})"));
    Some((faults, seed))
}

/// As the engine takes it.
pub(crate) fn with_seed(faults: Faults, seed: u64) -> Chaos {
    Chaos { faults, seed, index_variable: assignment::INDEX.into() }
}
