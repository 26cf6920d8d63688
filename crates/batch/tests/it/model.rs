//! Any sequence of calls and endings: what must hold after each step.
//!
//! - What is in use is what the attempts in flight need, and never more than the environment has.
//! - A job ends once, is announced once, and never leaves its last status.
//! - No job has more attempts than its strategy allows.
//! - A parent's status and summary are those of its children.
//! - When all attempts have ended, nothing that fits is left waiting.

use std::collections::{BTreeMap, BTreeSet};

use fanout_batch::api::{CancelJob, JobDetail, JobTimeout, Reply, Request, RetryStrategy, SubmitJob, TerminateJob};
use fanout_batch::{AttemptEnd, AttemptId, CallId, Effect, Explanation, Input, Scheduler, Settings};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::account::{after, array, definition, environment, job, queue, sized};

const VCPUS: i64 = 4;
const MEMORY_MIB: u64 = 10_000;

#[derive(Clone, Debug)]
enum Step {
    Submit {
        size: u8,
        vcpus: u8,
        memory: u16,
        attempts: u8,
        timeout: bool,
        dependency: Option<(Index, u8)>,
    },
    Started(Index),
    Ended(Index, u8),
    /// Of an attempt that was once in flight.
    Stale(Index, u8),
    Cancel(Index, Option<u8>),
    Terminate(Index, Option<u8>),
    Tick(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let dependency = proptest::option::of((any::<Index>(), 0..4_u8));
    let submit = (0..5_u8, 1..6_u8, 4..12_000_u16, 1..4_u8, any::<bool>(), dependency).prop_map(
        |(size, vcpus, memory, attempts, timeout, dependency)| Step::Submit { size, vcpus, memory, attempts, timeout, dependency },
    );
    let child = || proptest::option::of(0..5_u8);
    prop_oneof![
        4 => submit,
        6 => any::<Index>().prop_map(Step::Started),
        6 => (any::<Index>(), 0..6_u8).prop_map(|(which, how)| Step::Ended(which, how)),
        1 => (any::<Index>(), 0..6_u8).prop_map(|(which, how)| Step::Stale(which, how)),
        1 => (any::<Index>(), child()).prop_map(|(which, child)| Step::Cancel(which, child)),
        1 => (any::<Index>(), child()).prop_map(|(which, child)| Step::Terminate(which, child)),
        2 => (0..90_u8).prop_map(Step::Tick),
    ]
}

fn end(how: u8) -> AttemptEnd {
    match how {
        0..=2 => AttemptEnd::Exited { code: 0, reason: None },
        3 => AttemptEnd::Exited { code: 1, reason: None },
        4 => AttemptEnd::FailedToStart { reason: "CannotPullContainerError: no".into() },
        _ => AttemptEnd::HostLost,
    }
}

/// What is known of each submission.
struct Submitted {
    id: String,
    children: Option<u8>,
    attempts: usize,
}

struct World {
    batch: Scheduler,
    now: Timestamp,
    submitted: Vec<Submitted>,
    in_flight: Vec<AttemptId>,
    past: Vec<AttemptId>,
    announced: BTreeMap<String, bool>,
    ended: BTreeMap<String, JobDetail>,
}

impl World {
    fn new() -> Self {
        let batch = Scheduler::new(Settings {
            account: "123456789012".into(),
            region: "us-east-1".into(),
            seed: 3,
            memory_mib_per_environment: Some(MEMORY_MIB),
        });
        let mut world = Self {
            batch,
            now: Timestamp::UNIX_EPOCH,
            submitted: Vec::new(),
            in_flight: Vec::new(),
            past: Vec::new(),
            announced: BTreeMap::new(),
            ended: BTreeMap::new(),
        };
        world.call(Request::CreateComputeEnvironment(environment("ce", "EC2", VCPUS)));
        world.call(Request::CreateJobQueue(queue("q", 1, &["ce"])));
        world.call(Request::RegisterJobDefinition(definition("d")));
        world
    }

    fn call(&mut self, request: Request) -> Option<Reply> {
        self.input(Input::Call { id: CallId(0), request })
    }

