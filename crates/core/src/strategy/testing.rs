//! A fan-out for the tests of strategies.

use crate::fan_out::FanOut;
use crate::retries::Retries;
use crate::run_list::parse_words;

/// A fan-out of `true` over a list of words, without retries.
pub(crate) fn fan_out(items: &str) -> FanOut {
    let runs = parse_words(items).expect("the test's list parses");
    FanOut { retries: Retries::of_all(0), ..FanOut::of("test", &["true"], runs) }
}
