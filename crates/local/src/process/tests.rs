use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Instant;

use fanout_engine::AttemptEnd;

use super::*;
use crate::runner::Report;
use crate::testing::{Dir, launch};

struct Bench {
    directory: Dir,
    runner: ProcessRunner,
    logs: LogStore,
    reports: Reports,
    received: Receiver<(AttemptId, Report)>,
}

impl Bench {
    fn new(change: impl FnOnce(&mut Settings)) -> Self {
        let directory = Dir::new();
        let mut settings = Settings::new(WorkDir::Cwd(directory.path().to_owned()));
        settings.grace = Duration::from_millis(300);
        change(&mut settings);
        let logs = LogStore::new(directory.path().join("logs"));
        let (sender, received) = mpsc::channel();
        let reports = Reports::new(move |attempt, report| drop(sender.send((attempt, report))));
        Self { runner: ProcessRunner::new(settings, logs.clone()).unwrap(), directory, logs, reports, received }
    }

    fn start(&mut self, attempt: u64, launch: Launch) {
        self.runner.start(AttemptId(attempt), launch, self.reports.clone());
    }

    fn next(&self) -> (AttemptId, Report) {
        self.received.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    fn end(&self) -> AttemptEnd {
        loop {
            if let (_, Report::Ended(end)) = self.next() {
                return end;
            }
        }
    }

    fn run(&mut self, command: &[&str]) -> AttemptEnd {
        self.start(1, launch(command));
        self.end()
    }

    fn log(&self) -> String {
        fs::read_to_string(self.logs.path("d/default/1")).unwrap()
    }
}

fn exited(code: i32) -> AttemptEnd {
    AttemptEnd::Exited { code, reason: None }
}

fn failed(reason: &str) -> AttemptEnd {
    AttemptEnd::FailedToStart { reason: reason.into() }
}

fn is_gone(pid: &str) -> bool {
    // A zombie has no memory any more: it is only waiting for its new parent.
    let status = fs::read_to_string(Path::new("/proc").join(pid.trim()).join("status"));
    status.map_or(true, |status| !status.contains("VmSize"))
}

fn eventually(mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}

#[test]
fn tells_the_exit_code_after_the_start() {
    let mut bench = Bench::new(|_| {});
    bench.start(7, launch(&["sh", "-c", "exit 3"]));
    assert_eq!(bench.next(), (AttemptId(7), Report::Started));
    assert_eq!(bench.next(), (AttemptId(7), Report::Ended(exited(3))));
    let after = bench.received.recv_timeout(Duration::from_millis(50));
    assert_eq!(after, Err(RecvTimeoutError::Timeout));
}

#[test]
fn a_signal_is_128_and_its_number() {
    let mut bench = Bench::new(|_| {});
    assert_eq!(bench.run(&["sh", "-c", "kill -9 $$"]), exited(137));
    assert_eq!(bench.run(&["sh", "-c", "kill -TERM $$"]), exited(143));
}

#[test]
fn output_and_errors_keep_their_order() {
    let mut bench = Bench::new(|_| {});
    bench.run(&["sh", "-c", "for i in 1 2 3; do echo out $i; echo err $i >&2; done"]);
    assert_eq!(bench.log(), "out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n");
}

#[test]
fn a_program_that_is_not_there_is_a_failed_start() {
    let mut bench = Bench::new(|_| {});
    let daemon = "CannotStartContainerError: Error response from daemon: exec:";
    assert_eq!(bench.run(&["python33"]), failed(&format!("{daemon} \"python33\": executable file not found in $PATH")));
    assert_eq!(bench.run(&["./python33"]), failed(&format!("{daemon} \"./python33\": no such file or directory")));
    assert_eq!(bench.run(&[""]), failed(&format!("{daemon} \"\": executable file not found in $PATH")));
    assert_eq!(bench.run(&["."]), failed(&format!("{daemon} \".\": executable file not found in $PATH")));
    assert_eq!(bench.run(&["/"]), failed(&format!("{daemon} \"/\": permission denied")));
    let nul = bench.run(&["sh", "-c", "a\0b"]);
    assert_eq!(nul, failed(&format!("{daemon} \"sh\": nul byte found in provided data")));
    assert_eq!(bench.logs.read("d/default/9", &crate::logs::Query { start: crate::logs::Start::Head, limit: 1 }).unwrap(), None);
}

#[test]
fn a_file_that_is_no_program_is_a_failed_start() {
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::new(|_| {});
    let file = bench.directory.path().join("tool");
    fs::write(&file, "no program").unwrap();
    let path = ("PATH".to_owned(), bench.directory.path().display().to_string());
    let tool = Launch { environment: vec![path], ..launch(&["tool"]) };
    let daemon = "CannotStartContainerError: Error response from daemon: exec: \"tool\":";
    bench.start(1, tool.clone());
    assert_eq!(bench.end(), failed(&format!("{daemon} permission denied")));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    // A process that another test starts at this moment may still hold the file open.
    assert!(eventually(|| {
        bench.start(1, tool.clone());
        bench.end() == failed(&format!("{daemon} exec format error"))
    }));
    let writer = fs::OpenOptions::new().append(true).open(&file).unwrap();
    bench.start(1, tool);
    assert_eq!(bench.end(), failed(&format!("{daemon} text file busy")));
    drop(writer);
}

#[test]
fn a_working_directory_that_is_not_there_is_a_failed_start() {
    let mut bench = Bench::new(|settings| settings.work_dir = WorkDir::Cwd("/nowhere/at/all".into()));
    let reason = "CannotCreateContainerError: working directory: no such file or directory";
    assert_eq!(bench.run(&["true"]), failed(reason));
}

#[test]
fn a_job_without_a_command_runs_what_its_image_is_known_to_run() {
    let known = |pattern: &str, text: &str| ImageCommand { pattern: pattern.into(), command: ["sh", "-c", text].map(String::from).into() };
    let mut bench = Bench::new(|settings| settings.images = vec![known("*/etl:*", "exit 4"), known("*", "exit 5")]);
    bench.start(1, Launch { image: Some("repo/etl:7".into()), ..launch(&[]) });
    assert_eq!(bench.end(), exited(4));
    bench.start(1, Launch { image: Some("other".into()), ..launch(&[]) });
    assert_eq!(bench.end(), exited(5));
    let mut bench = Bench::new(|_| {});
    let reason = "CannotCreateContainerError: Error response from daemon: No command specified";
    assert_eq!(bench.run(&[]), failed(reason));
}

#[test]
fn arguments_and_variables_arrive_unchanged() {
    let mut bench = Bench::new(|_| {});
    let awkward = "two\nlines 'q' \"Q\" $HOME `x` \\ é 🦀";
    let script = "printf '%s|' \"$@\" \"$ITEM\"";
    let environment = vec![("ITEM".to_owned(), awkward.to_owned())];
    bench.start(1, Launch { environment, ..launch(&["sh", "-c", script, "sh", awkward, "", "*"]) });
    assert_eq!(bench.end(), exited(0));
    assert_eq!(bench.log(), format!("{awkward}||*|{awkward}|"));
}

#[test]
fn the_environment_is_closed() {
    let usual = ["A", "AWS_EXECUTION_ENV", "HOME", "PATH"];
    let here = std::env::vars().map(|(name, _)| name).filter(|name| !usual.contains(&name.as_str()));
    let (passed, kept): (Vec<_>, Vec<_>) = here.enumerate().partition(|(number, _)| *number == 0);
    let passed: Vec<_> = passed.into_iter().map(|(_, name)| name).chain(["NOT_SET_ANYWHERE".into()]).collect();
    let mut bench = Bench::new(|settings| settings.pass_env.clone_from(&passed));
    bench.start(1, Launch { environment: vec![("A".into(), "1".into())], ..launch(&["env", "-0"]) });
    assert_eq!(bench.end(), exited(0));
    let log = bench.log();
    let mut names: Vec<_> = log.split('\0').filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    let mut expected: Vec<_> = usual.into_iter().chain(passed.iter().take(passed.len() - 1).map(String::as_str)).collect();
    names.sort_unstable();
    expected.sort_unstable();
    assert_eq!(names, expected, "not to be seen: {kept:?}");
}

#[test]
fn a_stop_is_a_sigterm() {
    let mut bench = Bench::new(|settings| settings.grace = Duration::from_secs(30));
    bench.start(1, launch(&["sh", "-c", "trap 'exit 9' TERM; echo up; while :; do sleep 0.01; done"]));
    assert!(eventually(|| fs::read_to_string(bench.logs.path("d/default/1")).is_ok_and(|log| log.contains("up"))));
    bench.runner.stop(AttemptId(1));
    assert_eq!(bench.end(), exited(9));
    bench.runner.stop(AttemptId(1));
}

#[test]
fn who_ignores_sigterm_is_killed_when_the_grace_is_over() {
    let mut bench = Bench::new(|_| {});
    bench.start(1, launch(&["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.01; done"]));
    assert!(eventually(|| fs::read_to_string(bench.logs.path("d/default/1")).is_ok_and(|log| log.contains("up"))));
    let stopped = Instant::now();
    bench.runner.stop(AttemptId(1));
    assert_eq!(bench.end(), exited(137));
    let took = stopped.elapsed();
    assert!(took >= Duration::from_millis(300) && took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn nobody_of_the_group_outlives_the_first_process() {
    let mut bench = Bench::new(|_| {});
    let script = "(trap '' TERM; echo $(exec sh -c 'echo $PPID') >pid; while :; do sleep 0.01; done) & wait";
    bench.start(1, launch(&["sh", "-c", script]));
    let pid = bench.directory.path().join("pid");
    assert!(eventually(|| fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n'))));
    let pid = fs::read_to_string(&pid).unwrap();
    assert!(!is_gone(&pid));
    bench.runner.stop(AttemptId(1));
    assert_eq!(bench.end(), exited(143));
    assert!(eventually(|| is_gone(&pid)));
}

#[test]
fn an_attempt_that_waits_for_room_is_stopped_without_being_run() {
    let mut bench = Bench::new(|settings| settings.slots = 1);
    bench.start(1, launch(&["sleep", "60"]));
    bench.start(2, launch(&["touch", "ran"]));
    assert_eq!(bench.next(), (AttemptId(1), Report::Started));
    bench.runner.stop(AttemptId(2));
    let reason = "CannotStartContainerError: stopped before it was started";
    assert_eq!(bench.next(), (AttemptId(2), Report::Ended(failed(reason))));
    bench.runner.stop(AttemptId(1));
    assert_eq!(bench.end(), exited(143));
    assert!(!bench.directory.path().join("ran").exists());
}

#[test]
fn a_stop_that_comes_at_once_is_not_lost() {
    let mut bench = Bench::new(|_| {});
    for attempt in 0..50 {
        bench.start(attempt, launch(&["sleep", "60"]));
        bench.runner.stop(AttemptId(attempt));
        let end = bench.end();
        assert!(matches!(end, AttemptEnd::Exited { code: 143, .. } | AttemptEnd::FailedToStart { .. }), "{end:?}");
    }
}

#[test]
fn dropping_the_runner_kills_what_runs() {
    let mut bench = Bench::new(|settings| settings.grace = Duration::from_secs(30));
    bench.start(1, launch(&["sh", "-c", "trap '' TERM; echo $$ >pid; while :; do sleep 0.01; done"]));
    let pid = bench.directory.path().join("pid");
    assert!(eventually(|| fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n'))));
    let pid = fs::read_to_string(&pid).unwrap();
    drop(bench.runner);
    assert!(eventually(|| is_gone(&pid)));
}

#[test]
fn the_kill_switch_ends_what_runs_what_waits_and_what_comes_later() {
    let mut bench = Bench::new(|settings| (settings.slots, settings.grace) = (1, Duration::from_secs(30)));
    bench.start(1, launch(&["sh", "-c", "trap '' TERM; while :; do sleep 0.01; done"]));
    bench.start(2, launch(&["touch", "ran"]));
    assert_eq!(bench.next(), (AttemptId(1), Report::Started));
    bench.runner.kill_switch().pull();
    bench.start(3, launch(&["touch", "ran"]));
    let mut ends = [bench.next(), bench.next(), bench.next()];
    ends.sort_by_key(|(attempt, _)| *attempt);
    let never = || Report::Ended(failed("CannotStartContainerError: stopped before it was started"));
    assert_eq!(ends, [(AttemptId(1), Report::Ended(exited(137))), (AttemptId(2), never()), (AttemptId(3), never())]);
    assert!(!bench.directory.path().join("ran").exists());
}

#[test]
fn a_fresh_directory_is_empty_and_goes_away() {
    let root = Dir::new();
    let fresh = root.path().join("jobs");
    let mut bench = Bench::new(|settings| settings.work_dir = WorkDir::Fresh(fresh.clone()));
    assert_eq!(bench.run(&["sh", "-c", "pwd; ls -A; mkdir metaflow && cd metaflow && touch x"]), exited(0));
    let log = bench.log();
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 1, "{log}");
    assert_eq!(Path::new(lines[0]).parent().unwrap(), fs::canonicalize(&fresh).unwrap());
    assert!(!Path::new(lines[0]).exists());
    assert_eq!(fs::read_dir(&fresh).unwrap().count(), 0);
}

#[test]
fn many_quick_processes_each_end_once() {
    let mut bench = Bench::new(|settings| settings.slots = 8);
    for attempt in 0..200 {
        bench.start(attempt, launch(&["true"]));
    }
    let mut reports: Vec<_> = (0..400).map(|_| bench.next()).collect();
    reports.sort_by_key(|(attempt, report)| (*attempt, *report != Report::Started));
    let expected = (0..200).flat_map(|attempt| [Report::Started, Report::Ended(exited(0))].map(|report| (AttemptId(attempt), report)));
    assert_eq!(reports, expected.collect::<Vec<_>>());
}
