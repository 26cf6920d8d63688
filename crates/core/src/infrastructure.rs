//! What has to be there before a plan: a compute environment and a queue.

use fanout_batch::api::{ComputeEnvironmentOrder, ComputeResources, CreateComputeEnvironment, CreateJobQueue, Request};
pub use fanout_batch::is_name;

/// What an environment's hosts are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Capacity {
    /// They stay as long as they are needed.
    #[default]
    OnDemand,
    /// AWS may take them away.
    Spot,
}

/// The calls that make an environment of `vcpus` and a queue upon it, both called `name`.
pub fn prepare(name: &str, vcpus: i64, capacity: Capacity) -> [Request; 2] {
    let environment = CreateComputeEnvironment {
        compute_environment_name: name.into(),
        kind: "MANAGED".into(),
        compute_resources: Some(ComputeResources {
            kind: match capacity {
                Capacity::OnDemand => "EC2".into(),
                Capacity::Spot => "SPOT".into(),
            },
            maxv_cpus: vcpus,
            rest: serde_json::json!({
                "minvCpus": 0, "instanceTypes": ["optimal"], "subnets": ["subnet-local"], "securityGroupIds": ["sg-local"],
                "instanceRole": "ecsInstanceRole"
            })
            .as_object()
            .cloned()
            .unwrap_or_default(),
        }),
        ..CreateComputeEnvironment::default()
    };
    let queue = CreateJobQueue {
        job_queue_name: name.into(),
        priority: 1,
        compute_environment_order: vec![ComputeEnvironmentOrder { order: 1, compute_environment: name.into() }],
        ..CreateJobQueue::default()
    };
    [Request::CreateComputeEnvironment(environment), Request::CreateJobQueue(queue)]
}
