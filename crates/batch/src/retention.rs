//! When finished jobs are forgotten. Source: BUG job_states: for at least seven days after their end they are there.

use crate::keyed::JobKey;
use crate::limits;
use crate::scheduler::Scheduler;
use crate::unit::Status;

impl Scheduler {
    /// Forgets the jobs whose time is over. What is left depends on nothing but the time and what happened before.
    pub(crate) fn forget_finished(&mut self, now: i64) {
        let oldest = now.saturating_sub(limits::RETENTION_MILLIS);
        while let Some(&(_, job)) = self.finished.front().filter(|(ended_at, _)| *ended_at <= oldest) {
            self.finished.pop_front();
            self.forget(job);
        }
    }

    fn forget(&mut self, key: JobKey) {
        let parts: Vec<_> = self.jobs[key].units().chain(self.jobs[key].nodes()).collect();
        for unit in parts {
            self.stop_reasons.remove(&unit);
            self.units[unit].earlier = Vec::new();
        }
        let job = &mut self.jobs[key];
        self.by_id.remove(&job.id.as_u128());
        let queue = &mut self.queues.all[job.queue];
        queue.jobs.remove(&key);
        for status in [Status::Succeeded, Status::Failed] {
            queue.by_status[status as usize].remove(&key);
        }
        // An older job may live on, and then its place is held: but little more than that.
        job.is_forgotten = true;
        job.links = None;
        job.spec.name = "".into();
        job.spec.retry = None;
        job.spec.overrides = None;
        job.spec.rare = None;
        let first = self.jobs.iter().take_while(|job| job.is_forgotten).count();
        self.jobs.forget_first(first);
        let unit = self.jobs.iter().next().map_or_else(|| self.units.next(), |job| job.first);
        self.units.forget_before(unit);
    }
}
