//! ListJobs: the jobs of a queue or the children of an array. Source: BM ListJobs.

use crate::api::{CapacityUsage, ContainerSummary, Filter, JobList, JobSummary, ListJobs};
use crate::describe::{array_detail, node_summary};
use crate::job::Job;
use crate::keyed::{JobKey, QueueKey, UnitKey};
use crate::limits;
use crate::names::{self, Part, uuid_text};
use crate::page;
use crate::refusal::Refusal;
use crate::scheduler::Scheduler;
use crate::unit::Status;

/// A filter, read.
enum Wanted {
    Name(String),
    NameStart(String),
    Definition(String),
    DefinitionStart(String),
    DefinitionRevision(String, i32),
    Before(i64),
    After(i64),
    Share(String, Option<Status>),
}

impl Scheduler {
    pub(crate) fn list_jobs(&self, call: &ListJobs) -> Result<JobList, Refusal> {
        let status = call.job_status.as_deref().map(read_status).transpose()?;
        let token = call.next_token.as_deref().map(page::read).transpose()?;
        match (&call.job_queue, &call.array_job_id, &call.multi_node_job_id) {
            (Some(queue), None, None) => {
                let queue = self.find_queue(queue).ok_or_else(|| Refusal::QueueNotFound(queue.clone()))?;
                match call.filters.as_slice() {
                    [] => Ok(self.list_by_status(queue, status.unwrap_or(Status::Running), token, call.max_results)),
                    [filter] => Ok(self.list_filtered(queue, &self.read_filter(filter, status)?, token, call.max_results)),
                    _ => Err(Refusal::Filters),
                }
            }
            (None, Some(array), None) => Ok(self.list_children(array, status.unwrap_or(Status::Running), token, call.max_results)),
            (None, None, Some(job)) => Ok(self.list_nodes(job, status.unwrap_or(Status::Running), token, call.max_results)),
            _ => Err(Refusal::ListTarget),
        }
    }

    fn list_by_status(&self, queue: QueueKey, status: Status, token: Option<u64>, wanted: Option<i32>) -> JobList {
        let before = JobKey(token.map_or(u32::MAX, |token| token as u32));
        let jobs = self.queues.all[queue].by_status[status as usize].range(..before).rev().copied();
        self.job_page(jobs, page::size(wanted, limits::LISTED_JOBS))
    }

    fn list_filtered(&self, queue: QueueKey, filter: &Wanted, token: Option<u64>, wanted: Option<i32>) -> JobList {
        let before = JobKey(token.map_or(u32::MAX, |token| token as u32));
        let jobs = self.queues.all[queue].jobs.range(..before);
        let matching = jobs.rev().copied().filter(|job| self.is_wanted(*job, filter));
        self.job_page(matching, page::size(wanted, limits::FILTERED_JOBS))
    }

    /// Newest first; the token is the last job of the page.
    fn job_page(&self, jobs: impl Iterator<Item = JobKey>, size: usize) -> JobList {
        let mut keys: Vec<JobKey> = jobs.take(size + 1).collect();
        let more = keys.len() > size;
        keys.truncate(size);
        let last = keys.last().filter(|_| more).map(|job| page::write(job.0.into()));
        let line = |job: &JobKey| self.line(*job, self.jobs[*job].unit(None));
        JobList { job_summary_list: keys.iter().map(line).collect(), next_token: last }
    }

    /// In the order of their indexes; the token is the next child.
    fn list_children(&self, id: &str, status: Status, token: Option<u64>, wanted: Option<i32>) -> JobList {
        match self.find_job(id) {
            Some((key, None)) if self.jobs[key].array.is_some() => self.part_page(key, self.jobs[key].units(), status, token, wanted),
            _ => JobList::default(),
        }
    }

    fn list_nodes(&self, id: &str, status: Status, token: Option<u64>, wanted: Option<i32>) -> JobList {
        match self.find_job(id) {
            Some((key, None)) => self.part_page(key, self.jobs[key].nodes(), status, token, wanted),
            _ => JobList::default(),
        }
    }

