//! The names that the language has: fields by where they stand, and errors.

/// The states that have a field, beside those that all have.
const OF_STATES: [(&str, &[&str]); 39] = [
    ("Next", &["Task", "Map", "Parallel", "Pass", "Wait"]),
    ("End", &["Task", "Map", "Parallel", "Pass", "Wait"]),
    ("InputPath", &["Task", "Map", "Parallel", "Pass", "Wait", "Choice", "Succeed"]),
    ("OutputPath", &["Task", "Map", "Parallel", "Pass", "Wait", "Choice", "Succeed"]),
    ("ResultSelector", &["Task", "Map", "Parallel"]),
    ("ResultPath", &["Task", "Map", "Parallel", "Pass"]),
    ("Retry", &["Task", "Map", "Parallel"]),
    ("Catch", &["Task", "Map", "Parallel"]),
    ("Parameters", &["Task", "Map", "Parallel", "Pass"]),
    ("Arguments", &["Task", "Parallel"]),
    ("Output", &["Task", "Map", "Parallel", "Pass", "Wait", "Choice", "Succeed"]),
    ("Assign", &["Task", "Map", "Parallel", "Pass", "Wait", "Choice"]),
    ("Resource", &["Task"]),
    ("TimeoutSeconds", &["Task"]),
    ("TimeoutSecondsPath", &["Task"]),
    ("HeartbeatSeconds", &["Task"]),
    ("HeartbeatSecondsPath", &["Task"]),
    ("Credentials", &["Task"]),
    ("ItemProcessor", &["Map"]),
    ("Iterator", &["Map"]),
    ("ItemSelector", &["Map"]),
    ("ItemsPath", &["Map"]),
    ("Items", &["Map"]),
    ("MaxConcurrency", &["Map"]),
    ("MaxConcurrencyPath", &["Map"]),
    ("Label", &["Map"]),
    ("ItemReader", &["Map"]),
    ("ItemBatcher", &["Map"]),
    ("ResultWriter", &["Map"]),
    ("ToleratedFailureCount", &["Map"]),
    ("ToleratedFailureCountPath", &["Map"]),
    ("ToleratedFailurePercentage", &["Map"]),
    ("ToleratedFailurePercentagePath", &["Map"]),
    ("Branches", &["Parallel"]),
    ("Result", &["Pass"]),
    ("Choices", &["Choice"]),
    ("Default", &["Choice"]),
    ("Seconds, SecondsPath, Timestamp, TimestampPath", &["Wait"]),
    ("Error, ErrorPath, Cause, CausePath", &["Fail"]),
];

const OF_ALL_STATES: [&str; 3] = ["Type", "Comment", "QueryLanguage"];

/// The fields of the document and of the machines in it.
pub(super) const OF_MACHINES: [&str; 7] = ["Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage", "ProcessorConfig"];

/// The fields of retriers and catchers.
pub(super) const OF_HANDLERS: [&str; 11] = [
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Next",
    "ResultPath",
    "Comment",
    "Assign",
    "Output",
];

/// The errors whose names begin with `States.`, but for `States.Http.StatusCode.…`.
pub(super) const ERRORS: [&str; 17] = [
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.Permissions",
    "States.DataLimitExceeded",
    "States.Runtime",
    "States.NoChoiceMatched",
    "States.ResultPathMatchFailure",
    "States.ParameterPathFailure",
    "States.IntrinsicFailure",
    "States.BranchFailed",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
    "States.QueryEvaluationError",
    "States.Http.Socket",
];

/// The fields that a state of this type may have.
pub(super) fn of_state(kind: &str) -> Vec<&'static str> {
    let own = OF_STATES.iter().filter(|(_, kinds)| kinds.contains(&kind)).flat_map(|(fields, _)| fields.split(", "));
    own.chain(OF_ALL_STATES).collect()
}

/// The types of state that have this field.
pub(super) fn states_with(field: &str) -> Option<&'static [&'static str]> {
    OF_STATES.iter().find(|(fields, _)| fields.split(", ").any(|known| known == field)).map(|(_, kinds)| *kinds)
}

/// What takes a field's place in a JSONata state.
pub(super) fn in_jsonata(field: &str) -> Option<&'static str> {
    match field {
        "Parameters" => Some("Arguments"),
        "ResultSelector" | "ResultPath" | "OutputPath" | "Result" => Some("Output"),
        "InputPath" => Some("$states.input, in the expressions that need it,"),
        "ItemsPath" => Some("Items"),
        "TimeoutSecondsPath" => Some("an expression in TimeoutSeconds"),
        "HeartbeatSecondsPath" => Some("an expression in HeartbeatSeconds"),
        "SecondsPath" => Some("an expression in Seconds"),
        "TimestampPath" => Some("an expression in Timestamp"),
        "MaxConcurrencyPath" => Some("an expression in MaxConcurrency"),
        "ErrorPath" => Some("an expression in Error"),
        "CausePath" => Some("an expression in Cause"),
        _ => None,
    }
}
