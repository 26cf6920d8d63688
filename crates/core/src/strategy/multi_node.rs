//! `multi-node`: jobs of several nodes; node `i + 1` of a job is a run.
//!
//! Batch starts all nodes of a job at one time, on EC2 instances that are nothing else's, and stops all of them when the main
//! node ends. So node 0, the main one, is no run: it waits, and the client ends the job when every run is over.

use fanout_batch::api::{
    ContainerOverrides, ContainerProperties, KeyValue, NodeOverride, NodeOverrides, NodeProperties, NodeRange, RegisterJobDefinition,
    ResourceRequirement, SubmitJob,
};
use serde_json::Value;

use super::packer::Packer;
use super::{PlanError, Strategy, definition};
use crate::assignment::{Assignment, KEEP, Place, keeper};
use crate::fan_out::{FanOut, Injection};
use crate::limits::{self, Violation};
use crate::plan::{JobDefinition, Plan, Submission, Work};
use crate::retries::Retries;

/// Multi-node parallel jobs.
#[derive(Clone, Copy, Debug)]
pub struct MultiNode;

/// Of the node that is no run.
pub(crate) const KEEPER_VCPUS: u32 = 1;
const KEEPER_MIB: u64 = 128;

impl Strategy for MultiNode {
    fn name(&self) -> &'static str {
        "multi-node"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?.with_own_clock(fan_out);
        let mut violations = Vec::new();
        let packer = Packer::new(fan_out, &assignment, None, Place::Node);
        let groups = packer.groups(limits::NODES.most as usize - 1, &mut violations);
        let most = groups.iter().map(|(_, count)| *count).max().unwrap_or(1);
        let job_definition = JobDefinition::Own(Box::new(job_definition(fan_out, most)));
        definition::check(fan_out, &job_definition, &mut violations);
        // Nobody has asked for those that are there unasked, and they are left out.
        if fan_out.retries.times > 0 && fan_out.retries != Retries::default() {
            violations.push(Violation::invalid(
                format!("--retries {}", fan_out.retries.times),
                "Batch tries a job of several nodes again as a whole, with the runs that succeeded",
                "leave --retries out, or use --strategy array",
            ));
        }
        if let Some(existing) = &fan_out.worker.hosting.definition {
            violations.push(Violation::invalid(
                format!("--definition {}", existing.name),
                "the nodes of a job are described by its definition, so the fan-out registers one of its own",
                "name the --image instead, or use --strategy array",
            ));
        }
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let submission =
            |(first, count): (usize, usize)| Submission { request: request(fan_out, &packer, first, count), first, count, nodes: true };
        let submissions = groups.into_iter().map(submission).collect();
        Ok(definition::jobs_plan(self.name(), fan_out, job_definition, submissions))
    }
}

/// Batch's timeout is the whole job's, and counts from its main node: each run's own script keeps the time instead.
fn job_definition(fan_out: &FanOut, most: usize) -> RegisterJobDefinition {
    let mut definition = definition::own(fan_out, None);
    let run = definition.container_properties.take().unwrap_or_default();
    let requirement = |kind: &str, value: String| ResourceRequirement { kind: kind.into(), value };
    let keeper = ContainerProperties {
        image: run.image.clone(),
        command: Some(match &fan_out.worker.injection {
            Injection::Shell => keeper(),
            Injection::Worker(program) => vec![program.clone(), KEEP.into()],
        }),
        environment: Some(vec![KeyValue::from((crate::assignment::RUN_ID, fan_out.run_id.as_str()))]),
        resource_requirements: Some(vec![requirement("VCPU", KEEPER_VCPUS.to_string()), requirement("MEMORY", KEEPER_MIB.to_string())]),
        ..ContainerProperties::default()
    };
    let range = |nodes: &str, container| NodeRange { target_nodes: nodes.into(), container: Some(container), ..NodeRange::default() };
    let nodes =
        NodeProperties { num_nodes: most as i32 + 1, main_node: 0, node_range_properties: vec![range("0:0", keeper), range("1:", run)] };
    definition.kind = "multinode".into();
    definition.timeout = None;
    definition.retry_strategy = None;
    definition.rest.insert("nodeProperties".into(), serde_json::to_value(nodes).unwrap_or(Value::Null));
    definition
}

