//! Payload templates in both languages: JSONPath if the first byte is `P`, else JSONata.

#![no_main]

use fanout_asl::fuzzing;
use fanout_fuzz::{parts, within_bounds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((language, data)) = data.split_first() else { return };
    let Some((text, input)) = parts(data) else { return };
    if let Ok(source) = serde_json::from_str(text) {
        within_bounds(|| fuzzing::template(&source, *language != b'P', &input));
    }
});
