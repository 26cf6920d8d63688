//! What a Map Run is told at its birth.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::Payload;
use crate::Settings;
use crate::document::{Format, StateId, Transformation};
use crate::execution::Checked;
use crate::variables::Variables;

/// The run's names and those of its children.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// `arn:aws:states:…:mapRun:<machine>/<label>:<uuid>`.
    pub arn: Arc<str>,
    /// The last part of the ARN.
    pub run: Uuid,
    /// The Map's label, or one made of its name.
    pub label: Arc<str>,
    /// Of the children: `arn:aws:states:…:stateMachine:<machine>/<label>`.
    pub machine_arn: Arc<str>,
    /// `<machine>/<label>`.
    pub machine_name: Arc<str>,
    /// The execution whose Map this is.
    pub execution_arn: Arc<str>,
}

/// How much may fail, and how many children may run at once.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    /// 0: as many as the service allows.
    pub max_concurrency: u64,
    /// Items.
    pub count: Option<u64>,
    /// Of the items, 0 to 100.
    pub percentage: Option<f64>,
}

impl Tolerance {
    /// Whether so many failed items are too many: either limit ends the run (Developer Guide).
    pub(crate) fn is_exceeded(self, failed: u64, items: u64) -> bool {
        let by_percentage = |most: f64| failed as f64 * 100.0 > most * items.max(1) as f64;
        failed > 0
            && match (self.count, self.percentage) {
                (None, None) => true,
                (Some(most), None) => failed > most,
                (None, Some(most)) => by_percentage(most),
                (Some(most), Some(percent)) => failed > most || by_percentage(percent),
            }
    }
}

impl From<Checked> for Tolerance {
    fn from(checked: Checked) -> Self {
        Self { max_concurrency: checked.concurrency, count: checked.tolerated_count, percentage: checked.tolerated_percentage }
    }
}

/// What is to be done.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) origin: Origin,
    pub(crate) batches: Option<Batches>,
    pub(crate) destination: Option<Destination>,
    pub(crate) express: bool,
    /// The processor's first state.
    pub(crate) start: StateId,
    pub(crate) limits: Tolerance,
}

/// Where items come from.
#[derive(Debug)]
pub(crate) enum Origin {
    /// An array or an object of the state's data.
    Items(Payload),
    /// S3.
    Objects {
        /// Bucket, Key or Prefix.
        arguments: Payload,
        /// Whether the bucket is listed.
        lists: bool,
        format: Format,
        max_items: Option<u64>,
    },
}

/// How items are put together.
#[derive(Debug)]
pub(crate) struct Batches {
    pub(crate) max_items: Option<u64>,
    pub(crate) max_bytes: Option<u64>,
    /// `BatchInput`.
    pub(crate) common: Option<Payload>,
}

/// Where results go.
#[derive(Debug)]
pub(crate) struct Destination {
    /// Bucket and Prefix.
    pub(crate) place: Option<Payload>,
    pub(crate) transformation: Option<Transformation>,
    pub(crate) lines: bool,
}

/// What the Map's expressions see.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) settings: Settings,
    pub(crate) started_at: Timestamp,
    pub(crate) state: StateId,
    pub(crate) state_name: Arc<str>,
    /// The event of entering the Map.
    pub(crate) entered: u64,
    pub(crate) entered_at: Timestamp,
    pub(crate) retries: u32,
    pub(crate) redrives: (u32, Option<Timestamp>),
    /// The context object of a test.
    pub(crate) given: Option<Value>,
    pub(crate) variables: Variables,
    /// The Map's effective input.
    pub(crate) input: Payload,
}
