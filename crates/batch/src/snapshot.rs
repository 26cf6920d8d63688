//! GetJobQueueSnapshot: what stands at the front of a queue.

use crate::api::{FrontOfQueue, FrontOfQueueJob, GetJobQueueSnapshot, JobQueueSnapshot};
use crate::limits;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;

impl Scheduler {
    pub(crate) fn job_queue_snapshot(&self, call: &GetJobQueueSnapshot, now: i64) -> Result<JobQueueSnapshot, Refusal> {
        let queue = self.find_queue(&call.job_queue).ok_or_else(|| Refusal::NotFound(call.job_queue.clone()))?;
        let queue = &self.queues.all[queue];
        let most = limits::SNAPSHOT_JOBS;
        let mut front: Vec<_> = queue.ready.iter().take(most).chain(queue.misfits.iter().take(most)).collect();
        front.sort();
        front.truncate(most);
        let describe = |unit| {
            let job = &self.jobs[self.units[unit].job];
            FrontOfQueueJob { job_arn: self.names.job(job.id, job.index(unit)), earliest_time_at_position: job.created_at }
        };
        let jobs = front.into_iter().map(|(_, unit)| describe(*unit)).collect();
        Ok(JobQueueSnapshot { front_of_queue: FrontOfQueue { jobs, last_updated_at: now } })
    }
}
