//! An account under test: makes calls, moves the clock, and fails on an effect that nobody expected.

use fanout_batch::api::{
    ApiError, ArraySize, ComputeEnvironmentOrder, ComputeResources, ContainerProperties, CreateComputeEnvironment, CreateJobQueue,
    JobDependency, JobDetail, KeyValue, RegisterJobDefinition, Reply, Request, ResourceRequirement, SubmitJob,
};
use fanout_batch::{AttemptEnd, AttemptId, CallId, Effect, Input, Scheduler, Settings};
use jiff::{SignedDuration, Timestamp};

pub(crate) struct Account {
    pub(crate) batch: Scheduler,
    pub(crate) now: Timestamp,
    unseen: Vec<Effect>,
}

impl Drop for Account {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.nothing();
        }
    }
}

impl Account {
    /// Nothing in it yet.
    pub(crate) fn empty() -> Self {
        Self::with_memory(None)
    }

    pub(crate) fn with_memory(memory_mib_per_environment: Option<u64>) -> Self {
        let settings = Settings { account: "123456789012".into(), region: "us-east-1".into(), seed: 7, memory_mib_per_environment };
        let now = Timestamp::from_second(1_700_000_000).expect("a time");
        Self { batch: Scheduler::new(settings), now, unseen: Vec::new() }
    }

    /// With environment `ce` of so many vCPUs, queue `q` on it and definition `d` of 1 vCPU.
    pub(crate) fn with_vcpus(vcpus: i64) -> Self {
        let mut account = Self::empty();
        account.furnish(vcpus);
        account
    }

    pub(crate) fn furnish(&mut self, vcpus: i64) {
        self.ok(Request::CreateComputeEnvironment(environment("ce", "EC2", vcpus)));
        self.ok(Request::CreateJobQueue(queue("q", 1, &["ce"])));
        self.ok(Request::RegisterJobDefinition(definition("d")));
    }

    pub(crate) fn input(&mut self, input: Input) {
        self.nothing();
        self.batch.handle(input, self.now);
        while let Some(effect) = self.batch.poll_effect() {
            self.unseen.push(effect);
        }
    }

    /// Makes a call; its answer comes before all other effects.
    pub(crate) fn call(&mut self, request: Request) -> Result<Reply, ApiError> {
        self.input(Input::Call { id: CallId(5), request });
        match self.unseen.remove(0) {
            Effect::Reply { id: CallId(5), result } => *result,
            other => panic!("the answer comes first, not {other:?}"),
        }
    }

    /// Makes a call that has no effect but its answer.
    pub(crate) fn ok(&mut self, request: Request) -> Reply {
        let reply = self.call(request).expect("accepted");
        self.nothing();
        reply
    }

    /// Makes a call that is refused with no effect; gives the message, `<uuid>` for a request's id.
    pub(crate) fn refused(&mut self, request: Request) -> String {
        let error = self.call(request).expect_err("refused");
        self.nothing();
        assert_eq!((error.code.as_str(), error.status), ("ClientException", 400));
        match error.message.split_once("RequestId: ") {
            Some((text, id)) => {
                assert!(uuid::Uuid::try_parse(id).is_ok(), "{id}");
                format!("{text}RequestId: <uuid>")
            }
            None => error.message,
        }
    }

    pub(crate) fn submit(&mut self, request: SubmitJob) -> String {
        match self.call(Request::SubmitJob(request)) {
            Ok(Reply::SubmitJob(submitted)) => submitted.job_id,
            other => panic!("{other:?}"),
        }
    }

    /// Submits a job that starts at once.
    pub(crate) fn start(&mut self, request: SubmitJob) -> (String, AttemptId) {
        let id = self.submit(request);
        let [attempt] = self.starts()[..] else { panic!("one start") };
        (id, attempt)
    }

    pub(crate) fn started(&mut self, attempt: AttemptId) {
        self.input(Input::AttemptStarted { attempt });
    }

    pub(crate) fn ended(&mut self, attempt: AttemptId, end: AttemptEnd) {
        self.input(Input::AttemptEnded { attempt, end });
    }

