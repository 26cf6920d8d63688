//! How far the runs are: a line that moves on a terminal, a line for every tenth elsewhere.

use fanout_core::event::Progress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::printer::Printer;

/// Shows how far the runs are.
pub(crate) struct ProgressLine {
    size: usize,
    tenths: usize,
}

impl ProgressLine {
    pub(crate) fn begin(printer: &mut Printer, size: usize) -> Self {
        if Printer::on_terminal() {
            let bar = ProgressBar::new(size as u64);
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.enable_steady_tick(std::time::Duration::from_millis(200));
            printer.show(bar);
        }
        Self { size, tenths: 0 }
    }

    /// Shows nothing.
    pub(crate) fn none() -> Self {
        Self { size: 0, tenths: 0 }
    }

    pub(crate) fn show(&mut self, printer: &Printer, progress: Progress) {
        let Progress { waiting, running, succeeded, failed, cancelled } = progress;
        let ended = succeeded + failed + cancelled;
        let some = |count: usize, way: &str| if count > 0 { format!(", {count} {way}") } else { String::new() };
        let failures = some(failed, "failed") + &some(cancelled, "cancelled");
        if let Some(bar) = printer.bar() {
            bar.set_position(ended as u64);
            bar.set_message(format!("{running} running, {waiting} waiting{failures}"));
            return;
        }
        let tenths = ended * 10 / self.size.max(1);
        if tenths > self.tenths {
            self.tenths = tenths;
            printer.say(&format!("{ended}/{} ended, {running} running, {waiting} waiting{failures}", self.size));
        }
    }
}
