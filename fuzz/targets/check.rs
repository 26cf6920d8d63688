//! The checker and the drawings, on any text.

#![no_main]

use fanout_asl::check::{MachineType, check};
use fanout_asl::graph;
use fanout_fuzz::within_bounds;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    within_bounds(|| {
        for kind in [MachineType::Standard, MachineType::Express] {
            _ = check(text, kind);
        }
        if let Ok(document) = serde_json::from_str(text) {
            _ = graph::mermaid(&document);
            _ = graph::svg(&document);
        }
    });
});
