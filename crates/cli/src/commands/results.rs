//! `fanout results`: what the runs wrote to `$FANOUT_RESULT`, each beside its item.

use std::collections::BTreeSet;

use fanout_core::event::RunEnd;
use fanout_core::item::Item;
use serde_json::{Map, Value, json};

use crate::args::{RecordArgs, ResultsArgs, ResultsFormat};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::record::{Logs, Record};
use crate::state_dir;

pub(crate) fn results(arguments: ResultsArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let ResultsArgs { record: RecordArgs { run, state_dir }, format } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    let runs = record.runs()?;
    let (report, over) = record.report()?;
    if !over {
        printer.complain(&format!("note: fan-out {} is not over; these are the results so far", record.id()));
    }
    let logs = Logs::of(&record)?;
    let results = report.runs().map(|end| Ok((end, logs.result(end)?))).collect::<Result<Vec<_>, Error>>()?;
    match format {
        ResultsFormat::Jsonl => {
            for (end, result) in results {
                printer.data(&line(end, &runs.item(end.index), result.as_ref()).to_string());
            }
        }
        ResultsFormat::Csv => {
            let table = csv(results.iter().map(|(end, result)| (*end, runs.item(end.index).into_owned(), result.as_ref())).collect());
            printer.data(table.map_err(|error| Error::Refused(error.to_string()))?.trim_end_matches('\n'));
        }
    }
    Ok(Exit::Ok)
}

/// The same under every strategy: nothing of when, where and how often.
fn line(end: &RunEnd, item: &Item, result: Option<&Value>) -> Value {
    let mut line =
        json!({"index": end.index, "item": item.value(), "status": if end.status.is_success() { "PASS" } else { end.status.word() }});
    if let Some(result) = result {
        line["result"] = result.clone();
    }
    line
}

/// Fields of items and of results are columns; what is no object is one column.
fn csv(rows: Vec<(&RunEnd, Item, Option<&Value>)>) -> Result<String, csv::Error> {
    let columns = |values: &mut dyn Iterator<Item = &Value>, one: &str| {
        let mut names: Vec<String> = Vec::new();
        let mut seen = BTreeSet::new();
        for value in values {
            let fields: Vec<&str> = value.as_object().map_or_else(|| vec![one], |fields| fields.keys().map(String::as_str).collect());
            names.extend(fields.into_iter().filter(|name| seen.insert((*name).to_owned())).map(str::to_owned));
        }
        names
    };
    let items = columns(&mut rows.iter().map(|(_, item, _)| item.value()), "item");
    let results = columns(&mut rows.iter().filter_map(|(_, _, result)| *result), "result");
    let mut writer = csv::Writer::from_writer(Vec::new());
    let header = ["index".to_owned()].into_iter().chain(items.iter().cloned()).chain(["status".to_owned()]);
    // A result's column is told from an item's of the same name.
    let named = results.iter().map(|name| if items.contains(name) { format!("result.{name}") } else { name.clone() });
    writer.write_record(header.chain(named))?;
    for (end, item, result) in &rows {
        let cells = [end.index.to_string()].into_iter().chain(items.iter().map(|name| cell(Some(item.value()), name, "item")));
        let status = if end.status.is_success() { "PASS" } else { end.status.word() };
        writer.write_record(cells.chain([status.to_owned()]).chain(results.iter().map(|name| cell(*result, name, "result"))))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(std::io::Error::other(error.to_string())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cell(value: Option<&Value>, name: &str, one: &str) -> String {
    let fields: Option<&Map<String, Value>> = value.and_then(Value::as_object);
    match (value, fields) {
        (Some(value), None) if name == one => Item::new(value.clone()).text(),
        (_, Some(fields)) => fields.get(name).map(|value| Item::new(value.clone()).text()).unwrap_or_default(),
        _ => String::new(),
    }
}
