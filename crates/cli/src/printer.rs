//! The one way out: data to stdout, talk to stderr.

use std::io::{self, IsTerminal as _, Write};

use indicatif::ProgressBar;

/// Writes what users see. A reader that goes away ends the writing, not the runs.
#[derive(Debug, Default)]
pub(crate) struct Printer {
    quiet: bool,
    bar: Option<ProgressBar>,
    stdout_gone: bool,
    lost: bool,
}

impl Printer {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, ..Self::default() }
    }

    /// Whether talk goes to a terminal.
    pub(crate) fn on_terminal() -> bool {
        io::stderr().is_terminal()
    }

    /// Keeps this bar below all that is said.
    pub(crate) fn show(&mut self, bar: ProgressBar) {
        self.bar = Some(bar);
    }

    /// Takes the bar away.
    pub(crate) fn hide(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    pub(crate) fn bar(&self) -> Option<&ProgressBar> {
        self.bar.as_ref()
    }

    /// One line of data.
    pub(crate) fn data(&mut self, line: &str) {
        let write = || {
            let mut out = io::stdout().lock();
            out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush())
        };
        if !self.stdout_gone {
            let written = self.bar.as_ref().map_or_else(write, |bar| bar.suspend(write));
            if let Err(error) = written {
                self.stdout_gone = true;
                // A reader that has seen enough is no failure.
                if error.kind() != io::ErrorKind::BrokenPipe {
                    self.lost = true;
                    self.complain(&format!("error: standard output cannot be written: {error}"));
                }
            }
        }
    }

    /// Whether data was lost that somebody still wanted.
    pub(crate) fn has_lost_data(&self) -> bool {
        self.lost
    }

    /// One line of talk that `--quiet` silences.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            self.complain(line);
        }
    }

    /// One line that is said in any case.
    pub(crate) fn complain(&self, line: &str) {
        // With stderr gone there is nobody to tell.
        let write = || drop(writeln!(io::stderr(), "{line}"));
        self.bar.as_ref().map_or_else(write, |bar| bar.suspend(write));
    }
}
