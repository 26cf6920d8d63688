//! Lambda.

use super::shape::{Member, NUMBER, Shape, TEXT, TEXT_MAP, TEXTS, between, list, may, must, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "invoke" => Some(&INVOKED),
        "getFunction" => Some(&FUNCTION),
        "getFunctionConfiguration" => Some(&CONFIGURED),
        _ => None,
    }
}

/// What the function answers is its own affair.
const INVOKED: Shape = Shape::Object(&[
    may("StatusCode", NUMBER),
    may("FunctionError", TEXT),
    may("LogResult", TEXT),
    may("Payload", Shape::Anything),
    may("ExecutedVersion", text(1, 1_024)),
]);

const FUNCTION: Shape = Shape::Object(&[
    may("Configuration", Shape::Object(CONFIGURATION)),
    may("Code", Shape::Object(&[may("RepositoryType", TEXT), may("Location", TEXT), may("ImageUri", TEXT), may("ResolvedImageUri", TEXT)])),
    may("Tags", TEXT_MAP),
    may("Concurrency", Shape::Object(&[may("ReservedConcurrentExecutions", between(0, u32::MAX))])),
]);

const CONFIGURED: Shape = Shape::Object(CONFIGURATION);

const ERROR: Shape = Shape::Object(&[may("ErrorCode", TEXT), may("Message", TEXT)]);

/// The greatest MemorySize is recorded.
const CONFIGURATION: &[Member] = &[
    may("FunctionName", text(1, 256)),
    may("FunctionArn", TEXT),
    may("Runtime", TEXT),
    may("Role", TEXT),
    may("Handler", text(0, 128)),
    may("CodeSize", NUMBER),
    may("Description", text(0, 256)),
    may("Timeout", between(1, u32::MAX)),
    may("MemorySize", between(128, 10_240)),
    may("LastModified", TEXT),
    may("CodeSha256", TEXT),
    may("Version", text(1, 1_024)),
    may("VpcConfig", Shape::Object(&[may("SubnetIds", TEXTS), may("SecurityGroupIds", TEXTS), may("VpcId", TEXT)])),
    may("DeadLetterConfig", Shape::Object(&[may("TargetArn", TEXT)])),
    may("Environment", Shape::Object(&[may("Variables", TEXT_MAP), may("Error", ERROR)])),
    may("TracingConfig", Shape::Object(&[may("Mode", Shape::OneOf(&["Active", "PassThrough"]))])),
    may("MasterArn", TEXT),
    may("RevisionId", TEXT),
    may("Layers", list(&Shape::Object(&[may("Arn", text(1, 2_048)), may("CodeSize", NUMBER)]))),
    may("State", TEXT),
    may("StateReason", TEXT),
    may("StateReasonCode", TEXT),
    may("LastUpdateStatus", Shape::OneOf(&["Successful", "Failed", "InProgress"])),
    may("LastUpdateStatusReason", TEXT),
    may("PackageType", Shape::OneOf(&["Zip", "Image"])),
    may("Architectures", Shape::List { min: 1, max: 1, of: &Shape::OneOf(&["x86_64", "arm64"]) }),
    may("EphemeralStorage", Shape::Object(&[must("Size", between(512, u32::MAX))])),
    may("SnapStart", Shape::Object(&[may("ApplyOn", Shape::OneOf(&["PublishedVersions", "None"]))])),
];
