//! `fanout asl`: the States Language, written, checked, drawn and executed.

mod check;
mod graph;
mod plan;
mod run;
mod trace;

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::args::{AslArgs, AslCommand};
use crate::error::{Error, STANDARD_INPUT};
use crate::exit_code::Exit;
use crate::printer::Printer;

/// Bytes of a file that are read: more than any definition has.
const MOST: u64 = 16 << 20;

pub(crate) fn asl(arguments: AslArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let AslArgs { command, plan } = arguments;
    match command {
        None => plan::plan(plan, printer),
        Some(AslCommand::Check(arguments)) => Ok(check::check(arguments, printer)),
        Some(AslCommand::Graph(arguments)) => graph::graph(arguments, printer),
        Some(AslCommand::Run(arguments)) => run::run(arguments, printer),
    }
}

/// A definition as text; `-` is standard input.
fn read(path: &Path) -> Result<String, Error> {
    let bytes = if is_stdin(path) {
        let mut bytes = Vec::new();
        io::stdin().lock().take(MOST).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::File::open(path).and_then(|file| {
            let mut bytes = Vec::new();
            file.take(MOST).read_to_end(&mut bytes).map(|_| bytes)
        })
    };
    let too_large = |bytes: Vec<u8>| {
        let long = bytes.len() as u64 == MOST;
        if long { Err(io::Error::new(io::ErrorKind::FileTooLarge, "no definition has 16 MiB; AWS takes 1 MiB")) } else { Ok(bytes) }
    };
    let bytes = bytes.and_then(too_large);
    let bytes = bytes.map_err(|source| Error::Definition { path: path.into(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = good.split(|byte| *byte == b'\n').count();
        let last = good.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let column = String::from_utf8_lossy(last).chars().count() + 1;
        Error::NotText { name: name(path), line, column }
    })
}

/// What a file is called when it is talked about.
fn name(path: &Path) -> String {
    if is_stdin(path) { STANDARD_INPUT.into() } else { path.display().to_string() }
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}