    fn input(&mut self, input: Input) -> Option<Reply> {
        self.batch.handle(input, self.now);
        let mut answer = None;
        while let Some(effect) = self.batch.poll_effect() {
            match effect {
                Effect::Reply { result, .. } => answer = result.ok(),
                Effect::Start { attempt } => {
                    assert!(!self.past.contains(&attempt), "an attempt's id is never used twice");
                    self.past.push(attempt);
                    self.in_flight.push(attempt);
                }
                Effect::Stop { attempt } => assert!(self.in_flight.contains(&attempt), "only what is in flight is stopped"),
                Effect::JobEnded { job_id, succeeded } => {
                    assert_eq!(self.announced.insert(job_id.to_string(), succeeded), None, "a job ends once");
                }
            }
        }
        answer
    }

    fn apply(&mut self, step: Step) {
        match step {
            Step::Submit { size, vcpus, memory, attempts, timeout, dependency } => {
                let children = (size >= 2).then_some(size);
                let request = SubmitJob {
                    array_properties: children.and_then(|size| array("a", size.into()).array_properties),
                    retry_strategy: Some(RetryStrategy { attempts: Some(attempts.into()), evaluate_on_exit: Vec::new() }),
                    timeout: timeout.then_some(JobTimeout { attempt_duration_seconds: Some(60) }),
                    ..sized("a", &vcpus.to_string(), &memory.to_string())
                };
                self.submit(request, children, attempts, dependency);
            }
            Step::Started(which) if !self.in_flight.is_empty() => {
                let attempt = *which.get(&self.in_flight);
                self.input(Input::AttemptStarted { attempt });
            }
            Step::Ended(which, how) if !self.in_flight.is_empty() => {
                let attempt = self.in_flight.swap_remove(which.index(self.in_flight.len()));
                self.input(Input::AttemptEnded { attempt, end: end(how) });
            }
            Step::Stale(which, how) if !self.past.is_empty() => {
                let attempt = *which.get(&self.past);
                if !self.in_flight.contains(&attempt) {
                    self.input(Input::AttemptStarted { attempt });
                    self.input(Input::AttemptEnded { attempt, end: end(how) });
                }
            }
            Step::Cancel(which, child) if !self.submitted.is_empty() => {
                let job_id = self.target(which, child);
                self.call(Request::CancelJob(CancelJob { job_id, reason: "cancelled".into() }));
            }
            Step::Terminate(which, child) if !self.submitted.is_empty() => {
                let job_id = self.target(which, child);
                self.call(Request::TerminateJob(TerminateJob { job_id, reason: "terminated".into() }));
            }
            Step::Tick(seconds) => {
                self.now += SignedDuration::from_secs(seconds.into());
                self.input(Input::Tick);
                let now = self.now;
                assert!(self.batch.poll_deadline().is_none_or(|deadline| deadline.at > now), "no deadline stays overdue");
            }
            _ => {}
        }
    }

    fn submit(&mut self, request: SubmitJob, children: Option<u8>, attempts: u8, dependency: Option<(Index, u8)>) {
        let target = dependency.filter(|_| !self.submitted.is_empty()).map(|(which, _)| self.target(which, None));
        let request = match (dependency, target.as_deref()) {
            (Some((_, 0)), _) => after(request, &[(None, Some("SEQUENTIAL"))]),
            (Some((_, 1)), Some(id)) => after(request, &[(Some(id), Some("N_TO_N"))]),
            (Some((_, 2)), Some(id)) => after(request, &[(Some(&format!("{id}:0")), None), (None, Some("SEQUENTIAL"))]),
            (Some((_, _)), Some(id)) => after(request, &[(Some(id), None)]),
            _ => request,
        };
        // Senseless dependencies are refused.
        if let Some(Reply::SubmitJob(reply)) = self.call(Request::SubmitJob(request)) {
            self.submitted.push(Submitted { id: reply.job_id, children, attempts: attempts.into() });
        }
    }

    fn target(&self, which: Index, child: Option<u8>) -> String {
        let id = &which.get(&self.submitted).id;
        child.map_or_else(|| id.clone(), |child| format!("{id}:{child}"))
    }

    fn job(&self, id: &str) -> JobDetail {
        self.batch.job(id).expect("submitted")
    }

    /// The ids of what can run: plain jobs and children.
    fn units(&self) -> Vec<(String, usize)> {
        let unit = |submitted: &Submitted| match submitted.children {
            None => vec![(submitted.id.clone(), submitted.attempts)],
            Some(size) => (0..size).map(|index| (format!("{}:{index}", submitted.id), submitted.attempts)).collect(),
        };
        self.submitted.iter().flat_map(unit).collect()
    }

