//! `asl run`: an execution's output, its trace, its mocks, and the exit codes.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::{Dir, Fanout};

const USAGE: i32 = 2;
const FAILED: i32 = 100;
const FINDINGS: i32 = 101;

const ETL: &str = r#"{"StartAt": "Etl", "States": {
    "Etl": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "Next": "Nap",
        "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 600, "MaxAttempts": 2}]},
    "Nap": {"Type": "Wait", "Seconds": 86400, "End": true}}}"#;

fn asl_run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Fanout {
    Fanout::plain(["asl", "run"]).and(arguments)
}

#[test]
fn the_output_is_data_and_the_trace_is_talk() {
    let dir = Dir::new();
    let file =
        dir.file("d.json", r#"{"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"b": 1}, "ResultPath": "$.a", "End": true}}}"#);
    let done =
        asl_run([&*file, "--input", r#"{"month": 3}"#]).expect_exit(0).stderr_contains(r#"PassStateEntered          P  {"month": 3}"#);
    assert_eq!(done.json(), json!({"month": 3, "a": {"b": 1}}));
    let input = dir.file("input.json", "[1]");
    asl_run([&*file, "--quiet", "--input-file", &*input])
        .expect_exit(FAILED)
        .stdout_is_empty()
        .stderr_contains("error: the execution failed");
    let quiet = asl_run([&*file, "--quiet"]).expect_exit(0).stderr_is_empty();
    assert_eq!(quiet.stdout, "{\"a\":{\"b\":1}}\n");
}

#[test]
fn mocks_answer_tasks_attempt_by_attempt_and_waits_can_be_skipped() {
    let dir = Dir::new();
    let file = dir.file("etl.json", ETL);
    let mocks = dir.file("mocks.json", r#"{"Etl": {"0-1": {"Throw": {"Error": "Busy"}}, "2": {"Return": {"rows": 7}}}}"#);
    let history = dir.path().join("history.json").display().to_string();
    let done = asl_run([&*file, "--mock", &*mocks, "--skip-waits", "--history", &*history]).expect_exit(0);
    assert_eq!(done.json(), json!({"rows": 7}));
    let events: Value = serde_json::from_str(&dir.read("history.json")).expect("a history");
    let events = events["events"].as_array().expect("events");
    let count = |kind: &str| events.iter().filter(|event| event["type"] == kind).count();
    assert_eq!((count("TaskFailed"), count("TaskSucceeded"), count("ExecutionSucceeded")), (2, 1, 1));
    let time = |event: Option<&Value>| event.and_then(|event| event["timestamp"].as_f64()).expect("a time");
    assert!(time(events.last()) - time(events.first()) >= 86_400.0 + 1_800.0, "no time passed for the execution");
}

#[test]
fn a_test_case_of_step_functions_locals_file_is_chosen_by_name() {
    let dir = Dir::new();
    let file = dir.file("etl.json", ETL);
    let mocks = json!({
        "StateMachines": {"Etl": {"TestCases": {"Good": {"Etl": "Done"}, "Bad": {"Etl": "Broken"}}}},
        "MockedResponses": {"Done": {"0": {"Return": 1}}, "Broken": {"0": {"Throw": {"Error": "E", "Cause": "c"}}}},
    });
    let mocks = dir.file("MockConfigFile.json", mocks.to_string());
    let case = |name: &str| asl_run([&*file, "--mock", &*mocks, "--skip-waits", "--case", name]);
    assert_eq!(case("Good").expect_exit(0).stdout, "1\n");
    case("Etl.Bad").expect_exit(FAILED).stdout_is_empty().stderr_contains("error: the execution failed: E: c");
    case("Ugly").expect_exit(USAGE).stderr_contains("it has Etl.Good, Etl.Bad").stderr_contains("hint: name a test case with --case NAME");
}

#[test]
fn a_task_that_cannot_be_run_fails_with_awss_error() {
    let dir = Dir::new();
    let batch = r#"{"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync",
        "Parameters": {"JobName": "n", "JobQueue": "nowhere", "JobDefinition": "d"}, "End": true}}}"#;
    asl_run([&*dir.file("batch.json", batch)]).expect_exit(FAILED).stderr_contains("Batch.ClientException").stderr_contains("nowhere");
    asl_run([&*dir.file("lambda.json", ETL)]).expect_exit(FAILED).stderr_contains("is not available in this engine");
}

#[test]
fn what_cannot_be_run_is_refused_before_anything_starts() {
    let dir = Dir::new();
    let file = dir.file("etl.json", ETL);
    asl_run(["nowhere.json"]).expect_exit(USAGE).stderr_contains("error: nowhere.json: No such file");
    asl_run([&*file, "--input", "{"]).expect_exit(USAGE).stderr_contains("error: the input is not JSON");
    asl_run([&*file, "--mock", "nowhere.json"]).expect_exit(USAGE).stderr_contains("error: nowhere.json");
    asl_run([&*file, "--case", "A"]).expect_exit(USAGE);
    let mocks = dir.file("mocks.json", r#"{"Elt": {"Return": 1}}"#);
    asl_run([&*file, "--mock", &*mocks]).expect_exit(USAGE).stderr_contains("\"Elt\" is no Task state of the definition: it has Etl");
    let bad = dir.file("bad.json", r#"{"StartAt": "X", "States": {"S": {"Type": "Succeed"}}}"#);
    let refused = asl_run([&*bad]).expect_exit(FINDINGS).stdout_is_empty();
    refused
        .stderr_contains("Missing 'Next' target: X")
        .stderr_contains("hint: all that is wrong with it, and where, is told by: fanout asl check");
    asl_run(["-", "--input-file", "-"]).stdin("{}").expect_exit(FINDINGS);
}

#[test]
fn the_first_signal_stops_the_execution_and_the_trace_ends_with_it() {
    let dir = Dir::new();
    let file = dir.file("nap.json", r#"{"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": true}}}"#);
    let mut running = asl_run([&*file]).stdout(Stdio::piped()).start();
    running.wait_until("the wait", |running| running.has_told("WaitStateEntered") == 1).signal("INT");
    running.expect_exit(130).stdout_is_empty().stderr_contains("ExecutionAborted").stderr_contains("error: the execution was stopped");
}

#[test]
fn a_loop_without_an_end_is_stopped_like_everything_else() {
    let dir = Dir::new();
    let file = dir.file("loop.json", r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "C"},
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 0, "Next": "Z"}], "Default": "A"}, "Z": {"Type": "Succeed"}}}"#);
    asl_run([&*file, "--quiet", "--input", r#"{"n": 0}"#]).expect_exit(FAILED).stderr_contains("maximum number of history events");
    let mut running = asl_run([&*file, "--quotas", "off", "--input", r#"{"n": 0}"#]).stdout(Stdio::null()).start();
    running.wait_until("the first lap", |running| running.has_told("ChoiceStateEntered") > 0).signal("INT");
    running.expect_exit(130);
}

#[test]
fn what_cannot_be_kept_or_is_too_much_is_refused_before_anything_runs() {
    let dir = Dir::new();
    let file = dir.file("etl.json", ETL);
    let refused = asl_run([&*file, "--history", "nowhere/h.json"]).expect_exit(USAGE).stdout_is_empty();
    refused.stderr_contains("hint: --history takes").stderr_lacks("ExecutionStarted");
    let long = format!("\"{}\"", "x".repeat(262_143));
    asl_run([&*file, "--input-file", &*dir.file("long.json", long)])
        .expect_exit(USAGE)
        .stderr_contains("262144")
        .stderr_lacks("ExecutionStarted");
    asl_run(["/dev/zero"]).expect_exit(USAGE).stderr_contains("no definition has 16 MiB");
}
