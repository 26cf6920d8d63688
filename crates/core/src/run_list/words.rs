//! The grammar of `--items`: `1-6`, `1-10:3`, `001-120`, `a,b,c`, and mixtures of them.

use serde_json::Value;

use super::{Range, RunList, RunListError};
use crate::item::Item;

/// The most items that one list may hold: as many as a Distributed Map reads.
const MOST_ITEMS: usize = 100_000_000;

/// Reads a list of words, ranges and steps, or a JSON array.
///
/// # Errors
/// The first word that means nothing, with its place, or that the list is empty.
pub fn parse_words(text: &str) -> Result<RunList, RunListError> {
    if text.trim_start().starts_with('[') {
        return super::parse_file(text.as_bytes(), super::Format::Json, "--items");
    }
    if text.trim().is_empty() {
        return Err(RunListError::Empty { origin: "--items".into() });
    }
    let mut column = 1;
    let mut parts = Vec::new();
    for word in text.split(',') {
        let part = parse_word(word.trim()).map_err(|problem| RunListError::Word { word: word.into(), column, problem })?;
        parts.push(part);
        column += word.chars().count() + 1;
    }
    if let [Part::Range(range)] = parts[..] {
        return Ok(RunList::Range(range));
    }
    let total: usize = parts.iter().map(|part| if let Part::Range(range) = part { range.count } else { 1 }).sum();
    if total > MOST_ITEMS {
        return Err(RunListError::Word { word: text.into(), column: 1, problem: too_many(total) });
    }
    let items = parts.into_iter().flat_map(|part| match part {
        Part::Word(item) => vec![item],
        Part::Range(range) => (0..range.count).map(|index| range.item(index)).collect(),
    });
    Ok(RunList::Items(items.collect()))
}

enum Part {
    Word(Item),
    Range(Range),
}

fn parse_word(word: &str) -> Result<Part, String> {
    if word.is_empty() {
        return Err("an item is missing here; for an empty item use --items '[\"\"]'".into());
    }
    let Some(range) = split_range(word) else {
        return Ok(Part::Word(Item::from_word(&without_separators(word))));
    };
    let (first, last, step) = range;
    let width = padded_width(&first, &last);
    let advice = format!("for the text itself use --items '[{}]'", Value::from(word));
    let first_number = integer(&first)?;
    let last_number = integer(&last)?;
    let step_number = step.as_deref().map_or(Ok(1), integer)?;
    if step_number < 1 {
        return Err(format!("the step {step_number} has to be at least 1"));
    }
    if last_number < first_number {
        return Err(format!("the range runs backwards, from {first} to {last}; {advice}"));
    }
    if width.is_none() {
        return Err(format!("{first} and {last} are padded to different widths; {advice}"));
    }
    let count = (last_number - first_number) / step_number + 1;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > MOST_ITEMS {
        return Err(too_many(count));
    }
    Ok(Part::Range(Range { first: first_number, step: step_number, count, width: width.unwrap_or_default() }))
}

fn too_many(count: usize) -> String {
    format!("{count} items; a run list holds at most {MOST_ITEMS}")
}

/// `first-last[:step]`, digits and `_` only, or nothing of the kind.
fn split_range(word: &str) -> Option<(String, String, Option<String>)> {
    let (range, step) = match word.split_once(':') {
        Some((range, step)) => (range, Some(step)),
        None => (word, None),
    };
    let (negative, rest) = range.strip_prefix('-').map_or((false, range), |rest| (true, rest));
    let (first, last) = rest.split_once('-')?;
    let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let signed = |text: &str| digits(text.strip_prefix('-').unwrap_or(text));
    if !digits(first) || !signed(last) || step.is_some_and(|step| !signed(step)) {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    Some((format!("{sign}{}", without_separators(first)), without_separators(last), step.map(without_separators)))
}

/// `1_000_000` is a number; `a_b` is a word.
fn without_separators(word: &str) -> String {
    let number = word.starts_with(|c: char| c.is_ascii_digit()) && word.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if number { word.replace('_', "") } else { word.to_owned() }
}

/// 0 without padding, the common width with it, `None` if the two ends disagree.
fn padded_width(first: &str, last: &str) -> Option<usize> {
    let padded = |text: &str| text.len() > 1 && text.starts_with('0');
    match (padded(first), padded(last)) {
        (false, false) => Some(0),
        _ if first.len() == last.len() => Some(first.len()),
        _ => None,
    }
}

fn integer(digits: &str) -> Result<i64, String> {
    match digits.parse::<i64>() {
        Ok(number) if number.unsigned_abs() <= 1 << 53 => Ok(number),
        _ => Err(format!("{digits} is larger than 2^53")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Range, RunList, parse_words};

    fn texts(list: &str) -> Vec<String> {
        parse_words(list).unwrap().iter().map(|item| item.text()).collect()
    }

    #[test]
    fn ranges_stay_ranges() {
        assert_eq!(parse_words("1-1_000_000").unwrap(), RunList::Range(Range { first: 1, step: 1, count: 1_000_000, width: 0 }));
        assert_eq!(texts("1-10:3"), ["1", "4", "7", "10"]);
        assert_eq!(texts("098-101"), ["098", "099", "100", "101"]);
        assert_eq!(texts("-2-1"), ["-2", "-1", "0", "1"]);
        assert_eq!(texts("5-5"), ["5"]);
    }

    #[test]
    fn words_and_ranges_mix() {
        assert_eq!(texts("a,b c,1-3,x-1"), ["a", "b c", "1", "2", "3", "x-1"]);
        assert_eq!(texts(r#"["2024-12", ""]"#), ["2024-12", ""]);
    }

    #[test]
    fn what_means_nothing_is_refused_with_its_place() {
        for (list, expect) in [
            ("", "--items holds no items: there is nothing to run"),
            ("a,,b", "--items: \"\" (character 3): an item is missing here"),
            ("6-1", "--items: \"6-1\" (character 1): the range runs backwards, from 6 to 1"),
            ("x,2024-12", "--items: \"2024-12\" (character 3): the range runs backwards"),
            ("2024-2030,07-100", "--items: \"07-100\" (character 11): 07 and 100 are padded to different widths"),
            ("1-10:0", "--items: \"1-10:0\" (character 1): the step 0 has to be at least 1"),
            ("1-99999999999999999999", "larger than 2^53"),
            ("1-9000000000", "a run list holds at most 100000000"),
            ("[]", "--items holds no items"),
            ("[1,", "--items:1:3:"),
        ] {
            let error = parse_words(list).unwrap_err().to_string();
            assert!(error.contains(expect), "{list:?}: {error}");
        }
    }
}
