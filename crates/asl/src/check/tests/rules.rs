//! One finding for each rule, and what keeps it quiet.

use serde_json::{Value, json};

use super::super::{MachineType, RULES};
use super::{codes, codes_as, extend, job, machine, map_of, of_state};

const MAP_NOTE: &str = "note MAP_HISTORY_LIMIT /States/S";

#[test]
fn maps_of_job_descriptions_overflow() {
    let overflow = ["warning MAP_RESULT_OVERFLOW /States/S", MAP_NOTE];
    assert_eq!(of_state(map_of(job(json!({})), json!({}))), overflow);
    assert_eq!(of_state(map_of(job(json!({"ResultPath": "$.job"})), json!({"ResultPath": "$.all"}))), overflow);
    for (task, map) in [
        (json!({"ResultPath": null}), json!({})),
        (json!({"ResultSelector": {"id.$": "$.JobId"}}), json!({})),
        (json!({"ResultPath": "$.job", "OutputPath": "$.item"}), json!({})),
        (json!({}), json!({"ResultPath": null})),
        (json!({}), json!({"ResultSelector": {"n.$": "States.ArrayLength($)"}})),
    ] {
        assert_eq!(of_state(map_of(job(task.clone()), map.clone())), [MAP_NOTE], "{task} {map}");
    }
}

#[test]
fn a_description_is_followed_to_the_end_of_its_iteration() {
    let with = |last: Value| {
        let states = json!({
            "T": job(json!({"Next": "C"})),
            "C": {"Type": "Choice", "Choices": [{"Variable": "$.Status", "StringEquals": "x", "Next": "F"}], "Default": "L"},
            "F": {"Type": "Fail"},
            "L": last,
        });
        let codes = of_state(json!({"Type": "Map", "ItemProcessor": {"StartAt": "T", "States": states}}));
        codes.iter().any(|code| code.contains("MAP_RESULT_OVERFLOW"))
    };
    assert!(with(json!({"Type": "Succeed"})));
    assert!(with(json!({"Type": "Pass", "End": true})));
    assert!(!with(json!({"Type": "Pass", "Result": 1, "End": true})));
    assert!(!with(json!({"Type": "Pass", "Parameters": {"id.$": "$.JobId"}, "End": true})));
    assert!(!with(json!({"Type": "Succeed", "OutputPath": "$.JobId"})));
}

#[test]
fn numbers_are_no_strings_for_batch() {
    let value = |value: &str| {
        let environment = json!([{"Name": "N", "Value.$": value}]);
        let parameters = json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d", "ContainerOverrides": {"Environment": environment}});
        let selector = json!({"n.$": "$$.Map.Item.Index", "t.$": "States.Format('{}', $$.Map.Item.Value)"});
        let map = map_of(job(json!({"Parameters": parameters, "ResultPath": null})), json!({"ItemSelector": selector}));
        of_state(map).into_iter().filter(|code| code.contains("BATCH_VALUE")).collect::<Vec<_>>()
    };
    let at = "/States/S/ItemProcessor/States/T/Parameters/ContainerOverrides/Environment/0/Value.$";
    for number in ["$.n", "States.MathAdd($.x, 1)", "States.ArrayLength($.x)", "$$.Map.Item.Index", "$$.Map.Item.Value"] {
        assert_eq!(value(number), [format!("warning BATCH_VALUE_NOT_STRING {at}")], "{number}");
    }
    for text in ["$.t", "$.x", "States.Format('{}', $.n)", "$$.Execution.Id"] {
        assert_eq!(value(text), [""; 0], "{text}");
    }
}

#[test]
fn numbers_that_batch_refuses() {
    let with = |more: Value| {
        let mut parameters = json!({"JobName": "j", "JobQueue": "q", "JobDefinition": "d"});
        extend(&mut parameters, more);
        of_state(job(json!({"Parameters": parameters})))
    };
    let at = "warning BATCH_LIMIT /States/S/Parameters";
    assert_eq!(with(json!({"ArrayProperties": {"Size": 1}})), [format!("{at}/ArrayProperties/Size")]);
    assert_eq!(with(json!({"ArrayProperties": {"Size": 10_001}})), [format!("{at}/ArrayProperties/Size")]);
    assert_eq!(with(json!({"Timeout": {"AttemptDurationSeconds": 59}})), [format!("{at}/Timeout/AttemptDurationSeconds")]);
    assert_eq!(with(json!({"RetryStrategy": {"Attempts": 11}})), [format!("{at}/RetryStrategy/Attempts")]);
    assert_eq!(with(json!({"ArrayProperties": {"Size": 10_000}, "Timeout": {"AttemptDurationSeconds": 60}})), [""; 0]);
}

