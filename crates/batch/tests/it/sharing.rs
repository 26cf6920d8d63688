//! Scheduling policies, and the order in which the jobs of several users start.
//! Source: BM FairsharePolicy, ShareAttributes, SubmitJob; BUG fair-share-scheduling.

use fanout_batch::api::{
    CreateJobQueue, CreateSchedulingPolicy, DeleteSchedulingPolicy, DescribeSchedulingPolicies, FairsharePolicy, GetJobQueueSnapshot,
    ListSchedulingPolicies, Reply, Request, ShareAttributes, SubmitJob, UpdateJobQueue, UpdateSchedulingPolicy,
};
use fanout_batch::{AttemptEnd, Effect};
use serde_json::json;

use crate::account::{Account, definition, environment, job, queue, sized};

const ARN: &str = "arn:aws:batch:us-east-1:123456789012:scheduling-policy/fair";

fn weights(entries: &[(&str, f64)]) -> Vec<ShareAttributes> {
    let entry = |(name, weight): &(&str, f64)| ShareAttributes { share_identifier: (*name).into(), weight_factor: Some(*weight) };
    entries.iter().map(entry).collect()
}

fn policy(name: &str, fairshare: FairsharePolicy) -> Request {
    Request::CreateSchedulingPolicy(CreateSchedulingPolicy {
        name: name.into(),
        fairshare_policy: Some(fairshare),
        ..CreateSchedulingPolicy::default()
    })
}

fn shared_queue(name: &str) -> CreateJobQueue {
    let rest = [("schedulingPolicyArn".to_owned(), json!(ARN))].into_iter().collect();
    CreateJobQueue { rest, ..queue(name, 1, &["ce"]) }
}

/// With queue `q` under a policy.
fn account(vcpus: i64, fairshare: FairsharePolicy) -> Account {
    let mut account = Account::empty();
    account.ok(Request::CreateComputeEnvironment(environment("ce", "EC2", vcpus)));
    account.ok(policy("fair", fairshare));
    account.ok(Request::CreateJobQueue(shared_queue("q")));
    account.ok(Request::RegisterJobDefinition(definition("d")));
    account
}

fn of(share: &str) -> SubmitJob {
    SubmitJob { share_identifier: Some(share.into()), ..job(share) }
}

/// Fills the account, queues `jobs`, then lets one job after another end: whose jobs start, in order.
fn order(account: &mut Account, jobs: &[SubmitJob]) -> Vec<String> {
    let mut running = Vec::new();
    for job in jobs {
        account.submit(job.clone());
        running.extend(account.starts());
    }
    let name = |account: &Account, attempt| account.batch.attempt(attempt).expect("in flight").job_name.to_owned();
    let mut order: Vec<String> = running.iter().map(|attempt| name(account, *attempt)).collect();
    while let Some(attempt) = running.pop() {
        account.exits(attempt, 0);
        for effect in account.take() {
            if let Effect::Start { attempt } = effect {
                order.push(name(account, attempt));
                running.push(attempt);
            }
        }
    }
    order
}

#[test]
fn shares_take_turns() {
    let mut account = account(2, FairsharePolicy::default());
    let jobs: Vec<SubmitJob> = ["a", "a", "a", "a", "b", "b"].map(of).into();
    assert_eq!(order(&mut account, &jobs), ["a", "a", "b", "b", "a", "a"]);
}

/// Who starts when so many vCPUs become free at once and both shares have enough jobs.
fn division(vcpus: i64, distribution: &[(&str, f64)], [one, other]: [&str; 2]) -> (usize, usize) {
    let mut account = account(vcpus, FairsharePolicy { share_distribution: Some(weights(distribution)), ..Default::default() });
    account.submit(SubmitJob { container_overrides: sized("x", &vcpus.to_string(), "4").container_overrides, ..of("holder") });
    let [holder] = account.starts()[..] else { panic!("one start") };
    for share in [one, other] {
        for _ in 0..vcpus {
            account.submit(of(share));
        }
    }
    account.exits(holder, 0);
    let started = account.take();
    let count = |share: &str| {
        let is_of = |effect: &&Effect| match effect {
            Effect::Start { attempt } => account.batch.attempt(*attempt).expect("in flight").job_name == share,
            _ => false,
        };
        started.iter().filter(is_of).count()
    };
    (count(one), count(other))
}

#[test]
fn a_lower_weight_gets_more() {
    // BM ShareAttributes.weightFactor: 0.125 gets 8 times the resources of 1.
    assert_eq!(division(9, &[("b", 0.125)], ["a", "b"]), (1, 8));
}

