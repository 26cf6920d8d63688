//! What the tests of this crate share: a directory that goes away again, and an attempt to run.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use fanout_engine::Launch;

static NEXT: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("fanout-local-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An attempt that runs `command` and writes to stream `d/default/1`.
pub(crate) fn launch(command: &[&str]) -> Launch {
    Launch {
        job_id: "job".into(),
        job_name: "job".into(),
        attempt_number: 1,
        image: None,
        command: command.iter().map(ToString::to_string).collect(),
        environment: Vec::new(),
        execution_environment: "AWS_ECS_EC2",
        vcpus: 1.0,
        memory_mib: 1,
        log_stream: "d/default/1".into(),
    }
}
