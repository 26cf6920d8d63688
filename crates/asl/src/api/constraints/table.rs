//! The demands on each operation's members, in the model's order.

use super::rule::{Member, Pattern, Rule, at_least, between, may, must, shaped, text};

const ARN: Rule = text(1, 256);
const LONG_ARN: Rule = text(1, 2_000);
const NAME: Rule = text(1, 80);
const DEFINITION: Rule = Rule::Secret { min: 1, max: 1_048_576 };
const DESCRIPTION: Rule = Rule::Secret { min: 0, max: 256 };
const PAYLOAD: Rule = Rule::Payload { max: crate::PAYLOAD_BYTES };
const ERROR: Rule = Rule::Secret { min: 0, max: 256 };
const CAUSE: Rule = Rule::Secret { min: 0, max: 32_768 };
const TASK_TOKEN: Rule = Rule::Secret { min: 1, max: 2_048 };
const TRACE_HEADER: Rule = shaped(0, 256, Pattern::Ascii);
const PAGE_SIZE: Rule = between(0, 1_000);
const PAGE_TOKEN: Rule = text(1, 1_024);
const INCLUDED_DATA: Rule = Rule::OneOf(&["ALL_DATA", "METADATA_ONLY"]);
const MACHINE_TYPE: Rule = Rule::OneOf(&["STANDARD", "EXPRESS"]);
/// The order is recorded; that of the other sets is the model's.
const STATUS: Rule = Rule::OneOf(&["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"]);

const TAG_KEY: Rule = text(1, 128);
const TAGS: Rule = list(0, usize::MAX, &Rule::Object { class: "Tag", members: &[must("key", TAG_KEY), may("value", text(0, 256))] });
const TAG_KEYS: Rule = list(0, usize::MAX, &TAG_KEY);
const ROUTE: [Member; 2] = [must("stateMachineVersionArn", ARN), must("weight", between(0, 100))];
const ROUTING: Rule = list(1, 2, &Rule::Object { class: "RoutingConfigurationListItem", members: &ROUTE });

const LOG_GROUP: Rule = Rule::Object { class: "CloudWatchLogsLogGroup", members: &[may("logGroupArn", ARN)] };
const LOG_DESTINATION: Rule = Rule::Object { class: "LogDestination", members: &[may("cloudWatchLogsLogGroup", LOG_GROUP)] };
const LOGGING: Rule = Rule::Object {
    class: "LoggingConfiguration",
    members: &[may("level", Rule::OneOf(&["ALL", "ERROR", "FATAL", "OFF"])), may("destinations", list(0, usize::MAX, &LOG_DESTINATION))],
};
const ENCRYPTION: Rule = Rule::Object {
    class: "EncryptionConfiguration",
    members: &[
        may("kmsKeyId", text(1, 2_048)),
        may("kmsDataKeyReusePeriodSeconds", between(60, 900)),
        must("type", Rule::OneOf(&["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"])),
    ],
};
const MOCK: Rule = Rule::Object {
    class: "MockInput",
    members: &[
        may("result", PAYLOAD),
        may("errorOutput", Rule::Object { class: "MockErrorOutput", members: &[may("error", ERROR), may("cause", CAUSE)] }),
        may("fieldValidationMode", Rule::OneOf(&["STRICT", "PRESENT", "NONE"])),
    ],
};
const STATE_NAME: Rule = Rule::Secret { min: 1, max: 80 };
const STATE_CONFIGURATION: Rule = Rule::Object {
    class: "TestStateConfiguration",
    members: &[
        may("retrierRetryCount", at_least(0)),
        may("errorCausedByState", STATE_NAME),
        may("mapIterationFailureCount", at_least(0)),
        may("mapItemReaderData", PAYLOAD),
    ],
};

const fn list(min: usize, max: usize, of: &'static Rule) -> Rule {
    Rule::List { min, max, of }
}

/// Members that carry a demand; none for an operation that there is not.
pub(super) fn members(operation: &str) -> &'static [Member] {
    match operation {
        "CreateActivity" => const { &[must("name", NAME), may("tags", TAGS), may("encryptionConfiguration", ENCRYPTION)] },
        "DeleteActivity" | "DescribeActivity" => const { &[must("activityArn", ARN)] },
        "GetActivityTask" => const { &[must("activityArn", ARN), may("workerName", NAME)] },
        "ListActivities" | "ListStateMachines" => const { &[may("maxResults", PAGE_SIZE), may("nextToken", PAGE_TOKEN)] },
        "ListTagsForResource" => const { &[must("resourceArn", ARN)] },
        "TagResource" => const { &[must("resourceArn", ARN), must("tags", TAGS)] },
        "UntagResource" => const { &[must("resourceArn", ARN), must("tagKeys", TAG_KEYS)] },
        "SendTaskFailure" => const { &[must("taskToken", TASK_TOKEN), may("error", ERROR), may("cause", CAUSE)] },
        "SendTaskHeartbeat" => const { &[must("taskToken", TASK_TOKEN)] },
        "SendTaskSuccess" => const { &[must("taskToken", TASK_TOKEN), must("output", PAYLOAD)] },
        "TestState" => TEST_STATE,
        "ValidateStateMachineDefinition" => VALIDATE,
        _ if operation.contains("MapRun") => of_map_runs(operation),
        _ if operation.contains("Execution") => of_executions(operation),
        _ => of_machines(operation),
    }
}

