//! The variables of this shell that runs may see.

use crate::args::VariableName;
use crate::printer::Printer;

/// Their names; those that this shell does not have are a note, for they are probably misspelt.
pub(crate) fn names(asked: Vec<VariableName>, printer: &Printer) -> Vec<String> {
    names_beside(&[], asked, printer)
}

/// The same, where some variables come from fanout itself.
pub(crate) fn names_beside(exports: &[(String, String)], asked: Vec<VariableName>, printer: &Printer) -> Vec<String> {
    let names: Vec<String> = asked.into_iter().map(|VariableName(name)| name).collect();
    let is_exported = |name: &str| exports.iter().any(|(export, _)| export == name);
    for name in names.iter().filter(|name| !is_exported(name) && std::env::var_os(name).is_none()) {
        printer.say(&format!("note: --pass-env {name}: there is no such variable here"));
    }
    names
}
