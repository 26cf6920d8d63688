//! The architecture, held by a test: who may use whom, what is pure, how long a file may be.
//!
//! `ARCHITECTURE.md` says the same in words. Whoever changes one changes the other.

#![expect(clippy::print_stdout, reason = "says how long files are, for whoever asks with --no-capture")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which crates of this workspace each crate may use; tests and examples may use all.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("fanout-asl", &[]),
    ("fanout-batch", &[]),
    ("fanout-engine", &["fanout-asl", "fanout-batch"]),
    ("fanout-core", &["fanout-asl", "fanout-batch"]),
    ("fanout-sim", &["fanout-asl", "fanout-batch", "fanout-core", "fanout-engine"]),
    ("fanout-aws", &["fanout-asl", "fanout-batch", "fanout-core"]),
    ("fanout-local", &["fanout-asl", "fanout-batch", "fanout-engine"]),
    ("fanout-worker", &["fanout-core"]),
    ("fanout", &["fanout-asl", "fanout-aws", "fanout-core", "fanout-engine", "fanout-local", "fanout-sim"]),
];

/// Without I/O, clock, environment and randomness of their own.
const PURE: [&str; 5] = ["fanout-asl", "fanout-batch", "fanout-core", "fanout-engine", "fanout-sim"];

/// What a pure crate, or the small worker program, never needs: matched at the beginning of a dependency's name.
const NOT_FOR_PURE: [&str; 12] =
    ["tokio", "aws-", "axum", "rusqlite", "hyper", "reqwest", "tower", "futures", "rustix", "libc", "clap", "tracing"];
const NOT_FOR_WORKER: [&str; 8] = ["tokio", "aws-", "axum", "rusqlite", "hyper", "reqwest", "tower", "clap"];

/// What the default features of the AWS SDK bring; `deny.toml` says the same.
const OBSOLETE: [(&str, &str); 3] = [("h2", "0.3."), ("hyper", "0.14."), ("rustls", "0.21.")];

/// The lines of a file outside tests.
const LONGEST_FILE: usize = 800;
const LONGEST_MEDIAN: usize = 120;
const LONGEST_P90: usize = 400;

/// Built from pieces, so that this file does not mention them.
const ELSEWHERE: [&str; 2] = [concat!("..", "/shared"), concat!("/wo", "rk/")];

#[test]
fn arrows_follow_the_table() {
    let manifests = manifests();
    let names: BTreeSet<&str> = manifests.keys().map(String::as_str).collect();
    assert_eq!(names, ALLOWED.iter().map(|(name, _)| *name).collect(), "the table and the crates differ");
    for (name, allowed) in ALLOWED {
        for used in manifests[name].dependencies.iter().filter(|used| names.contains(used.as_str())) {
            assert!(allowed.contains(&used.as_str()), "{name} uses {used}, which the table does not allow");
        }
    }
}

#[test]
fn pure_crates_know_no_input_and_no_output() {
    let manifests = manifests();
    for (names, banned) in [(&PURE[..], &NOT_FOR_PURE[..]), (&["fanout-worker"], &NOT_FOR_WORKER)] {
        for name in names {
            for used in &manifests[*name].dependencies {
                assert!(!banned.iter().any(|banned| used.starts_with(banned)), "{name} uses {used}");
            }
        }
    }
}

#[test]
fn pure_crates_have_the_purity_lints() {
    let manifests = manifests();
    let lints = |name: &str| {
        let path = manifests[name].directory.join("clippy.toml");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let first = lints(PURE[0]);
    for forbidden in
        ["std::time::Instant::now", "std::time::SystemTime::now", "jiff::Timestamp::now", "std::env::var", "std::fs::File::open", "HashMap"]
    {
        assert!(first.contains(forbidden), "the purity lints do not forbid {forbidden}");
    }
    for name in PURE {
        assert_eq!(lints(name), first, "the purity lints of {name} differ from those of {}", PURE[0]);
    }
}

#[test]
fn every_crate_takes_the_workspace_lints() {
    for (name, manifest) in manifests() {
        assert!(manifest.workspace_lints, "{name} lacks [lints] workspace = true");
    }
}

#[test]
fn only_one_crate_uses_the_aws_sdk() {
    let users: Vec<String> = manifests()
        .into_iter()
        .filter(|(_, manifest)| manifest.dependencies.iter().any(|used| used.starts_with("aws-sdk") || used.starts_with("aws-smithy")))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(users, ["fanout-aws"]);
}

#[test]
fn obsolete_network_stacks_stay_out() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock reads");
    let value = |line: Option<&str>, key: &str| line.and_then(|line| line.strip_prefix(key)).map(|text| text.trim_matches('"').to_owned());
    for package in lock.split("[[package]]").skip(1) {
        let mut lines = package.lines().skip(1);
        let (name, version) = (value(lines.next(), "name = "), value(lines.next(), "version = "));
        let (name, version) = name.zip(version).expect("a package of Cargo.lock has a name and a version");
        for (banned, versions) in OBSOLETE {
            assert!(name != banned || !version.starts_with(versions), "{name} {version}: the default features of an aws-* crate are on");
        }
    }
}

