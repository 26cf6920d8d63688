//! `fanout runs`, `show`, `diff` and `prune`: what is on record.

use std::collections::BTreeMap;
use std::fs;

use fanout_core::event::RunEnd;
use fanout_core::item::Item;
use fanout_core::report::Report;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::args::{DiffArgs, Format, PruneArgs, RecordArgs, RunsArgs, ShowArgs};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::output::{Reporter, differences_table, records_table};
use crate::printer::Printer;
use crate::record::Record;
use crate::state_dir;
use crate::supervise::exit_of;

/// One line of `fanout runs`.
pub(crate) struct Line {
    pub(crate) record: Record,
    pub(crate) report: Report,
    pub(crate) state: &'static str,
}

impl Line {
    fn of(record: Record) -> Result<Self, Error> {
        let (report, over) = record.report()?;
        let state = match (over, record.hold()?) {
            (true, _) if report.was_cancelled() => "cancelled",
            (true, _) => "ended",
            (false, Err(_)) => "running",
            (false, Ok(_)) => "interrupted",
        };
        Ok(Self { record, report, state })
    }

    fn json(&self) -> Value {
        let manifest = &self.record.manifest;
        json!({
            "runId": self.record.id(), "state": self.state, "createdAt": manifest.created_at, "strategy": manifest.strategy,
            "target": manifest.target.name(),
            "runs": manifest.runs.count(), "totals": self.report.totals(), "command": manifest.fan_out.worker.command,
            "directory": self.record.directory,
        })
    }
}

pub(crate) fn runs(arguments: RunsArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let RunsArgs { state_dir, limit, output } = arguments;
    let root = state_dir::runs(state_dir)?;
    let ids = Record::ids(&root)?;
    let first = if limit == 0 { 0 } else { ids.len().saturating_sub(limit) };
    let mut lines = Vec::new();
    for id in ids[first..].iter().rev() {
        match Record::open(root.join(id)).and_then(Line::of) {
            Ok(line) => lines.push(line),
            Err(error) => printer.complain(&format!("note: {error}")),
        }
    }
    match output {
        Format::Json => printer.data(&pretty(&lines.iter().map(Line::json).collect())),
        Format::Text if lines.is_empty() => printer.say(&format!("no fan-outs are on record in {}", root.display())),
        Format::Text => printer.data(&records_table(&lines)),
    }
    Ok(Exit::Ok)
}

pub(crate) fn show(arguments: ShowArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let ShowArgs { record: RecordArgs { run, state_dir }, output } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    let runs = record.runs()?;
    let line = Line::of(record)?;
    if line.state == "interrupted" {
        printer.complain(&format!("note: its process is gone; it goes on with: fanout attach {}", line.record.id()));
    }
    let mut reporter = Reporter::silent(printer, output, &runs);
    for event in line.record.events()? {
        reporter.take_in(&event);
    }
    reporter.finish();
    Ok(if line.state == "ended" { exit_of(&line.report) } else { Exit::Ok })
}

/// An item and how its run ended in both fan-outs.
pub(crate) struct Difference {
    pub(crate) item: Item,
    pub(crate) a: Option<RunEnd>,
    pub(crate) b: Option<RunEnd>,
}

impl Difference {
    fn is_one(&self) -> bool {
        let way = |run: &Option<RunEnd>| run.as_ref().map(|run| (run.status, run.exit_code));
        way(&self.a) != way(&self.b)
    }

    fn json(&self) -> Value {
        json!({"item": self.item.value(), "a": self.a, "b": self.b})
    }
}

pub(crate) fn diff(arguments: DiffArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let DiffArgs { a, b, state_dir, output } = arguments;
    let root = state_dir::runs(state_dir)?;
    let (a, b) = (by_item(&Record::find(&root, &a)?)?, by_item(&Record::find(&root, &b)?)?);
    let mut items: BTreeMap<String, Difference> = BTreeMap::new();
    for (key, (item, end)) in a {
        items.insert(key, Difference { item, a: end, b: None });
    }
    for (key, (item, end)) in b {
        items.entry(key).or_insert(Difference { item, a: None, b: None }).b = end;
    }
    let count = items.len();
    let different: Vec<Difference> = items.into_values().filter(Difference::is_one).collect();
    match output {
        Format::Json => printer.data(&pretty(&different.iter().map(Difference::json).collect())),
        Format::Text => {
            if !different.is_empty() {
                printer.data(&differences_table(&different));
            }
            printer.data(&format!("{} of {count} items ended in another way", different.len()));
        }
    }
    Ok(Exit::Ok)
}

/// The end of each item's run; the same item a second time is another item.
fn by_item(record: &Record) -> Result<BTreeMap<String, (Item, Option<RunEnd>)>, Error> {
    let runs = record.runs()?;
    let (report, _) = record.report()?;
    let ends: BTreeMap<usize, &RunEnd> = report.runs().map(|run| (run.index, run)).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let item = |(index, item): (usize, std::borrow::Cow<'_, Item>)| {
        let times = seen.entry(item.json()).or_default();
        *times += 1;
        (format!("{}#{times:010}", item.json()), (item.into_owned(), ends.get(&index).map(|end| (*end).clone())))
    };
    Ok(runs.iter().enumerate().map(item).collect())
}

pub(crate) fn prune(arguments: PruneArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let PruneArgs { state_dir, keep, older_than, dry_run } = arguments;
    let root = state_dir::runs(state_dir)?;
    let ids = Record::ids(&root)?;
    let limit = Timestamp::now() - SignedDuration::from_hours(i64::from(older_than) * 24);
    for id in &ids[..ids.len().saturating_sub(keep)] {
        let record = match Record::open(root.join(id)) {
            Ok(record) => record,
            Err(error) => {
                printer.complain(&format!("note: {error}; it is left where it is"));
                continue;
            }
        };
        if record.manifest.created_at > limit {
            continue;
        }
        // Whoever holds it is still at it.
        let Ok(_hold) = record.hold()? else { continue };
        if !record.report()?.1 {
            printer.complain(&format!("note: {id} is not over and is left where it is (fanout attach {id}, or fanout cancel {id})"));
            continue;
        }
        if !dry_run {
            fs::remove_dir_all(&record.directory).map_err(|source| Error::StateDir { path: record.directory.clone(), source })?;
        }
        printer.data(id);
    }
    Ok(Exit::Ok)
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
