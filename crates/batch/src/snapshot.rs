//! GetJobQueueSnapshot: what stands at the front of a queue, and who uses how much of it.

use std::sync::Arc;

use crate::api::{
    CapacityUsage, FairshareUtilization, FrontOfQueue, FrontOfQueueJob, GetJobQueueSnapshot, JobQueueSnapshot, QueueUtilization,
    ShareUtilization,
};
use crate::keyed::UnitKey;
use crate::limits;
use crate::queue::Queue;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::share::{self, Place, Share};

impl Scheduler {
    pub(crate) fn job_queue_snapshot(&self, call: &GetJobQueueSnapshot, now: i64) -> Result<JobQueueSnapshot, Refusal> {
        let queue = self.find_queue(&call.job_queue).ok_or_else(|| Refusal::NotFound(call.job_queue.clone()))?;
        let queue = &self.queues.all[queue];
        let describe = |unit| {
            let job = &self.jobs[self.units[unit].job];
            FrontOfQueueJob { job_arn: self.names.job(job.id, job.part(unit)), earliest_time_at_position: job.created_at }
        };
        Ok(JobQueueSnapshot {
            front_of_queue: FrontOfQueue { jobs: self.front(queue, now).into_iter().map(describe).collect(), last_updated_at: now },
            queue_utilization: Some(utilization(queue, now)),
        })
    }

    /// The next RUNNABLE units in the order in which they would start if there were room for all.
    fn front(&self, queue: &Queue, now: i64) -> Vec<UnitKey> {
        let most = limits::SNAPSHOT_JOBS;
        let window = self.window(queue);
        let line = |share: &Share| share.line.iter().copied().take(most).collect::<Vec<Place>>();
        let mut lines: Vec<(f64, f64, Vec<Place>)> =
            queue.shares.iter().map(|share| (share.weight, share.usage.total(now, window), line(share))).collect();
        for (_, unit) in &queue.misfits {
            let (_, _, line) = &mut lines[usize::from(self.jobs[self.units[*unit].job].share)];
            line.push(self.place_of(*unit));
        }
        for (_, _, line) in &mut lines {
            line.sort_by(|one, other| other.cmp(one));
        }
        let mut front = Vec::new();
        while front.len() < most {
            let heads = lines.iter_mut().filter(|(_, _, line)| !line.is_empty());
            let key = |line: &(f64, f64, Vec<Place>)| line.2.last().map(|place| (line.0 * line.1, *place));
            let next = heads.min_by(|one, other| match (key(one), key(other)) {
                (Some(one), Some(other)) => share::order(one, other),
                _ => std::cmp::Ordering::Equal,
            });
            let Some((_, usage, line)) = next else { break };
            let Some(place) = line.pop() else { break };
            *usage += self.jobs[self.units[place.unit].job].spec.size.milli_vcpus as f64;
            front.push(place.unit);
        }
        front
    }
}

/// Source: BM QueueSnapshotUtilizationDetail.
fn utilization(queue: &Queue, now: i64) -> QueueUtilization {
    let usage = |milli: u64| vec![CapacityUsage { capacity_unit: "VCPU".into(), quantity: milli as f64 / 1000.0 }];
    let mut used: Vec<_> = queue.shares.iter().filter(|share| share.usage.in_use > 0).collect();
    let active = used.len() as i64;
    used.sort_by_key(|share| (std::cmp::Reverse(share.usage.in_use), Arc::clone(&share.name)));
    let top = used.iter().take(limits::TOP_SHARES);
    let fairshare = FairshareUtilization {
        active_share_count: active,
        top_capacity_utilization: top
            .map(|share| ShareUtilization { share_identifier: share.name.as_ref().into(), capacity_usage: usage(share.usage.in_use) })
            .collect(),
    };
    QueueUtilization {
        total_capacity_usage: usage(queue.shares.iter().map(|share| share.usage.in_use).sum()),
        fairshare_utilization: queue.policy.is_some().then_some(fairshare),
        last_updated_at: now,
    }
}
