use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;
use crate::testing::Dir;

const MIB: usize = 1 << 20;

fn with_bucket(directory: &Dir) -> Objects {
    let objects = Objects::open(directory.path().join("objects")).unwrap();
    objects.create_bucket("bucket", "us-east-1").unwrap();
    objects
}

fn keys(objects: &Objects, prefix: &str) -> Vec<String> {
    objects.list("bucket", prefix).unwrap().into_iter().map(|listed| listed.key).collect()
}

fn bodies(directory: &Dir) -> usize {
    fs::read_dir(directory.path().join("objects/bodies")).unwrap().count()
}

fn code<T: std::fmt::Debug>(refused: Result<T, ObjectError>) -> &'static str {
    refused.unwrap_err().code()
}

#[test]
fn what_is_stored_is_there_also_for_the_next_process() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "a/b.json", b"[1]").unwrap();
    objects.put("bucket", "a/b.json", b"[1, 2]").unwrap();
    objects.put("bucket", "a", b"").unwrap();
    drop(objects);
    let objects = Objects::open(directory.path().join("objects")).unwrap();
    assert_eq!(objects.get("bucket", "a/b.json").unwrap(), b"[1, 2]");
    assert_eq!(objects.get("bucket", "a").unwrap(), b"");
    let listed = objects.list("bucket", "a/").unwrap();
    let about_now = now().as_second() - listed[0].last_modified.as_second();
    assert!((0..60).contains(&about_now), "{about_now}");
    let etag = format!("\"{}\"", etag_of(b"[1, 2]"));
    let last_modified = listed[0].last_modified;
    assert_eq!(listed, [Listed { key: "a/b.json".into(), size: 6, last_modified, etag, storage_class: "STANDARD" }]);
    assert_eq!(bodies(&directory), 2, "what was replaced is gone");
}

#[test]
fn what_is_not_there_is_named_as_aws_names_it() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let cases = [
        (objects.get("nowhere", "k").map(drop), "NoSuchBucket", "The specified bucket does not exist"),
        (objects.get("bucket", "k").map(drop), "NoSuchKey", "The specified key does not exist."),
        (objects.list("nowhere", "").map(drop), "NoSuchBucket", "The specified bucket does not exist"),
        (objects.put("nowhere", "k", b""), "NoSuchBucket", "The specified bucket does not exist"),
        (objects.put("bucket", &"k".repeat(1025), b""), "KeyTooLongError", "Your key is too long"),
        (objects.create_bucket("../up", "us-east-1"), "InvalidBucketName", "The specified bucket is not valid."),
    ];
    for (refused, code, words) in cases {
        let error = refused.unwrap_err();
        assert_eq!((error.code(), error.to_string().as_str()), (code, words));
    }
    assert_eq!(bodies(&directory), 0, "what was refused left nothing behind");
}

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
fn no_key_leads_out_of_the_directory() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.create_bucket("other", "us-east-1").unwrap();
    let long = "k".repeat(1024);
    let hostile = [
        "..",
        ".",
        "/",
        "//",
        "../other/k",
        "../../../../tmp/k",
        "/etc/passwd",
        "a/../../index.sqlite",
        "a\0b",
        "\0",
        ".lock",
        "lock",
        "index.sqlite",
        "C:\\x",
        "%2e%2e%2f",
        "a//b",
        "a/./b",
        "\u{202e}x",
        "\n",
        &long,
    ];
    for key in hostile {
        objects.put("bucket", key, key.as_bytes()).unwrap();
    }
    for key in hostile {
        assert_eq!(objects.get("bucket", key).unwrap(), key.as_bytes(), "{key:?}");
        assert_eq!(code(objects.get("../bucket", key)), "NoSuchBucket");
    }
    assert_eq!(keys(&objects, "").len(), hostile.len());
    assert!(objects.list("other", "").unwrap().is_empty());
    let names = |path: &Path| -> BTreeSet<String> {
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names(directory.path()), BTreeSet::from(["objects".into()]));
    let expected = ["bodies", "index.sqlite", "index.sqlite-shm", "index.sqlite-wal", "lock"];
    assert_eq!(names(&directory.path().join("objects")), expected.map(str::to_owned).into());
    assert!(names(&directory.path().join("objects/bodies")).iter().all(|name| name.bytes().all(|byte| byte.is_ascii_hexdigit())));
}

