//! The SDK's times.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

/// The millisecond meant: the wire has seconds with three places, which the SDK reads as a binary fraction and cuts off.
/// What is out of bounds becomes the epoch.
pub(super) fn timestamp(at: DateTime) -> Timestamp {
    let milliseconds = i64::from((at.subsec_nanos() + 500_000) / 1_000_000);
    Timestamp::from_millisecond(at.secs().saturating_mul(1_000).saturating_add(milliseconds)).unwrap_or_default()
}
