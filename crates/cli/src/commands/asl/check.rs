//! `fanout asl check`: what is wrong with definitions, in three formats.

mod json;
mod sarif;
mod text;

use std::path::PathBuf;

use fanout_asl::check::{self as language, Finding, MachineType, Severity};

use super::{is_stdin, name, read};
use crate::args::{CheckArgs, CheckFormat, MachineTypeName};
use crate::exit_code::Exit;
use crate::printer::Printer;

/// A definition and what was found in it.
struct Checked {
    path: PathBuf,
    name: String,
    text: String,
    findings: Vec<Finding>,
}

pub(crate) fn check(arguments: CheckArgs, printer: &mut Printer) -> Exit {
    let CheckArgs { format, machine_type, deny_warnings, files } = arguments;
    let machine_type = match machine_type {
        MachineTypeName::Standard => MachineType::Standard,
        MachineTypeName::Express => MachineType::Express,
    };
    let asked = files.len();
    let mut checked = Vec::new();
    for path in files {
        match read(&path) {
            Ok(text) => checked.push(Checked { name: name(&path), findings: language::check(&text, machine_type), path, text }),
            Err(error) => error.print(printer),
        }
    }
    let unreadable = asked - checked.len();
    match format {
        CheckFormat::Text => text::print(&checked, printer),
        CheckFormat::Json => printer.data(&json::of(&checked)),
        CheckFormat::Sarif => printer.data(&sarif::of(&checked, unreadable == 0)),
    }
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(|severity| count(&checked, severity));
    let mut counts = vec![plural(errors, "error"), plural(warnings, "warning")];
    counts.extend((notes > 0).then(|| plural(notes, "note")));
    let unread = if unreadable > 0 { format!("; {} could not be read", plural(unreadable, "file")) } else { String::new() };
    printer.say(&format!("{} in {}{unread}", counts.join(", "), plural(checked.len(), "definition")));
    match (unreadable, errors, warnings) {
        (1.., _, _) => Exit::Usage,
        (0, 0, 0) => Exit::Ok,
        (0, 0, _) if !deny_warnings => Exit::Ok,
        _ => Exit::Findings,
    }
}

fn count(checked: &[Checked], severity: Severity) -> usize {
    checked.iter().flat_map(|checked| &checked.findings).filter(|finding| finding.severity == severity).count()
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
