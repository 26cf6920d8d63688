//! `States.Base64Encode` and `States.Base64Decode`.

use ::base64::Engine as _;
use ::base64::alphabet::STANDARD;
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::text::limited;

/// As Java's basic decoder, which AWS uses: padding may be left out.
const BASIC: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true),
);

pub(super) fn encode(value: &Value) -> Result<Value, String> {
    Ok(BASIC.encode(limited(value)?.as_bytes()).into())
}

pub(super) fn decode(value: &Value) -> Result<Value, String> {
    let decoded = BASIC.decode(limited(value)?.as_bytes()).map_err(|_| "The argument is not valid Base64.")?;
    Ok(String::from_utf8_lossy(&decoded).into())
}
