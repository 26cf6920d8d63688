//! Elastic Container Service.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TIME, list, may, must, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "runTask" | "runTask.sync" | "describeTasks" => Some(&TASKS),
        _ => None,
    }
}

const TASKS: Shape = Shape::Object(&[
    may("Tasks", list(&Shape::Object(TASK))),
    may("Failures", list(&Shape::Object(&[may("Arn", TEXT), may("Reason", TEXT), may("Detail", TEXT)]))),
]);

const HEALTH: Shape = Shape::OneOf(&["HEALTHY", "UNHEALTHY", "UNKNOWN"]);

const TASK: &[Member] = &[
    may("Attachments", list(&Shape::Object(ATTACHMENT))),
    may("Attributes", list(&Shape::Object(&[must("Name", TEXT), may("Value", TEXT), may("TargetId", TEXT)]))),
    may("AvailabilityZone", TEXT),
    may("CapacityProviderName", TEXT),
    may("ClusterArn", TEXT),
    may("Connectivity", Shape::OneOf(&["CONNECTED", "DISCONNECTED"])),
    may("ConnectivityAt", TIME),
    may("ContainerInstanceArn", TEXT),
    may("Containers", list(&Shape::Object(CONTAINER))),
    may("Cpu", TEXT),
    may("CreatedAt", TIME),
    may("DesiredStatus", TEXT),
    may("EnableExecuteCommand", BOOLEAN),
    may("ExecutionStoppedAt", TIME),
    may("Group", TEXT),
    may("HealthStatus", HEALTH),
    may("LastStatus", TEXT),
    may("LaunchType", Shape::OneOf(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"])),
    may("Memory", TEXT),
    may("PlatformVersion", TEXT),
    may("PlatformFamily", TEXT),
    may("PullStartedAt", TIME),
    may("PullStoppedAt", TIME),
    may("StartedAt", TIME),
    may("StartedBy", TEXT),
    may("StopCode", STOP),
    may("StoppedAt", TIME),
    may("StoppedReason", TEXT),
    may("StoppingAt", TIME),
    may("Tags", Shape::List { min: 0, max: 50, of: &Shape::Object(&[may("Key", text(1, 128)), may("Value", text(0, 256))]) }),
    may("TaskArn", TEXT),
    may("TaskDefinitionArn", TEXT),
    may("Version", NUMBER),
];

const STOP: Shape = Shape::OneOf(&[
    "TaskFailedToStart",
    "EssentialContainerExited",
    "UserInitiated",
    "ServiceSchedulerInitiated",
    "SpotInterruption",
    "TerminationNotice",
    "InfrastructureHealth",
]);

const ATTACHMENT: &[Member] = &[
    may("Id", TEXT),
    may("Type", TEXT),
    may("Status", TEXT),
    may("Details", list(&Shape::Object(&[may("Name", TEXT), may("Value", TEXT)]))),
];

const CONTAINER: &[Member] = &[
    may("ContainerArn", TEXT),
    may("TaskArn", TEXT),
    may("Name", TEXT),
    may("Image", TEXT),
    may("ImageDigest", TEXT),
    may("RuntimeId", TEXT),
    may("LastStatus", TEXT),
    may("ExitCode", NUMBER),
    may("Reason", TEXT),
    may("HealthStatus", HEALTH),
    may("Cpu", TEXT),
    may("Memory", TEXT),
    may("MemoryReservation", TEXT),
];
