//! A fan-out that is carried out by a process of its own, which outlives the command and its terminal.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::record::{Follower, Record};

/// How long a new process may take to tell its first event.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(5);

/// Starts it, and waits until it has begun.
pub(crate) fn start(record: &Record, root: &Path) -> Result<(), Error> {
    let io = |source| Error::Io { what: "the fan-out cannot be carried out in the background".into(), source };
    let talk = record.directory.join("carry.log");
    let output = File::create(&talk).map_err(io)?;
    let program = std::env::current_exe().map_err(io)?;
    // What a retry's fan-out had told before says nothing of the new process.
    let mut follower = Follower::new(record);
    follower.news()?;
    let mut child = Command::new(program)
        .arg("carry")
        .arg("--state-dir")
        .arg(root)
        .arg(record.id())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(output)
        .spawn()
        .map_err(io)?;
    let begun = Instant::now();
    while follower.news()?.is_empty() {
        if child.try_wait().map_err(io)?.is_some() {
            let words = std::fs::read_to_string(&talk).unwrap_or_default();
            return Err(Error::Refused(format!("it ended before it began: {}", words.trim())));
        }
        if begun.elapsed() > PATIENCE {
            return Err(Error::Refused(format!("it has not begun after {} s; what it says is in {}", PATIENCE.as_secs(), talk.display())));
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}
