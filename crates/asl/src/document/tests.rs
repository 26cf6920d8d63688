//! Creation-time checks: which findings, with which codes, words and locations.

mod jsonata;

use serde_json::{Value, json};

use super::{Definition, MachineType};
use crate::api::{ApiError, ValidationDiagnostic};

/// All findings, as AWS joins them: `CODE: message at location`.
fn findings(document: &str) -> Vec<String> {
    let problems = Definition::read(document, MachineType::Standard).err().unwrap_or_default();
    let show = |problem: ValidationDiagnostic| {
        let location = problem.location.map_or_else(String::new, |at| format!(" at {at}"));
        format!("{}: {}{location}", problem.code, problem.message)
    };
    problems.into_iter().map(show).collect()
}

fn of(document: &Value) -> Vec<String> {
    findings(&document.to_string())
}

/// One state `S` that ends.
fn of_state(state: Value) -> Vec<String> {
    let mut state = state;
    if !matches!(state["Type"].as_str(), Some("Succeed" | "Fail" | "Choice")) && state.get("Next").is_none() {
        state["End"] = true.into();
    }
    of(&json!({"StartAt": "S", "States": {"S": state}}))
}

fn schema(message: &str, at: &str) -> Vec<String> {
    vec![format!("SCHEMA_VALIDATION_FAILED: {message} at {at}")]
}

/// Recorded by LocalStack's `test_sfn_api_validation`, or quoted from AWS's answers in public issues.
#[test]
fn recorded_findings() {
    assert_eq!(of(&json!({})), schema("These fields are required: [States, StartAt]", "/"));
    assert_eq!(of(&json!([])), ["INVALID_JSON_DESCRIPTION: Definition must be a valid JSON object"]);
    assert_eq!(
        of(&json!({"StartAt": "pass1", "States": {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": {"Type": "Pass", "End": true}}})),
        [
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next",
            "MISSING_TRANSITION_TARGET: State \"pass2\" is not reachable. at /States/pass2",
        ]
    );
    let circle = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}});
    assert_eq!(of(&circle), ["MISSING_END_STATE: Workflow has no terminal state"]);
    assert_eq!(of_state(json!({"Type": "Pass", "Retry": []})), schema("Field 'Retry' is not supported", "/States/S"));
    assert_eq!(
        of_state(json!({"Type": "Wait", "Timestamp": "2016-13-05T21:29:29Z"})),
        schema("String does not match RFC3339 timestamp", "/States/S/Timestamp")
    );
    let illegal = json!({"Type": "Pass", "Parameters": {"parsed.$": "States.Format('He said, \\\"Hello, {}!\\\"', 'x')"}});
    let words = "The value for the field 'parsed.$' must be a valid JSONPath or a valid intrinsic function call";
    assert_eq!(of_state(illegal), schema(words, "/States/S/Parameters"));
    let words = "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map]";
    assert_eq!(of(&json!({"StartAt": "S", "States": {"S": {"Type": "Nope"}}}))[0], schema(words, "/States/S/Type")[0]);
    assert_eq!(of_state(json!({"Type": "Parallel", "Branches": []})), schema("Value cannot be empty", "/States/S/Branches"));
    let task = json!({"Type": "Task", "Resource": "nothing"});
    assert_eq!(of_state(task), schema("Value is not a valid resource ARN", "/States/S/Resource"));
}

#[test]
fn targets_are_found_wherever_they_stand() {
    let choice = json!({"Type": "Choice", "Choices": [{"Variable": "$", "IsNull": true, "Next": "X"}, {"Variable": "$", "IsNull": true}], "Default": "Y"});
    let task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Catch": [{"ErrorEquals": ["E"], "Next": "Z"}], "End": true});
    assert_eq!(
        of(&json!({"StartAt": "W", "States": {"C": choice, "T": task}})),
        [
            "SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/C/Choices[1]",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/C/Default",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/C/Choices[0]/Next",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: Z at /States/T/Catch[0]/Next",
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: W at /StartAt",
            "MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C",
            "MISSING_TRANSITION_TARGET: State \"T\" is not reachable. at /States/T",
        ]
    );
}

/// Recorded: of a state of a type that there is not, AWS says that and nothing of transitions. A problem that is nowhere is
/// quoted in floci-io/floci#2735.
#[test]
fn transitions_are_told_of_once_the_fields_are_right() {
    let told = |document: Value| {
        let problems = Definition::parse(&document.to_string()).err().unwrap_or_default();
        ApiError::invalid_definition(&problems).message
    };
    let (ghost, choice) = (json!({"Type": "Pass", "Next": "B"}), json!({"Type": "Choice", "Choices": [], "Default": "A"}));
    assert_eq!(
        told(json!({"StartAt": "A", "States": {"A": ghost, "C": choice}})),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/C/Choices'"
    );
    assert_eq!(
        told(json!({"StartAt": "A", "States": {"A": ghost}})),
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, \
         MISSING_END_STATE: Workflow has no terminal state at null'"
    );
}

#[test]
fn names_are_unique_in_the_whole_document() {
    let inner = json!({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}});
    let at = "/States/S/ItemProcessor/States/S";
    assert_eq!(
        of_state(json!({"Type": "Map", "ItemProcessor": inner})),
        [format!("DUPLICATE_STATE_NAME: Duplicate State name: S at {at}")]
    );
}

