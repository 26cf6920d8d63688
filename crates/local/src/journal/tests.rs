use fanout_engine::journal::Entry;
use fanout_engine::{AttemptEnd, AttemptId, CallId, Effect, Engine, Input, Reply, Request, Settings};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::*;
use crate::testing::Dir;

/// An engine and its journal, without a driver.
struct Both {
    engine: Engine,
    journal: Journal,
    now: Timestamp,
    attempts: Vec<AttemptId>,
}

impl Both {
    fn open(dir: &Dir) -> (Self, Vec<AttemptId>) {
        let recovered = open(dir).unwrap();
        let now = recovered.last.max(Timestamp::UNIX_EPOCH);
        (Self { engine: recovered.engine, journal: recovered.journal, now, attempts: Vec::new() }, recovered.lost.into_iter().collect())
    }

    fn handle(&mut self, input: Input) -> Option<Reply> {
        self.now += SignedDuration::from_millis(7);
        let entry = Entry::of(&input);
        let mut digest = entry.as_ref().map(|entry| entry.digest(self.now));
        self.engine.handle(input, self.now);
        let mut answer = None;
        while let Some(effect) = self.engine.poll_effect() {
            if let Some(digest) = &mut digest {
                digest.add(&effect);
            }
            match effect {
                Effect::Reply { reply, .. } => answer = Some(*reply),
                Effect::StartAttempt { attempt } => self.attempts.push(attempt),
                Effect::StopAttempt { .. } | Effect::CallObjects { .. } => {}
            }
        }
        if let (Some(entry), Some(digest)) = (entry, digest) {
            self.journal.append(entry, self.now, digest);
            self.journal.commit().unwrap();
        }
        answer
    }

    fn batch(&mut self, operation: &str, body: Value) -> Value {
        let request = fanout_batch::api::Request::decode(operation, body.to_string().as_bytes()).unwrap().unwrap();
        match self.handle(Input::Call { id: CallId(1), request: Request::Batch(request) }) {
            Some(Reply::Batch(Ok(reply))) => reply.to_json(),
            Some(Reply::Batch(Err(error))) => json!(error.code),
            other => panic!("{other:?}"),
        }
    }