const TEST_STATE: &[Member] = &[
    must("definition", DEFINITION),
    may("roleArn", ARN),
    may("input", PAYLOAD),
    may("inspectionLevel", Rule::OneOf(&["INFO", "DEBUG", "TRACE"])),
    may("variables", PAYLOAD),
    may("stateName", STATE_NAME),
    may("mock", MOCK),
    may("context", PAYLOAD),
    may("stateConfiguration", STATE_CONFIGURATION),
];

const VALIDATE: &[Member] = &[
    must("definition", DEFINITION),
    may("type", MACHINE_TYPE),
    may("severity", Rule::OneOf(&["ERROR", "WARNING"])),
    may("maxResults", between(0, 100)),
];

const CREATE_MACHINE: &[Member] = &[
    must("name", NAME),
    must("definition", DEFINITION),
    must("roleArn", ARN),
    may("type", MACHINE_TYPE),
    may("loggingConfiguration", LOGGING),
    may("tags", TAGS),
    may("versionDescription", DESCRIPTION),
    may("encryptionConfiguration", ENCRYPTION),
];

const UPDATE_MACHINE: &[Member] = &[
    must("stateMachineArn", ARN),
    may("definition", DEFINITION),
    may("roleArn", ARN),
    may("loggingConfiguration", LOGGING),
    may("versionDescription", DESCRIPTION),
    may("encryptionConfiguration", ENCRYPTION),
];

fn of_machines(operation: &str) -> &'static [Member] {
    match operation {
        "CreateStateMachine" => CREATE_MACHINE,
        "UpdateStateMachine" => UPDATE_MACHINE,
        "DeleteStateMachine" => const { &[must("stateMachineArn", ARN)] },
        "DescribeStateMachine" => const { &[must("stateMachineArn", ARN), may("includedData", INCLUDED_DATA)] },
        "PublishStateMachineVersion" => const { &[must("stateMachineArn", ARN), may("description", DESCRIPTION)] },
        "DeleteStateMachineVersion" => const { &[must("stateMachineVersionArn", LONG_ARN)] },
        "ListStateMachineVersions" | "ListStateMachineAliases" => {
            const { &[must("stateMachineArn", ARN), may("nextToken", PAGE_TOKEN), may("maxResults", PAGE_SIZE)] }
        }
        "CreateStateMachineAlias" => {
            const { &[may("description", DESCRIPTION), must("name", shaped(1, 80, Pattern::AliasName)), must("routingConfiguration", ROUTING)] }
        }
        "UpdateStateMachineAlias" => {
            const { &[must("stateMachineAliasArn", ARN), may("description", DESCRIPTION), may("routingConfiguration", ROUTING)] }
        }
        "DeleteStateMachineAlias" | "DescribeStateMachineAlias" => const { &[must("stateMachineAliasArn", ARN)] },
        _ => &[],
    }
}

fn of_executions(operation: &str) -> &'static [Member] {
    match operation {
        "StartExecution" | "StartSyncExecution" => {
            const {
                &[
                    must("stateMachineArn", ARN),
                    may("name", NAME),
                    may("input", PAYLOAD),
                    may("traceHeader", TRACE_HEADER),
                    may("includedData", INCLUDED_DATA),
                ]
            }
        }
        "DescribeExecution" | "DescribeStateMachineForExecution" => {
            const { &[must("executionArn", ARN), may("includedData", INCLUDED_DATA)] }
        }
        "StopExecution" => const { &[must("executionArn", ARN), may("error", ERROR), may("cause", CAUSE)] },
        "RedriveExecution" => const { &[must("executionArn", ARN), may("clientToken", shaped(1, 64, Pattern::Visible))] },
        "GetExecutionHistory" => const { &[must("executionArn", ARN), may("maxResults", PAGE_SIZE), may("nextToken", PAGE_TOKEN)] },
        "ListExecutions" => {
            const {
                &[
                    may("stateMachineArn", ARN),
                    may("statusFilter", STATUS),
                    may("maxResults", PAGE_SIZE),
                    may("nextToken", text(1, 3_096)),
                    may("mapRunArn", LONG_ARN),
                    may("redriveFilter", Rule::OneOf(&["REDRIVEN", "NOT_REDRIVEN"])),
                ]
            }
        }
        _ => &[],
    }
}

fn of_map_runs(operation: &str) -> &'static [Member] {
    match operation {
        "DescribeMapRun" => const { &[must("mapRunArn", LONG_ARN)] },
        "ListMapRuns" => const { &[must("executionArn", ARN), may("maxResults", PAGE_SIZE), may("nextToken", PAGE_TOKEN)] },
        "UpdateMapRun" => {
            const {
                &[
                    must("mapRunArn", LONG_ARN),
                    may("maxConcurrency", at_least(0)),
                    may("toleratedFailurePercentage", between(0, 100)),
                    may("toleratedFailureCount", at_least(0)),
                ]
            }
        }
        _ => &[],
    }
}