#[test]
fn fields_are_checked() {
    for (state, message, at) in [
        (
            json!({"Type": "Wait", "Seconds": 1, "Timestamp": "2016-03-14T01:59:00Z"}),
            "Only one of these fields is allowed: [Seconds, SecondsPath, Timestamp, TimestampPath]",
            "",
        ),
        (json!({"Type": "Wait"}), "One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath]", ""),
        (json!({"Type": "Wait", "Seconds": -1}), "Value must be between 0 and 99999999", "/Seconds"),
        (json!({"Type": "Pass", "Comment": 1, "ResultPath": "$.a[*]"}), "Value is not a Reference Path", "/ResultPath"),
        (json!({"Type": "Pass", "InputPath": "a"}), "Value is not a valid JSONPath", "/InputPath"),
        (json!({"Type": "Pass", "Parameters": "$"}), "Expected value of type Object", "/Parameters"),
        (json!({"Type": "Pass", "Parameters": {"a": 1, "a.$": "$"}}), "Only one of these fields is allowed: [a, a.$]", "/Parameters"),
        (json!({"Type": "Map"}), "These fields are required: [ItemProcessor]", ""),
        (json!({"Type": "Pass", "Unknown": 1}), "Field 'Unknown' is not supported", ""),
        (json!({"Type": "Pass", "Next": "S"}), "Only one of these fields is allowed: [Next, End]", ""),
        (
            json!({"Type": "Pass", "QueryLanguage": "JSONata", "Parameters": {}}),
            "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage",
            "",
        ),
        (
            json!({"Type": "Pass", "Output": 1}),
            "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage",
            "",
        ),
        (json!({"Type": "Pass", "Assign": {"states": 1}}), "The variable name 'states' is reserved", "/Assign"),
        (json!({"Type": "Pass", "Assign": {"1x": 1}}), "The variable name '1x' is not a valid identifier", "/Assign"),
    ] {
        let mut state = state;
        state["End"] = true.into();
        let found = of(&json!({"StartAt": "S", "States": {"S": state}}));
        assert_eq!(found.first(), schema(message, &format!("/States/S{at}")).first(), "{state}");
    }
}

