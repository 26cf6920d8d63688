//! Programs that a fanout left behind when it was killed.

use std::collections::BTreeSet;
use std::fs;

use rustix::process::{Pid, Signal, getpgid, kill_process_group};

const VARIABLE: &[u8] = b"AWS_BATCH_JOB_ID=";

/// Kills the process groups of programs that still run for one of these jobs, as the loss of a host would. They are
/// known by their environment, which holds the job's id; where there is no `/proc`, none is found.
pub fn kill_leftovers(job_ids: &BTreeSet<String>) {
    if job_ids.is_empty() {
        return;
    }
    let own = getpgid(None).ok();
    let groups: BTreeSet<i32> = processes().filter(|pid| runs_for(*pid, job_ids)).filter_map(group).collect();
    for group in groups.into_iter().filter_map(Pid::from_raw) {
        if Some(group) != own {
            tracing::warn!(?group, "a program of a fanout that was killed still runs: it is killed");
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn runs_for(pid: i32, job_ids: &BTreeSet<String>) -> bool {
    let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
    let mut values = environment.split(|byte| *byte == 0).filter_map(|variable| variable.strip_prefix(VARIABLE));
    values.any(|value| std::str::from_utf8(value).is_ok_and(|id| job_ids.contains(id)))
}

fn group(pid: i32) -> Option<i32> {
    Some(getpgid(Pid::from_raw(pid)).ok()?.as_raw_nonzero().get())
}
