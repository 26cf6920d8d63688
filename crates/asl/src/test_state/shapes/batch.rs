//! Batch.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TEXT_MAP, TEXTS, list, may, must};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "submitJob" => Some(&SUBMITTED),
        "submitJob.sync" | "describeJobs" => Some(&JOBS),
        "listJobs" => Some(&SUMMARIES),
        _ => None,
    }
}

const STATUS: Shape = Shape::OneOf(&["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"]);

const SUBMITTED: Shape = Shape::Object(&[may("JobArn", TEXT), must("JobName", TEXT), must("JobId", TEXT)]);

const JOBS: Shape = Shape::Object(&[may("Jobs", list(&Shape::Object(JOB)))]);

const JOB: &[Member] = &[
    may("JobArn", TEXT),
    must("JobName", TEXT),
    must("JobId", TEXT),
    must("JobQueue", TEXT),
    must("Status", STATUS),
    may("ShareIdentifier", TEXT),
    may("SchedulingPriority", NUMBER),
    may("Attempts", list(&Shape::Object(ATTEMPT))),
    may("StatusReason", TEXT),
    may("CreatedAt", NUMBER),
    must("StartedAt", NUMBER),
    may("StoppedAt", NUMBER),
    may("DependsOn", list(&Shape::Object(&[may("JobId", TEXT), may("Type", Shape::OneOf(&["N_TO_N", "SEQUENTIAL"]))]))),
    must("JobDefinition", TEXT),
    may("Parameters", TEXT_MAP),
    may("Container", Shape::Object(CONTAINER)),
    may("ArrayProperties", Shape::Object(ARRAY)),
    may("Timeout", Shape::Object(&[may("AttemptDurationSeconds", NUMBER)])),
    may("Tags", TEXT_MAP),
    may("PropagateTags", BOOLEAN),
    may("PlatformCapabilities", list(&Shape::OneOf(&["EC2", "FARGATE"]))),
    may("IsCancelled", BOOLEAN),
    may("IsTerminated", BOOLEAN),
];

const ATTEMPT: &[Member] = &[
    may("Container", Shape::Object(&[may("ExitCode", NUMBER), may("Reason", TEXT), may("LogStreamName", TEXT), may("TaskArn", TEXT)])),
    may("StartedAt", NUMBER),
    may("StoppedAt", NUMBER),
    may("StatusReason", TEXT),
];

const CONTAINER: &[Member] = &[
    may("Image", TEXT),
    may("Vcpus", NUMBER),
    may("Memory", NUMBER),
    may("Command", TEXTS),
    may("JobRoleArn", TEXT),
    may("ExecutionRoleArn", TEXT),
    may("Environment", list(&Shape::Object(&[may("Name", TEXT), may("Value", TEXT)]))),
    may("ExitCode", NUMBER),
    may("Reason", TEXT),
    may("ContainerInstanceArn", TEXT),
    may("TaskArn", TEXT),
    may("LogStreamName", TEXT),
    may("InstanceType", TEXT),
];

const ARRAY: &[Member] = &[may("StatusSummary", Shape::MapOf(&NUMBER)), may("Size", NUMBER), may("Index", NUMBER)];

const SUMMARIES: Shape = Shape::Object(&[must("JobSummaryList", list(&Shape::Object(SUMMARY))), may("NextToken", TEXT)]);

const SUMMARY: &[Member] = &[
    may("JobArn", TEXT),
    must("JobId", TEXT),
    must("JobName", TEXT),
    may("CreatedAt", NUMBER),
    may("Status", STATUS),
    may("StatusReason", TEXT),
    may("StartedAt", NUMBER),
    may("StoppedAt", NUMBER),
    may("Container", Shape::Object(&[may("ExitCode", NUMBER), may("Reason", TEXT)])),
    may("ArrayProperties", Shape::Object(ARRAY)),
    may("JobDefinition", TEXT),
];
