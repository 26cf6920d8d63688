//! Beginning a fan-out or a retry of one: in this process, or in one of its own.

use std::path::Path;

use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::record::{Hold, Record};
use crate::signals::Signals;
use crate::supervise::{View, supervise};
use crate::{detached, runtime};

/// Has the record written, and carries out what it says. With `detach`, another process does.
pub(crate) fn begin(
    write: impl FnOnce() -> Result<(Record, Hold), Error>,
    root: &Path,
    detach: bool,
    view: View,
    printer: &mut Printer,
) -> Result<Exit, Error> {
    if detach {
        let (record, hold) = write()?;
        drop(hold);
        detached::start(&record, root)?;
        printer.data(record.id());
        printer.say(&format!("it goes on without this command; see it with: fanout attach {}", record.id()));
        return Ok(Exit::Ok);
    }
    runtime()?.block_on(async {
        // Before anything is written: whoever stops it from here on gets a report.
        let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
        let (record, hold) = write()?;
        supervise(&record, hold, view, false, &mut signals, printer).await
    })
}