#[test]
fn error_names_are_checked() {
    let task = |handlers: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"});
        task["Retry"] = handlers;
        of_state(task)
    };
    let words = "States.ALL must appear alone and at the end of the list";
    assert_eq!(task(json!([{"ErrorEquals": ["States.ALL", "E"]}])), schema(words, "/States/S/Retry[0]/ErrorEquals"));
    assert_eq!(task(json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["E"]}])), schema(words, "/States/S/Retry[0]/ErrorEquals"));
    assert_eq!(task(json!([{"ErrorEquals": []}])), schema("Value cannot be empty", "/States/S/Retry[0]/ErrorEquals"));
    assert_eq!(task(json!([{}])), schema("These fields are required: [ErrorEquals]", "/States/S/Retry[0]"));
    let words = "BackoffRate must be greater than or equal to 1.0";
    assert_eq!(task(json!([{"ErrorEquals": ["E"], "BackoffRate": 0.5}])), schema(words, "/States/S/Retry[0]/BackoffRate"));
    assert_eq!(task(json!([{"ErrorEquals": ["States.ALL"]}])), [""; 0]);
}

/// Words quoted in aws/aws-cdk#12284.
#[test]
fn static_parameters_of_a_job_have_types() {
    let submit = |more: Value| {
        let mut parameters = json!({"JobName": "j", "JobQueue.$": "$.q", "JobDefinition": "d"});
        parameters.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        of_state(json!({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": parameters}))
    };
    let wrong = |message: &str| schema(message, "/States/S/Parameters");
    assert_eq!(submit(json!({"ArrayProperties": {"Size": "3"}})), wrong("The value for the field 'Size' must be an INTEGER"));
    assert_eq!(submit(json!({"ArrayProperties": {"Size.$": "$.n"}, "PropagateTags": true, "Tags": {"a": "b"}})), [""; 0]);
    let environment = json!({"ContainerOverrides": {"Environment": [{"Name": "N", "Value": 1}, {"Name": "M", "Value.$": "$.v"}]}});
    assert_eq!(submit(environment), wrong("The value for the field 'Value' must be a STRING"));
    assert_eq!(submit(json!({"Parameters": {"a": 1}})), wrong("The value for the field 'a' must be a STRING"));
    assert_eq!(submit(json!({"jobName": "x"})), wrong("The field \"jobName\" is not supported by Step Functions"));
    let nothing = json!({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Parameters": {"JobName": "j", "JobQueue": "q"}});
    assert_eq!(of_state(nothing), wrong("The field 'JobDefinition' is required but was missing"));
}

/// API models of Batch, Step Functions and S3; the words are those that were recorded for batch:submitJob.
#[test]
fn parameters_that_an_operation_of_the_sdk_does_not_take_are_refused() {
    let called = |resource: &str, parameters: Value| {
        of_state(json!({"Type": "Task", "Resource": format!("arn:aws:states:::aws-sdk:{resource}"), "Parameters": parameters}))
    };
    let wrong = |name: &str| schema(&format!("The field \"{name}\" is not supported by Step Functions"), "/States/S/Parameters");
    assert_eq!(called("batch:submitJob", json!({"jobName": "x"})), wrong("jobName"));
    assert_eq!(called("sfn:startExecution", json!({"StateMachineArn": "a", "input.$": "$"})), wrong("input"));
    assert_eq!(called("sfn:startExecution.waitForTaskToken", json!({"StateMachineArn.$": "$.a", "Input": {"any": 1}})), [""; 0]);
    assert_eq!(called("s3:getObject", json!({"Bucket": "b", "Key": "k", "key": "k"})), wrong("key"));
    assert_eq!(called("dynamodb:query", json!({"anything": 1})), [""; 0]);
}

/// Developer Guide, Integrating optimized services, and Learning to use AWS service SDK integrations.
#[test]
fn integrations_that_aws_has_not_are_refused() {
    for resource in [
        "lambda:invoke.sync",
        "dynamodb:query",
        "batch:nothing",
        "glue:startCrawler",
        "nosuch:doIt",
        "aws-sdk:nosuch:doIt",
        "aws-sdk:s3:GetObject",
        "aws-sdk:batch:submitJob.sync",
    ] {
        let arn = format!("arn:aws:states:::{resource}");
        let words = "The value is not a valid resource ARN, or the resource is not available in this region.";
        let expected = schema(&format!("The resource provided {arn} is not recognized. {words}"), "/States/S/Resource");
        assert_eq!(of_state(json!({"Type": "Task", "Resource": arn})), expected);
    }
}

/// Recorded for callbacks and `.sync`, blanks included.
#[test]
fn express_machines_wait_for_nothing() {
    let found = |states: Value| {
        let document = json!({"StartAt": "S", "States": {"S": states}}).to_string();
        let problems = Definition::parse_as(&document, MachineType::Express).err().unwrap_or_default();
        problems.into_iter().map(|problem| (problem.message, problem.location.unwrap_or_default())).collect::<Vec<_>>()
    };
    for (resource, words) in [
        ("arn:aws:states:::sns:publish.waitForTaskToken", "'.waitForTaskToken' service integration "),
        ("arn:aws:states:::states:startExecution.sync", "'.sync' service integration"),
        ("arn:aws:states:us-east-1:123456789012:activity:a", "Activity Task"),
    ] {
        let words = format!("Express state machine does not support {words}");
        assert_eq!(found(json!({"Type": "Task", "Resource": resource, "End": true})), [(words, "/States/S/Resource".to_owned())]);
    }
    let inner = json!({"StartAt": "I", "States": {"I": {"Type": "Succeed"}}, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}});
    let words = "Express state machine does not support Distributed Map".to_owned();
    let at = "/States/S/ItemProcessor/ProcessorConfig/Mode".to_owned();
    assert_eq!(found(json!({"Type": "Map", "ItemProcessor": inner, "End": true})), [(words, at)]);
}

#[test]
fn all_problems_come_at_once() {
    let document = json!({"StartAt": "A", "TimeoutSeconds": 0, "Extra": 1, "States": {
        "A": {"Type": "Wait", "Next": "B"}, "B": {"Type": "Task", "End": true}}});
    assert_eq!(of(&document).len(), 4);
}

/// The words are recorded for inputs of executions, which the same parser reads.
#[test]
fn a_definition_that_is_not_json_is_refused_in_the_parsers_words() {
    let colon = "Unexpected character (':' (code 58)): was expecting double-quote to start field name";
    assert_eq!(findings("{:"), [format!("INVALID_JSON_DESCRIPTION: {colon}")]);
    let token = "Unrecognized token 'StartAt': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    assert_eq!(findings("StartAt: A"), [format!("INVALID_JSON_DESCRIPTION: {token}")]);
    assert!(findings("{").first().is_some_and(|first| first.starts_with("INVALID_JSON_DESCRIPTION: Unexpected end-of-input: ")));
}

/// Nesting beyond what the parser takes is refused, not followed.
#[test]
fn deep_documents_are_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(findings(&deep)[0].starts_with("INVALID_JSON_DESCRIPTION"));
}

/// Each of these once took gigabytes: every finding repeated the names around it.
#[test]
fn findings_have_an_end() {
    let fields = |count: usize| (0..count).map(|n| (format!("x{n}"), json!(1))).collect::<serde_json::Map<_, _>>();
    let name = "n".repeat(100_000);
    let mut state = fields(10_000);
    state.insert("Type".into(), "Pass".into());
    assert_eq!(of(&json!({"StartAt": name, "States": {name.as_str(): state}})).len(), 1_000);

    let states: serde_json::Map<_, _> = (0..5_000).map(|n| (format!("s{n}"), json!({"Type": "Nothing"}))).collect();
    let inner = json!({"StartAt": "s0", "States": states});
    let map = json!({"Type": "Map", "ItemProcessor": inner, "End": true});
    let found = of(&json!({"StartAt": name, "States": {name.as_str(): map}}));
    assert!(found.iter().all(|finding| finding.len() < 1_000), "{}", found.len());

    let output: Vec<Value> = (0..5_000).map(|n| json!(format!("{{% {n} + %}}"))).collect();
    let state = json!({"Type": "Succeed", "QueryLanguage": "JSONata", "Output": {name.as_str(): output}});
    assert!(of_state(state).iter().all(|finding| finding.len() < 1_000));
}
