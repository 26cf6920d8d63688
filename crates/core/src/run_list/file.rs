//! Run lists from files: lines, CSV with a header, a JSON array, JSON lines.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{RunList, RunListError};
use crate::item::Item;

/// How a file holds its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One item per line that is not blank.
    Lines,
    /// One object per record; the first record names the fields.
    Csv,
    /// As CSV, with tabs.
    Tsv,
    /// One array.
    Json,
    /// One JSON value per line that is not blank.
    JsonLines,
}

impl Format {
    /// The format that a file's name suggests; lines if it suggests none.
    pub fn of_name(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
            Some("csv") => Self::Csv,
            Some("tsv") => Self::Tsv,
            Some("json") => Self::Json,
            Some("jsonl" | "ndjson") => Self::JsonLines,
            _ => Self::Lines,
        }
    }
}

/// Reads the items of a file that was read as `origin`.
///
/// # Errors
/// The first place that means nothing, with file, line and column, or that the list is empty.
pub fn parse_file(bytes: &[u8], format: Format, origin: &str) -> Result<RunList, RunListError> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to(), origin))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let items = match format {
        Format::Lines => lines(text).map(|(_, line)| Item::from_word(line)).collect(),
        Format::Csv => csv_records(text, b',', origin)?,
        Format::Tsv => csv_records(text, b'\t', origin)?,
        Format::Json => json_array(text, origin)?,
        Format::JsonLines => json_lines(text, origin)?,
    };
    if items.is_empty() {
        return Err(RunListError::Empty { origin: origin.into() });
    }
    Ok(RunList::Items(items))
}

fn lines(text: &str) -> impl Iterator<Item = (u64, &str)> {
    text.lines().enumerate().map(|(number, line)| (number as u64 + 1, line)).filter(|(_, line)| !line.trim().is_empty())
}

fn csv_records(text: &str, delimiter: u8, origin: &str) -> Result<Vec<Item>, RunListError> {
    let syntax = |line, problem| RunListError::Syntax { origin: origin.into(), line, column: 1, problem };
    let failed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let problem = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("this record has {len} values, the header has {expected_len} names")
            }
            _ => error.to_string(),
        };
        syntax(line, problem)
    };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_owned).collect();
    let mut seen = BTreeSet::new();
    for name in &names {
        if name.is_empty() {
            return Err(syntax(1, "a column of the header has no name".into()));
        }
        if !seen.insert(name) {
            return Err(syntax(1, format!("the header names {name:?} twice")));
        }
    }
    reader
        .records()
        .map(|record| {
            let record = record.map_err(failed)?;
            let fields: Map<String, Value> = names.iter().cloned().zip(record.iter().map(Value::from)).collect();
            Ok(Item::new(Value::Object(fields)))
        })
        .collect()
}

fn json_array(text: &str, origin: &str) -> Result<Vec<Item>, RunListError> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    match serde_json::from_str::<Vec<Value>>(text) {
        Ok(values) => Ok(values.into_iter().map(Item::new).collect()),
        Err(error) => Err(json_problem(&error, 0, origin, "a JSON array of items is expected")),
    }
}

fn json_lines(text: &str, origin: &str) -> Result<Vec<Item>, RunListError> {
    lines(text)
        .map(|(number, line)| match serde_json::from_str(line) {
            Ok(value) => Ok(Item::new(value)),
            Err(error) => Err(json_problem(&error, number - 1, origin, "one JSON value per line is expected")),
        })
        .collect()
}

fn json_problem(error: &serde_json::Error, lines_before: u64, origin: &str, expected: &str) -> RunListError {
    let full = error.to_string();
    let words = full.rsplit_once(" at line ").map_or(full.as_str(), |(words, _)| words);
    RunListError::Syntax {
        origin: origin.into(),
        line: lines_before + error.line() as u64,
        column: error.column().max(1) as u64,
        problem: format!("{words}; {expected}"),
    }
}

fn not_utf8(bytes: &[u8], valid: usize, origin: &str) -> RunListError {
    let before = String::from_utf8_lossy(&bytes[..valid]);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
    RunListError::Syntax { origin: origin.into(), line, column, problem: "this byte is not UTF-8".into() }
}

#[cfg(test)]
mod tests {
    use super::{Format, parse_file};
    use serde_json::{Value, json};

    fn values(text: &str, format: Format) -> Vec<Value> {
        parse_file(text.as_bytes(), format, "f").unwrap().iter().map(|item| item.value().clone()).collect()
    }

    #[test]
    fn names_suggest_formats() {
        assert_eq!(Format::of_name("a/months.CSV"), Format::Csv);
        assert_eq!(Format::of_name("x.jsonl"), Format::JsonLines);
        assert_eq!(Format::of_name("-"), Format::Lines);
    }

    #[test]
    fn every_format_gives_items() {
        assert_eq!(values("a b\n\n 1\r\n2", Format::Lines), [json!("a b"), json!(" 1"), json!(2)]);
        assert_eq!(values("month,note\n01,\"a, \"\"b\"\"\nc\"\n", Format::Csv), [json!({"month": "01", "note": "a, \"b\"\nc"})]);
        assert_eq!(values("[1, \"a\", {\"b\": null}]", Format::Json), [json!(1), json!("a"), json!({"b": null})]);
        assert_eq!(values("\u{feff}1\n\n{\"a\":2}\n", Format::JsonLines), [json!(1), json!({"a": 2})]);
    }

    #[test]
    fn what_means_nothing_is_refused_with_file_line_and_column() {
        for (text, format, expect) in [
            ("a,b\n1,2\n3\n", Format::Csv, "f:3:1: this record has 1 values, the header has 2 names"),
            ("a,a\n1,2\n", Format::Csv, "f:1:1: the header names \"a\" twice"),
            ("a,b\n", Format::Csv, "f holds no items"),
            ("[1,\n 2,\n x]", Format::Json, "f:3:2: expected value; a JSON array of items is expected"),
            ("{}", Format::Json, "f:1:"),
            ("1\n{\"a\":}\n", Format::JsonLines, "f:2:6: expected value"),
            ("\n \n", Format::Lines, "f holds no items"),
        ] {
            let error = parse_file(text.as_bytes(), format, "f").unwrap_err().to_string();
            assert!(error.contains(expect), "{text:?}: {error}");
        }
        let error = parse_file(b"a\nb\xff", Format::Lines, "f").unwrap_err().to_string();
        assert_eq!(error, "f:2:2: this byte is not UTF-8");
    }
}
