//! `asl check`: three formats, every kind of file, and the exit codes that a pipeline goes by.

use serde_json::{Value, json};

use crate::support::{Dir, Done, Fanout};

const USAGE: i32 = 2;
const FINDINGS: i32 = 101;

const GOOD: &str = r#"{"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}"#;

/// An error on line 2, a warning on line 4.
const BAD: &str = r#"{
  "StartAt": "Frist",
  "States": {
    "First": {"Type": "Pass", "Parameters": {"é": "$.a"}, "End": true}
  }
}
"#;

/// A warning and nothing else.
const DOUBTFUL: &str = r#"{"StartAt": "S", "States": {"S": {"Type": "Pass", "Parameters": {"a": "$.b"}, "End": true}}}"#;

fn check<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Fanout {
    Fanout::plain(["asl", "check"]).and(arguments)
}

fn codes(findings: &Value) -> Vec<&str> {
    findings.as_array().expect("an array").iter().map(|finding| finding["code"].as_str().expect("a code")).collect()
}

fn quiet(done: Done) -> Done {
    done.stderr_lacks("panicked").stderr_lacks("overflow")
}

#[test]
fn a_good_definition_is_passed_without_a_word_on_standard_output() {
    let dir = Dir::new();
    let done = check([&*dir.file("good.json", GOOD)]).expect_exit(0).stdout_is_empty();
    assert_eq!(done.stderr, "0 errors, 0 warnings in 1 definition\n");
}

#[test]
fn findings_are_shown_with_their_line_and_a_way_out() {
    let dir = Dir::new();
    let path = dir.file("bad.json", BAD);
    let done = check([&*path]).expect_exit(FINDINGS).stderr_contains("2 errors, 1 warning in 1 definition\n");
    let expected = format!(
        r#"error[MISSING_TRANSITION_TARGET]: Missing 'Next' target: Frist
 --> {path}:2:14
  |
2 |   "StartAt": "Frist",
  |              ^^^^^^^
  |
  = at: /StartAt
  = help: did you mean 'First'?

error[MISSING_TRANSITION_TARGET]: State "First" is not reachable.
 --> {path}:4:5
  |
4 |     "First": {{"Type": "Pass", "Parameters": {{"é": "$.a"}}, "End": true}}
  |     ^^^^^^^
  |
  = at: /States/First
  = help: lead to it with a Next, Default or Catch, or remove it

warning[PATH_WITHOUT_SUFFIX]: "$.a" is passed as it is written: only what stands behind a name with .$ is computed
 --> {path}:4:51
  |
4 |     "First": {{"Type": "Pass", "Parameters": {{"é": "$.a"}}, "End": true}}
  |                                                   ^^^^^
  |
  = at: /States/First/Parameters/é
  = help: call it "é.$"

"#
    );
    assert_eq!(done.stdout, expected);
}

#[test]
fn warnings_fail_only_if_they_are_denied() {
    let dir = Dir::new();
    let path = dir.file("doubtful.json", DOUBTFUL);
    check([&*path]).expect_exit(0).stdout_contains("warning[PATH_WITHOUT_SUFFIX]");
    check(["--deny-warnings", &*path]).expect_exit(FINDINGS).stderr_contains("0 errors, 1 warning in 1 definition");
}

#[test]
fn notes_never_fail() {
    let map = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "S",
        "States": {"S": {"Type": "Succeed"}}}}}});
    let done = check(["--deny-warnings", "-"]).stdin(&map.to_string()).expect_exit(0);
    done.stdout_contains("note[MAP_HISTORY_LIMIT]").stderr_contains("0 errors, 0 warnings, 1 note in 1 definition");
}

#[test]
fn findings_are_printed_as_json() {
    let dir = Dir::new();
    let (bad, good) = (dir.file("bad.json", BAD), dir.file("good.json", GOOD));
    let findings = check(["--format", "json", &*bad, &*good]).expect_exit(FINDINGS).json();
    assert_eq!(codes(&findings), ["MISSING_TRANSITION_TARGET", "MISSING_TRANSITION_TARGET", "PATH_WITHOUT_SUFFIX"]);
    let expected = json!({
        "file": bad, "severity": "error", "code": "MISSING_TRANSITION_TARGET", "message": "Missing 'Next' target: Frist",
        "help": "did you mean 'First'?", "pointer": "/StartAt", "line": 2, "column": 14, "endColumn": 21, "start": 15, "end": 22,
    });
    assert_eq!(findings[0], expected);
    assert_eq!(findings[2]["column"], 51);
    let place = findings[2]["start"].as_u64().expect("a place") as usize..findings[2]["end"].as_u64().expect("a place") as usize;
    assert_eq!(&BAD[place], "\"$.a\"");
    assert_eq!(check(["--format", "json", &*good]).expect_exit(0).json(), json!([]));
}

