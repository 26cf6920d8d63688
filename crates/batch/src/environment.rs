//! Compute environments: what a client asks of them, and what they offer and have in use.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::{
    ComputeEnvironmentDetail, ComputeEnvironmentRef, ComputeEnvironments, ComputeResources, CreateComputeEnvironment,
    DeleteComputeEnvironment, DescribeComputeEnvironments, Empty, UpdateComputeEnvironment,
};
use crate::checks;
use crate::job::Spec;
use crate::keyed::{EnvironmentKey, Keyed};
use crate::limits;
use crate::names;
use crate::page;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::size::Size;
use crate::tags;

/// A compute environment, also after its deletion: jobs that ran on it still name it.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) enabled: bool,
    /// What it offers in all.
    pub(crate) offers: Size,
    /// What attempts in flight have of it.
    pub(crate) in_use: Size,
    /// As described, apart from the state.
    pub(crate) detail: ComputeEnvironmentDetail,
}

impl Environment {
    pub(crate) fn name(&self) -> &str {
        &self.detail.compute_environment_name
    }

    /// Whether ECS runs its tasks without instances of the account.
    pub(crate) fn is_fargate(&self) -> bool {
        self.detail.compute_resources.as_ref().is_some_and(|resources| resources.kind.starts_with("FARGATE"))
    }

    /// Whether its hosts may be taken away.
    pub(crate) fn is_spot(&self) -> bool {
        self.detail.compute_resources.as_ref().is_some_and(|resources| resources.kind.ends_with("SPOT"))
    }

    /// What an attempt says whose host went away. Sources: BUG job_retries; of Fargate Spot nextflow-io/nextflow#5786 and
    /// reproio/wrapbox#53.
    pub(crate) fn host_lost(&self, instance: &str) -> String {
        match (self.is_fargate(), self.is_spot()) {
            (false, _) => format!("Host EC2 (instance {instance}) terminated."),
            (true, true) => "Your Spot Task was interrupted.".into(),
            (true, false) => "Host of the Fargate task terminated.".into(),
        }
    }

    /// Whether a job would fit if there were no others. Jobs of several nodes run only on instances that
    /// Batch manages and that nobody takes away. Source: BUG mnp-ce.
    pub(crate) fn could_hold(&self, spec: &Spec) -> bool {
        spec.size.fits(self.offers) && (spec.definition.nodes.is_none() || self.takes_nodes())
    }

    pub(crate) fn takes_nodes(&self) -> bool {
        self.detail.kind == "MANAGED" && self.detail.compute_resources.as_ref().is_some_and(|resources| resources.kind == "EC2")
    }

    pub(crate) fn free(&self) -> Size {
        self.offers.minus(self.in_use)
    }
}

/// All environments of an account.
#[derive(Debug, Default)]
pub(crate) struct Environments {
    pub(crate) all: Keyed<EnvironmentKey, Environment>,
    pub(crate) by_name: BTreeMap<String, EnvironmentKey>,
}

impl Scheduler {
    /// The environment that a client means by a name or ARN.
    pub(crate) fn find_environment(&self, given: &str) -> Result<EnvironmentKey, Refusal> {
        let bare = self.names.bare("compute-environment", given);
        self.environments.by_name.get(bare).copied().ok_or_else(|| Refusal::NotFound(given.into()))
    }

    pub(crate) fn create_compute_environment(&mut self, call: CreateComputeEnvironment) -> Result<ComputeEnvironmentRef, Refusal> {
        let name = call.compute_environment_name.clone();
        check(&call)?;
        let enabled = checks::state(call.state.as_deref())?;
        if self.environments.by_name.contains_key(&name) {
            return Err(Refusal::Exists);
        }
        if self.environments.by_name.len() >= limits::ENVIRONMENTS {
            return Err(Refusal::Quota("compute environments"));
        }
        let offers = self.offers(call.compute_resources.as_ref(), &call.rest);
        let id = self.ids.uuid();
        let mut rest = call.rest;
        rest.insert("uuid".into(), Value::String(id.to_string()));
        let detail = ComputeEnvironmentDetail {
            compute_environment_arn: self.names.environment(&name),
            compute_environment_name: name.clone(),
            ecs_cluster_arn: self.names.cluster(&name, id),
            kind: call.kind,
            state: String::new(),
            status: "VALID".into(),
            status_reason: "ComputeEnvironment Healthy".into(),
            compute_resources: call.compute_resources,
            service_role: Some(self.names.role(call.service_role.as_deref().unwrap_or_default())),
            tags: call.tags,
            container_orchestration_type: Some("ECS".into()),
            rest,
        };
        let reference = reference(&detail);
        let key = self.environments.all.push(Environment { enabled, offers, in_use: Size::default(), detail });
        self.environments.by_name.insert(name, key);
        Ok(reference)
    }

