//! What failed, at the end: runs that failed in the same way are told of once.

use fanout_core::event::RunEnd;
use fanout_core::report::Report;
use fanout_core::run_list::RunList;

use super::who;
use crate::printer::Printer;

/// Ways of failing that are told of.
const MOST_WAYS: usize = 10;

/// Runs that failed in the same way.
struct Way<'a> {
    first: &'a RunEnd,
    /// The cause and the last lines, `{}` where they name the item.
    words: Vec<String>,
    runs: Vec<usize>,
}

/// Tells of each way in which runs failed, the commonest first.
pub(super) fn tell(printer: &Printer, report: &Report, runs: &RunList) {
    // The only one was told of just now.
    let ways = if runs.len() == 1 { Vec::new() } else { ways(report, runs) };
    for way in ways.iter().take(MOST_WAYS) {
        printer.complain(&format!("\n{} {}: {}", way.first.status.word(), who(&way.runs, runs), way.words[0]));
        for line in &way.words[1..] {
            printer.complain(&format!("  {line}"));
        }
    }
    if ways.len() > MOST_WAYS {
        printer.complain(&format!("\n{} more ways of failing; see fanout logs --failed", ways.len() - MOST_WAYS));
    }
    if !ways.is_empty() {
        printer.complain("");
    }
}

fn ways<'a>(report: &'a Report, runs: &RunList) -> Vec<Way<'a>> {
    let mut ways: Vec<Way<'a>> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    for end in report.runs().filter(|end| end.status.is_failure()) {
        let item = runs.item(end.index).text();
        let cause = end.cause.as_deref().unwrap_or("no cause given");
        let words: Vec<String> = [cause.to_owned()].into_iter().chain(end.tail.iter().map(|line| without(line, &item))).collect();
        let at = *known.entry(words.clone()).or_insert_with(|| {
            ways.push(Way { first: end, words, runs: Vec::new() });
            ways.len() - 1
        });
        ways[at].runs.push(end.index);
    }
    for way in ways.iter_mut().filter(|way| way.runs.len() == 1) {
        let cause = way.first.cause.as_deref().unwrap_or("no cause given");
        way.words = [cause].into_iter().chain(way.first.tail.iter().map(String::as_str)).map(str::to_owned).collect();
    }
    ways.sort_by_key(|way| std::cmp::Reverse(way.runs.len()));
    ways
}

/// The line with `{}` where it has the item as a word of its own.
fn without(line: &str, item: &str) -> String {
    if item.is_empty() {
        return line.to_owned();
    }
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(item) {
        let (before, after) = (&rest[..at], &rest[at + item.len()..]);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let joined = before.chars().next_back().or_else(|| text.chars().next_back()).is_some_and(is_word) || after.starts_with(is_word);
        text += before;
        text += if joined { item } else { "{}" };
        rest = after;
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn an_item_is_told_from_a_part_of_a_word() {
        assert_eq!(without("month 3: 31 rows in 2023-3", "3"), "month {}: 31 rows in 2023-{}");
        assert_eq!(without("nothing", ""), "nothing");
        assert_eq!(without("a_b a", "a"), "a_b {}");
        assert_eq!(without("33 3", "3"), "33 {}");
    }
}