    /// The attempt runs and exits.
    pub(crate) fn exits(&mut self, attempt: AttemptId, code: i32) {
        self.started(attempt);
        self.ended(attempt, AttemptEnd::Exited { code, reason: None });
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    pub(crate) fn tick(&mut self) {
        self.input(Input::Tick);
    }

    /// No effect is left.
    #[track_caller]
    pub(crate) fn nothing(&self) {
        assert_eq!(self.unseen, [], "unexpected effects");
    }

    /// All effects are starts: which.
    #[track_caller]
    pub(crate) fn starts(&mut self) -> Vec<AttemptId> {
        let start = |effect: Effect| match effect {
            Effect::Start { attempt } => attempt,
            other => panic!("unexpected {other:?}"),
        };
        std::mem::take(&mut self.unseen).into_iter().map(start).collect()
    }

    /// The effects, whatever they are.
    pub(crate) fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.unseen)
    }

    /// Exactly these effects.
    #[track_caller]
    pub(crate) fn effects(&mut self, expected: &[Effect]) {
        assert_eq!(std::mem::take(&mut self.unseen), expected);
    }

    /// Exactly one effect: the end of this job.
    #[track_caller]
    pub(crate) fn only_ends(&mut self, id: &str, succeeded: bool) {
        self.effects(&[ends(id, succeeded)]);
    }

    #[track_caller]
    pub(crate) fn job(&self, id: &str) -> JobDetail {
        self.batch.job(id).expect("the job exists")
    }

    #[track_caller]
    pub(crate) fn status(&self, id: &str) -> String {
        self.job(id).status
    }

    #[track_caller]
    pub(crate) fn reason(&self, id: &str) -> String {
        self.job(id).status_reason.unwrap_or_default()
    }

    /// A parent's children with each status that any has.
    pub(crate) fn summary(&self, id: &str) -> Vec<(String, i32)> {
        let summary = self.job(id).array_properties.expect("an array").status_summary;
        assert_eq!(summary.len(), 7, "all seven statuses are there");
        summary.into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

pub(crate) fn ends(id: &str, succeeded: bool) -> Effect {
    Effect::JobEnded { job_id: uuid::Uuid::try_parse(id).expect("a job's id"), succeeded }
}

pub(crate) fn environment(name: &str, kind: &str, vcpus: i64) -> CreateComputeEnvironment {
    let role = ("instanceRole".to_owned(), "ecsInstanceRole".into());
    CreateComputeEnvironment {
        compute_environment_name: name.into(),
        kind: "MANAGED".into(),
        compute_resources: Some(ComputeResources {
            kind: kind.into(),
            maxv_cpus: vcpus,
            rest: (!kind.starts_with("FARGATE")).then_some(role).into_iter().collect(),
        }),
        ..CreateComputeEnvironment::default()
    }
}

pub(crate) fn queue(name: &str, priority: i32, environments: &[&str]) -> CreateJobQueue {
    let order = |(order, name): (i32, &&str)| ComputeEnvironmentOrder { order, compute_environment: (*name).into() };
    CreateJobQueue {
        job_queue_name: name.into(),
        priority,
        compute_environment_order: (1..).zip(environments).map(order).collect(),
        ..CreateJobQueue::default()
    }
}

pub(crate) fn need(vcpus: &str, memory: &str) -> Vec<ResourceRequirement> {
    [("VCPU", vcpus), ("MEMORY", memory)].map(|(kind, value)| ResourceRequirement { kind: kind.into(), value: value.into() }).into()
}

pub(crate) fn definition(name: &str) -> RegisterJobDefinition {
    RegisterJobDefinition {
        job_definition_name: name.into(),
        kind: "container".into(),
        container_properties: Some(ContainerProperties {
            image: Some("worker:1".into()),
            command: Some(vec!["run".into(), "Ref::what".into()]),
            environment: Some(vec![KeyValue::from(("A", "1"))]),
            resource_requirements: Some(need("1", "2048")),
            ..ContainerProperties::default()
        }),
        ..RegisterJobDefinition::default()
    }
}

pub(crate) fn job(name: &str) -> SubmitJob {
    SubmitJob { job_name: name.into(), job_queue: "q".into(), job_definition: "d".into(), ..SubmitJob::default() }
}

pub(crate) fn array(name: &str, size: i32) -> SubmitJob {
    SubmitJob { array_properties: Some(ArraySize { size: Some(size) }), ..job(name) }
}

pub(crate) fn sized(name: &str, vcpus: &str, memory: &str) -> SubmitJob {
    let overrides = fanout_batch::api::ContainerOverrides { resource_requirements: need(vcpus, memory), ..Default::default() };
    SubmitJob { container_overrides: Some(overrides), ..job(name) }
}

pub(crate) fn after(request: SubmitJob, dependencies: &[(Option<&str>, Option<&str>)]) -> SubmitJob {
    let read = |(id, kind): &(Option<&str>, Option<&str>)| JobDependency { job_id: id.map(Into::into), kind: kind.map(Into::into) };
    SubmitJob { depends_on: dependencies.iter().map(read).collect(), ..request }
}