    pub(crate) fn update_compute_environment(&mut self, call: UpdateComputeEnvironment) -> Result<ComputeEnvironmentRef, Refusal> {
        let key = self.find_environment(&call.compute_environment)?;
        let enabled = call.state.as_deref().map(|state| checks::state(Some(state))).transpose()?;
        let mut detail = self.environments.all[key].detail.clone();
        check_kind(&detail.kind, &call.rest)?;
        if call.compute_resources.is_some() && detail.kind == "UNMANAGED" {
            return Err(Refusal::OnlyForManaged("computeResources"));
        }
        if let (Some(changes), Some(resources)) = (call.compute_resources, &mut detail.compute_resources) {
            change_resources(resources, changes)?;
        }
        for (name, value) in call.rest {
            match (name.as_str(), value) {
                ("serviceRole", Value::String(role)) if !names::is_role(&role) => return Err(Refusal::Role(role)),
                ("serviceRole", Value::String(role)) => detail.service_role = Some(self.names.role(&role)),
                (_, value) => drop(detail.rest.insert(name, value)),
            }
        }
        let offers = self.offers(detail.compute_resources.as_ref(), &detail.rest);
        let environment = &mut self.environments.all[key];
        environment.enabled = enabled.unwrap_or(environment.enabled);
        environment.offers = offers;
        environment.detail = detail;
        let reference = reference(&environment.detail);
        self.reconsider();
        Ok(reference)
    }

    pub(crate) fn delete_compute_environment(&mut self, call: &DeleteComputeEnvironment) -> Result<Empty, Refusal> {
        let key = self.find_environment(&call.compute_environment)?;
        let environment = &self.environments.all[key];
        if environment.enabled {
            return Err(Refusal::NotDisabled(environment.name().into()));
        }
        if self.queues.by_name.values().any(|queue| self.queues.all[*queue].environments.contains(&key)) {
            return Err(Refusal::EnvironmentInUse);
        }
        let name = environment.name().to_owned();
        self.environments.by_name.remove(&name);
        Ok(Empty {})
    }

    pub(crate) fn describe_compute_environments(&self, call: &DescribeComputeEnvironments) -> Result<ComputeEnvironments, Refusal> {
        if call.compute_environments.len() > limits::DESCRIBED_ITEMS {
            return Err(Refusal::Quota("compute environments in one call"));
        }
        let found: Vec<EnvironmentKey> = if call.compute_environments.is_empty() {
            self.environments.by_name.values().copied().collect()
        } else {
            call.compute_environments.iter().filter_map(|given| self.find_environment(given).ok()).collect()
        };
        let page = page::cut(&found, call.max_results, limits::DESCRIBED_ITEMS, call.next_token.as_deref())?;
        let describe = |key: &EnvironmentKey| {
            let environment = &self.environments.all[*key];
            ComputeEnvironmentDetail { state: checks::state_name(environment.enabled), ..environment.detail.clone() }
        };
        Ok(ComputeEnvironments { compute_environments: page.items.iter().map(describe).collect(), next_token: page.next_token })
    }

    /// What an environment offers in all. An unmanaged one is the account's own machines: without
    /// limit, unless it says how many vCPUs they have.
    fn offers(&self, resources: Option<&ComputeResources>, rest: &Map<String, Value>) -> Size {
        let vcpus = match resources {
            Some(resources) => u64::try_from(resources.maxv_cpus).unwrap_or(0),
            None => rest.get("unmanagedvCpus").and_then(Value::as_u64).unwrap_or(u64::MAX),
        };
        Size { milli_vcpus: vcpus.saturating_mul(1000), memory_mib: self.memory_mib_per_environment.unwrap_or(u64::MAX) }
    }
}

