//! Who runs next, and where.

use fanout_batch::api::{Request, SubmitJob};

use crate::account::{Account, ends, environment, job, queue, sized};

#[test]
fn first_come_first_served() {
    // BUG job_scheduling: no policy means FIFO.
    let mut account = Account::with_vcpus(1);
    let (first, attempt) = account.start(job("first"));
    let second = account.submit(job("second"));
    account.submit(job("third"));
    account.exits(attempt, 0);
    assert_eq!(account.take()[0], ends(&first, true));
    assert_eq!(account.status(&second), "STARTING");
}

#[test]
fn a_big_job_at_the_head_is_not_overtaken() {
    // BUG job_stuck_in_runnable: the job at the head blocks the queue.
    let mut account = Account::with_vcpus(2);
    account.start(job("running"));
    account.submit(sized("big", "2", "4"));
    account.submit(job("small"));
    account.nothing();
}

#[test]
fn the_queue_of_higher_priority_goes_first() {
    let mut account = Account::with_vcpus(1);
    account.ok(Request::CreateJobQueue(queue("urgent", 9, &["ce"])));
    let (_, attempt) = account.start(job("running"));
    account.submit(job("ordinary"));
    let urgent = account.submit(SubmitJob { job_queue: "urgent".into(), ..job("urgent") });
    account.exits(attempt, 0);
    assert_eq!(account.take().len(), 2);
    assert_eq!(account.status(&urgent), "STARTING");
}

#[test]
fn the_second_environment_takes_what_the_first_cannot() {
    // BUG compute_environments: environments are tried in ascending order.
    let mut account = Account::empty();
    for name in ["one", "two"] {
        account.ok(Request::CreateComputeEnvironment(environment(name, "EC2", 1)));
    }
    account.ok(Request::CreateJobQueue(queue("q", 1, &["two", "one"])));
    account.ok(Request::RegisterJobDefinition(crate::account::definition("d")));
    let mut place = || {
        let (_, attempt) = account.start(job("a"));
        let launch = account.batch.launch(attempt).expect("in flight");
        launch.environment.into_iter().find(|(name, _)| name == "AWS_BATCH_CE_NAME").map(|(_, value)| value)
    };
    assert_eq!((place().as_deref(), place().as_deref()), (Some("two"), Some("one")));
}

#[test]
fn memory_is_limited_too() {
    let mut account = Account::with_memory(Some(4096));
    account.furnish(100);
    account.start(job("a"));
    account.start(job("b"));
    let third = account.submit(job("c"));
    account.nothing();
    assert_eq!(account.status(&third), "RUNNABLE");
}

#[test]
fn a_job_too_big_for_its_queue_stays_runnable_and_says_so() {
    // BUG job_stuck_in_runnable.
    let mut account = Account::with_memory(Some(4096));
    account.furnish(2);
    let vcpus = account.submit(sized("vcpus", "3", "4"));
    let memory = account.submit(sized("memory", "1", "4097"));
    account.nothing();
    assert_eq!(account.status(&vcpus), "RUNNABLE");
    assert_eq!(
        account.reason(&vcpus),
        "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of \
         the job."
    );
    assert_eq!(
        account.reason(&memory),
        "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by \
         the CE(s) attached to the job queue."
    );
    // It is in nobody's way.
    account.start(job("small"));
}
