//! Athena.

use super::shape::{BOOLEAN, Member, NUMBER, Shape, TEXT, TIME, between, list, may, must, text};

pub(super) fn answer(action: &str) -> Option<&'static Shape> {
    match action {
        "startQueryExecution" => Some(&STARTED),
        "startQueryExecution.sync" | "getQueryExecution" => Some(&QUERY),
        "getQueryResults" => Some(&RESULTS),
        _ => None,
    }
}

const STARTED: Shape = Shape::Object(&[may("QueryExecutionId", text(1, 128))]);

const QUERY: Shape = Shape::Object(&[may("QueryExecution", Shape::Object(EXECUTION))]);

const EXECUTION: &[Member] = &[
    may("QueryExecutionId", text(1, 128)),
    may("Query", text(1, 262_144)),
    may("StatementType", Shape::OneOf(&["DDL", "DML", "UTILITY"])),
    may("ResultConfiguration", Shape::Object(&[may("OutputLocation", TEXT), may("ExpectedBucketOwner", text(12, 12))])),
    may("QueryExecutionContext", Shape::Object(&[may("Database", text(1, 255)), may("Catalog", text(1, 256))])),
    may("Status", Shape::Object(STATUS)),
    may("Statistics", Shape::Object(STATISTICS)),
    may("WorkGroup", TEXT),
    may("SubstatementType", TEXT),
];

const STATUS: &[Member] = &[
    may("State", Shape::OneOf(&["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"])),
    may("StateChangeReason", TEXT),
    may("SubmissionDateTime", TIME),
    may("CompletionDateTime", TIME),
    may("AthenaError", Shape::Object(ERROR)),
];

const ERROR: &[Member] =
    &[may("ErrorCategory", between(1, 3)), may("ErrorType", between(0, 9_999)), may("Retryable", BOOLEAN), may("ErrorMessage", TEXT)];

const STATISTICS: &[Member] = &[
    may("EngineExecutionTimeInMillis", NUMBER),
    may("DataScannedInBytes", NUMBER),
    may("DataManifestLocation", TEXT),
    may("TotalExecutionTimeInMillis", NUMBER),
    may("QueryQueueTimeInMillis", NUMBER),
    may("QueryPlanningTimeInMillis", NUMBER),
    may("ServiceProcessingTimeInMillis", NUMBER),
];

const RESULTS: Shape = Shape::Object(&[
    may("UpdateCount", NUMBER),
    may(
        "ResultSet",
        Shape::Object(&[may("Rows", list(&ROW)), may("ResultSetMetadata", Shape::Object(&[may("ColumnInfo", list(&COLUMN))]))]),
    ),
    may("NextToken", text(1, 1_024)),
]);

const ROW: Shape = Shape::Object(&[may("Data", list(&Shape::Object(&[may("VarCharValue", TEXT)])))]);

const COLUMN: Shape = Shape::Object(&[
    may("CatalogName", TEXT),
    may("SchemaName", TEXT),
    may("TableName", TEXT),
    must("Name", TEXT),
    may("Label", TEXT),
    must("Type", TEXT),
    may("Precision", NUMBER),
    may("Scale", NUMBER),
    may("Nullable", Shape::OneOf(&["NOT_NULL", "NULLABLE", "UNKNOWN"])),
    may("CaseSensitive", BOOLEAN),
]);
