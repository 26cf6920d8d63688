//! Tables.

use comfy_table::{CellAlignment, Table, presets};
use fanout_core::comparison::{Line, Spread};
use fanout_core::event::RunEnd;
use fanout_core::run_list::RunList;
use jiff::Timestamp;

use super::text::seconds;
use super::{label, shortened};
use crate::commands::records;

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

/// One row per fan-out on record.
pub(crate) fn records_table(lines: &[records::Line]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["fan-out", "state", "strategy", "runs", "succeeded", "failed", "began", "command"]);
    for line in lines {
        let totals = line.report.totals();
        let failed = totals.fail + totals.lost + totals.skip;
        table.add_row([
            line.record.id().to_owned(),
            line.state.to_owned(),
            line.record.manifest.strategy.clone(),
            line.record.manifest.runs.count().to_string(),
            totals.succeeded().to_string(),
            failed.to_string(),
            line.record.manifest.created_at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
            shortened(&line.record.manifest.fan_out.worker.command.join(" ")),
        ]);
    }
    for column in 3..6 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    trimmed(&table)
}

/// One row per item that ended in another way.
pub(crate) fn differences_table(differences: &[records::Difference]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["item", "A", "B"]);
    let way = |run: &Option<RunEnd>| match run {
        None => "-".to_owned(),
        Some(run) => match run.exit_code {
            Some(code) => format!("{} (exit {code})", run.status.word()),
            None => run.status.word().to_owned(),
        },
    };
    for difference in differences {
        table.add_row([shortened(&difference.item.text()), way(&difference.a), way(&difference.b)]);
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
