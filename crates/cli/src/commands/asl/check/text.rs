//! Findings for people: each with the line that it is about.

use std::env;
use std::io::{self, IsTerminal as _};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use fanout_asl::check::{Finding, Severity};

use super::Checked;
use crate::printer::Printer;

/// Of a longer line only what is near is looked at.
const LONG: usize = 10_000;
const NEAR: usize = 100;

/// Prints every finding.
pub(super) fn print(checked: &[Checked], printer: &mut Printer) {
    let plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) || !io::stdout().is_terminal();
    let renderer = if plain { Renderer::plain() } else { Renderer::styled() };
    for checked in checked {
        for finding in &checked.findings {
            printer.data(&format!("{}\n", rendered(checked, finding, &renderer)));
        }
    }
}

fn rendered(checked: &Checked, finding: &Finding, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let span = finding.span;
    let line = line(&checked.text, span.start..span.end);
    let meant = if line.len() > LONG { clipped(&checked.text, span.start..span.end) } else { span.start..span.end };
    let excerpt = if line.len() > LONG { near(&checked.text, &line, meant.clone()) } else { line.clone() };
    let marked = AnnotationKind::Primary.span(meant.start - excerpt.start..meant.end - excerpt.start);
    let name = normalize_untrusted_str(&checked.name);
    let mut snippet = Snippet::source(&checked.text[excerpt.clone()]).line_start(span.line).fold(false).annotation(marked);
    let mut place = None;
    if excerpt == line {
        snippet = snippet.path(name);
    } else {
        // The renderer would count columns from the beginning of the excerpt.
        place = Some(Origin::path(name).line(span.line).char_column(span.column));
    }
    let title = level.primary_title(normalize_untrusted_str(&finding.message)).id(normalize_untrusted_str(&finding.code));
    let mut group = title.elements(place).element(snippet);
    if !finding.pointer.is_empty() {
        group = group.element(Level::NOTE.with_name("at").message(normalize_untrusted_str(&finding.pointer)));
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
    }
    renderer.render(&[group])
}

/// The line around a range.
fn line(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
    let end = text[range.end..].find(['\n', '\r']).map_or(text.len(), |length| range.end + length);
    start..end
}

/// The beginning of a range.
fn clipped(text: &str, range: Range<usize>) -> Range<usize> {
    let end = (range.start..=range.end.min(range.start + NEAR)).rev().find(|at| text.is_char_boundary(*at));
    range.start..end.unwrap_or(range.end)
}

/// What of a line is near a range.
fn near(text: &str, line: &Range<usize>, range: Range<usize>) -> Range<usize> {
    let start = (line.start.max(range.start.saturating_sub(NEAR))..=range.start).find(|at| text.is_char_boundary(*at));
    let end = (range.end..=line.end.min(range.end + NEAR)).rev().find(|at| text.is_char_boundary(*at));
    start.unwrap_or(range.start)..end.unwrap_or(range.end)
}
