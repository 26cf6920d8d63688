//! `asl` and `--dry-run` print what `run` submits.

use serde_json::{Value, json};

use crate::support::{Fanout, STRATEGIES};

/// The same with the fan-out's own name taken out.
fn unnamed(value: &Value, run_id: &str) -> String {
    value.to_string().replace(run_id, "RUN-ID")
}

fn dry_run(strategy: &str, items: &str) -> Value {
    Fanout::run(["--dry-run", "-s", strategy, "--items", items])
        .command(["echo", "{}"])
        .expect_exit(0)
        .stderr_is_empty()
        .nothing_was_begun()
        .json()
}

/// The fan-out's name, as every job's name holds it.
fn run_id_of(document: &str) -> &str {
    let at = document.find("\"JobDefinition\":\"fanout-").expect("a definition") + "\"JobDefinition\":\"fanout-".len();
    &document[at..at + document[at..].find('"').expect("its end")]
}

#[test]
fn asl_and_dry_run_print_the_same_document() {
    for strategy in ["map", "distributed-map", "parallel"] {
        for items in ["1-6", r#"["it's", {"a": [1, null]}]"#] {
            let plan = dry_run(strategy, items);
            let create = plan["calls"].as_array().expect("calls").iter().find(|call| call["operation"] == "CreateStateMachine");
            let definition = create.expect("a state machine")["input"]["definition"].as_str().expect("a definition").to_owned();
            let from_plan: Value = serde_json::from_str(&definition).expect("JSON");
            let from_asl = Fanout::plain(["asl", "-s", strategy, "--items", items]).command(["echo", "{}"]).expect_exit(0).json();
            let name = plan["run"].as_str().expect("a name");
            let printed = from_asl.to_string();
            assert_eq!(unnamed(&from_plan, name), unnamed(&from_asl, run_id_of(&printed)), "{strategy} {items}");
        }
    }
}

#[test]
fn a_dry_run_starts_nothing_and_names_the_calls_in_order() {
    for strategy in STRATEGIES {
        let plan = dry_run(strategy, "1-6");
        let operations: Vec<&str> =
            plan["calls"].as_array().expect("calls").iter().map(|call| call["operation"].as_str().expect("a name")).collect();
        let expected: &[&str] = match strategy {
            "array" | "multi-node" => &["RegisterJobDefinition", "SubmitJob"],
            "submit" => &["RegisterJobDefinition", "SubmitJob", "SubmitJob", "SubmitJob", "SubmitJob", "SubmitJob", "SubmitJob"],
            _ => &["RegisterJobDefinition", "CreateStateMachine", "StartExecution"],
        };
        assert_eq!(operations, expected, "{strategy}");
        assert_eq!((&plan["strategy"], &plan["size"]), (&json!(strategy), &json!(6)));
    }
}

#[test]
fn the_array_strategy_has_no_document_and_says_why_not() {
    Fanout::plain(["asl", "--strategy", "array", "--items", "1-6"])
        .command(["true"])
        .expect_exit(2)
        .stdout_is_empty()
        .stderr_contains("error: the array strategy has no document")
        .stderr_contains("fanout run --strategy array --dry-run");
}

#[test]
fn what_cannot_be_run_here_can_still_be_planned() {
    Fanout::run(["--dry-run", "--items", "1-2", "--image", "repo/etl:7", "--queue", "arn:aws:batch:eu-west-1:111122223333:job-queue/q"])
        .command(["/only/in/the/image"])
        .expect_exit(0)
        .stdout_contains("/only/in/the/image")
        .stdout_contains("job-queue/q");
}
