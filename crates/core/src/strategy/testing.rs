//! A fan-out for the tests of strategies.

use crate::fan_out::{FanOut, Hosting, Injection, NO_BUCKET, NO_ROLE, Worker};
use crate::retries::Retries;
use crate::run_list::parse_words;

/// A fan-out of `true` over a list of words.
pub(crate) fn fan_out(items: &str) -> FanOut {
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
            hosting: Hosting::default(),
        },
        runs: parse_words(items).expect("the test's list parses"),
        max_concurrency: None,
        retries: Retries::of_all(0),
        max_fails: None,
        timeout_seconds: None,
        job_queue: "fanout".into(),
        bucket: NO_BUCKET.into(),
        role_arn: NO_ROLE.into(),
    }
}