/// The members that SARIF 2.1.0 requires, and those that code scanning looks at.
#[test]
fn findings_are_printed_as_sarif() {
    let dir = Dir::new();
    let done = check(["--format", "sarif", &*dir.file("a b.json", BAD), "-"]).stdin(DOUBTFUL).expect_exit(FINDINGS);
    let log = done.json();
    assert_eq!((&log["version"], &log["$schema"]), (&json!("2.1.0"), &json!("https://json.schemastore.org/sarif-2.1.0.json")));
    let run = &log["runs"][0];
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    assert_eq!((&run["tool"]["driver"]["name"], &run["columnKind"]), (&json!("fanout"), &json!("unicodeCodePoints")));
    assert_eq!(run["invocations"][0]["executionSuccessful"], json!(true));
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().expect("an index") as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string() && result["message"]["text"].is_string());
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().expect("a level")));
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64() >= Some(1) && region["endColumn"].as_u64() > region["startColumn"].as_u64());
    }
    let uri = |at: usize| results[at]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().expect("a uri");
    assert!(uri(0).starts_with("file:///") && uri(0).ends_with("/a%20b.json"), "{}", uri(0));
    assert_eq!(uri(3), "stdin");
    assert_eq!(results[0]["message"]["text"], json!("Missing 'Next' target: Frist\nhelp: did you mean 'First'?"));
    assert_eq!(results[2]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], json!("/States/First/Parameters/é"));
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let dir = Dir::new();
    let (bad, directory) = (dir.file("bad.json", BAD), dir.path().display().to_string());
    let junk = dir.file("junk.json", b"{\"a\":\n \"\xff\xfe\0\"}");
    let done = check(["nosuch.json", &*directory, &*junk, &*bad]).expect_exit(USAGE);
    quiet(done)
        .stderr_contains("error: nosuch.json: No such file or directory")
        .stderr_contains("Is a directory")
        .stderr_contains("junk.json:2:3: this byte is not UTF-8")
        .stderr_contains("hint: a definition is read from the path of a readable file, or from standard input as -")
        .stderr_contains("2 errors, 1 warning in 1 definition; 3 files could not be read")
        .stdout_contains("Frist");
    let log = check(["--format", "sarif", "nosuch.json"]).expect_exit(USAGE).json();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], json!(false));
}

#[test]
fn nothing_to_check_is_a_mistake() {
    check([]).expect_exit(USAGE).stdout_is_empty().stderr_contains("<FILE>...");
    check(["--type", "slow", "x"]).expect_exit(USAGE).stderr_contains("STANDARD, EXPRESS");
}

#[test]
fn no_text_makes_it_fail() {
    let dir = Dir::new();
    for (name, text, words) in [
        ("empty.json", String::new(), "the text is empty"),
        ("comma.json", "{\n\"a\": 1,\n}".into(), "comma.json:3:1"),
        ("yaml.json", "StartAt: S\n".into(), "this looks like YAML"),
        ("deep.json", "[".repeat(10_000_000), "nested deeper than 127 levels"),
        ("wide.json", format!("[{}1]", "1,".repeat(500_000)), "Definition must be a valid JSON object"),
        ("zeros.json", "\0".repeat(1_000_000), "Illegal character ((CTRL-CHAR, code 0))"),
    ] {
        let done = check([&*dir.file(name, text)]).expect_exit(FINDINGS);
        quiet(done).stdout_contains("error[INVALID_JSON_DESCRIPTION]").stdout_contains(words).stderr_contains("1 error, ");
    }
}

#[test]
fn the_type_decides_what_is_refused() {
    let job = json!({"StartAt": "S", "TimeoutSeconds": 60, "States": {"S": {"Type": "Task", "End": true,
        "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": {"JobName": "j", "JobQueue": "q", "JobDefinition": "d"}}}});
    let with = |name: &str| check(["--type", name, "-"]).stdin(&job.to_string());
    with("STANDARD").expect_exit(0).stdout_is_empty();
    with("EXPRESS").expect_exit(FINDINGS).stdout_contains("Express state machine does not support '.sync' service integration");
}

/// What fanout writes itself has no errors.
#[test]
fn the_documents_of_a_run_are_not_refused() {
    for strategy in ["map", "parallel"] {
        let document =
            Fanout::plain(["asl", "-s", strategy, "--items", "1-6", "--retries", "2"]).command(["echo", "{}"]).expect_exit(0).stdout;
        check(["-"]).stdin(&document).expect_exit(0).stderr_contains("0 errors");
    }
}

#[test]
fn a_definition_is_drawn() {
    let dir = Dir::new();
    let path = dir.file("good.json", GOOD);
    Fanout::plain(["asl", "graph", &path]).expect_exit(0).stdout_contains("flowchart").stderr_is_empty();
    Fanout::plain(["asl", "graph", "-"]).stdin(GOOD).expect_exit(0).stdout_contains("flowchart");
    let out = dir.path().join("out.svg").display().to_string();
    Fanout::plain(["asl", "graph", "--format", "svg", "-o", &out, &path]).expect_exit(0).stdout_is_empty();
    assert!(dir.read("out.svg").contains("<svg"));
    Fanout::plain(["asl", "graph", "-"]).stdin("{").expect_exit(USAGE).stderr_contains("fanout asl check");
    let nowhere = dir.path().join("no/such/out.svg").display().to_string();
    Fanout::plain(["asl", "graph", "-o", &nowhere, &path]).expect_exit(USAGE).stderr_contains("hint: -o takes the path");
}

#[test]
fn every_rule_is_in_the_documentation() {
    let text = include_str!("../../docs/check.md");
    let log = check(["--format", "sarif", "-"]).stdin(GOOD).expect_exit(0).json();
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.len() > 30, "{} rules", rules.len());
    for rule in rules {
        let (id, level) = (rule["id"].as_str().expect("an id"), rule["defaultConfiguration"]["level"].as_str().expect("a level"));
        let row = format!("| `{id}` | {level} | {} |", rule["shortDescription"]["text"].as_str().expect("a text"));
        assert!(text.contains(&row), "docs/check.md lacks {row}");
    }
}