#[test]
fn writers_at_once_leave_one_of_their_objects_whole() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "k", &vec![0; 100_000]).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !done.load(Ordering::Relaxed) {
                let Found { entry, mut body } = objects.find("bucket", "k").unwrap();
                let mut bytes = Vec::new();
                body.read_to_end(&mut bytes).unwrap();
                assert!(bytes.len() == 100_000 && bytes.iter().all(|byte| *byte == bytes[0]), "a mixture was read");
                assert_eq!(entry.etag, etag_of(&bytes));
                reads += 1;
            }
            reads
        });
        let writers: Vec<_> = (1..=2)
            .map(|byte| {
                let objects = objects.clone();
                scope.spawn(move || (0..100).for_each(|_| objects.put("bucket", "k", &vec![byte; 100_000]).unwrap()))
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(bodies(&directory), 1);
}

fn etag_of(bytes: &[u8]) -> String {
    use s3s::crypto::{Checksum as _, Md5};
    intake::hex(&Md5::checksum(bytes))
}

#[test]
fn only_one_of_many_that_must_be_first_is_stored() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let store = |guard: &Guard| objects.store("bucket", "k", objects.receive(&[]).unwrap().finish(), Attributes::default(), guard);
    let stored = thread::scope(|scope| {
        let writers: Vec<_> = (0..8).map(|_| scope.spawn(|| store(&Guard::Absent).is_ok())).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).filter(|stored| *stored).count()
    });
    assert_eq!(stored, 1);
    assert_eq!(code(store(&Guard::Absent)), "PreconditionFailed");
    assert_eq!(code(store(&Guard::Etag("x".into()))), "PreconditionFailed");
    store(&Guard::Etag(etag_of(b""))).unwrap();
    objects.remove("bucket", "k", &Guard::Always).unwrap();
    assert_eq!(code(store(&Guard::Present)), "NoSuchKey");
}

#[test]
fn what_a_killed_process_left_unfinished_is_removed() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "k", b"kept").unwrap();
    let mut unfinished = objects.receive(&[]).unwrap();
    unfinished.write(b"half").unwrap();
    std::mem::forget(unfinished);
    assert_eq!(bodies(&directory), 2);
    drop(objects);
    let objects = Objects::open(directory.path().join("objects")).unwrap();
    assert_eq!(bodies(&directory), 1);
    assert_eq!(objects.get("bucket", "k").unwrap(), b"kept");
    objects.put("bucket", "new", b"new").unwrap();
    assert_eq!(objects.get("bucket", "k").unwrap(), b"kept");
}

#[test]
fn a_directory_has_one_user_at_a_time() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let refused = Objects::open(directory.path().join("objects")).unwrap_err();
    assert!(refused.to_string().contains("are in use by another fanout"), "{refused}");
    let shared = objects.clone();
    drop(objects);
    assert!(Objects::open(directory.path().join("objects")).is_err(), "a clone holds it");
    drop(shared);
    Objects::open(directory.path().join("objects")).unwrap();
    fs::write(directory.path().join("objects/index.sqlite"), b"something else".repeat(1000)).unwrap();
    assert!(Objects::open(directory.path().join("objects")).unwrap_err().to_string().contains("not a database"));
}

#[test]
fn a_body_that_was_cut_off_is_not_given_out() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "k", b"whole").unwrap();
    let body = fs::read_dir(directory.path().join("objects/bodies")).unwrap().next().unwrap().unwrap().path();
    fs::write(body, b"who").unwrap();
    assert_eq!(code(objects.get("bucket", "k")), "InternalError");
}

