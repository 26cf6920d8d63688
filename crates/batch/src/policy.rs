//! Scheduling policies: what a client asks of them, and what they mean for a queue.
//! Source: BM FairsharePolicy, ShareAttributes.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::{
    CreateSchedulingPolicy, DeleteSchedulingPolicy, DescribeSchedulingPolicies, Empty, FairsharePolicy, ListSchedulingPolicies,
    SchedulingPolicies, SchedulingPolicyDetail, SchedulingPolicyList, SchedulingPolicyListed, SchedulingPolicyRef, ShareAttributes,
    UpdateSchedulingPolicy,
};
use crate::checks;
use crate::keyed::{Keyed, PolicyKey};
use crate::limits;
use crate::names;
use crate::page;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::tags;

/// All policies of an account.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    pub(crate) all: Keyed<PolicyKey, SchedulingPolicyDetail>,
    pub(crate) by_name: BTreeMap<String, PolicyKey>,
}

impl FairsharePolicy {
    /// Milliseconds over which use is counted.
    pub(crate) fn window(&self) -> i64 {
        let seconds = self.share_decay_seconds.filter(|seconds| *seconds > 0).unwrap_or(limits::SHARE_DECAY_DEFAULT);
        i64::from(seconds) * 1000
    }

    /// The part of all vCPUs that is kept for shares which are not in use.
    pub(crate) fn reserved(&self, active: usize) -> f64 {
        let part = f64::from(self.compute_reservation.unwrap_or(0)) / 100.0;
        std::iter::repeat_n(part, active).take(limits::ACTIVE_SHARES).product()
    }

    /// The weight of a share; 1 if nobody says.
    pub(crate) fn weight(&self, share: &str) -> f64 {
        let entries = self.share_distribution.iter().flatten();
        let found = entries.into_iter().find(|entry| covers(&entry.share_identifier, share));
        found.and_then(|entry| entry.weight_factor).unwrap_or(1.0)
    }
}

/// Whether a share, or all that begin like it, is meant by an entry.
fn covers(entry: &str, share: &str) -> bool {
    match entry.strip_suffix('*') {
        Some(start) => share.starts_with(start),
        None => share == entry,
    }
}

impl Scheduler {
    /// The policy that a client means by its ARN.
    pub(crate) fn find_policy(&self, arn: &str) -> Result<PolicyKey, Refusal> {
        let name = self.names.parts(arn).filter(|(kind, _)| *kind == "scheduling-policy").map(|(_, name)| name);
        name.and_then(|name| self.policies.by_name.get(name)).copied().ok_or_else(|| Refusal::NotFound(arn.into()))
    }

    pub(crate) fn create_scheduling_policy(&mut self, call: CreateSchedulingPolicy) -> Result<SchedulingPolicyRef, Refusal> {
        if !names::is_name(&call.name) {
            return Err(Refusal::Name(call.name));
        }
        check(call.fairshare_policy.as_ref(), &call.rest)?;
        tags::check(&call.tags)?;
        if self.policies.by_name.contains_key(&call.name) {
            return Err(Refusal::Exists);
        }
        let reference = SchedulingPolicyRef { arn: self.names.policy(&call.name), name: call.name.clone() };
        let key = self.policies.all.push(SchedulingPolicyDetail {
            name: call.name.clone(),
            arn: reference.arn.clone(),
            fairshare_policy: Some(call.fairshare_policy.unwrap_or_default()),
            tags: call.tags,
        });
        self.policies.by_name.insert(call.name, key);
        Ok(reference)
    }

    pub(crate) fn update_scheduling_policy(&mut self, call: UpdateSchedulingPolicy) -> Result<Empty, Refusal> {
        let key = self.find_policy(&call.arn)?;
        check(call.fairshare_policy.as_ref(), &call.rest)?;
        if let Some(policy) = call.fairshare_policy {
            self.policies.all[key].fairshare_policy = Some(policy);
            let queues: Vec<_> = self.queues.by_name.values().copied().collect();
            for queue in queues {
                self.weigh(queue);
            }
        }
        Ok(Empty {})
    }

    pub(crate) fn delete_scheduling_policy(&mut self, call: &DeleteSchedulingPolicy) -> Result<Empty, Refusal> {
        let key = self.find_policy(&call.arn)?;
        if self.queues.by_name.values().any(|queue| self.queues.all[*queue].policy == Some(key)) {
            return Err(Refusal::PolicyInUse(call.arn.clone()));
        }
        let name = self.policies.all[key].name.clone();
        self.policies.by_name.remove(&name);
        Ok(Empty {})
    }

    pub(crate) fn describe_scheduling_policies(&self, call: &DescribeSchedulingPolicies) -> Result<SchedulingPolicies, Refusal> {
        if call.arns.len() > limits::DESCRIBED_ITEMS {
            return Err(Refusal::Quota("scheduling policies in one call"));
        }
        let found = call.arns.iter().filter_map(|arn| self.find_policy(arn).ok());
        Ok(SchedulingPolicies { scheduling_policies: found.map(|key| self.policies.all[key].clone()).collect() })
    }

    pub(crate) fn list_scheduling_policies(&self, call: &ListSchedulingPolicies) -> Result<SchedulingPolicyList, Refusal> {
        let all: Vec<PolicyKey> = self.policies.by_name.values().copied().collect();
        let page = page::cut(&all, call.max_results, limits::DESCRIBED_ITEMS, call.next_token.as_deref())?;
        let line = |key: &PolicyKey| SchedulingPolicyListed { arn: self.policies.all[*key].arn.clone() };
        Ok(SchedulingPolicyList { scheduling_policies: page.items.iter().map(line).collect(), next_token: page.next_token })
    }
}

fn check(policy: Option<&FairsharePolicy>, rest: &Map<String, Value>) -> Result<(), Refusal> {
    if rest.get("quotaSharePolicy").is_some_and(|value| !value.is_null()) {
        return Err(Refusal::NotSupported("quotaSharePolicy".into()));
    }
    let Some(policy) = policy else { return Ok(()) };
    checks::range("shareDecaySeconds", &limits::SHARE_DECAY_SECONDS, policy.share_decay_seconds.unwrap_or(0))?;
    checks::range("computeReservation", &limits::COMPUTE_RESERVATIONS, policy.compute_reservation.unwrap_or(0))?;
    let entries = policy.share_distribution.as_deref().unwrap_or_default();
    for (number, entry) in entries.iter().enumerate() {
        check_share(entry)?;
        if entries[..number].iter().any(|other| overlap(&entry.share_identifier, &other.share_identifier)) {
            return Err(Refusal::SharesOverlap(entry.share_identifier.clone()));
        }
    }
    Ok(())
}

fn check_share(entry: &ShareAttributes) -> Result<(), Refusal> {
    let name = entry.share_identifier.strip_suffix('*').unwrap_or(&entry.share_identifier);
    if !(is_share(name) || name.is_empty() && entry.share_identifier == "*") {
        return Err(Refusal::Value { field: "shareIdentifier", value: entry.share_identifier.clone() });
    }
    match entry.weight_factor {
        Some(weight) if !limits::WEIGHTS.contains(&weight) => Err(Refusal::Value { field: "weightFactor", value: weight.to_string() }),
        _ => Ok(()),
    }
}

/// Up to 255 letters and digits.
pub(crate) fn is_share(name: &str) -> bool {
    (1..=limits::SHARE_CHARS).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn overlap(one: &str, other: &str) -> bool {
    let bare = |entry: &str| entry.strip_suffix('*').unwrap_or(entry).to_owned();
    covers(one, &bare(other)) || covers(other, &bare(one))
}