#[test]
fn rules_that_never_match() {
    let retry = |rules: Value| of_state(job(json!({"Retry": rules})));
    let shadowed = |at: &str| format!("warning HANDLER_SHADOWED /States/S/Retry/{at}");
    assert_eq!(retry(json!([{"ErrorEquals": ["A", "B"]}, {"ErrorEquals": ["C", "A"]}])), [shadowed("1/ErrorEquals/1")]);
    let never = json!([{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 0}, {"ErrorEquals": ["Batch.ServerException"]}]);
    assert_eq!(retry(never), [shadowed("1/ErrorEquals/0")]);
    assert_eq!(retry(json!([{"ErrorEquals": ["A"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"]}])), [""; 0]);
    assert_eq!(retry(json!([{"ErrorEquals": ["States.TaskFailed"]}, {"ErrorEquals": ["States.Timeout"]}])), [""; 0]);
    assert_eq!(retry(json!([{"ErrorEquals": ["States.Runtime"]}])), ["warning RUNTIME_ERROR_HANDLED /States/S/Retry/0/ErrorEquals/0"]);
    assert_eq!(retry(json!([{"ErrorEquals": ["States.TimeOut"]}])), ["warning UNKNOWN_ERROR_NAME /States/S/Retry/0/ErrorEquals/0"]);
    assert_eq!(retry(json!([{"ErrorEquals": ["States.Http.StatusCode.429", "Own.Error"]}])), [""; 0]);
}

#[test]
fn errors_that_nobody_takes() {
    let caught = |errors: Value| of_state(job(json!({"Catch": [{"ErrorEquals": errors, "Next": "X"}]})));
    assert_eq!(caught(json!(["States.TaskFailed"])), ["warning CATCH_MISSES_TIMEOUT /States/S/Catch/0/ErrorEquals/0"]);
    assert_eq!(caught(json!(["States.TaskFailed", "States.Timeout"])), [""; 0]);
    assert_eq!(caught(json!(["States.ALL"])), [""; 0]);
    let lambda = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"});
    let map = |catch: Value, task: Value| of_state(map_of(task, json!({"Catch": catch})));
    let all = json!([{"ErrorEquals": ["States.ALL"], "Next": "X"}]);
    let limit = "warning CATCH_MISSES_DATA_LIMIT /States/S/Catch/0/ErrorEquals";
    assert_eq!(map(all.clone(), lambda.clone()), [MAP_NOTE, limit]);
    let named = json!([{"ErrorEquals": ["States.DataLimitExceeded"], "Next": "X"}, {"ErrorEquals": ["States.ALL"], "Next": "X"}]);
    assert_eq!(map(named, lambda), [MAP_NOTE]);
    assert_eq!(map(all, json!({"Type": "Pass"})), [MAP_NOTE]);
}

#[test]
fn retries_that_do_all_of_it_again() {
    let retry = json!({"Retry": [{"ErrorEquals": ["States.ALL"]}]});
    let quiet = job(json!({"ResultPath": null}));
    assert_eq!(of_state(map_of(quiet.clone(), retry.clone())), [MAP_NOTE, "warning RETRY_RERUNS_ALL /States/S/Retry/0"]);
    assert_eq!(of_state(map_of(json!({"Type": "Pass"}), retry.clone())), [MAP_NOTE]);
    assert_eq!(of_state(map_of(quiet.clone(), json!({"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]}))), [MAP_NOTE]);
    let mut parameters = quiet["Parameters"].clone();
    assert_eq!(of_state(job(retry.clone())), [""; 0]);
    parameters["ArrayProperties"] = json!({"Size": 100});
    let mut array = job(retry);
    array["Parameters"] = parameters;
    assert_eq!(of_state(array), ["warning RETRY_RERUNS_ALL /States/S/Retry/0"]);
}

#[test]
fn tasks_that_may_wait_for_ever() {
    let task = |resource: &str, more: Value| {
        let mut task = json!({"Type": "Task", "Resource": resource});
        extend(&mut task, more);
        task
    };
    let sync = task("arn:aws:states:::states:startExecution.sync:2", json!({}));
    assert_eq!(of_state(sync.clone()), ["warning TASK_WITHOUT_TIMEOUT /States/S"]);
    assert_eq!(
        codes(&json!({"StartAt": "S", "TimeoutSeconds": 9, "States": {"S": map_of(sync, json!({}))["ItemProcessor"]["States"]["T"]}})),
        [""; 0]
    );
    assert_eq!(of_state(task("arn:aws:states:::states:startExecution", json!({}))), [""; 0]);
    let branch = |at: usize| {
        let task = task("arn:aws:states:::batch:submitJob.sync", json!({"Parameters": job(json!({}))["Parameters"], "End": true}));
        json!({"StartAt": format!("B{at}"), "States": {format!("B{at}"): task}})
    };
    let many = of_state(json!({"Type": "Parallel", "Branches": (0..10).map(branch).collect::<Vec<_>>()}));
    assert_eq!(many, ["warning TASK_WITHOUT_TIMEOUT /States/S/Branches/0/States/B0"]);
    assert_eq!(of_state(task("arn:aws:lambda:eu-west-1:123456789012:function:f", json!({}))), [""; 0]);
}

#[test]
fn callbacks_need_a_token_and_an_end() {
    let task = |parameters: Value, more: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": parameters});
        extend(&mut task, more);
        of_state(task)
    };
    let token = json!({"MessageBody": {"Token.$": "$$.Task.Token"}});
    assert_eq!(task(token.clone(), json!({})), ["warning CALLBACK_WITHOUT_HEARTBEAT /States/S"]);
    assert_eq!(task(token.clone(), json!({"HeartbeatSeconds": 60})), [""; 0]);
    assert_eq!(task(token, json!({"TimeoutSeconds": 60})), [""; 0]);
    assert_eq!(task(json!({"MessageBody.$": "$$"}), json!({"TimeoutSeconds": 60})), [""; 0]);
    let nobody = task(json!({"MessageBody.$": "$.body"}), json!({"TimeoutSeconds": 60}));
    assert_eq!(nobody, ["warning CALLBACK_WITHOUT_TOKEN /States/S/Parameters"]);
}

#[test]
fn integrations_that_do_not_exist() {
    for (resource, is_found) in [
        ("arn:aws:states:::batch:submitjob.sync", true),
        ("arn:aws:states:::batch:describeJobs", true),
        ("arn:aws:states:::aws-sdk:glue:startJobRun.sync", true),
        ("arn:aws:states:::aws-sdk:batch:describeJobs", false),
        ("arn:aws:states:::dynamodb:updateItem", false),
        ("arn:aws:states:::lambda:invoke.sync", true),
        ("arn:aws:states:::dynamodb:getItem.waitForTaskToken", true),
        ("arn:aws:states:::ecs:runTask.waitForTaskToken", false),
        ("arn:aws:states:::newservice:anything", true),
        ("arn:aws:states:::aws-sdk:nosuch:doIt", true),
        ("arn:aws:states:::${Service}:anything", false),
    ] {
        let found = of_state(json!({"Type": "Task", "Resource": resource, "Parameters": {}}));
        assert_eq!(found == ["error SCHEMA_VALIDATION_FAILED /States/S/Resource"], is_found, "{resource}: {found:?}");
    }
}

#[test]
fn choices_that_leave_something_out() {
    let choice = |choices: Value| of_state(json!({"Type": "Choice", "Choices": choices}));
    let rule = |operator: &str, value: Value| json!({"Variable": "$.a", operator: value, "Next": "X"});
    let found = ["warning CHOICE_WITHOUT_DEFAULT /States/S"];
    assert_eq!(choice(json!([rule("StringEquals", json!("a")), rule("StringEquals", json!("b"))])), found);
    assert_eq!(choice(json!([rule("NumericLessThan", json!(1)), rule("NumericGreaterThanEquals", json!(2))])), found);
    for whole in [
        json!([rule("BooleanEquals", json!(true)), rule("BooleanEquals", json!(false))]),
        json!([rule("IsPresent", json!(true)), rule("IsPresent", json!(false))]),
        json!([rule("NumericLessThan", json!(1)), rule("NumericGreaterThanEquals", json!(1))]),
        json!([rule("StringEquals", json!("a")), {"Not": {"Variable": "$.a", "StringEquals": "a"}, "Next": "X"}]),
    ] {
        assert_eq!(choice(whole.clone()), [""; 0], "{whole}");
    }
}

#[test]
fn loops_without_a_way_out() {
    let circle = json!({
        "C": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "A"}], "Default": "End"},
        "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Wait", "Seconds": 1, "Next": "A"}, "End": {"Type": "Succeed"},
    });
    assert_eq!(codes(&machine(circle)), ["warning ENDLESS_LOOP /States/A"]);
    let way_out = json!({"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": "A",
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "End"}]}, "End": {"Type": "Succeed"}});
    assert_eq!(codes(&machine(way_out)), [""; 0]);
    let choice = |more: Value| {
        let mut choice = json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "X"}], "Default": "S"});
        extend(&mut choice, more);
        of_state(choice)
    };
    assert_eq!(choice(json!({})), ["warning SELF_LOOP /States/S/Default"]);
    assert_eq!(choice(json!({"OutputPath": "$.a"})), [""; 0]);
}