#[test]
fn a_copy_outlives_its_source() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "k", b"bytes").unwrap();
    let source = objects.find("bucket", "k").unwrap();
    objects.copy(&source, "bucket", "copy", Attributes::default()).unwrap();
    objects.remove("bucket", "k", &Guard::Always).unwrap();
    objects.copy(&source, "bucket", "late", Attributes::default()).unwrap();
    assert_eq!(objects.get("bucket", "copy").unwrap(), b"bytes");
    assert_eq!(objects.get("bucket", "late").unwrap(), b"bytes");
    assert_eq!(keys(&objects, ""), ["copy", "late"]);
}

#[test]
fn buckets_go_when_they_are_empty() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    objects.put("bucket", "k", b"x").unwrap();
    let upload = objects.begin_upload("bucket", "u", Attributes::default()).unwrap();
    objects.put_part("bucket", "u", &upload.id, 1, objects.receive(&[]).unwrap().finish()).unwrap();
    assert_eq!(code(objects.delete_bucket("bucket")), "BucketNotEmpty");
    objects.remove("bucket", "k", &Guard::Always).unwrap();
    objects.delete_bucket("bucket").unwrap();
    assert_eq!(code(objects.delete_bucket("bucket")), "NoSuchBucket");
    assert_eq!(bodies(&directory), 0);
    objects.create_bucket("bucket", "eu-west-1").unwrap();
    assert_eq!(code(objects.create_bucket("bucket", "eu-west-1")), "BucketAlreadyOwnedByYou");
    objects.create_bucket("bucket", "us-east-1").unwrap();
    assert_eq!(objects.buckets().unwrap()[0].region, "eu-west-1");
}

struct Uploading<'a> {
    objects: &'a Objects,
    upload: uploads::Upload,
}

impl Uploading<'_> {
    fn part(&self, number: u32, bytes: &[u8]) -> Claimed {
        let mut intake = self.objects.receive(&[]).unwrap();
        intake.write(bytes).unwrap();
        let part = self.objects.put_part("bucket", "k", &self.upload.id, number, intake.finish()).unwrap();
        Claimed { number, etag: part.etag }
    }

    fn complete(&self, claimed: &[Claimed], expected: &Sums) -> Result<Entry, ObjectError> {
        self.objects.complete_upload("bucket", &self.upload, claimed, expected, &Guard::Always)
    }
}

#[test]
fn parts_become_one_object() {
    let directory = Dir::new();
    let objects = with_bucket(&directory);
    let uploading = Uploading { objects: &objects, upload: objects.begin_upload("bucket", "k", Attributes::default()).unwrap() };
    let (first, second) = (vec![1; 5 * MIB], vec![2; 5 * MIB]);
    uploading.part(2, b"replaced");
    let parts = [uploading.part(2, &first), uploading.part(7, &second), uploading.part(9, b"end")];
    let unwanted = uploading.part(8, b"unwanted");
    let code = |claimed: &[Claimed]| code(uploading.complete(claimed, &Sums::new()));
    assert_eq!(code(&[parts[1].clone(), parts[0].clone()]), "InvalidPartOrder");
    assert_eq!(code(&[parts[0].clone(), parts[0].clone()]), "InvalidPartOrder");
    assert_eq!(code(&[]), "InvalidPart");
    assert_eq!(code(&[Claimed { number: 3, etag: "x".into() }]), "InvalidPart");
    assert_eq!(code(&[Claimed { etag: "x".into(), ..parts[0].clone() }]), "InvalidPart");
    assert_eq!(code(&[unwanted, parts[2].clone()]), "EntityTooSmall");
    let wrong = Sums::from([(Algorithm::Crc32, "AAAAAA==".into())]);
    assert!(matches!(uploading.complete(&parts, &wrong), Err(ObjectError::BadDigest { what: "CRC32" })));
    let entry = uploading.complete(&parts, &Sums::new()).unwrap();
    assert!(entry.etag.ends_with("-3"), "{}", entry.etag);
    assert_eq!(entry.attributes.parts, [5 << 20, 5 << 20, 3]);
    assert_eq!(objects.get("bucket", "k").unwrap(), [&first[..], &second, b"end"].concat());
    assert_eq!(code(&parts), "NoSuchUpload");
    assert_eq!(bodies(&directory), 1);
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
