use std::collections::BTreeSet;

use super::*;

#[test]
fn lists_are_in_the_order_of_bytes() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let all = ["", "\0", "A", "a", "a b", "a!", "a/", "a/b", "a/b/c", "a0", "é", "\u{ffff}", "😀"];
    for key in all.iter().rev() {
        objects.put("bucket", key, key.as_bytes()).unwrap();
    }
    let mut sorted = all.map(str::to_owned).to_vec();
    sorted.sort();
    assert_eq!(keys(&objects, ""), sorted);
    assert_eq!(keys(&objects, "a/"), ["a/", "a/b", "a/b/c"]);
    assert_eq!(keys(&objects, "a/b"), ["a/b", "a/b/c"]);
    assert_eq!(keys(&objects, "b"), [""; 0]);
}

#[test]
fn long_lists_are_whole() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let expected: Vec<String> = (0..=2 * PAGE).map(|number| format!("k{number:05}")).collect();
    for key in &expected {
        objects.put("bucket", key, b"x").unwrap();
    }
    assert_eq!(keys(&objects, "k"), expected);
}

#[test]
fn pages_are_parts_of_what_a_simple_list_is() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let letters = ["a", "b", "/", "é"];
    let mut all: BTreeSet<String> = letters.iter().map(|letter| (*letter).to_owned()).collect();
    for _ in 0..3 {
        all.extend(all.clone().iter().step_by(2).flat_map(|key| letters.map(|letter| format!("{key}{letter}"))));
    }
    for key in &all {
        objects.put("bucket", key, b"").unwrap();
    }
    for prefix in ["", "a", "a/", "b", "é", "//", "x"] {
        for delimiter in [None, Some("/"), Some("é"), Some("b/"), Some("")] {
            let expected = simple_list(&all, prefix, delimiter);
            for limit in [1, 2, 7, 1000] {
                assert_eq!(all_pages(&objects, prefix, delimiter, limit, false), expected, "{prefix:?} {delimiter:?} {limit}");
                assert_eq!(all_pages(&objects, prefix, delimiter, limit, true), expected, "{prefix:?} {delimiter:?} {limit} by marker");
            }
        }
    }
}

fn simple_list(all: &BTreeSet<String>, prefix: &str, delimiter: Option<&str>) -> Vec<String> {
    let shown = all.iter().filter_map(|key| {
        let rest = key.strip_prefix(prefix)?;
        let cut = delimiter.filter(|delimiter| !delimiter.is_empty()).and_then(|delimiter| Some((rest.find(delimiter)?, delimiter)));
        Some(cut.map_or_else(|| key.clone(), |(at, delimiter)| format!("{prefix}{}{delimiter}", &rest[..at])))
    });
    let shown: BTreeSet<String> = shown.collect();
    shown.into_iter().collect()
}

fn all_pages(objects: &Objects, prefix: &str, delimiter: Option<&str>, limit: usize, by_marker: bool) -> Vec<String> {
    let mut ask = Ask { prefix, delimiter, from: Some(String::new()), limit };
    let mut seen = Vec::new();
    loop {
        let page = objects.page("bucket", &ask).unwrap();
        let count = page.objects.len() + page.prefixes.len();
        let mut shown: Vec<String> = page.objects.into_iter().map(|listed| listed.key).chain(page.prefixes).collect();
        shown.sort();
        seen.extend(shown);
        let Some(next) = page.next else { return seen };
        assert_eq!(count, limit, "a page that is not the last is full");
        ask.from = if by_marker { ask.beginning_after(seen.last().unwrap()) } else { Some(next) };
    }
}