#[test]
fn a_prefix_gives_its_weight_to_all_that_begin_like_it() {
    assert_eq!(division(4, &[("low*", 3.0)], ["low1", "high"]), (1, 3));
}

#[test]
fn use_counts_for_a_while_after_the_job_has_ended() {
    // BM FairsharePolicy.shareDecaySeconds: recent jobs have more weight than those that ran earlier.
    let next_after = |pause: i64| {
        let mut account = account(1, FairsharePolicy { share_decay_seconds: Some(1000), ..Default::default() });
        account.submit(of("a"));
        let [attempt] = account.starts()[..] else { panic!("one start") };
        account.started(attempt);
        account.pass(500);
        account.ended(attempt, AttemptEnd::Exited { code: 0, reason: None });
        account.take();
        account.pass(pause);
        // Somebody else holds the place while both queue up, a before b.
        account.submit(of("c"));
        let [other] = account.starts()[..] else { panic!("one start") };
        account.submit(of("a"));
        account.submit(of("b"));
        account.exits(other, 0);
        let started = account.take().into_iter().find_map(|effect| match effect {
            Effect::Start { attempt } => Some(attempt),
            _ => None,
        });
        account.batch.attempt(started.expect("a start")).expect("in flight").job_name.to_owned()
    };
    assert_eq!((next_after(1).as_str(), next_after(3000).as_str()), ("b", "a"));
}

#[test]
fn within_a_share_the_higher_scheduling_priority_goes_first() {
    // BM SubmitJob.schedulingPriorityOverride: "works only within a single share identifier".
    let mut account = account(1, FairsharePolicy::default());
    let mut urgent = definition("urgent");
    urgent.rest.insert("schedulingPriority".into(), json!(5));
    account.ok(Request::RegisterJobDefinition(urgent));
    let named = |name: &str, priority: Option<i32>, definition: &str| SubmitJob {
        job_name: name.into(),
        scheduling_priority_override: priority,
        job_definition: definition.into(),
        ..of("a")
    };
    let jobs = [named("0", None, "d"), named("low", None, "d"), named("mid", None, "urgent"), named("high", Some(9), "d")];
    assert_eq!(order(&mut account, &jobs), ["0", "high", "mid", "low"]);
}

#[test]
fn a_queue_without_a_policy_knows_no_priority() {
    let mut account = Account::with_vcpus(1);
    let named = |name: &str, priority: i32| SubmitJob { scheduling_priority_override: Some(priority), ..job(name) };
    assert_eq!(order(&mut account, &[named("0", 0), named("low", 1), named("high", 9)]), ["0", "low", "high"]);
}

#[test]
fn a_reservation_keeps_room_for_those_who_have_nothing_yet() {
    // BM FairsharePolicy.computeReservation: (computeReservation/100)^ActiveFairShares: half with one share, a quarter with two.
    let mut account = account(8, FairsharePolicy { compute_reservation: Some(50), ..Default::default() });
    let mut starts = 0;
    for _ in 0..8 {
        account.submit(of("a"));
        starts += account.starts().len();
    }
    assert_eq!(starts, 4);
    account.submit(of("b"));
    assert_eq!(account.starts().len(), 2, "b's first, and with two shares a quarter is kept: one more of a");
    account.submit(of("c"));
    assert_eq!(account.starts().len(), 1, "with three shares an eighth is kept");
}

#[test]
fn a_job_says_its_share_if_and_only_if_the_queue_has_a_policy() {
    let mut account = account(1, FairsharePolicy::default());
    account.refused(Request::SubmitJob(job("nobody")));
    account.refused(Request::SubmitJob(of("not-alphanumeric")));
    account.ok(Request::CreateJobQueue(queue("fifo", 1, &["ce"])));
    account.refused(Request::SubmitJob(SubmitJob { job_queue: "fifo".into(), ..of("a") }));
}

#[test]
fn a_queue_has_at_most_500_active_shares() {
    // BM CreateJobQueue.schedulingPolicyArn.
    let mut account = account(1, FairsharePolicy::default());
    let (_, attempt) = account.start(of("s0"));
    for number in 1..500 {
        account.submit(of(&format!("s{number}")));
    }
    account.refused(Request::SubmitJob(of("onetoomany")));
    account.exits(attempt, 0);
    account.take();
    account.submit(of("onetoomany"));
}

