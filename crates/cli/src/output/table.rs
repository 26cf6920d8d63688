//! Tables.

use comfy_table::{CellAlignment, Table, presets};
use fanout_core::comparison::{Line, Spread};
use fanout_core::event::RunEnd;
use fanout_core::run_list::RunList;
use jiff::Timestamp;

use super::label;
use super::text::seconds;

/// One row per run.
pub(super) fn runs(shown: &[&RunEnd], start: Option<Timestamp>, list: &RunList) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["run", "item", "status", "attempts", "started", "duration", "exit"]);
    for run in shown {
        let since = |at: Option<Timestamp>| at.zip(start).map(|(at, start)| at.duration_since(start).as_secs_f64().max(0.0));
        let duration = run.started_at.zip(run.stopped_at).map(|(started, stopped)| stopped.duration_since(started).as_secs_f64());
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        table.add_row([
            run.index.to_string(),
            label(list, run.index),
            run.status.word().to_owned(),
            run.attempts.to_string(),
            or_dash(since(run.started_at).map(|at| format!("+{}", seconds(at)))),
            or_dash(duration.map(seconds)),
            or_dash(run.exit_code.map(|code| code.to_string())),
        ]);
    }
    for column in [0, 3, 4, 5, 6] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trimmed(&table)
}

/// One row per strategy.
pub(crate) fn comparison_table(lines: &[Line]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    fill(&mut table, lines);
    trimmed(&table)
}

/// The same as Markdown.
pub(crate) fn comparison_markdown(lines: &[Line]) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    fill(&mut table, lines);
    table.to_string()
}

fn fill(table: &mut Table, lines: &[Line]) {
    table.set_header(["strategy", "samples", "makespan", "first start", "start skew", "overhead", "ratio to best"]);
    for line in lines {
        let samples =
            if line.failed_samples == 0 { line.samples.to_string() } else { format!("{} ({} failed)", line.samples, line.failed_samples) };
        let ratio = line.ratio.map_or_else(|| "-".into(), |ratio| format!("{ratio:.2}"));
        table.add_row([
            line.strategy.clone(),
            samples,
            spread(line.makespan),
            spread(line.time_to_first_start),
            spread(line.start_skew),
            spread(line.overhead),
            ratio,
        ]);
    }
}

/// Median, and from where to where the samples lie.
fn spread(spread: Option<Spread>) -> String {
    spread.map_or_else(|| "-".into(), |spread| format!("{} [{} … {}]", seconds(spread.median), seconds(spread.min), seconds(spread.max)))
}

fn trimmed(table: &Table) -> String {
    table.to_string().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
