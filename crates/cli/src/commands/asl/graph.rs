//! `fanout asl graph`: a definition, drawn.

use std::fs;

use fanout_asl::graph::{mermaid, svg};

use super::{name, read};
use crate::args::{GraphArgs, GraphFormat};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::printer::Printer;

pub(crate) fn graph(arguments: GraphArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let GraphArgs { format, output, file } = arguments;
    let text = read(&file)?;
    let definition = serde_json::from_str(&text).map_err(|source| Error::NotJson { name: name(&file), source })?;
    let drawing = match format {
        GraphFormat::Mermaid => mermaid(&definition),
        GraphFormat::Svg => svg(&definition),
    };
    let drawing = drawing.trim_end();
    match output {
        None => printer.data(drawing),
        Some(path) => fs::write(&path, format!("{drawing}\n")).map_err(|source| Error::Drawing { path, source })?,
    }
    Ok(Exit::Ok)
}
