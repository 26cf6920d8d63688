//! A fan-out for the tests of strategies.

use crate::fan_out::{FanOut, Injection, Worker};
use crate::retries::Retries;
use crate::run_list::parse_words;

/// A fan-out of `true` over a list of words.
pub(super) fn fan_out(items: &str) -> FanOut {
    FanOut {
        run_id: "test".into(),
        round: 0,
        name: "fanout".into(),
        worker: Worker {
            command: vec!["true".into()],
            image: "local".into(),
            environment: Vec::new(),
            env_name: "RunNumber".into(),
            vcpus: 1,
            memory_mib: 2048,
            injection: Injection::Shell,
        },
        runs: parse_words(items).expect("the test's list parses"),
        max_concurrency: None,
        retries: Retries::of_all(0),
        max_fails: None,
        timeout_seconds: None,
        job_queue: "fanout".into(),
        bucket: "fanout".into(),
        role_arn: "arn:aws:iam::123456789012:role/fanout".into(),
    }
}