    fn part_page(
        &self,
        key: JobKey,
        parts: impl Iterator<Item = UnitKey>,
        status: Status,
        token: Option<u64>,
        wanted: Option<i32>,
    ) -> JobList {
        let size = page::size(wanted, limits::LISTED_JOBS);
        let first = self.jobs[key].first.0;
        let start = UnitKey(u32::try_from(token.unwrap_or(0)).unwrap_or(u32::MAX).saturating_add(first));
        let matching = |unit: &UnitKey| *unit >= start && self.units[*unit].status == status;
        let mut found: Vec<UnitKey> = parts.filter(matching).take(size + 1).collect();
        let next_token = found.get(size).map(|unit| page::write((unit.0 - first).into()));
        found.truncate(size);
        JobList { job_summary_list: found.into_iter().map(|unit| self.line(key, Some(unit))).collect(), next_token }
    }

    fn line(&self, key: JobKey, unit: Option<UnitKey>) -> JobSummary {
        let job = &self.jobs[key];
        let definition = &job.spec.definition;
        let summary = self.summary(key, unit);
        let status = self.unit_status(key, unit);
        let latest = unit.and_then(|unit| self.units[unit].attempt()).filter(|_| status.is_terminal());
        let container = latest.map(|attempt| ContainerSummary {
            exit_code: attempt.outcome.exit_code(),
            reason: attempt.outcome.container_reason().map(Into::into),
        });
        JobSummary {
            job_arn: self.names.job(job.id, unit.map_or(Part::Whole, |unit| job.part(unit))),
            job_id: unit.map_or_else(|| uuid_text(job.id), |unit| job.unit_id(unit)),
            job_name: job.spec.name.as_ref().into(),
            created_at: job.created_at,
            status: status.name().into(),
            started_at: summary.started_at,
            stopped_at: summary.stopped_at,
            container,
            array_properties: array_detail(job, unit),
            node_properties: node_summary(job, unit),
            share_identifier: job.spec.share_identifier().map(Into::into),
            capacity_usage: vec![CapacityUsage {
                capacity_unit: "VCPU".into(),
                quantity: unit.map_or(job.spec.size, |unit| job.size_of(unit)).vcpus(),
            }],
            job_definition: Some(definition.arn.clone()),
            is_cancelled: summary.is_cancelled(),
            is_terminated: summary.is_terminated(),
            status_reason: summary.reason,
        }
    }

    fn is_wanted(&self, key: JobKey, filter: &Wanted) -> bool {
        let job: &Job = &self.jobs[key];
        let definition = &job.spec.definition;
        match filter {
            Wanted::Name(name) => job.spec.name.eq_ignore_ascii_case(name),
            Wanted::NameStart(start) => job.spec.name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)),
            Wanted::Definition(name) => definition.name() == name,
            Wanted::DefinitionStart(start) => definition.name().starts_with(start.as_str()),
            Wanted::DefinitionRevision(name, revision) => definition.name() == name && definition.revision == *revision,
            Wanted::Before(millis) => job.created_at < *millis,
            Wanted::After(millis) => job.created_at > *millis,
            Wanted::Share(share, status) => {
                job.spec.share_identifier() == Some(share) && status.is_none_or(|status| self.status(key) == status)
            }
        }
    }

    fn read_filter(&self, filter: &Filter, status: Option<Status>) -> Result<Wanted, Refusal> {
        let [value] = filter.values.as_slice() else { return Err(Refusal::Missing { field: "filter value" }) };
        let millis = || value.parse().map_err(|_| Refusal::Value { field: "filter value", value: value.clone() });
        let start = value.strip_suffix('*').map(String::from);
        Ok(match (filter.name.as_str(), start) {
            ("JOB_NAME", Some(start)) => Wanted::NameStart(start),
            ("JOB_NAME", None) => Wanted::Name(value.clone()),
            ("JOB_DEFINITION", _) if value.starts_with("arn:") => match names::revision(self.names.bare("job-definition", value)) {
                Some((name, revision)) => Wanted::DefinitionRevision(name.into(), revision),
                None => Wanted::Definition(value.clone()),
            },
            ("JOB_DEFINITION", Some(start)) => Wanted::DefinitionStart(start),
            ("JOB_DEFINITION", None) => Wanted::Definition(value.clone()),
            ("BEFORE_CREATED_AT", _) => Wanted::Before(millis()?),
            ("AFTER_CREATED_AT", _) => Wanted::After(millis()?),
            ("SHARE_IDENTIFIER", _) => Wanted::Share(value.clone(), status),
            (other, _) => return Err(Refusal::Value { field: "filter name", value: other.into() }),
        })
    }
}

fn read_status(name: &str) -> Result<Status, Refusal> {
    Status::from_name(name).ok_or_else(|| Refusal::Value { field: "jobStatus", value: name.into() })
}
