//! Items that are hard to carry arrive byte by byte, under every strategy and both injections.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::{Dir, Fanout, STRATEGIES};

/// What each run was told: its variables and its arguments, one entry per run.
fn told(strategy: &str, injection: &str, items: &Value, fields: &[&str]) -> Vec<String> {
    let (dir, out) = (Dir::new(), Dir::new());
    let file = dir.file("items.json", items.to_string());
    let mut names = vec!["RunNumber", "FANOUT_ITEM", "FANOUT_INDEX", "FANOUT_SIZE", "FANOUT_ATTEMPT", "MANAGED_BY_AWS"];
    names.extend(fields);
    let shown = names.iter().map(|name| format!(r#" "{name}=${name}""#)).collect::<Vec<_>>().concat();
    let script = format!(r#"printf '%s\0'{shown} "$@" > "$OUT/$FANOUT_INDEX""#);
    let to = format!("OUT={}", out.path().display());
    let mut words = vec!["sh".to_owned(), "-c".into(), script, "x".into(), "{}".into(), "a{}b".into(), "{index}".into()];
    words.extend(fields.iter().map(|field| format!("-{{{field}}}")));
    Fanout::run(["-s", strategy, "--inject", injection, "--items-file", &file, "-j", "8", "--env", &to]).command(words).expect_exit(0);
    let runs = items.as_array().expect("a list").len();
    (0..runs).map(|index| out.read(&index.to_string())).collect()
}

/// What each run has to be told.
fn expected(items: &Value, fields: &[&str]) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let items = items.as_array().expect("a list");
    let of_run = |(index, item): (usize, &Value)| {
        let field = |name: &&str| item.get(*name).map(text).unwrap_or_default();
        let mut words = vec![
            format!("RunNumber={}", text(item)),
            format!("FANOUT_ITEM={item}"),
            format!("FANOUT_INDEX={index}"),
            format!("FANOUT_SIZE={}", items.len()),
            "FANOUT_ATTEMPT=1".into(),
            "MANAGED_BY_AWS=STARTED_BY_STEP_FUNCTIONS".into(),
        ];
        words.extend(fields.iter().map(|name| format!("{name}={}", field(name))));
        words.extend([text(item), format!("a{}b", text(item)), index.to_string()]);
        words.extend(fields.iter().map(|name| format!("-{}", field(name))));
        words.iter().map(|word| format!("{word}\0")).collect::<Vec<_>>().concat()
    };
    items.iter().enumerate().map(of_run).collect()
}

/// The `fanout-worker` that was built beside fanout.
fn worker() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_BIN_EXE_fanout")).with_file_name("fanout-worker");
    if path.is_file() {
        return Some(path);
    }
    assert!(std::env::var_os("FANOUT_REQUIRE_WORKER").is_none(), "{} is missing: cargo build -p fanout-worker", path.display());
    eprintln!("SKIPPED: --inject worker, for {} is missing: cargo build -p fanout-worker", path.display());
    None
}

fn arrive_unchanged(items: &Value, fields: &[&str]) {
    let expected = expected(items, fields);
    let by_worker = worker().map(|path| format!("worker:{}", path.display()));
    for injection in ["sh"].into_iter().chain(by_worker.as_deref()) {
        for strategy in STRATEGIES {
            let told = told(strategy, injection, items, fields);
            for (told, expected) in told.iter().zip(&expected) {
                assert_eq!(told, expected, "--strategy {strategy} --inject {injection}");
            }
        }
    }
}

#[test]
fn text_that_a_shell_would_touch() {
    arrive_unchanged(
        &json!([
            "",
            " ",
            "a b",
            " lead and trail ",
            "'",
            "\"",
            "it's \"so\"",
            "$HOME",
            "${PATH}",
            "$(id)",
            "`id`",
            "\\",
            "\\\\n",
            "a\\",
            "\\'",
            "line\nline",
            "ends with newline\n",
            "\n",
            "\t",
            "a\tb",
            "\r\n",
            "*",
            "?",
            "~",
            "!",
            "#",
            ";",
            "&",
            "|",
            ">",
            "a=b",
            "%s%d",
            "-n",
            "-",
            "--",
            "--help",
            "-e",
            ".",
            "..",
            "/",
            "!!",
        ]),
        &[],
    );
}

#[test]
fn text_that_fanout_batch_or_step_functions_would_touch() {
    arrive_unchanged(
        &json!([
            "{}",
            "{index}",
            "{{}}",
            "{",
            "}",
            "{0}",
            "a{}b",
            "Ref::x",
            "Ref::codec",
            "aRef::x",
            "$.x",
            "$$.Map",
            "$",
            "$$",
            "States.Format('{}', $.x)",
            "States.UUID()",
            "{% $x %}",
            "\\{\\}",
            "'a'",
            "null",
            "true",
            "007",
            "1e3",
            "-0",
            "[1]",
            "{\"a\":1}",
            ",",
            ":",
        ]),
        &[],
    );
}

#[test]
fn text_of_the_whole_world() {
    arrive_unchanged(
        &json!(["é", "日本語", "🦀", "\u{feff}bom", "a\u{301}", "\u{202e}right to left", "\u{7f}", "\u{1b}[31m", "\u{1}", "ß\u{0085}"]),
        &[],
    );
}

#[test]
fn values_of_every_kind_beside_each_other() {
    arrive_unchanged(
        &json!([
            null,
            true,
            false,
            0,
            -1,
            1.5,
            -0.0,
            1e300,
            1e-7,
            0.1,
            100.0,
            9_007_199_254_740_993_i64,
            u64::MAX,
            "1",
            "",
            [],
            [1, "a", null],
            {},
            "x"
        ]),
        &[],
    );
}

#[test]
fn objects_with_odd_values() {
    arrive_unchanged(
        &json!([
            {"a": "it's $HOME", "b": "line\nline", "c": "{}"},
            {"a": "", "b": "-n", "c": "Ref::x"},
            {"a": "`x`", "b": "\"", "c": "\\"},
        ]),
        &["a", "b", "c"],
    );
}

#[test]
fn objects_with_different_fields_and_kinds() {
    arrive_unchanged(
        &json!([
            {"a": 1.5, "b": {"deep": [1, {"x": null}]}},
            {"b": null, "c": true},
            {"a": "s", "b": [], "c": "it's"},
            {},
            "no object",
            7,
        ]),
        &["a", "b", "c"],
    );
}
