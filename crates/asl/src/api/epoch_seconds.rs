//! Epoch seconds with a fraction, as JSON 1.0 writes times.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes seconds with milliseconds.
pub fn serialize<S: Serializer>(at: &Timestamp, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64(at.as_millisecond() as f64 / 1000.0)
}

/// Reads seconds with a fraction.
pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Timestamp, D::Error> {
    let seconds = f64::deserialize(d)?;
    Timestamp::from_millisecond((seconds * 1000.0).round() as i64).map_err(serde::de::Error::custom)
}

/// The same for a time that may be absent.
pub mod option {
    use super::{Deserialize, Deserializer, Serializer, Timestamp};

    /// Writes seconds with milliseconds, or nothing.
    pub fn serialize<S: Serializer>(at: &Option<Timestamp>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::serialize(at, s),
            None => s.serialize_none(),
        }
    }

    /// Reads seconds with a fraction, or nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Timestamp>, D::Error> {
        Option::<f64>::deserialize(d)?
            .map(|s| Timestamp::from_millisecond((s * 1000.0).round() as i64).map_err(serde::de::Error::custom))
            .transpose()
    }
}