fn request(fan_out: &FanOut, packer: &Packer<'_>, first: usize, count: usize) -> SubmitJob {
    let container_overrides: Option<ContainerOverrides> = Some(packer.overrides(first, count));
    let runs = NodeOverride { target_nodes: "1:".into(), container_overrides, ..NodeOverride::default() };
    let overrides = NodeOverrides { num_nodes: Some(count as i32 + 1), node_property_overrides: vec![runs] };
    SubmitJob {
        job_name: format!("{}{first}", definition::job_name_prefix(fan_out)),
        job_queue: fan_out.job_queue.clone(),
        job_definition: definition::resource_name(fan_out),
        rest: [("nodeOverrides".to_owned(), serde_json::to_value(overrides).unwrap_or(Value::Null))].into_iter().collect(),
        ..SubmitJob::default()
    }
}

/// What all runs that are in flight at one time need where nodes are runs: vCPUs and MiB. Zero for other plans.
pub fn room_of(plan: &Plan, fan_out: &FanOut) -> (u64, u64) {
    let Work::Jobs { submissions, max_in_flight } = &plan.work else { return (0, 0) };
    let jobs = submissions.iter().filter(|submission| submission.nodes);
    let Some(largest) = jobs.map(|submission| submission.count).max() else { return (0, 0) };
    let (runs, keepers) = max_in_flight.map_or((largest, 1), |most| (most.max(largest), most.min(submissions.len())));
    let needed = |run: u64, keeper: u64| (runs as u64).saturating_mul(run).saturating_add(keepers as u64 * keeper);
    (needed(fan_out.worker.vcpus.into(), KEEPER_VCPUS.into()), needed(fan_out.worker.memory_mib, KEEPER_MIB))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::MultiNode;
    use crate::plan::{JobDefinition, Plan, Work};
    use crate::retries::Retries;
    use crate::strategy::Strategy;
    use crate::strategy::testing::fan_out;

    fn counts(plan: &Plan) -> Vec<usize> {
        let Work::Jobs { submissions, .. } = &plan.work else { panic!("jobs") };
        submissions.iter().map(|submission| submission.count).collect()
    }

    #[test]
    fn a_thousand_nodes_are_999_runs_and_one_that_waits() {
        let plan = MultiNode.plan(&fan_out("1-1000")).expect("a plan");
        assert_eq!(counts(&plan), [999, 1]);
        let JobDefinition::Own(own) = &plan.job_definition else { panic!("its own") };
        let nodes = &own.rest["nodeProperties"];
        assert_eq!((&nodes["numNodes"], &nodes["mainNode"]), (&json!(1_000), &json!(0)));
        let ranges: Vec<_> = nodes["nodeRangeProperties"].as_array().expect("ranges").iter().map(|range| &range["targetNodes"]).collect();
        assert_eq!(ranges, ["0:0", "1:"]);
    }

    #[test]
    fn few_at_a_time_are_small_jobs() {
        let mut fan_out = fan_out("1-20");
        fan_out.max_concurrency = Some(8);
        assert_eq!(counts(&MultiNode.plan(&fan_out).expect("a plan")), [2; 10]);
    }

    #[test]
    fn attempts_of_all_nodes_together_are_refused() {
        let mut fan_out = fan_out("1-3");
        fan_out.retries = Retries::of_all(1);
        let refused = MultiNode.plan(&fan_out).expect_err("no retries");
        assert!(refused.violations[0].to_string().starts_with("--retries 1: Batch tries a job of several nodes again as a whole"));
    }

    #[test]
    fn the_time_of_a_run_is_kept_by_its_script_and_not_by_the_job() {
        let mut fan_out = fan_out("1-3");
        fan_out.timeout_seconds = Some(90);
        let plan = MultiNode.plan(&fan_out).expect("a plan");
        let JobDefinition::Own(own) = &plan.job_definition else { panic!("its own") };
        assert_eq!(own.timeout, None);
        let Work::Jobs { submissions, .. } = &plan.work else { panic!("jobs") };
        let command = submissions[0].request.rest["nodeOverrides"]["nodePropertyOverrides"][0]["containerOverrides"]["command"].to_string();
        assert!(command.contains("sleep 90; kill -USR1"), "{command}");
    }
}
