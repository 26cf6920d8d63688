//! Secrets Manager.

use super::shape::{BOOLEAN, Shape, TIME, list, may, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "getSecretValue" => Some(&VALUE),
        "describeSecret" => Some(&SECRET),
        _ => None,
    }
}

const ARN: Shape = text(20, 2_048);
const NAME: Shape = text(1, 256);
const CONTENT: Shape = text(1, 65_536);
const STAGES: Shape = Shape::List { min: 1, max: 20, of: &NAME };

const VALUE: Shape = Shape::Object(&[
    may("ARN", ARN),
    may("Name", NAME),
    may("VersionId", text(32, 64)),
    may("SecretBinary", CONTENT),
    may("SecretString", CONTENT),
    may("VersionStages", STAGES),
    may("CreatedDate", TIME),
]);

const SECRET: Shape = Shape::Object(&[
    may("ARN", ARN),
    may("Name", NAME),
    may("Description", text(0, 2_048)),
    may("KmsKeyId", text(0, 2_048)),
    may("RotationEnabled", BOOLEAN),
    may("RotationLambdaARN", text(0, 2_048)),
    may("LastRotatedDate", TIME),
    may("LastChangedDate", TIME),
    may("LastAccessedDate", TIME),
    may("DeletedDate", TIME),
    may("NextRotationDate", TIME),
    may("Tags", list(&Shape::Object(&[may("Key", text(1, 128)), may("Value", text(0, 256))]))),
    may("VersionIdsToStages", Shape::MapOf(&STAGES)),
    may("OwningService", text(1, 128)),
    may("CreatedDate", TIME),
    may("PrimaryRegion", text(1, 128)),
]);