#[test]
fn polling_wants_a_pause() {
    let with = |action: &str, back: &str, parameters: Value| {
        let states = json!({
            "Ask": {"Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:batch:{action}"), "Parameters": parameters, "Next": "Done"},
            "Done": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "End"}], "Default": back},
            "Pause": {"Type": "Wait", "Seconds": 9, "Next": "Ask"}, "End": {"Type": "Succeed"},
        });
        codes(&machine(states)).into_iter().filter(|code| !code.contains("Pause")).collect::<Vec<_>>()
    };
    assert_eq!(with("describeJobs", "Ask", json!({})), ["warning POLL_WITHOUT_WAIT /States/Ask"]);
    assert_eq!(with("describeJobs", "Pause", json!({})), [""; 0]);
    assert_eq!(with("describeJobQueues", "Ask", json!({"NextToken.$": "$.NextToken"})), [""; 0]);
    assert_eq!(with("submitJob", "Ask", json!({})), [""; 0]);
}

#[test]
fn the_item_is_read_in_the_selector() {
    let inner = map_of(json!({"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Value"}}), json!({}));
    assert_eq!(of_state(inner), [MAP_NOTE, "warning MAP_ITEM_IN_STATES /States/S/ItemProcessor/States/T/Parameters/a.$"]);
    let selector = json!({"ItemSelector": {"a.$": "$$.Map.Item.Value", "words": "$$.Map.Item is documented"}});
    assert_eq!(of_state(map_of(json!({"Type": "Pass"}), selector)), [MAP_NOTE]);
    let outside = json!({"Type": "Pass", "Parameters": {"a.$": "$$.Map.Item.Value"}});
    assert_eq!(of_state(outside), ["warning MAP_ITEM_OUTSIDE_MAP /States/S/Parameters/a.$"]);
}