    fn prepare(&mut self) {
        self.batch(
            "createcomputeenvironment",
            json!({"computeEnvironmentName": "c", "type": "MANAGED", "state": "ENABLED", "computeResources": {
                "type": "EC2", "maxvCpus": 2, "minvCpus": 0, "instanceTypes": ["optimal"], "subnets": ["s"],
                "instanceRole": "arn:aws:iam::123456789012:instance-profile/i", "securityGroupIds": ["g"]}}),
        );
        self.batch(
            "createjobqueue",
            json!({"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "c"}]}),
        );
        self.batch(
            "registerjobdefinition",
            json!({"jobDefinitionName": "d", "type": "container", "retryStrategy": {"attempts": 2}, "containerProperties": {
                "image": "i", "command": ["true"], "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "10"}]}}),
        );
    }

    fn submit(&mut self) -> String {
        let answer = self.batch("submitjob", json!({"jobName": "j", "jobQueue": "q", "jobDefinition": "d"}));
        answer["jobId"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    fn describe(&mut self, jobs: &[String]) -> Value {
        self.batch("describejobs", json!({ "jobs": jobs }))
    }
}

fn open(dir: &Dir) -> Result<Recovered, JournalError> {
    Journal::open(StateDir::open(dir.path()).unwrap(), Settings { seed: 5, ..Settings::default() }, Survives::PowerLoss)
}

fn database(dir: &Dir) -> Connection {
    Connection::open(dir.path().join("journal.sqlite")).unwrap()
}

/// Jobs in every state: one over, one lost with its attempt, one waiting.
fn filled(dir: &Dir) -> (Vec<String>, Value) {
    let (mut both, lost) = Both::open(dir);
    assert!(lost.is_empty());
    both.prepare();
    let mut jobs: Vec<String> = (0..2).map(|_| both.submit()).collect();
    // Calls that change nothing, refused ones too, leave no trace in what follows.
    both.batch("listjobs", json!({}));
    both.batch("listjobs", json!({}));
    jobs.push(both.submit());
    let first = both.attempts[0];
    both.handle(Input::AttemptStarted { attempt: first });
    both.handle(Input::AttemptEnded { attempt: first, end: AttemptEnd::Exited { code: 0, reason: None } });
    both.batch("submitjob", json!({"jobName": "!", "jobQueue": "q", "jobDefinition": "d"}));
    jobs.push(both.submit());
    let described = both.describe(&jobs);
    (jobs, described)
}

#[test]
fn everything_is_as_it_was() {
    let dir = Dir::new();
    let (jobs, before) = filled(&dir);
    let (mut both, lost) = Both::open(&dir);
    assert_eq!(lost.len(), 2);
    assert_eq!(both.describe(&jobs), before);
    both.handle(Input::AttemptEnded { attempt: lost[0], end: AttemptEnd::HostLost });
    let after = both.describe(&jobs);
    drop(both);
    assert_eq!(Both::open(&dir).0.describe(&jobs), after, "the second life is remembered as well");
}

#[test]
fn one_directory_is_used_by_one_process() {
    let dir = Dir::new();
    let first = StateDir::open(dir.path()).unwrap();
    let error = StateDir::open(dir.path()).unwrap_err();
    assert!(error.to_string().ends_with(&format!("is in use by another fanout (process {})", std::process::id())), "{error}");
    drop(first);
    StateDir::open(dir.path()).unwrap();
}

#[test]
fn a_directory_of_another_user_is_refused() {
    if rustix::process::geteuid().is_root() {
        let dir = Dir::new();
        std::os::unix::fs::chown(dir.path(), Some(12345), None).unwrap();
        assert!(matches!(StateDir::open(dir.path()), Err(StateDirError::Foreign { owner: 12345, .. })));
    } else {
        assert!(matches!(StateDir::open(std::path::Path::new("/")), Err(StateDirError::Foreign { owner: 0, .. })));
    }
}

#[test]
fn what_is_damaged_is_refused_and_left_alone() {
    for damage in [
        "DELETE FROM input WHERE seq = 3",
        "DELETE FROM input WHERE seq = 0",
        "UPDATE input SET body = replace(body, 'true', 'rm') WHERE seq = 3",
        "UPDATE input SET at = at + 1 WHERE seq = 4",
        "UPDATE input SET kind = 'later' WHERE seq = 5",
        "UPDATE input SET digest = 0 WHERE seq = 0",
    ] {
        let dir = Dir::new();
        filled(&dir);
        database(&dir).execute(damage, []).unwrap();
        let rows = || database(&dir).query_row("SELECT count(*) FROM input", [], |row| row.get::<_, i64>(0)).unwrap();
        let before = rows();
        assert!(matches!(open(&dir), Err(JournalError::Damaged { .. })), "{damage}");
        assert_eq!(rows(), before);
    }
}

#[test]
fn what_is_foreign_newer_or_otherwise_set_up_is_refused() {
    let dir = Dir::new();
    std::fs::write(dir.path().join("journal.sqlite"), "x".repeat(5000)).unwrap();
    assert!(matches!(open(&dir), Err(JournalError::Foreign(_))));

    let dir = Dir::new();
    database(&dir).execute("CREATE TABLE mine (x)", []).unwrap();
    assert!(matches!(open(&dir), Err(JournalError::Foreign(_))));

    let dir = Dir::new();
    drop(open(&dir).unwrap());
    database(&dir).pragma_update(None, "user_version", 2).unwrap();
    assert!(matches!(open(&dir), Err(JournalError::Newer { found: 2, .. })));

    let dir = Dir::new();
    drop(open(&dir).unwrap());
    let strict = Settings { seed: 6, strict: true, ..Settings::default() };
    assert!(matches!(Journal::open(StateDir::open(dir.path()).unwrap(), strict, Survives::PowerLoss), Err(JournalError::Settings(_))));
}

#[test]
fn what_was_not_committed_is_as_if_it_never_was() {
    let dir = Dir::new();
    let (jobs, before) = filled(&dir);
    let recovered = open(&dir).unwrap();
    let (mut journal, entry) = (recovered.journal, Entry::of(&Input::Tick).unwrap());
    journal.append(entry.clone(), recovered.last, entry.digest(recovered.last));
    drop(journal);
    assert_eq!(Both::open(&dir).0.describe(&jobs), before);
}
