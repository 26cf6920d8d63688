//! JSONata through the wrapper and its bounds. Where the library panics, the wrapper takes it as the expression's failure;
//! where our own code does, it is a finding.

#![no_main]

use std::panic;

use fanout_asl::fuzzing;
use fanout_fuzz::{parts, within_bounds};
use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: {
        // In place of libFuzzer's, which ends the process at any panic, caught or not.
        panic::set_hook(Box::new(|what| {
            let ours = what.location().is_some_and(|at| !at.file().contains("jsonata-core") && !at.file().contains("/rustc/"));
            eprintln!("{what}");
            if ours {
                std::process::abort();
            }
        }));
    },
    |data: &[u8]| {
        if let Some((text, input)) = parts(data) {
            within_bounds(|| fuzzing::jsonata(text, &input));
        }
    }
);
