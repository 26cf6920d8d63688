//! How long the scheduler takes for 100,000 jobs, and how much memory they hold.
//!
//!     cargo run --release -p fanout-batch --example batch_speed
#![expect(clippy::disallowed_methods, reason = "measuring needs a clock and the process's own memory figures")]
#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::time::{Duration, Instant};

use fanout_batch::api::{
    ArraySize, CancelJob, ComputeEnvironmentOrder, ComputeResources, ContainerOverrides, ContainerProperties, CreateComputeEnvironment,
    CreateJobQueue, CreateSchedulingPolicy, DescribeJobs, KeyValue, ListJobs, RegisterJobDefinition, Reply, Request, ResourceRequirement,
    SubmitJob,
};
use fanout_batch::{AttemptEnd, AttemptId, CallId, Effect, Input, Scheduler, Settings};
use jiff::Timestamp;

const JOBS: usize = 100_000;

fn main() {
    // Memory can be told only in a fresh process: `batch_speed arrays 256`, `batch_speed singles 256`, `batch_speed shares 256`.
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let vcpus = arguments.get(1).and_then(|text| text.parse().ok());
    match arguments.first().map(String::as_str) {
        Some("arrays") => arrays(vcpus.unwrap_or(256)),
        Some("singles") => singles(vcpus.unwrap_or(256)),
        Some("shares") => shares(vcpus.unwrap_or(256)),
        _ => {
            println!("an empty store");
            probe(&mut account(256));
            for vcpus in [1_000_000, 256] {
                arrays(vcpus);
                singles(vcpus);
                shares(vcpus);
            }
        }
    }
}

fn arrays(vcpus: i64) {
    let mut batch = account(vcpus);
    let before = resident_kib();
    let start = cpu_time();
    let mut in_flight = Vec::new();
    for number in 0..10 {
        in_flight.extend(call(&mut batch, Request::SubmitJob(array(&format!("array-{number}")))).1);
    }
    let submitted = cpu_time().saturating_sub(start);
    let ended = run(&mut batch, in_flight);
    report(&format!("10 arrays of 10,000 on {vcpus} vCPUs"), submitted, cpu_time().saturating_sub(start), ended);
    memory(before);
    probe(&mut batch);
}

fn singles(vcpus: i64) {
    one_by_one("single jobs", vcpus, &|number| single(&format!("job-{number}")));
}

/// The same in a queue that ten users share.
fn shares(vcpus: i64) {
    one_by_one("jobs of ten users", vcpus, &|number| SubmitJob {
        share_identifier: Some(format!("user{}", number % 10)),
        job_queue: "shared".into(),
        ..single(&format!("job-{number}"))
    });
}

fn one_by_one(what: &str, vcpus: i64, make: &dyn Fn(usize) -> SubmitJob) {
    const TOGETHER: usize = 1000;
    let mut batch = account(vcpus);
    let before = resident_kib();
    let mut submitted = Duration::ZERO;
    let mut in_flight = Vec::new();
    for first in (0..JOBS).step_by(TOGETHER) {
        let requests: Vec<SubmitJob> = (first..first + TOGETHER).map(make).collect();
        let start = cpu_time();
        for request in requests {
            in_flight.extend(call(&mut batch, Request::SubmitJob(request)).1);
        }
        submitted += cpu_time().saturating_sub(start);
    }
    let start = cpu_time();
    let ended = run(&mut batch, in_flight);
    let all = submitted + cpu_time().saturating_sub(start);
    report(&format!("100,000 {what} on {vcpus} vCPUs"), submitted, all, ended);
    memory(before);
    probe(&mut batch);
}

fn report(what: &str, submitted: Duration, all: Duration, ended: usize) {
    println!("{what}: submit {:.3} s CPU, all {:.3} s CPU, {ended} jobs ended", submitted.as_secs_f64(), all.as_secs_f64());
}

/// One call of each kind, with whatever is in the store: the fastest of twenty rounds, since other programs disturb.
///
/// Descriptions are hundreds of small texts each, and glibc takes longer to find room for them in a heap that 100,000
/// jobs have been through. `GLIBC_TUNABLES=glibc.malloc.tcache_count=1000` takes that out of the figures.
fn probe(batch: &mut Scheduler) {
    const ROUNDS: u32 = 20;
    const CALLS: u32 = 50;
    let mut ids: Vec<String> = (0..100).map(|_| submitted_id(batch, single("probe"))).collect();
    let mut each = |what: &str, make: &dyn Fn(&[String]) -> Request| {
        let mut round = || {
            let mut spent = Duration::ZERO;
            for number in 0..CALLS {
                if number % 10 == 0 {
                    ids[0] = submitted_id(batch, single("probe"));
                }
                let request = make(&ids);
                let start = Instant::now();
                call(batch, request);
                spent += start.elapsed();
            }
            spent.as_secs_f64() / f64::from(CALLS)
        };
        let seconds = (0..ROUNDS).map(|_| round()).fold(f64::INFINITY, f64::min);
        println!("    {what}: {:.2} µs, {:.0} each second", seconds * 1e6, seconds.recip());
    };
    each("SubmitJob", &|_| Request::SubmitJob(single("probe")));
    each("DescribeJobs, 1 id", &|ids| Request::DescribeJobs(DescribeJobs { jobs: ids[..1].into() }));
    each("DescribeJobs, 100 ids", &|ids| Request::DescribeJobs(DescribeJobs { jobs: ids.into() }));
    each("ListJobs RUNNABLE, 10 lines", &|_| {
        Request::ListJobs(ListJobs {
            job_queue: Some("q".into()),
            job_status: Some("RUNNABLE".into()),
            max_results: Some(10),
            ..ListJobs::default()
        })
    });
    each("CancelJob", &|ids| Request::CancelJob(CancelJob { job_id: ids[0].clone(), reason: "probe".into() }));
}

