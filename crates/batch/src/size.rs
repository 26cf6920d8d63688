//! How much a job needs and how much an environment has.

use std::borrow::Cow;

use crate::api::{ContainerOverrides, ContainerProperties, ResourceRequirement};
use crate::limits;
use crate::refusal::Refusal;

/// vCPUs in thousandths and memory in MiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) milli_vcpus: u64,
    pub(crate) memory_mib: u64,
}

impl Size {
    pub(crate) fn vcpus(self) -> f64 {
        self.milli_vcpus as f64 / 1000.0
    }

    pub(crate) fn fits(self, other: Self) -> bool {
        self.milli_vcpus <= other.milli_vcpus && self.memory_mib <= other.memory_mib
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            milli_vcpus: self.milli_vcpus.saturating_add(other.milli_vcpus),
            memory_mib: self.memory_mib.saturating_add(other.memory_mib),
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self {
            milli_vcpus: self.milli_vcpus.saturating_sub(other.milli_vcpus),
            memory_mib: self.memory_mib.saturating_sub(other.memory_mib),
        }
    }
}

/// What is asked for of one kind. Today's form comes before the old one: an override in the old form does not
/// replace a requirement of the definition. Source: BM ContainerOverrides.vcpus.
fn asked<'a>(
    kind: &str,
    [old, old_override]: [Option<i64>; 2],
    properties: &'a ContainerProperties,
    overrides: Option<&'a ContainerOverrides>,
) -> Option<Cow<'a, str>> {
    let find = |list: &'a [ResourceRequirement]| list.iter().find(|r| r.kind == kind).map(|r| Cow::Borrowed(r.value.as_str()));
    let written = |number: Option<i64>| number.map(|number| Cow::Owned(number.to_string()));
    overrides
        .and_then(|overrides| find(&overrides.resource_requirements))
        .or_else(|| properties.resource_requirements.as_deref().and_then(find))
        .or_else(|| written(old_override))
        .or_else(|| written(old))
}

/// The vCPUs that a job asks for, as text.
pub(crate) fn asked_vcpus<'a>(properties: &'a ContainerProperties, overrides: Option<&'a ContainerOverrides>) -> Option<Cow<'a, str>> {
    asked("VCPU", [properties.vcpus, overrides.and_then(|overrides| overrides.vcpus)], properties, overrides)
}

/// The MiB that a job asks for, as text.
pub(crate) fn asked_memory<'a>(properties: &'a ContainerProperties, overrides: Option<&'a ContainerOverrides>) -> Option<Cow<'a, str>> {
    asked("MEMORY", [properties.memory, overrides.and_then(|overrides| overrides.memory)], properties, overrides)
}

/// Checks the sizes of a job on EC2: whole vCPUs, at least 4 MiB, whole GPUs.
pub(crate) fn on_ec2(vcpus: &str, memory: &str) -> Result<Size, Refusal> {
    let milli_vcpus = whole("VCPU", vcpus, 1)?.saturating_mul(1000);
    Ok(Size { milli_vcpus, memory_mib: whole("MEMORY", memory, limits::MEMORY_MIB)? })
}

/// A whole number of at least `least`.
pub(crate) fn whole(kind: &str, value: &str, least: u64) -> Result<u64, Refusal> {
    let number = value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse::<u32>().ok()).flatten();
    number.map(u64::from).filter(|number| *number >= least).ok_or_else(|| Refusal::Resource { kind: kind.into(), value: value.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_vcpus_only_on_ec2() {
        assert_eq!(on_ec2("2", "4"), Ok(Size { milli_vcpus: 2000, memory_mib: 4 }));
        for (vcpus, memory) in [("1.0", "4"), ("0", "4"), ("1", "3"), ("", "4"), ("+1", "4"), ("1", "99999999999999999999")] {
            assert!(on_ec2(vcpus, memory).is_err(), "{vcpus} {memory}");
        }
    }
}
