//! Faults as text, as draws, and on an engine that has them.

use std::collections::BTreeMap;

use fanout_batch::api::{ComputeEnvironmentOrder, ComputeResources, CreateComputeEnvironment, CreateJobQueue, RetryStrategy, SubmitJob};
use fanout_batch::api::{ContainerOverrides, ContainerProperties, JobDetail, KeyValue, RegisterJobDefinition, ResourceRequirement};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::throttle::{Service, Throttle};
use super::{Chaos, Faults, Share};
use crate::{AttemptEnd, AttemptId, CallId, Effect, Engine, Input, Reply, Request, Settings};

#[test]
fn faults_are_read_and_written() {
    for text in [
        "spot=5%",
        "spot=0.5%,pull=100%,oom=12.3456%,fail=1%",
        "fail=3@17,fail=1@18,throttle=20/s",
        "throttle=1/s,slow-start=500ms",
        "slow-start=1m 30s",
    ] {
        let faults: Faults = text.parse().unwrap();
        assert_eq!(faults.to_string().parse::<Faults>().unwrap(), faults, "{text}");
    }
    let faults: Faults = " fail = 3@17 , slow-start = 30s ".parse().unwrap();
    assert_eq!(faults.fail_first, BTreeMap::from([(17, 3)]));
    assert_eq!(faults.slow_start, SignedDuration::from_secs(30));
    assert_eq!(Faults::default().to_string().parse(), Ok(Faults::default()));
}

