//! Any sequence of calls and endings, with jobs of several nodes and shares: what must hold after each step.
//!
//! - A job ends once, and only when none of its nodes is in flight.
//! - What is in use is never more than the environment has, and nothing once all attempts have ended.
//! - No attempt is started twice, and no node has more attempts than its job may have.
//! - When all attempts have ended, nothing that fits is left waiting.

use std::collections::{BTreeMap, BTreeSet};

use fanout_batch::api::{CancelJob, CreateSchedulingPolicy, FairsharePolicy, Reply, Request, RetryStrategy, SubmitJob, TerminateJob};
use fanout_batch::{AttemptEnd, AttemptId, CallId, Effect, Input, Scheduler, Settings};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::account::{definition, environment, job, queue};

const VCPUS: i64 = 5;

#[derive(Clone, Debug)]
enum Step {
    Submit {
        nodes: i32,
        attempts: i32,
        share: u8,
        after: Option<Index>,
    },
    Started(Index),
    Ended(Index, i32),
    /// Of an attempt that was once in flight, or never.
    Stale(u64),
    Cancel(Index),
    Terminate(Index),
    Pass(i64),
}

fn step() -> impl Strategy<Value = Step> {
    let submit = (0..6, 1..4, 0..3_u8, proptest::option::of(any::<Index>())).prop_map(|(nodes, attempts, share, after)| Step::Submit {
        nodes,
        attempts,
        share,
        after,
    });
    prop_oneof![
        4 => submit,
        8 => any::<Index>().prop_map(Step::Started),
        8 => (any::<Index>(), 0..2).prop_map(|(which, code)| Step::Ended(which, code)),
        1 => (0..2000_u64).prop_map(Step::Stale),
        1 => any::<Index>().prop_map(Step::Cancel),
        1 => any::<Index>().prop_map(Step::Terminate),
        1 => (0..400_000_i64).prop_map(Step::Pass),
    ]
}

struct World {
    batch: Scheduler,
    now: Timestamp,
    in_flight: Vec<AttemptId>,
    seen: BTreeSet<AttemptId>,
    /// Whether each job has ended.
    jobs: BTreeMap<String, bool>,
    submitted: Vec<String>,
}

impl World {
    fn new() -> Self {
        let settings = Settings { account: "123456789012".into(), region: "us-east-1".into(), seed: 5, memory_mib_per_environment: None };
        let mut world = Self {
            batch: Scheduler::new(settings),
            now: Timestamp::from_second(1_700_000_000).expect("a time"),
            in_flight: Vec::new(),
            seen: BTreeSet::new(),
            jobs: BTreeMap::new(),
            submitted: Vec::new(),
        };
        world.call(Request::CreateComputeEnvironment(environment("ce", "EC2", VCPUS)));
        let fairshare_policy = Some(FairsharePolicy { compute_reservation: Some(30), ..FairsharePolicy::default() });
        world.call(Request::CreateSchedulingPolicy(CreateSchedulingPolicy { name: "p".into(), fairshare_policy, ..Default::default() }));
        let mut queue = queue("q", 1, &["ce"]);
        queue.rest.insert("schedulingPolicyArn".into(), json!("arn:aws:batch:us-east-1:123456789012:scheduling-policy/p"));
        world.call(Request::CreateJobQueue(queue));
        world.call(Request::RegisterJobDefinition(definition("d")));
        let container = json!({"image": "i", "vcpus": 1, "memory": 4});
        let mut nodes = definition("n");
        nodes.kind = "multinode".into();
        nodes.container_properties = None;
        let ranges = json!([{"targetNodes": "0:", "container": container}]);
        nodes.rest.insert("nodeProperties".into(), json!({"numNodes": 1, "mainNode": 0, "nodeRangeProperties": ranges}));
        world.call(Request::RegisterJobDefinition(nodes));
        world
    }

    fn call(&mut self, request: Request) -> Option<Reply> {
        self.batch.handle(Input::Call { id: CallId(1), request }, self.now);
        self.drain()
    }

    fn input(&mut self, input: Input) {
        self.batch.handle(input, self.now);
        self.drain();
    }

