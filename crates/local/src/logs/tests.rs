use std::io::Write;
use std::time::UNIX_EPOCH;

use super::*;
use crate::testing::Dir;

fn store() -> (Dir, LogStore) {
    let directory = Dir::new();
    let store = LogStore::new(directory.path());
    (directory, store)
}

fn messages(store: &LogStore, start: Start, limit: usize) -> (Vec<String>, u64, u64) {
    let page = store.read("d/default/1", &Query { start, limit }).unwrap().unwrap();
    (page.events.into_iter().map(|event| event.message).collect(), page.from, page.to)
}

fn write(store: &LogStore, bytes: &[u8]) {
    store.begin("d/default/1").unwrap().write_all(bytes).unwrap();
    store.end("d/default/1");
}

fn strings(of: &[&str]) -> Vec<String> {
    of.iter().map(ToString::to_string).collect()
}

#[test]
fn reads_from_either_end_and_goes_on_from_there() {
    let (_directory, store) = store();
    write(&store, b"a\nbb\n\nccc\nd");
    assert_eq!(messages(&store, Start::Tail, 2), (strings(&["ccc", "d"]), 6, 11));
    assert_eq!(messages(&store, Start::Before(6), 9), (strings(&["a", "bb"]), 0, 6));
    assert_eq!(messages(&store, Start::Before(0), 9), (vec![], 0, 0));
    assert_eq!(messages(&store, Start::Head, 2), (strings(&["a", "bb"]), 0, 5));
    assert_eq!(messages(&store, Start::After(5), 9), (strings(&["ccc", "d"]), 5, 11));
    assert_eq!(messages(&store, Start::After(11), 9), (vec![], 11, 11));
    assert_eq!(messages(&store, Start::After(u64::MAX), 9), (vec![], 11, 11));
}

#[test]
fn a_half_written_line_waits_for_its_program() {
    let (_directory, store) = store();
    let mut file = store.begin("d/default/1").unwrap();
    file.write_all(b"whole\nhal").unwrap();
    assert_eq!(messages(&store, Start::Head, 9), (strings(&["whole"]), 0, 6));
    assert_eq!(messages(&store, Start::Tail, 9), (strings(&["whole"]), 0, 6));
    assert_eq!(messages(&store, Start::After(6), 9), (vec![], 6, 6));
    file.write_all(b"f").unwrap();
    store.end("d/default/1");
    assert_eq!(messages(&store, Start::After(6), 9), (strings(&["half"]), 6, 10));
}

#[test]
fn bytes_that_are_no_text_are_shown_as_such() {
    let (_directory, store) = store();
    write(&store, b"caf\xe9\n");
    assert_eq!(messages(&store, Start::Tail, 1).0, strings(&["caf\u{fffd}"]));
}

#[test]
fn the_end_of_a_huge_file_is_read_alone() {
    let (_directory, store) = store();
    let path = store.path("d/default/1");
    write(&store, b"");
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    // A hole: 1 TiB of zeros without a newline.
    std::os::unix::fs::FileExt::write_all_at(&file, b"\nlast but one\nlast\n", 1 << 40).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(messages(&store, Start::Tail, 2).0, strings(&["last but one", "last"]));
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_line_longer_than_an_answer_comes_in_pieces() {
    let (_directory, store) = store();
    write(&store, &[vec![b'x'; (1 << 20) + 5], b"\nend\n".to_vec()].concat());
    let (first, _, to) = messages(&store, Start::Head, 9);
    assert_eq!((first.len(), first[0].len(), to), (1, 1 << 20, 1 << 20));
    assert_eq!(messages(&store, Start::After(to), 9).0, strings(&["xxxxx", "end"]));
}

#[test]
fn unknown_streams_are_not_there() {
    let (_directory, store) = store();
    let query = Query { start: Start::Tail, limit: 1 };
    assert_eq!(store.read("d/default/2", &query).unwrap(), None);
    assert_eq!(store.read("../../../etc/passwd", &query).unwrap(), None);
    assert_eq!(store.read(&"x".repeat(500), &query).unwrap(), None);
}

#[test]
fn streams_are_listed_by_prefix_in_order_of_name() {
    let (_directory, store) = store();
    assert_eq!(store.list(&Listing { limit: 50, ..Listing::default() }).unwrap().streams, vec![]);
    for stream in ["b/default/2", "a/default/1", "b/default/1", "bb/default/1"] {
        store.begin(stream).unwrap();
    }
    let names = |prefix: &str, descending: bool, after: Option<&str>, limit: usize| {
        let listing = Listing { prefix: prefix.into(), descending, after: after.map(Into::into), limit, ..Listing::default() };
        let list = store.list(&listing).unwrap();
        (list.streams.into_iter().map(|stream| stream.name).collect::<Vec<_>>(), list.next.is_some())
    };
    assert_eq!(names("b/", false, None, 50), (strings(&["b/default/1", "b/default/2"]), false));
    assert_eq!(names("b/de", false, None, 1), (strings(&["b/default/1"]), true));
    assert_eq!(names("b", false, Some("b/default/1"), 50), (strings(&["b/default/2", "bb/default/1"]), false));
    assert_eq!(names("b", true, Some("bb/default/1"), 1), (strings(&["b/default/2"]), true));
    assert_eq!(names("", true, None, 50).0.len(), 4);
    assert_eq!(store.names("b/").unwrap().len(), 2);
}

#[test]
fn streams_are_listed_by_their_last_write() {
    let (_directory, store) = store();
    for (stream, second) in [("a", 3), ("b", 1), ("c", 2)] {
        store.begin(stream).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(second)).unwrap();
    }
    let mut listing = Listing { order: Order::LastWrite, limit: 2, ..Listing::default() };
    let first = store.list(&listing).unwrap();
    listing.after.clone_from(&first.next);
    let second = store.list(&listing).unwrap();
    let names: Vec<_> = first.streams.into_iter().chain(second.streams).map(|stream| stream.name).collect();
    assert_eq!((names, second.next), (strings(&["b", "c", "a"]), None));
    listing = Listing { descending: true, after: None, ..listing };
    assert_eq!(store.list(&listing).unwrap().streams[0].name, "a");
}

