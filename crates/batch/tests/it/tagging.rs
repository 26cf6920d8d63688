//! Tags. Source: BM TagResource, UntagResource, ListTagsForResource; BUG using-tags.

use std::collections::BTreeMap;

use fanout_batch::api::{
    CreateSchedulingPolicy, DescribeJobQueues, ListTagsForResource, RegisterJobDefinition, Reply, Request, SubmitJob, TagResource,
    UntagResource,
};

use crate::account::{Account, array, definition, job, queue};

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn numbered(count: usize) -> BTreeMap<String, String> {
    (0..count).map(|number| (format!("k{number}"), String::new())).collect()
}

fn listed(account: &mut Account, arn: &str) -> BTreeMap<String, String> {
    match account.ok(Request::ListTagsForResource(ListTagsForResource { resource_arn: arn.into() })) {
        Reply::ListTagsForResource(answer) => answer.tags,
        other => panic!("{other:?}"),
    }
}

fn tag(arn: &str, tags: BTreeMap<String, String>) -> Request {
    Request::TagResource(TagResource { resource_arn: arn.into(), tags })
}

fn untag(arn: &str, keys: &[&str]) -> Request {
    Request::UntagResource(UntagResource { resource_arn: arn.into(), tag_keys: keys.iter().map(|key| (*key).into()).collect() })
}

#[test]
fn all_five_kinds_of_resources_have_tags() {
    // BM TagResource: "compute environments, jobs, job definitions, job queues, and scheduling policies".
    let mut account = Account::with_vcpus(1);
    account.ok(Request::CreateSchedulingPolicy(CreateSchedulingPolicy {
        name: "p".into(),
        tags: tags(&[("a", "1")]),
        ..Default::default()
    }));
    let (id, _) = account.start(SubmitJob { tags: tags(&[("a", "1")]), ..job("j") });
    let untagged = account.submit(job("untagged"));
    let resources = ["compute-environment/ce", "job-queue/q", "job-definition/d:1", "scheduling-policy/p"].map(String::from);
    for resource in resources.into_iter().chain([format!("job/{id}"), format!("job/{untagged}")]) {
        let arn = format!("arn:aws:batch:us-east-1:123456789012:{resource}");
        account.ok(tag(&arn, tags(&[("a", "2"), ("b", "")])));
        account.ok(tag(&arn, tags(&[("c", "3")])));
        account.ok(untag(&arn, &["b", "never"]));
        assert_eq!(listed(&mut account, &arn), tags(&[("a", "2"), ("c", "3")]), "{resource}");
    }
    assert_eq!(account.job(&id).tags, tags(&[("a", "2"), ("c", "3")]));
    let Reply::DescribeJobQueues(queues) = account.ok(Request::DescribeJobQueues(DescribeJobQueues::default())) else { panic!("queues") };
    assert_eq!(queues.job_queues[0].tags, tags(&[("a", "2"), ("c", "3")]));
}

#[test]
fn tags_have_limits() {
    // BM TagrisTagsMap, TagKey, TagValue.
    let mut account = Account::with_vcpus(1);
    let arn = "arn:aws:batch:us-east-1:123456789012:job-queue/q";
    let mut refused = |tags: BTreeMap<String, String>| account.refused(tag(arn, tags));
    refused(BTreeMap::new());
    refused(numbered(51));
    refused(tags(&[("", "x")]));
    refused(tags(&[("aws:x", "x")]));
    refused(tags(&[(&"k".repeat(129), "x")]));
    refused(tags(&[("k", &"x".repeat(257))]));
    account.ok(tag(arn, numbered(50)));
    account.refused(tag(arn, tags(&[("one-more", "")])));
    account.ok(tag(arn, tags(&[("k0", "in place of another")])));
    account.refused(untag(arn, &[]));
    account.refused(Request::CreateJobQueue(fanout_batch::api::CreateJobQueue { tags: numbered(51), ..queue("r", 1, &["ce"]) }));
    account.refused(Request::SubmitJob(SubmitJob { tags: numbered(51), ..job("j") }));
    account.refused(Request::RegisterJobDefinition(RegisterJobDefinition { tags: numbered(51), ..definition("d") }));
}

#[test]
fn what_has_no_tags_is_refused() {
    // BM TagResource: "ARNs for child jobs of array and multi-node parallel (MNP) jobs aren't supported."
    let mut account = Account::with_vcpus(1);
    let id = account.submit(array("a", 2));
    account.starts();
    for resource in [&format!("job/{id}:0"), "job-queue/nowhere", "job-definition/d", "consumable-resource/r", "x"] {
        let arn = format!("arn:aws:batch:us-east-1:123456789012:{resource}");
        account.refused(tag(&arn, tags(&[("a", "1")])));
        account.refused(Request::ListTagsForResource(ListTagsForResource { resource_arn: arn }));
    }
    account.refused(untag("arn:aws:batch:eu-west-1:123456789012:job-queue/q", &["a"]));
}

#[test]
fn more_than_50_tags_together_fail_the_job_if_they_are_propagated() {
    // BM SubmitJob.propagateTags: "If the total number of combined tags from the job and job definition is over 50,
    // the job is moved to the FAILED state."
    let mut account = Account::with_vcpus(1);
    account.ok(Request::RegisterJobDefinition(RegisterJobDefinition { tags: numbered(50), ..definition("d") }));
    let call = SubmitJob { tags: tags(&[("other", "")]), propagate_tags: Some(true), ..job("j") };
    let id = account.submit(call.clone());
    account.only_ends(&id, false);
    account.start(SubmitJob { propagate_tags: None, ..call });
}
