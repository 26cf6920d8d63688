//! The sizes and rules of jobs that may run on Fargate.

use serde_json::Value;

use crate::api::ContainerProperties;
use crate::refusal::Refusal;
use crate::size::Size;

/// Thousandths of a vCPU, least MiB, most MiB, step in MiB. Source: BM `ResourceRequirement`.
const SIZES: [(u64, u64, u64, u64); 7] = [
    (500, 1024, 4096, 1024),
    (1000, 2048, 8192, 1024),
    (2000, 4096, 16_384, 1024),
    (4000, 8192, 30_720, 1024),
    (8000, 16_384, 61_440, 4096),
    (16_000, 32_768, 122_880, 8192),
    (250, 1024, 2048, 1024),
];

/// Sizes off the grid.
const ODD_SIZES: [(u64, u64); 4] = [(250, 512), (32_000, 61_440), (32_000, 122_880), (32_000, 249_856)];

/// Whether Fargate has such a size: vCPUs and MiB as a job definition spells them.
pub fn is_fargate_size(vcpus: &str, memory_mib: &str) -> bool {
    size(vcpus, memory_mib).is_ok()
}

/// Checks a size against Fargate's table.
pub(crate) fn size(vcpus: &str, memory: &str) -> Result<Size, Refusal> {
    let refusal = || Refusal::FargateSize { vcpus: vcpus.into(), memory_mib: memory.into() };
    let number = vcpus.parse::<f64>().ok().filter(|n| (0.25..=32.0).contains(n)).ok_or_else(refusal)?;
    let memory_mib = memory.parse::<u64>().map_err(|_| refusal())?;
    let milli_vcpus = (number * 1000.0).round() as u64;
    let on_grid = SIZES.iter().any(|&(cpu, least, most, step)| {
        cpu == milli_vcpus && (least..=most).contains(&memory_mib) && (memory_mib - least).is_multiple_of(step)
    });
    if on_grid || ODD_SIZES.contains(&(milli_vcpus, memory_mib)) {
        return Ok(Size { milli_vcpus, memory_mib });
    }
    Err(refusal())
}

/// Checks what a definition for Fargate must and must not have. Source: BUG fargate-job-definitions.
pub(crate) fn properties(properties: &ContainerProperties) -> Result<(), Refusal> {
    let given = |name: &str| properties.rest.get(name).filter(|value| !is_empty(value));
    if properties.vcpus.is_some() {
        return Err(Refusal::NotForFargate("vcpus"));
    }
    if properties.memory.is_some() {
        return Err(Refusal::NotForFargate("memory"));
    }
    for name in ["privileged", "ulimits", "instanceType"] {
        if given(name).is_some() {
            return Err(Refusal::NotForFargate(name));
        }
    }
    if properties.resource_requirements.iter().flatten().any(|r| r.kind == "GPU") {
        return Err(Refusal::NotForFargate("GPU"));
    }
    if given("executionRoleArn").is_none() {
        return Err(Refusal::ExecutionRole);
    }
    Ok(())
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_table() {
        for (vcpus, memory) in
            [("0.25", "512"), ("0.25", "2048"), ("1", "2048"), ("1.0", "8192"), ("8", "20480"), ("16", "40960"), ("32", "249856")]
        {
            assert!(size(vcpus, memory).is_ok(), "{vcpus} {memory}");
        }
        for (vcpus, memory) in
            [("0.25", "4096"), ("0.25", "1536"), ("1", "1024"), ("3", "8192"), ("8", "17408"), ("32", "65536"), ("NaN", "512"), ("1", "x")]
        {
            assert!(size(vcpus, memory).is_err(), "{vcpus} {memory}");
        }
    }
}