    fn drain(&mut self) -> Option<Reply> {
        let mut answer = None;
        let mut ended = Vec::new();
        while let Some(effect) = self.batch.poll_effect() {
            match effect {
                Effect::Reply { result, .. } => {
                    answer = result.ok();
                    if let Some(Reply::SubmitJob(submitted)) = &answer {
                        self.jobs.insert(submitted.job_id.clone(), false);
                        self.submitted.push(submitted.job_id.clone());
                    }
                }
                Effect::Start { attempt } => {
                    assert!(self.seen.insert(attempt), "started twice");
                    self.in_flight.push(attempt);
                }
                Effect::Stop { attempt } => assert!(self.in_flight.contains(&attempt), "what is stopped is in flight"),
                Effect::JobEnded { job_id, .. } => ended.push(job_id.to_string()),
            }
        }
        for id in ended {
            let before = self.jobs.insert(id.clone(), true);
            assert_eq!(before, Some(false), "it ends once");
            let of_job = |attempt: &AttemptId| self.batch.launch(*attempt).is_some_and(|launch| launch.job_id.starts_with(&id));
            assert!(!self.in_flight.iter().any(of_job), "none of its nodes is left");
        }
        let (in_use, offered) = self.batch.vcpus();
        assert!(in_use <= offered);
        answer
    }

    fn take(&mut self, step: Step) {
        let job_at = |which: Index, jobs: &[String]| (!jobs.is_empty()).then(|| which.get(jobs).clone());
        match step {
            Step::Submit { nodes, attempts, share, after } => {
                let mut call = SubmitJob {
                    retry_strategy: Some(RetryStrategy { attempts: Some(attempts), evaluate_on_exit: Vec::new() }),
                    share_identifier: Some(format!("s{share}")),
                    ..job("a")
                };
                if nodes > 0 {
                    call.job_definition = "n".into();
                    call.rest.insert("nodeOverrides".into(), json!({"numNodes": nodes}));
                }
                // Jobs may have been forgotten.
                let target = after.and_then(|which| job_at(which, &self.submitted)).filter(|id| self.batch.job(id).is_some());
                let call = crate::account::after(call, &target.iter().map(|id| (Some(id.as_str()), None)).collect::<Vec<_>>());
                assert!(self.call(Request::SubmitJob(call)).is_some(), "accepted");
            }
            Step::Started(which) if !self.in_flight.is_empty() => {
                let attempt = *which.get(&self.in_flight);
                self.input(Input::AttemptStarted { attempt });
            }
            Step::Ended(which, code) if !self.in_flight.is_empty() => {
                let attempt = self.in_flight.remove(which.index(self.in_flight.len()));
                self.input(Input::AttemptEnded { attempt, end: AttemptEnd::Exited { code, reason: None } });
            }
            Step::Stale(number) => {
                let attempt = AttemptId(number);
                if !self.in_flight.contains(&attempt) {
                    self.input(Input::AttemptStarted { attempt });
                    self.input(Input::AttemptEnded { attempt, end: AttemptEnd::HostLost });
                }
            }
            Step::Cancel(which) => {
                if let Some(job_id) = job_at(which, &self.submitted) {
                    self.call(Request::CancelJob(CancelJob { job_id, reason: "r".into() }));
                }
            }
            Step::Terminate(which) => {
                if let Some(job_id) = job_at(which, &self.submitted) {
                    self.call(Request::TerminateJob(TerminateJob { job_id, reason: "r".into() }));
                }
            }
            Step::Pass(seconds) => {
                self.now += SignedDuration::from_secs(seconds);
                self.input(Input::Tick);
            }
            Step::Started(_) | Step::Ended(..) => {}
        }
    }
}

proptest! {
    #[test]
    fn the_promises_hold_with_nodes_and_shares(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        while let Some(attempt) = world.in_flight.pop() {
            world.input(Input::AttemptStarted { attempt });
            world.input(Input::AttemptEnded { attempt, end: AttemptEnd::Exited { code: 0, reason: None } });
        }
        assert!(world.batch.vcpus().0.abs() < f64::EPSILON);
        for (id, ended) in &world.jobs {
            assert!(*ended, "{id} is left: {:?}", world.batch.explain(id));
            let Some(job) = world.batch.job(id) else { continue };
            let most = job.retry_strategy.and_then(|retry| retry.attempts).unwrap_or(1) as usize;
            assert!(job.attempts.len() <= most);
        }
    }
}
