//! JSONPath: read, followed, written to.

#![no_main]

use fanout_asl::fuzzing;
use fanout_fuzz::{parts, within_bounds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((text, input)) = parts(data) {
        within_bounds(|| fuzzing::path(text, &input));
    }
});