    fn check(&mut self) {
        self.check_capacity();
        self.check_units();
        self.check_parents();
    }

    fn check_capacity(&self) {
        let views: Vec<_> = self.in_flight.iter().map(|attempt| self.batch.attempt(*attempt).expect("in flight")).collect();
        let vcpus: f64 = views.iter().map(|view| view.vcpus).sum();
        let memory: u64 = views.iter().map(|view| view.memory_mib).sum();
        assert!(vcpus <= VCPUS as f64 && memory <= MEMORY_MIB, "{vcpus} vCPUs, {memory} MiB");
        for (id, _) in self.units() {
            let Some(Explanation::Capacity { environments, .. }) = self.batch.explain(&id) else { continue };
            assert_eq!(environments[0].vcpus, Some(VCPUS as f64 - vcpus));
            assert_eq!(environments[0].memory_mib, Some(MEMORY_MIB - memory));
        }
    }

    fn check_units(&mut self) {
        let mut in_flight: BTreeSet<String> =
            self.in_flight.iter().map(|attempt| self.batch.launch(*attempt).expect("in flight").job_id).collect();
        assert_eq!(in_flight.len(), self.in_flight.len(), "one attempt of a job at a time");
        for (id, most) in self.units() {
            let detail = self.job(&id);
            assert!(detail.attempts.len() <= most, "{id} has too many attempts");
            let runs = ["STARTING", "RUNNING"].contains(&detail.status.as_str());
            assert_eq!(runs, in_flight.remove(&id), "{id} is {}", detail.status);
            let over = ["SUCCEEDED", "FAILED"].contains(&detail.status.as_str());
            assert_eq!(over, detail.stopped_at.is_some());
            assert!(!over || detail.status_reason.is_some(), "{id} says why it ended");
            if over {
                let known = self.ended.entry(id).or_insert_with(|| detail.clone());
                assert_eq!(*known, detail, "what has ended does not change");
            } else {
                assert!(!self.ended.contains_key(&id), "{id} came back to life");
            }
        }
        assert!(in_flight.is_empty());
    }

    fn check_parents(&self) {
        for submitted in &self.submitted {
            let detail = self.job(&submitted.id);
            let announced = self.announced.get(&submitted.id);
            match detail.status.as_str() {
                "SUCCEEDED" => assert_eq!(announced, Some(&true)),
                "FAILED" => assert_eq!(announced, Some(&false)),
                _ => assert_eq!(announced, None),
            }
            let Some(size) = submitted.children else { continue };
            let mut counts: BTreeMap<String, i32> = BTreeMap::new();
            for index in 0..size {
                *counts.entry(self.job(&format!("{}:{index}", submitted.id)).status).or_default() += 1;
            }
            let mut summary = detail.array_properties.as_ref().expect("an array").status_summary.clone();
            summary.retain(|_, count| *count > 0);
            assert_eq!(summary, counts);
            let count = |status: &str| counts.get(status).copied().unwrap_or(0);
            let over = count("SUCCEEDED") + count("FAILED") == i32::from(size);
            let stopped = detail.is_cancelled.is_some() || detail.is_terminated.is_some();
            let expected = match (over, count("FAILED") > 0 || stopped) {
                (false, _) => "PENDING",
                (true, true) => "FAILED",
                (true, false) => "SUCCEEDED",
            };
            assert_eq!(detail.status, expected);
        }
    }

    /// Ends all attempts, also those that start on the way, and checks what is left.
    fn quiesce(&mut self) {
        while let Some(attempt) = self.in_flight.pop() {
            self.input(Input::AttemptEnded { attempt, end: end(0) });
        }
        for (id, _) in self.units() {
            match self.batch.explain(&id).expect("submitted") {
                Explanation::Ended { .. } | Explanation::TooBig { .. } | Explanation::Dependencies { .. } => {}
                left => panic!("{id} was left behind: {left:?}"),
            }
        }
        self.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_promises_hold(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        for step in steps {
            world.apply(step);
            world.check();
        }
        world.quiesce();
    }
}

#[test]
fn a_job_named_like_another_is_another() {
    let mut world = World::new();
    let ids: BTreeSet<String> = (0..2)
        .filter_map(|_| match world.call(Request::SubmitJob(job("a"))) {
            Some(Reply::SubmitJob(reply)) => Some(reply.job_id),
            _ => None,
        })
        .collect();
    assert_eq!(ids.len(), 2);
}