#[test]
fn files_are_short() {
    let mut lengths: Vec<(usize, PathBuf)> = files()
        .into_iter()
        .filter(|path| path.starts_with("crates") && path.extension().is_some_and(|extension| extension == "rs") && !is_test(path))
        .map(|path| (fs::read_to_string(root().join(&path)).expect("a source file reads").lines().count(), path))
        .collect();
    lengths.sort();
    let share = |tenths: usize| lengths[(lengths.len() - 1) * tenths / 10].0;
    let (longest, path) = lengths.last().expect("there are source files");
    let words = format!("{} files: median {}, p90 {}, longest {longest} ({})", lengths.len(), share(5), share(9), path.display());
    assert!(*longest <= LONGEST_FILE && share(5) <= LONGEST_MEDIAN && share(9) <= LONGEST_P90, "{words}");
    println!("{words}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    for path in files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs") && !is_test(path)) {
        let text = fs::read_to_string(root().join(&path)).expect("a source file reads");
        assert!(text.trim_start().starts_with("//!"), "{} does not begin with //!", path.display());
    }
}

#[test]
fn nothing_points_outside_the_repository() {
    for path in files() {
        if path.starts_with(".ci") {
            continue;
        }
        let Ok(text) = fs::read_to_string(root().join(&path)) else { continue };
        for elsewhere in ELSEWHERE {
            assert!(!text.contains(elsewhere), "{} mentions {elsewhere}", path.display());
        }
    }
}

/// In tables, the last column of a line names the tests behind it.
#[test]
fn tests_that_documents_name_exist() {
    let files = files();
    let with = |extension: &str| files.iter().filter(|path| path.extension().is_some_and(|found| found == extension)).collect::<Vec<_>>();
    let read = |path: &Path| fs::read_to_string(root().join(path)).expect("a file of the repository reads");
    let tests: String = with("rs").into_iter().chain(with("py")).map(|path| read(path)).collect();
    let mut named = 0;
    for path in with("md").into_iter().filter(|path| path.starts_with("docs")) {
        let text = read(path);
        let mut held = false;
        for line in text.lines() {
            held = line.starts_with('|') && (held || line.ends_with("| held by |"));
            let cell = line.trim_end_matches('|').rsplit('|').next().filter(|_| held).unwrap_or_default();
            for name in cell.split('`').skip(1).step_by(2).filter(|name| !name.contains('/')) {
                named += 1;
                let there = tests.contains(&format!("fn {name}(")) || tests.contains(&format!("def {name}("));
                assert!(there, "{} names the test {name}, which is not there", path.display());
            }
        }
    }
    assert!(named > 60, "only {named} tests are named: has the form of the tables changed?");
}

/// What this test wants to know of a `Cargo.toml`.
struct Manifest {
    directory: PathBuf,
    /// Of `[dependencies]`, and of build and target tables, but not of `[dev-dependencies]`.
    dependencies: BTreeSet<String>,
    workspace_lints: bool,
}

/// The crates by name.
fn manifests() -> BTreeMap<String, Manifest> {
    let crates = fs::read_dir(root().join("crates")).expect("crates/ is there");
    crates.map(|entry| manifest(&entry.expect("an entry of crates/").path())).collect()
}

/// Reads the little TOML that manifests here are made of: tables, and one key per line.
fn manifest(directory: &Path) -> (String, Manifest) {
    let path = directory.join("Cargo.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let (mut table, mut name) = (String::new(), String::new());
    let mut manifest = Manifest { directory: directory.into(), dependencies: BTreeSet::new(), workspace_lints: false };
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix('[') {
            title.trim_matches(['[', ']']).clone_into(&mut table);
            // `[dependencies.serde]`
            if let Some((_, used)) = table.rsplit_once('.').filter(|(before, _)| is_dependencies(before)) {
                manifest.dependencies.insert(used.to_owned());
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) else { continue };
        match table.as_str() {
            "package" if key == "name" => value.trim_matches('"').clone_into(&mut name),
            "lints" => manifest.workspace_lints |= key == "workspace" && value == "true",
            table if is_dependencies(table) => {
                let used = key.split('.').next().unwrap_or(key);
                manifest.dependencies.insert(used.to_owned());
            }
            _ => {}
        }
    }
    assert!(!name.is_empty(), "{} names no package", path.display());
    (name, manifest)
}

fn is_dependencies(table: &str) -> bool {
    matches!(table.rsplit('.').next(), Some("dependencies" | "build-dependencies"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("crates/cli stands two levels down").into()
}

/// Whether a file of `crates/` holds tests only.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name == "tests.rs" || name == "testing.rs")
}

/// All files of the repository, without what is built or installed in it.
fn files() -> Vec<PathBuf> {
    let (root, mut found, mut directories) = (root(), Vec::new(), vec![PathBuf::new()]);
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(root.join(&directory)).expect("a directory of the repository").flatten() {
            let name = entry.file_name();
            let path = directory.join(&name);
            let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let built =
                [".git", ".venv", ".venv-peers", "node_modules", "__pycache__", ".pytest_cache"].iter().any(|skipped| name == *skipped)
                    || path == Path::new("target");
            if built {
                continue;
            }
            if is_directory { directories.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
