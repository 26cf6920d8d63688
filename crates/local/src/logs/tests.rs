use std::io::Write;

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
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
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
    assert_eq!(store.list("", None, 50).unwrap().streams, vec![]);
    for stream in ["b/default/2", "a/default/1", "b/default/1", "bb/default/1"] {
        store.begin(stream).unwrap();
    }
    let names = |prefix: &str, after: Option<&str>, limit: usize| {
        let list = store.list(prefix, after, limit).unwrap();
        (list.streams.into_iter().map(|stream| stream.name).collect::<Vec<_>>(), list.more)
    };
    assert_eq!(names("b/", None, 50), (strings(&["b/default/1", "b/default/2"]), false));
    assert_eq!(names("b/de", None, 1), (strings(&["b/default/1"]), true));
    assert_eq!(names("b", Some("b/default/1"), 50), (strings(&["b/default/2", "bb/default/1"]), false));
    assert_eq!(names("", None, 50).0.len(), 4);
}
