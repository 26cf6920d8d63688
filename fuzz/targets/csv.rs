//! The CSV reader of distributed Maps. The first byte is the delimiter; if it is a `#`, there is a header from outside.

#![no_main]

use fanout_asl::fuzzing;
use fanout_fuzz::within_bounds;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((delimiter, text)) = data.split_first() {
        let headers = (*delimiter == b'#').then(|| vec!["a".to_owned(), "b".to_owned()]);
        within_bounds(|| fuzzing::csv(text.into(), *delimiter, headers));
    }
});
