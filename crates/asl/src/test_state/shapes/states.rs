//! Step Functions itself.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TIME, between, list, may, must, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "startExecution" => Some(&STARTED),
        "startExecution.sync" | "startExecution.sync:2" | "describeExecution" => Some(&EXECUTION),
        "startSyncExecution" => Some(&SYNC),
        "describeStateMachine" => Some(&MACHINE),
        "listExecutions" => Some(&EXECUTIONS),
        "listStateMachines" => Some(&MACHINES),
        _ => None,
    }
}

const ARN: Shape = text(1, 256);
const RUN_ARN: Shape = text(1, 2_000);
const NAME: Shape = text(1, 80);
const DATA: Shape = text(0, 262_144);
const ERROR: Shape = text(0, 256);
const CAUSE: Shape = text(0, 32_768);
const KIND: Shape = Shape::OneOf(&["STANDARD", "EXPRESS"]);
const STATUS: Shape = Shape::OneOf(&["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]);
const DETAILS: Shape = Shape::Object(&[may("Included", BOOLEAN)]);

const STARTED: Shape = Shape::Object(&[must("ExecutionArn", ARN), must("StartDate", TIME)]);

const EXECUTION: Shape = Shape::Object(&[
    must("ExecutionArn", ARN),
    must("StateMachineArn", ARN),
    may("Name", NAME),
    must("Status", STATUS),
    must("StartDate", TIME),
    may("StopDate", TIME),
    may("Input", DATA),
    may("InputDetails", DETAILS),
    may("Output", DATA),
    may("OutputDetails", DETAILS),
    may("TraceHeader", text(0, 256)),
    may("MapRunArn", RUN_ARN),
    may("Error", ERROR),
    may("Cause", CAUSE),
    may("StateMachineVersionArn", ARN),
    may("StateMachineAliasArn", ARN),
    may("RedriveCount", NUMBER),
    may("RedriveDate", TIME),
    may("RedriveStatus", Shape::OneOf(&["REDRIVABLE", "NOT_REDRIVABLE", "REDRIVABLE_BY_MAP_RUN"])),
    may("RedriveStatusReason", DATA),
]);

const SYNC: Shape = Shape::Object(&[
    must("ExecutionArn", ARN),
    may("StateMachineArn", ARN),
    may("Name", NAME),
    must("StartDate", TIME),
    must("StopDate", TIME),
    must("Status", Shape::OneOf(&["SUCCEEDED", "FAILED", "TIMED_OUT"])),
    may("Error", ERROR),
    may("Cause", CAUSE),
    may("Input", DATA),
    may("InputDetails", DETAILS),
    may("Output", DATA),
    may("OutputDetails", DETAILS),
    may("TraceHeader", text(0, 256)),
]);

const MACHINE: Shape = Shape::Object(&[
    must("StateMachineArn", ARN),
    must("Name", NAME),
    may("Status", Shape::OneOf(&["ACTIVE", "DELETING"])),
    must("Definition", text(1, 1_048_576)),
    must("RoleArn", ARN),
    must("Type", KIND),
    must("CreationDate", TIME),
    may("Label", TEXT),
    may("RevisionId", TEXT),
    may("Description", text(0, 256)),
]);

const EXECUTIONS: Shape = Shape::Object(&[must("Executions", list(&Shape::Object(LISTED))), may("NextToken", text(1, 3_096))]);

const LISTED: &[Member] = &[
    must("ExecutionArn", ARN),
    must("StateMachineArn", ARN),
    must("Name", NAME),
    must("Status", STATUS),
    must("StartDate", TIME),
    may("StopDate", TIME),
    may("MapRunArn", RUN_ARN),
    may("ItemCount", between(0, u32::MAX)),
];

const MACHINES: Shape = Shape::Object(&[
    must(
        "StateMachines",
        list(&Shape::Object(&[must("StateMachineArn", ARN), must("Name", NAME), must("Type", KIND), must("CreationDate", TIME)])),
    ),
    may("NextToken", text(1, 1_024)),
]);
