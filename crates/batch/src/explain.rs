//! Why a job is not running, as numbers.

use crate::environment::Environment;
use crate::keyed::{JobKey, UnitKey};
use crate::placement::Fit;
use crate::scheduler::Scheduler;
use crate::size::Size;
use crate::unit::Status;

/// What a job waits for. Of an array it is the first child that is not yet placed which counts.
#[derive(Clone, Debug, PartialEq)]
pub enum Explanation {
    /// Nothing: it is over.
    Ended {
        /// SUCCEEDED, or else FAILED.
        succeeded: bool,
    },
    /// Nothing: it is STARTING or RUNNING, or all children that have not ended are.
    InFlight,
    /// Other jobs, or other children, have to end first.
    Dependencies {
        /// How many of them.
        unsettled: u32,
    },
    /// It would fit into environments of its queue, but these are disabled.
    EnvironmentsDisabled {
        /// Their names.
        environments: Vec<String>,
    },
    /// It is bigger than every environment of its queue.
    TooBig {
        /// vCPUs that it needs.
        vcpus: f64,
        /// MiB that it needs.
        memory_mib: u64,
        /// What the environments offer in all.
        environments: Vec<Room>,
    },
    /// Others have what it needs.
    Capacity {
        /// RUNNABLE jobs and children of its queue and share whose turn comes first.
        ahead: u64,
        /// vCPUs that it needs.
        vcpus: f64,
        /// MiB that it needs.
        memory_mib: u64,
        /// What is free in the enabled environments.
        environments: Vec<Room>,
    },
}

/// Room in a compute environment.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// Which environment.
    pub environment: String,
    /// vCPUs; `None` if they are not limited.
    pub vcpus: Option<f64>,
    /// MiB; `None` if memory is not limited.
    pub memory_mib: Option<u64>,
}

impl Room {
    /// `size` of what `environment` offers, where it has a limit.
    fn new(environment: &Environment, size: Size) -> Self {
        Self {
            environment: environment.name().into(),
            vcpus: (environment.offers.milli_vcpus < u64::MAX).then(|| size.vcpus()),
            memory_mib: (environment.offers.memory_mib < u64::MAX).then_some(size.memory_mib),
        }
    }
}

impl Scheduler {
    /// Why a job, array or child is not running; `None` if there is no such job.
    pub fn explain(&self, job_id: &str) -> Option<Explanation> {
        let (job, child) = self.find_job(job_id)?;
        let status = self.unit_status(job, child);
        if status.is_terminal() {
            return Some(Explanation::Ended { succeeded: status == Status::Succeeded });
        }
        let child = child.filter(|_| self.jobs[job].gang.is_none());
        let waiting = |unit: &UnitKey| self.units[*unit].status < Status::Starting;
        Some(match child.or_else(|| self.jobs[job].units().find(waiting)).filter(waiting) {
            Some(unit) => self.explain_unit(job, unit),
            None => Explanation::InFlight,
        })
    }

    fn explain_unit(&self, job: JobKey, key: UnitKey) -> Explanation {
        let unit = &self.units[key];
        let job = &self.jobs[job];
        if unit.status != Status::Runnable {
            return Explanation::Dependencies { unsettled: u32::from(unit.waits) + u32::from(job.gates) };
        }
        let queue = &self.queues.all[job.queue];
        let size = job.spec.size;
        let (vcpus, memory_mib) = (size.vcpus(), size.memory_mib);
        let environments = || queue.environments.iter().map(|key| &self.environments.all[*key]);
        if !matches!(self.fit(queue, &job.spec, 0.0), Fit::Never) {
            let ahead = queue.shares[usize::from(job.share)].line.range(..self.place_of(key)).count() as u64;
            let enabled = environments().filter(|environment| environment.enabled);
            let environments = enabled.map(|environment| Room::new(environment, environment.free())).collect();
            return Explanation::Capacity { ahead, vcpus, memory_mib, environments };
        }
        let fitting: Vec<String> =
            environments().filter(|environment| environment.could_hold(&job.spec)).map(|environment| environment.name().into()).collect();
        if fitting.is_empty() {
            let environments = environments().map(|environment| Room::new(environment, environment.offers)).collect();
            return Explanation::TooBig { vcpus, memory_mib, environments };
        }
        Explanation::EnvironmentsDisabled { environments: fitting }
    }
}