fn reference(detail: &ComputeEnvironmentDetail) -> ComputeEnvironmentRef {
    ComputeEnvironmentRef {
        compute_environment_name: detail.compute_environment_name.clone(),
        compute_environment_arn: detail.compute_environment_arn.clone(),
    }
}

fn change_resources(resources: &mut ComputeResources, changes: Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in changes {
        match (name.as_str(), &value) {
            ("maxvCpus", value) => {
                resources.maxv_cpus = value.as_i64().filter(|most| *most >= 0).ok_or_else(|| bad_most(value.to_string()))?;
            }
            ("type", Value::String(kind)) => resources.kind.clone_from(kind),
            _ => drop(resources.rest.insert(name, value)),
        }
    }
    check_resources(resources)
}

fn bad_most(value: String) -> Refusal {
    Refusal::Value { field: "maxvCpus", value }
}

/// What only environments of the other kind have, and what there is not here.
fn check_kind(kind: &str, rest: &Map<String, Value>) -> Result<(), Refusal> {
    let given = |name: &str| rest.get(name).is_some_and(|value| !value.is_null());
    if given("eksConfiguration") {
        return Err(Refusal::NotSupported("eksConfiguration".into()));
    }
    if kind == "MANAGED" && given("unmanagedvCpus") {
        return Err(Refusal::OnlyForUnmanaged("unmanagedvCpus"));
    }
    Ok(())
}

fn check(call: &CreateComputeEnvironment) -> Result<(), Refusal> {
    if !names::is_name(&call.compute_environment_name) {
        return Err(Refusal::Name(call.compute_environment_name.clone()));
    }
    if let Some(role) = call.service_role.as_deref().filter(|role| !names::is_role(role)) {
        return Err(Refusal::Role(role.into()));
    }
    tags::check(&call.tags)?;
    check_kind(&call.kind, &call.rest)?;
    match (call.kind.as_str(), &call.compute_resources) {
        ("MANAGED", Some(resources)) => check_resources(resources),
        ("MANAGED", None) => Err(Refusal::Missing { field: "computeResources" }),
        ("UNMANAGED", _) => Ok(()),
        (other, _) => Err(Refusal::Value { field: "type", value: other.into() }),
    }
}

/// BM ComputeResource: "isn't applicable to jobs that are running on Fargate resources. Don't specify it."
const NOT_FOR_FARGATE: [&str; 14] = [
    "tags",
    "minvCpus",
    "desiredvCpus",
    "instanceTypes",
    "instanceRole",
    "allocationStrategy",
    "imageId",
    "ec2KeyPair",
    "placementGroup",
    "bidPercentage",
    "spotIamFleetRole",
    "launchTemplate",
    "ec2Configuration",
    "scalingPolicy",
];

fn check_resources(resources: &ComputeResources) -> Result<(), Refusal> {
    let given = |name: &str| resources.rest.get(name).is_some_and(|value| !value.is_null() && value != "");
    match resources.kind.as_str() {
        "EC2" | "SPOT" if !given("instanceRole") => return Err(Refusal::InstanceRole),
        "FARGATE" | "FARGATE_SPOT" => {
            if let Some(name) = NOT_FOR_FARGATE.into_iter().find(|name| given(name)) {
                return Err(Refusal::NotForFargate(name));
            }
        }
        "EC2" | "SPOT" => {}
        "ECS_MANAGED_INSTANCES" => return Err(Refusal::NotSupported("computeResources type ECS_MANAGED_INSTANCES".into())),
        other => return Err(Refusal::Value { field: "computeResources type", value: other.into() }),
    }
    let least = resources.rest.get("minvCpus").and_then(Value::as_i64).unwrap_or(0);
    if least > resources.maxv_cpus {
        return Err(Refusal::Range { field: "minvCpus", least: 0, most: resources.maxv_cpus, got: least });
    }
    if resources.maxv_cpus < 0 {
        return Err(bad_most(resources.maxv_cpus.to_string()));
    }
    Ok(())
}
