//! Values with a grammar of their own.

use std::str::FromStr;

use jiff::SignedDuration;

/// A whole number of seconds, at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) u32);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no time; write seconds (90) or 90s, 10m, 1h 30m");
        let duration = match text.parse::<u32>() {
            Ok(seconds) => SignedDuration::from_secs(seconds.into()),
            Err(_) => text.parse::<SignedDuration>().map_err(|_| wrong())?,
        };
        if duration.subsec_nanos() != 0 || duration.as_secs() < 1 {
            return Err("a timeout has whole seconds and at least one".into());
        }
        u32::try_from(duration.as_secs()).map(Self).map_err(|_| wrong())
    }
}

/// A size in MiB, at least 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mebibytes(pub(crate) u64);

impl FromStr for Mebibytes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let factor = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "" | "m" | "mb" | "mib" => 1,
            "g" | "gb" | "gib" => 1024,
            _ => return Err(format!("{text:?} is no size; write MiB (512), 512M or 2G")),
        };
        let number: u64 = digits.trim().parse().map_err(|_| format!("{text:?} is no size; write MiB (512), 512M or 2G"))?;
        let size = number.saturating_mul(factor);
        // Batch, ResourceRequirement: a job needs at least 4 MiB.
        if size < 4 { Err("Batch gives a job 4 MiB at least".into()) } else { Ok(Self(size)) }
    }
}

/// `NAME=VALUE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => Ok(Self { name: name.into(), value: value.into() }),
            _ => Err(format!("{text:?} is not NAME=VALUE")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mebibytes, Seconds};

    #[test]
    fn times_and_sizes() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("10m", 600), ("1h 30m", 5400), ("2h", 7200)] {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
        for text in ["0", "-5", "500ms", "x", "", "1.5"] {
            assert!(text.parse::<Seconds>().is_err(), "{text}");
        }
        for (text, size) in [("512", 512), ("512M", 512), ("2G", 2048), ("4GiB", 4096)] {
            assert_eq!(text.parse(), Ok(Mebibytes(size)), "{text}");
        }
        for text in ["0", "3", "-1", "2T", "G"] {
            assert!(text.parse::<Mebibytes>().is_err(), "{text}");
        }
    }
}
