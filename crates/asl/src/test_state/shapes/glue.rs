//! Glue.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TEXT_MAP, TIME, between, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "startJobRun" => Some(&STARTED),
        "startJobRun.sync" | "getJobRun" => Some(&RUN),
        _ => None,
    }
}

const NAME: Shape = text(1, 255);

const STARTED: Shape = Shape::Object(&[may("JobRunId", NAME)]);

const RUN: Shape = Shape::Object(&[may("JobRun", Shape::Object(JOB_RUN))]);

const JOB_RUN: &[Member] = &[
    may("Id", NAME),
    may("Attempt", NUMBER),
    may("PreviousRunId", NAME),
    may("TriggerName", NAME),
    may("JobName", NAME),
    may("JobMode", Shape::OneOf(&["SCRIPT", "VISUAL", "NOTEBOOK"])),
    may("JobRunQueuingEnabled", BOOLEAN),
    may("StartedOn", TIME),
    may("LastModifiedOn", TIME),
    may("CompletedOn", TIME),
    may("JobRunState", STATE),
    may("Arguments", TEXT_MAP),
    may("ErrorMessage", TEXT),
    may("PredecessorRuns", list(&Shape::Object(&[may("JobName", NAME), may("RunId", NAME)]))),
    may("AllocatedCapacity", NUMBER),
    may("ExecutionTime", NUMBER),
    may("Timeout", between(1, u32::MAX)),
    may("MaxCapacity", NUMBER),
    may("NumberOfWorkers", NUMBER),
    may("SecurityConfiguration", NAME),
    may("LogGroupName", TEXT),
    may("GlueVersion", NAME),
    may("ExecutionClass", Shape::OneOf(&["FLEX", "STANDARD"])),
];

const STATE: Shape =
    Shape::OneOf(&["STARTING", "RUNNING", "STOPPING", "STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "WAITING", "EXPIRED"]);