#[test]
fn paths_that_are_not_computed() {
    let pass = |parameters: Value| of_state(json!({"Type": "Pass", "Parameters": parameters}));
    let at = |at: &str| format!("warning PATH_WITHOUT_SUFFIX /States/S/Parameters/{at}");
    assert_eq!(pass(json!({"a": "$.x"})), [at("a")]);
    assert_eq!(pass(json!({"a": {"b": ["c", "States.UUID()"]}})), [at("a/b/1")]);
    assert_eq!(pass(json!({"a": "$$.Execution.Id"})), [at("a")]);
    assert_eq!(pass(json!({"ExpressionAttributeValues": {":a": {"S": "$.a"}}})), [at("ExpressionAttributeValues/:a/S")]);
    for parameters in [
        json!({"a.$": "$.x", "price": "$5.00", "words": "$.x is a path", "all": "$"}),
        json!({"InputTransformer": {"InputPathsMap": {"id": "$.detail.id"}}}),
        json!({"KeyConditionExpression": "$.x", "mappingTemplate": "$.y"}),
        json!({"Definition": {"States": {"P": {"InputPath": "$.x"}}}}),
    ] {
        assert_eq!(pass(parameters.clone()), [""; 0], "{parameters}");
    }
    assert_eq!(of_state(json!({"Type": "Fail", "Cause": "$.cause"})), ["warning PATH_WITHOUT_SUFFIX /States/S/Cause"]);
    let choice = json!({"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": "$.b", "Next": "X"}], "Default": "X"});
    assert_eq!(of_state(choice), ["warning PATH_WITHOUT_SUFFIX /States/S/Choices/0/StringEquals"]);
    assert_eq!(of_state(json!({"Type": "Pass", "Result": {"a.$": "$.b"}})), ["warning PATH_IN_RESULT /States/S/Result/a.$"]);
    let range = json!({"Type": "Pass", "Parameters": {"a.$": "States.ArrayRange(1, 1001, 1)", "b.$": "States.ArrayRange(1, 1000, 1)"}});
    assert_eq!(of_state(range), ["warning ARRAY_RANGE_LIMIT /States/S/Parameters/a.$"]);
    let expression = json!({"Type": "Pass", "Parameters": {"a": "{% $states.input.a %}", "b": "use {% if %}"}});
    assert_eq!(of_state(expression), ["warning JSONATA_IN_JSONPATH /States/S/Parameters/a"]);
}

