//! A share of all attempts, without floating point: the same on every machine.

use std::fmt;
use std::str::FromStr;

/// Parts of a million.
const ALL: u32 = 1_000_000;
/// Of a percent that are told apart.
const DECIMALS: usize = 4;

/// From 0 % to 100 %, in steps of a ten thousandth of a percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// Whether a value from all of `u64` is among this share of them.
    pub(crate) fn includes(self, drawn: u64) -> bool {
        (u128::from(drawn) * u128::from(ALL)) >> 64 < u128::from(self.0)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

/// The text is no share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a share is from 0% to 100%, with at most {DECIMALS} decimals")]
pub struct ShareError;

impl FromStr for Share {
    type Err = ShareError;

    fn from_str(text: &str) -> Result<Self, ShareError> {
        let number = text.strip_suffix('%').ok_or(ShareError)?.trim_end();
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || decimals.len() > DECIMALS {
            return Err(ShareError);
        }
        let whole: u32 = whole.parse().map_err(|_| ShareError)?;
        let decimals: u32 = format!("{decimals:0<DECIMALS$}").parse().map_err(|_| ShareError)?;
        let parts = whole.checked_mul(ALL / 100).and_then(|parts| parts.checked_add(decimals));
        parts.filter(|parts| *parts <= ALL).map(Self).ok_or(ShareError)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, decimals) = (self.0 / (ALL / 100), self.0 % (ALL / 100));
        let decimals = format!("{decimals:0DECIMALS$}");
        let decimals = decimals.trim_end_matches('0');
        if decimals.is_empty() { write!(f, "{whole}%") } else { write!(f, "{whole}.{decimals}%") }
    }
}