#[test]
fn a_snapshot_lists_jobs_in_the_order_of_dispatch() {
    // BM GetJobQueueSnapshot: "listed in order of dispatch"; utilization "by share".
    let mut account = account(2, FairsharePolicy::default());
    for share in ["a", "a", "a", "a", "b"] {
        account.submit(of(share));
        account.starts();
    }
    let Reply::GetJobQueueSnapshot(snapshot) = account.ok(Request::GetJobQueueSnapshot(GetJobQueueSnapshot { job_queue: "q".into() }))
    else {
        panic!("a snapshot")
    };
    let id = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
    let names: Vec<String> = snapshot.front_of_queue.jobs.iter().map(|job| account.job(&id(&job.job_arn)).job_name).collect();
    assert_eq!(names, ["b", "a", "a"]);
    let utilization = serde_json::to_value(snapshot.queue_utilization).expect("JSON");
    let usage = json!([{"capacityUnit": "VCPU", "quantity": 2.0}]);
    assert_eq!(utilization["totalCapacityUsage"], usage);
    let shares = json!({"activeShareCount": 1, "topCapacityUtilization": [{"shareIdentifier": "a", "capacityUsage": usage}]});
    assert_eq!(utilization["fairshareUtilization"], shares);
}

#[test]
fn policies_are_made_changed_described_listed_and_deleted() {
    let mut account = account(1, FairsharePolicy { share_decay_seconds: Some(60), ..Default::default() });
    assert_eq!(account.refused(policy("fair", FairsharePolicy::default())), "Object already exists");
    account.ok(policy("other", FairsharePolicy::default()));
    let other = ARN.replace("fair", "other");
    let list = Request::ListSchedulingPolicies(ListSchedulingPolicies { max_results: Some(1), ..Default::default() });
    let Reply::ListSchedulingPolicies(page) = account.ok(list) else { panic!("a page") };
    assert_eq!((page.scheduling_policies[0].arn.as_str(), page.next_token.is_some()), (ARN, true));
    let changed = FairsharePolicy { compute_reservation: Some(10), ..Default::default() };
    let update = UpdateSchedulingPolicy { arn: ARN.into(), fairshare_policy: Some(changed.clone()), ..Default::default() };
    account.ok(Request::UpdateSchedulingPolicy(update));
    let describe = Request::DescribeSchedulingPolicies(DescribeSchedulingPolicies { arns: vec![ARN.into(), "unknown".into()] });
    let Reply::DescribeSchedulingPolicies(found) = account.ok(describe) else { panic!("policies") };
    assert_eq!(found.scheduling_policies.len(), 1);
    assert_eq!(found.scheduling_policies[0].fairshare_policy, Some(changed));
    // BM DeleteSchedulingPolicy: "You can't delete a scheduling policy that's used in any job queues."
    let delete = |arn: &str| Request::DeleteSchedulingPolicy(DeleteSchedulingPolicy { arn: arn.into() });
    account.refused(delete(ARN));
    account.ok(delete(&other));
    account.refused(delete(&other));
}

#[test]
fn a_policy_is_checked() {
    let mut account = Account::empty();
    let mut refused = |fairshare: FairsharePolicy| account.refused(policy("p", fairshare));
    refused(FairsharePolicy { share_decay_seconds: Some(604_801), ..Default::default() });
    refused(FairsharePolicy { compute_reservation: Some(100), ..Default::default() });
    refused(FairsharePolicy { share_distribution: Some(weights(&[("a", 0.00001)])), ..Default::default() });
    refused(FairsharePolicy { share_distribution: Some(weights(&[("a-b", 1.0)])), ..Default::default() });
    // BM ShareAttributes: "you can't have one that specifies a shareIdentifier of UserA* and another ... of UserA1".
    refused(FairsharePolicy { share_distribution: Some(weights(&[("UserA*", 1.0), ("UserA1", 1.0)])), ..Default::default() });
    account.refused(policy("a b", FairsharePolicy::default()));
    let quota = [("quotaSharePolicy".to_owned(), json!({"idleResourceAssignmentStrategy": "FIFO"}))].into_iter().collect();
    account.refused(Request::CreateSchedulingPolicy(CreateSchedulingPolicy { name: "p".into(), rest: quota, ..Default::default() }));
}

#[test]
fn a_policy_can_be_replaced_but_neither_added_nor_removed() {
    // BM CreateJobQueue.schedulingPolicyArn.
    let mut account = account(1, FairsharePolicy::default());
    account.ok(policy("other", FairsharePolicy::default()));
    account.ok(Request::CreateJobQueue(queue("fifo", 1, &["ce"])));
    let update = |queue: &str, arn: &str| {
        let rest = [("schedulingPolicyArn".to_owned(), json!(arn))].into_iter().collect();
        Request::UpdateJobQueue(UpdateJobQueue { job_queue: queue.into(), rest, ..Default::default() })
    };
    account.ok(update("q", &ARN.replace("fair", "other")));
    account.refused(update("fifo", ARN));
    account.refused(update("q", ""));
    account.refused(update("q", &ARN.replace("fair", "nowhere")));
}