fn account(vcpus: i64) -> Scheduler {
    let mut batch =
        Scheduler::new(Settings { account: "123456789012".into(), region: "us-east-1".into(), seed: 1, memory_mib_per_environment: None });
    call(
        &mut batch,
        Request::CreateComputeEnvironment(CreateComputeEnvironment {
            compute_environment_name: "ce".into(),
            kind: "MANAGED".into(),
            compute_resources: Some(ComputeResources {
                kind: "EC2".into(),
                maxv_cpus: vcpus,
                rest: [("instanceRole".to_owned(), "ecsInstanceRole".into())].into_iter().collect(),
            }),
            ..CreateComputeEnvironment::default()
        }),
    );
    call(
        &mut batch,
        Request::CreateJobQueue(CreateJobQueue {
            job_queue_name: "q".into(),
            priority: 1,
            compute_environment_order: vec![ComputeEnvironmentOrder { order: 1, compute_environment: "ce".into() }],
            ..CreateJobQueue::default()
        }),
    );
    call(&mut batch, Request::CreateSchedulingPolicy(CreateSchedulingPolicy { name: "fair".into(), ..Default::default() }));
    let policy = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/fair";
    call(
        &mut batch,
        Request::CreateJobQueue(CreateJobQueue {
            job_queue_name: "shared".into(),
            priority: 2,
            compute_environment_order: vec![ComputeEnvironmentOrder { order: 1, compute_environment: "ce".into() }],
            rest: [("schedulingPolicyArn".to_owned(), policy.into())].into_iter().collect(),
            ..CreateJobQueue::default()
        }),
    );
    let need = |kind: &str, value: &str| ResourceRequirement { kind: kind.into(), value: value.into() };
    call(
        &mut batch,
        Request::RegisterJobDefinition(RegisterJobDefinition {
            job_definition_name: "worker".into(),
            kind: "container".into(),
            container_properties: Some(ContainerProperties {
                image: Some("worker:1".into()),
                command: Some(vec!["python3".into(), "worker.py".into()]),
                resource_requirements: Some(vec![need("VCPU", "1"), need("MEMORY", "2048")]),
                ..ContainerProperties::default()
            }),
            ..RegisterJobDefinition::default()
        }),
    );
    batch
}

fn single(name: &str) -> SubmitJob {
    SubmitJob {
        job_name: name.into(),
        job_queue: "q".into(),
        job_definition: "worker".into(),
        container_overrides: Some(ContainerOverrides {
            environment: vec![KeyValue::from(("RunNumber", name)), KeyValue::from(("MANAGED_BY_AWS", "STARTED_BY_STEP_FUNCTIONS"))],
            ..ContainerOverrides::default()
        }),
        ..SubmitJob::default()
    }
}

fn array(name: &str) -> SubmitJob {
    SubmitJob { array_properties: Some(ArraySize { size: Some(10_000) }), ..single(name) }
}

fn call(batch: &mut Scheduler, request: Request) -> (Option<Reply>, Vec<AttemptId>) {
    batch.handle(Input::Call { id: CallId(0), request }, Timestamp::UNIX_EPOCH);
    let mut answer = None;
    let mut started = Vec::new();
    while let Some(effect) = batch.poll_effect() {
        match effect {
            Effect::Reply { result, .. } => answer = Some(result.expect("the call is accepted")),
            Effect::Start { attempt } => started.push(attempt),
            Effect::Stop { .. } | Effect::JobEnded { .. } => {}
        }
    }
    (answer, started)
}

fn submitted_id(batch: &mut Scheduler, request: SubmitJob) -> String {
    match call(batch, Request::SubmitJob(request)).0 {
        Some(Reply::SubmitJob(submitted)) => submitted.job_id,
        _ => String::new(),
    }
}

/// Runs whatever is started until nothing is left; gives the number of jobs that ended.
fn run(batch: &mut Scheduler, mut in_flight: Vec<AttemptId>) -> usize {
    let mut ended = 0;
    loop {
        while let Some(effect) = batch.poll_effect() {
            match effect {
                Effect::Start { attempt } => in_flight.push(attempt),
                Effect::JobEnded { .. } => ended += 1,
                Effect::Reply { .. } | Effect::Stop { .. } => {}
            }
        }
        let Some(attempt) = in_flight.pop() else { return ended };
        batch.handle(Input::AttemptStarted { attempt }, Timestamp::UNIX_EPOCH);
        batch.handle(Input::AttemptEnded { attempt, end: AttemptEnd::Exited { code: 0, reason: None } }, Timestamp::UNIX_EPOCH);
    }
}

/// CPU time of this thread: other programs do not disturb it much.
fn cpu_time() -> Duration {
    let figures = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(figures.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

fn resident_kib() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    status.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4
}

fn memory(before: usize) {
    let grown = resident_kib().saturating_sub(before);
    println!("    resident memory grew by {grown} KiB: {} bytes for each job or child", grown * 1024 / JOBS);
}
