//! The variables of this shell that runs may see.

use crate::args::VariableName;
use crate::printer::Printer;

/// Their names; those that this shell does not have are a note, for they are probably misspelt.
pub(crate) fn names(asked: Vec<VariableName>, printer: &Printer) -> Vec<String> {
    let names: Vec<String> = asked.into_iter().map(|VariableName(name)| name).collect();
    for name in names.iter().filter(|name| std::env::var_os(name).is_none()) {
        printer.say(&format!("note: --pass-env {name}: there is no such variable here"));
    }
    names
}
