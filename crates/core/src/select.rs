//! Picking runs out of a list: `3`, `8-10`, `failed`, or an item's own text.

use std::collections::BTreeSet;

use crate::event::RunStatus;
use crate::report::Report;
use crate::run_list::RunList;

/// The runs that the words mean, each one a comma-separated list of: a run's index, `FIRST-LAST`, `all`, `failed` (which ended badly,
/// or never began), `lost`, `flaky`, `cancelled`, or an item's text.
///
/// # Errors
/// The first part that means nothing.
pub fn select(words: &[String], runs: &RunList, report: &Report) -> Result<BTreeSet<usize>, String> {
    let mut selected = BTreeSet::new();
    for part in words.iter().flat_map(|word| word.split(',')).map(str::trim) {
        let found = by_number(part, runs.len())?.or_else(|| by_status(part, report)).or_else(|| by_text(part, runs));
        selected.extend(found.ok_or_else(|| {
            format!(
                "{part:?} is no run: there are 0-{}, items by their text, and failed, lost, flaky, cancelled, all",
                runs.len().saturating_sub(1)
            )
        })?);
    }
    Ok(selected)
}

fn by_number(part: &str, count: usize) -> Result<Option<Vec<usize>>, String> {
    let (first, last) = part.split_once('-').unwrap_or((part, part));
    let (Ok(first), Ok(last)) = (first.parse::<usize>(), last.parse::<usize>()) else { return Ok(None) };
    if first > last {
        return Err(format!("{part:?}: the first run comes after the last"));
    }
    if last >= count {
        return Err(format!("{part:?}: there are {count} runs, counted from 0"));
    }
    Ok(Some((first..=last).collect()))
}

fn by_status(part: &str, report: &Report) -> Option<Vec<usize>> {
    let is = |wanted: fn(RunStatus) -> bool| report.runs().filter(|run| wanted(run.status)).map(|run| run.index).collect();
    match part {
        "all" => Some((0..report.totals().runs).collect()),
        "failed" => Some(is(|status| matches!(status, RunStatus::Fail | RunStatus::Lost | RunStatus::Skip))),
        "lost" => Some(is(|status| status == RunStatus::Lost)),
        "flaky" => Some(is(|status| status == RunStatus::Flaky)),
        "cancelled" => Some(is(|status| status == RunStatus::Cancelled)),
        _ => None,
    }
}

fn by_text(part: &str, runs: &RunList) -> Option<Vec<usize>> {
    let found: Vec<usize> = runs.iter().enumerate().filter(|(_, item)| item.text() == part).map(|(index, _)| index).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::select;
    use crate::report::Report;
    use crate::run_list::parse_words;

    #[test]
    fn runs_are_picked_by_number_or_text() {
        let runs = parse_words("a,b,c,b,7").unwrap();
        let picked = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            select(&words, &runs, &Report::default()).map(|runs| runs.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(picked(&["0,2-3"]), Ok(vec![0, 2, 3]));
        assert_eq!(picked(&["b", "0"]), Ok(vec![0, 1, 3]));
        assert_eq!(picked(&["failed"]), Ok(vec![]));
        assert_eq!(picked(&["5"]).unwrap_err(), "\"5\": there are 5 runs, counted from 0");
        assert!(picked(&["d"]).unwrap_err().starts_with("\"d\" is no run"));
        assert!(picked(&["3-1"]).is_err());
    }
}
