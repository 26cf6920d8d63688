//! Measures how many processes a second the runner starts, against `xargs -P2`: `cargo run --release --example spawn_rate`.
#![expect(clippy::print_stdout, reason = "figures are what it is for")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;

use fanout_engine::{AttemptId, Launch};
use fanout_local::process::{Settings, WorkDir};
use fanout_local::{LogStore, ProcessRunner, Report, Reports, Runner};

const PROCESSES: u64 = 2_000;
const ROUNDS: usize = 5;

type Anything = Box<dyn std::error::Error>;

fn main() -> Result<(), Anything> {
    let directory = std::env::temp_dir().join(format!("fanout-spawn-rate-{}", std::process::id()));
    for round in 0..ROUNDS {
        println!("runner {:6.0}/s   xargs {:6.0}/s", runner(&directory.join(round.to_string()))?, xargs()?);
    }
    // Not earlier: ext4 is slow to make files for a minute after many were removed.
    std::fs::remove_dir_all(directory)?;
    Ok(())
}

fn runner(logs: &Path) -> Result<f64, Anything> {
    let settings = Settings { slots: 2, ..Settings::new(WorkDir::Cwd(std::env::temp_dir())) };
    let mut runner = ProcessRunner::new(settings, LogStore::new(logs))?;
    let (sender, received) = mpsc::channel();
    let reports = Reports::new(move |_, report| {
        if let Report::Ended(end) = report {
            let _ = sender.send(end);
        }
    });
    let started = Instant::now();
    for attempt in 0..PROCESSES {
        runner.start(AttemptId(attempt), launch(attempt), reports.clone());
    }
    for _ in 0..PROCESSES {
        received.recv()?;
    }
    Ok(PROCESSES as f64 / started.elapsed().as_secs_f64())
}

fn launch(attempt: u64) -> Launch {
    Launch {
        job_id: format!("job:{attempt}"),
        job_name: "job".into(),
        attempt_number: 1,
        image: None,
        command: vec!["true".into()],
        environment: (0..8).map(|number| (format!("VARIABLE_{number}"), attempt.to_string())).collect(),
        execution_environment: "AWS_ECS_EC2",
        vcpus: 1.0,
        memory_mib: 1,
        log_stream: format!("job/default/{attempt:032x}"),
    }
}

fn xargs() -> Result<f64, Anything> {
    let started = Instant::now();
    let script = format!("seq {PROCESSES} | xargs -P2 -n1 true");
    Command::new("sh").args(["-c", &script]).stdout(Stdio::null()).status()?;
    Ok(PROCESSES as f64 / started.elapsed().as_secs_f64())
}