fn look_for(store: &LogStore, search: Search) -> (Vec<String>, bool) {
    let streams = store.names("").unwrap();
    let found = store.search(&Search { streams, ..search }).unwrap();
    (found.events.into_values().collect(), found.more)
}

fn everything() -> Search {
    Search { streams: vec![], start: None, end: None, pattern: Pattern::default(), after: None, limit: 10_000 }
}

#[test]
fn a_search_goes_through_streams_in_the_order_of_time() {
    let (_directory, store) = store();
    for (stream, text, second) in [("a", "a1\na2\n", 30), ("b", "b1\n\nb2\n", 10), ("c", "c1\n", 20)] {
        let mut file = store.begin(stream).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(second)).unwrap();
        store.end(stream);
    }
    assert_eq!(look_for(&store, everything()), (strings(&["b1", "b2", "c1", "a1", "a2"]), false));
    assert_eq!(look_for(&store, Search { start: Some(20_000), end: Some(20_000), ..everything() }).0, strings(&["c1"]));
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let search = Search { streams: store.names("").unwrap(), after, limit: 2, ..everything() };
        let found = store.search(&search).unwrap();
        after = found.events.last_key_value().map(|(place, _)| place.clone());
        pages.push(found.events.into_values().collect::<Vec<_>>());
        if !found.more {
            break;
        }
    }
    assert_eq!(pages, [strings(&["b1", "b2"]), strings(&["c1", "a1"]), strings(&["a2"])]);
}

#[test]
fn an_answer_holds_one_mebibyte_and_at_least_one_event() {
    let (_directory, store) = store();
    write(&store, format!("{}\n{}\nend\n", "x".repeat(700_000), "y".repeat(700_000)).as_bytes());
    let (events, more) = look_for(&store, everything());
    assert_eq!((events.len(), more), (1, true));
    assert_eq!(look_for(&store, Search { pattern: Pattern::parse("end").unwrap(), ..everything() }), (strings(&["end"]), false));
}

/// Whoever goes on from the latest time he has seen sees every line once, whichever stream is read first.
#[test]
fn nobody_who_follows_a_search_misses_a_line() {
    let (_directory, store) = store();
    let mut files = ["a", "b", "c"].map(|stream| store.begin(stream).unwrap());
    let (mut seen, mut start) = (BTreeSet::new(), None);
    for round in 0..200 {
        writeln!(files[round % 3], "line {round}").unwrap();
        let found = store.search(&Search { streams: store.names("").unwrap(), start, ..everything() }).unwrap();
        start = found.events.last_key_value().map(|(place, _)| place.timestamp).or(start);
        seen.extend(found.events.into_iter().map(|(place, message)| (place.stream, place.offset, place.timestamp, message)));
    }
    let found = store.search(&Search { streams: store.names("").unwrap(), start, ..everything() }).unwrap();
    seen.extend(found.events.into_iter().map(|(place, message)| (place.stream, place.offset, place.timestamp, message)));
    assert_eq!(seen.len(), 200, "a line was missed, or had another time the second time");
}
