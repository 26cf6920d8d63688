//! `fanout completions` and `fanout man`: what a shell and a manual know of the commands, made from the commands themselves.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::args::{Arguments, CompletionsArgs, ManArgs};
use crate::completions;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;

pub(crate) fn completions(arguments: CompletionsArgs, printer: &mut Printer) -> Result<Exit, Error> {
    printer.data(&completions::script(arguments.shell)?);
    Ok(Exit::Ok)
}

pub(crate) fn man(arguments: ManArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let ManArgs { dir, command } = arguments;
    let mut fanout = Arguments::command();
    fanout.build();
    if let Some(directory) = dir {
        let pages = write_all(&fanout, &directory).map_err(Error::io(format!("pages cannot be written to {}", directory.display())))?;
        printer.say(&format!("{pages} pages are in {}", directory.display()));
        return Ok(Exit::Ok);
    }
    let named = command.iter().try_fold(&fanout, |found, name| found.find_subcommand(name).filter(|found| !found.is_hide_set()));
    let named = named.ok_or_else(|| Error::Refused(format!("there is no command fanout {}", command.join(" "))))?;
    printer.data(page(named).map_err(Error::io("the page cannot be made"))?.trim_end());
    Ok(Exit::Ok)
}

/// The page of this command and those of all below it.
fn write_all(command: &Command, directory: &Path) -> std::io::Result<usize> {
    fs::create_dir_all(directory)?;
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    fs::write(directory.join(format!("{name}.1")), page(command)?)?;
    let below = command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help");
    below.map(|below| write_all(below, directory)).try_fold(1, |pages, more| Ok(pages + more?))
}

fn page(command: &Command) -> std::io::Result<String> {
    let mut page = Vec::new();
    Man::new(command.clone()).source(concat!("fanout ", env!("CARGO_PKG_VERSION"))).manual("fanout").render(&mut page)?;
    // groff takes pages for Latin-1 unless told otherwise.
    let letter = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\[u{:04X}]", u32::from(c)) };
    Ok(String::from_utf8_lossy(&page).chars().map(letter).collect())
}