#[test]
fn limits_of_numbers() {
    let pass = json!({"Type": "Pass"});
    let many = of_state(map_of(pass.clone(), json!({"MaxConcurrency": 41})));
    assert_eq!(many, [MAP_NOTE, "warning MAP_CONCURRENCY_LIMIT /States/S/MaxConcurrency"]);
    assert_eq!(of_state(map_of(pass, json!({"MaxConcurrency": 40}))), [MAP_NOTE]);
    assert_eq!(of_state(json!({"Type": "Wait", "Seconds": 40_000_000})), ["warning WAIT_TOO_LONG /States/S/Seconds"]);
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "TimeoutSeconds": 9, "End": true});
    let wide = |branches: usize| {
        let branch = |at: usize| json!({"StartAt": format!("B{at}"), "States": {format!("B{at}"): task}});
        of_state(json!({"Type": "Parallel", "Branches": (0..branches).map(branch).collect::<Vec<_>>()}))
    };
    assert_eq!(wide(4_165), [""; 0]);
    assert_eq!(wide(4_166), ["warning HISTORY_OVERFLOW /States/S"]);
    let large = |size: usize| codes(&machine(json!({"S": {"Type": "Succeed", "Comment": "x".repeat(size)}})));
    assert_eq!(large(900_000), [""; 0]);
    assert_eq!(large(1_000_000), ["warning DEFINITION_NEARLY_TOO_LARGE "]);
    assert_eq!(large(1_048_576), ["error DEFINITION_TOO_LARGE "]);
}

#[test]
fn express_machines_do_not_wait_for_jobs() {
    let express = |state: Value| codes_as(&machine(json!({"S": state})), MachineType::Express);
    let mut task = job(json!({"End": true}));
    assert_eq!(express(task.clone()), ["error SCHEMA_VALIDATION_FAILED /States/S/Resource"]);
    task["Resource"] = json!("arn:aws:states:::batch:submitJob");
    assert_eq!(express(task), [""; 0]);
    assert_eq!(express(json!({"Type": "Wait", "Seconds": 300, "End": true})), ["warning WAIT_TOO_LONG /States/S/Seconds"]);
    let mut map = map_of(json!({"Type": "Pass"}), json!({"End": true}));
    assert_eq!(express(map.clone()), [""; 0]);
    map["ItemProcessor"]["ProcessorConfig"] = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    assert_eq!(express(map), ["error SCHEMA_VALIDATION_FAILED /States/S/ItemProcessor"]);
}

#[test]
fn codes_are_stable_and_named_once() {
    let mut codes: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), RULES.len());
    assert!(RULES.iter().all(|rule| rule.summary.ends_with('.')));
}