#[test]
fn what_is_no_fault_is_named_with_what_could_be() {
    for (text, words) in [
        ("", "a fault is missing; there are spot=P%"),
        ("spot=5%,,oom=1%", "a fault is missing"),
        ("sport=5%", r#""sport=5%" is no fault; there are spot=P%"#),
        ("spot", r#""spot" is no fault"#),
        ("pull=1%,spot=five%", r#""spot=five%": write spot=P%"#),
        ("spot=5", r#""spot=5": write spot=P%"#),
        ("spot=101%", "write spot=P%"),
        ("spot=-1%", "write spot=P%"),
        ("spot=0.00001%", "write spot=P%"),
        ("fail=0@3", "write fail=K@I"),
        ("fail=3@x", "write fail=K@I"),
        ("fail=3", "write fail=P%"),
        ("throttle=20", "write throttle=N/s"),
        ("throttle=0/s", "write throttle=N/s"),
        ("slow-start=soon", "write slow-start=TIME"),
        ("slow-start=-3s", "write slow-start=TIME"),
        ("slow-start=25h", "write slow-start=TIME"),
        ("spot=1%,spot=2%", r#""spot=2%": that was said before"#),
        ("fail=1@3,fail=2@3", r#""fail=2@3": that was said before"#),
    ] {
        let error = text.parse::<Faults>().unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_share_is_that_share_of_all_draws() {
    let share = |text: &str| text.parse::<Share>().unwrap();
    assert!(!share("0%").includes(0) && share("100%").includes(u64::MAX));
    assert!(share("50%").includes(u64::MAX / 2 - 1) && !share("50%").includes(u64::MAX / 2 + 2));
}

#[test]
fn a_bucket_holds_a_second_and_fills_by_the_millisecond() {
    let mut throttle = Throttle::new(Some(20));
    let mut taken = |milliseconds: i64, calls: usize| {
        let at = Timestamp::from_millisecond(milliseconds).unwrap();
        (0..calls).filter(|_| !throttle.refuses(Service::Batch, "SubmitJob", at)).count()
    };
    assert_eq!(taken(0, 50), 20);
    assert_eq!(taken(49, 50), 0);
    assert_eq!(taken(50, 50), 1);
    assert_eq!(taken(100_000, 50), 20);
    assert_eq!(taken(99_000, 50), 0, "a clock that went back gives nothing");
    assert!(!throttle.refuses(Service::Batch, "DescribeJobs", Timestamp::UNIX_EPOCH), "each operation has a bucket of its own");
    assert!(!Throttle::new(None).refuses(Service::States, "StartExecution", Timestamp::UNIX_EPOCH));
}

/// An account with one environment of some kind, and its clock.
struct Account {
    engine: Engine,
    now: Timestamp,
    effects: Vec<Effect>,
}

impl Account {
    fn new(faults: &str, seed: u64, kind: &str) -> Self {
        let chaos = Some(Chaos { faults: faults.parse().unwrap(), seed, index_variable: "INDEX".into() });
        let engine = Engine::new(Settings { chaos, ..Settings::default() });
        let mut account = Self { engine, now: Timestamp::UNIX_EPOCH, effects: Vec::new() };
        let mut rest = json!({"subnets": ["s"], "securityGroupIds": ["g"]});
        if !kind.starts_with("FARGATE") {
            rest["instanceRole"] = "r".into();
            rest["instanceTypes"] = json!(["optimal"]);
        }
        let resources = ComputeResources { kind: kind.into(), maxv_cpus: 1_000, rest: rest.as_object().cloned().unwrap() };
        account
            .ask(fanout_batch::api::Request::CreateComputeEnvironment(CreateComputeEnvironment {
                compute_environment_name: "c".into(),
                kind: "MANAGED".into(),
                compute_resources: Some(resources),
                ..CreateComputeEnvironment::default()
            }))
            .unwrap();
        account
            .ask(fanout_batch::api::Request::CreateJobQueue(CreateJobQueue {
                job_queue_name: "q".into(),
                priority: 1,
                compute_environment_order: vec![ComputeEnvironmentOrder { order: 1, compute_environment: "c".into() }],
                ..CreateJobQueue::default()
            }))
            .unwrap();
        let need = |kind: &str, value: &str| ResourceRequirement { kind: kind.into(), value: value.into() };
        account
            .ask(fanout_batch::api::Request::RegisterJobDefinition(RegisterJobDefinition {
                job_definition_name: "d".into(),
                kind: "container".into(),
                platform_capabilities: if kind.starts_with("FARGATE") { vec!["FARGATE".into()] } else { Vec::new() },
                container_properties: Some(ContainerProperties {
                    image: Some("example/etl:7".into()),
                    rest: json!({"executionRoleArn": "arn:aws:iam::123456789012:role/r"}).as_object().cloned().unwrap(),
                    resource_requirements: Some(vec![need("VCPU", "1"), need("MEMORY", "2048")]),
                    ..ContainerProperties::default()
                }),
                ..RegisterJobDefinition::default()
            }))
            .unwrap();
        account
    }

    fn handle(&mut self, input: Input) {
        self.engine.handle(input, self.now);
        while let Some(effect) = self.engine.poll_effect() {
            self.effects.push(effect);
        }
    }

    fn ask(&mut self, request: fanout_batch::api::Request) -> Result<fanout_batch::api::Reply, fanout_batch::api::ApiError> {
        self.handle(Input::Call { id: CallId(1), request: Request::Batch(request) });
        let at = self.effects.iter().position(|effect| matches!(effect, Effect::Reply { .. })).unwrap();
        let Effect::Reply { reply, .. } = self.effects.remove(at) else { unreachable!() };
        let Reply::Batch(reply) = *reply else { panic!("Batch answers") };
        reply
    }

    /// Submits a job that may be tried so often; its id.
    fn submit(&mut self, attempts: i32, index: Option<u32>) -> String {
        let environment = index.map(|index| KeyValue::from(("INDEX", index.to_string().as_str()))).into_iter().collect();
        let reply = self.ask(fanout_batch::api::Request::SubmitJob(SubmitJob {
            job_name: "j".into(),
            job_queue: "q".into(),
            job_definition: "d".into(),
            retry_strategy: Some(RetryStrategy { attempts: Some(attempts), evaluate_on_exit: Vec::new() }),
            container_overrides: Some(ContainerOverrides { environment, ..ContainerOverrides::default() }),
            ..SubmitJob::default()
        }));
        let Ok(fanout_batch::api::Reply::SubmitJob(job)) = reply else { panic!("{reply:?}") };
        job.job_id
    }

    fn job(&self, id: &str) -> JobDetail {
        self.engine.batch.job(id).unwrap()
    }

    fn only_start(&mut self) -> AttemptId {
        let [Effect::StartAttempt { attempt }] = self.effects[..] else { panic!("{:?}", self.effects) };
        self.effects.clear();
        attempt
    }

    fn tick_when_due(&mut self) {
        self.now = self.engine.poll_deadline().unwrap().at;
        self.handle(Input::Tick);
    }

    fn exits(&mut self, attempt: AttemptId, code: i32) {
        self.handle(Input::AttemptEnded { attempt, end: AttemptEnd::Exited { code, reason: None } });
    }
}

/// Sources: BUG job_retries; of Fargate Spot nextflow-io/nextflow#5786.
#[test]
fn a_host_is_taken_away_while_the_program_runs() {
    for (kind, words) in [("SPOT", "Host EC2 (instance i-0"), ("FARGATE_SPOT", "Your Spot Task was interrupted.")] {
        let mut account = Account::new("spot=100%", 1, kind);
        let id = account.submit(2, None);
        let attempt = account.only_start();
        account.handle(Input::AttemptStarted { attempt });
        account.tick_when_due();
        let ran = account.now.duration_since(Timestamp::UNIX_EPOCH);
        assert!(ran >= SignedDuration::from_millis(100) && ran < SignedDuration::from_secs(103), "{ran}");
        assert_eq!(account.effects, [Effect::StopAttempt { attempt }]);
        account.effects.clear();
        account.exits(attempt, 143);
        let job = account.job(&id);
        let reason = job.attempts[0].status_reason.clone().unwrap();
        assert!(reason.starts_with(words), "{reason}");
        assert_eq!((job.status.as_str(), job.attempts[0].container.exit_code), ("STARTING", None));
        // The second is over before its host is: it is lost all the same.
        let attempt = account.only_start();
        account.handle(Input::AttemptStarted { attempt });
        account.exits(attempt, 0);
        assert_eq!(account.job(&id).status, "FAILED");
        assert!(account.engine.poll_deadline().is_none());
    }
}

#[test]
fn only_spot_capacity_is_taken_away() {
    for kind in ["EC2", "FARGATE"] {
        let mut account = Account::new("spot=100%", 1, kind);
        let id = account.submit(1, None);
        let attempt = account.only_start();
        account.handle(Input::AttemptStarted { attempt });
        assert!(account.engine.poll_deadline().is_none());
        account.exits(attempt, 0);
        assert_eq!(account.job(&id).status, "SUCCEEDED");
    }
}

#[test]
fn a_lost_host_of_fargate_is_not_called_ec2() {
    let mut account = Account::new("spot=0%", 1, "FARGATE");
    let id = account.submit(1, None);
    let attempt = account.only_start();
    account.handle(Input::AttemptEnded { attempt, end: AttemptEnd::HostLost });
    assert_eq!(account.job(&id).status_reason.as_deref(), Some("Host of the Fargate task terminated."));
}

/// Source: BUG job_states: pulling the image and starting the container is STARTING.
#[test]
fn a_slow_start_is_starting_and_may_be_stopped() {
    let mut account = Account::new("slow-start=30s", 1, "EC2");
    let id = account.submit(1, None);
    assert_eq!((account.job(&id).status.as_str(), account.effects.len()), ("STARTING", 0));
    account.tick_when_due();
    assert_eq!(account.now.duration_since(Timestamp::UNIX_EPOCH), SignedDuration::from_secs(30));
    let attempt = account.only_start();
    account.exits(attempt, 0);
    assert_eq!(account.job(&id).status, "SUCCEEDED");
    let id = account.submit(3, None);
    let terminate = fanout_batch::api::TerminateJob { job_id: id.clone(), reason: "enough".into() };
    account.ask(fanout_batch::api::Request::TerminateJob(terminate)).unwrap();
    assert_eq!((account.job(&id).status.as_str(), account.effects.len()), ("FAILED", 0));
    assert_eq!(account.job(&id).status_reason.as_deref(), Some("enough"));
    assert!(account.engine.poll_deadline().is_none());
}

/// Source: BUG job_retries names both errors.
#[test]
fn images_and_memory_fail_in_awss_words() {
    let mut account = Account::new("pull=100%", 1, "EC2");
    let id = account.submit(3, None);
    let job = account.job(&id);
    assert_eq!((job.status.as_str(), job.attempts.len(), account.effects.len()), ("FAILED", 3, 0), "nothing is run");
    assert_eq!(job.status_reason.as_deref(), Some("Task failed to start"));
    let reason = job.container.unwrap().reason.unwrap();
    assert!(reason.starts_with("CannotPullContainerError: ") && reason.contains("example/etl:7"), "{reason}");

    let mut account = Account::new("oom=100%", 1, "EC2");
    let id = account.submit(1, None);
    let attempt = account.only_start();
    account.handle(Input::AttemptStarted { attempt });
    account.tick_when_due();
    assert_eq!(account.effects, [Effect::StopAttempt { attempt }]);
    account.exits(attempt, 143);
    let container = account.job(&id).container.unwrap();
    assert_eq!(container.exit_code, Some(137));
    assert_eq!(container.reason.as_deref(), Some("OutOfMemoryError: Container killed due to memory usage"));
}

#[test]
fn the_first_attempts_of_a_run_fail() {
    // By the order of submission, by the variable, and not the others.
    for (indices, victim) in [([None, None, None], 1), ([Some(7), Some(0), Some(1)], 2)] {
        let mut account = Account::new("fail=2@1", 1, "EC2");
        for (place, index) in indices.into_iter().enumerate() {
            let id = account.submit(3, index);
            let mut attempts = 0;
            while account.job(&id).status == "STARTING" {
                let attempt = account.only_start();
                account.exits(attempt, 0);
                attempts += 1;
            }
            assert_eq!((account.job(&id).status.as_str(), attempts), ("SUCCEEDED", if place == victim { 3 } else { 1 }));
            if place == victim {
                let container = account.job(&id).attempts[0].container.clone();
                assert_eq!((container.exit_code, container.reason.as_deref()), (Some(1), Some("Injected by --chaos")));
            }
        }
    }
}

#[test]
fn a_stop_that_was_asked_for_is_no_fault() {
    let mut account = Account::new("spot=100%", 1, "SPOT");
    let id = account.submit(3, None);
    let attempt = account.only_start();
    account.handle(Input::AttemptStarted { attempt });
    let terminate = |job_id: &str| {
        fanout_batch::api::Request::TerminateJob(fanout_batch::api::TerminateJob { job_id: job_id.into(), reason: "enough".into() })
    };
    account.ask(terminate(&id)).unwrap();
    assert!(account.engine.poll_deadline().is_none(), "it is not taken away on top");
    account.exits(attempt, 143);
    assert_eq!(account.job(&id).container.unwrap().exit_code, Some(143));
    // The other way round: it is stopped once.
    account.effects.clear();
    let id = account.submit(3, None);
    let attempt = account.only_start();
    account.handle(Input::AttemptStarted { attempt });
    account.tick_when_due();
    account.ask(terminate(&id)).unwrap();
    assert_eq!(account.effects, [Effect::StopAttempt { attempt }]);
}

#[test]
fn victims_are_the_seeds_and_do_not_depend_on_when() {
    let victims = |seed: u64, backwards: bool| {
        let mut account = Account::new("fail=30%", seed, "EC2");
        let ids: Vec<String> = (0..60).map(|index| account.submit(1, Some(index))).collect();
        let mut attempts: Vec<AttemptId> = account
            .effects
            .drain(..)
            .filter_map(|effect| if let Effect::StartAttempt { attempt } = effect { Some(attempt) } else { None })
            .collect();
        if backwards {
            attempts.reverse();
        }
        for attempt in attempts {
            account.now += SignedDuration::from_secs(1);
            account.exits(attempt, 0);
        }
        (0..60).filter(|place| account.job(&ids[*place]).status == "FAILED").collect::<Vec<_>>()
    };
    let seven = victims(7, false);
    assert!((8..=28).contains(&seven.len()), "about 18 of 60: {}", seven.len());
    assert_eq!(seven, victims(7, true));
    assert_ne!(seven, victims(8, false));
}

/// Sources: hyp3#1676 for Batch's words.
#[test]
fn calls_that_come_too_fast_are_refused() {
    let mut account = Account::new("throttle=1/s", 1, "EC2");
    account.submit(1, None);
    let describe = || fanout_batch::api::Request::DescribeJobs(fanout_batch::api::DescribeJobs { jobs: Vec::new() });
    assert!(account.ask(describe()).is_ok());
    let refused = account.ask(describe()).unwrap_err();
    assert_eq!((refused.status, refused.code.as_str(), refused.message.as_str()), (429, "TooManyRequestsException", "Too Many Requests"));
    account.now += SignedDuration::from_secs(1);
    assert!(account.ask(describe()).is_ok());
}
