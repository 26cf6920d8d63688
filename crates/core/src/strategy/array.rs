//! `array`: Batch array jobs; each child finds its item by its index.
//!
//! One run is a plain job. A list that one array does not hold, because of its length or because
//! its items do not fit the container overrides, is several sibling arrays. Batch has no cap on the
//! children in flight: with `--max-concurrency` below the number of runs the arrays are small and
//! the client submits the next one when there is room.

use fanout_batch::api::{ArraySize, ContainerOverrides, SubmitJob};

use super::{PlanError, Strategy, definition};
use crate::assignment::{Assignment, INDEX, JsonForm, MANAGED, Pack};
use crate::fan_out::{FanOut, Injection};
use crate::limits::{self, Violation};
use crate::plan::{JobDefinition, Plan, Submission, Work};
use crate::run_list::RunList;

/// Batch array jobs.
#[derive(Clone, Copy, Debug)]
pub struct Array;

impl Strategy for Array {
    fn name(&self) -> &'static str {
        "array"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?;
        let job_definition = definition::job_definition(fan_out, None);
        let mut violations = Vec::new();
        definition::check(fan_out, &job_definition, &mut violations);
        let submissions = submissions(fan_out, &assignment, &job_definition, &mut violations);
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let size = fan_out.runs.len();
        Ok(Plan {
            run_id: fan_out.run_id.clone(),
            strategy: self.name(),
            size,
            job_queue: fan_out.job_queue.clone(),
            objects: Vec::new(),
            work: Work::Jobs { submissions, max_in_flight: fan_out.max_concurrency.filter(|most| *most < size) },
            job_definition,
            notes: Vec::new(),
            max_fails: fan_out.max_fails,
        })
    }
}

/// The most runs of one array: with a cap, a quarter of it, so that freed room is soon used again.
fn most_children(fan_out: &FanOut) -> usize {
    let array = limits::ARRAY_CHILDREN.most as usize;
    match fan_out.max_concurrency {
        Some(most) if most < fan_out.runs.len() => most.div_ceil(4).min(array),
        _ => array,
    }
}

fn submissions(fan_out: &FanOut, assignment: &Assignment, definition: &JobDefinition, violations: &mut Vec<Violation>) -> Vec<Submission> {
    let packer = Packer { fan_out, assignment, definition, json: JsonForm::of(&fan_out.runs) };
    let most = most_children(fan_out);
    let mut submissions = Vec::new();
    let mut first = 0;
    while first < fan_out.runs.len() {
        let wanted = most.min(fan_out.runs.len() - first);
        match packer.fitting(first, wanted) {
            Ok(count) => {
                submissions.push(Submission { request: packer.request(first, count), first, count });
                first += count;
            }
            Err(needed) => {
                violations.push(Violation::over(
                    limits::OVERRIDES,
                    needed,
                    format!("the command with the item of run {first}"),
                    "shorten that item: put what is large into a file or S3 and let the item name it",
                ));
                return submissions;
            }
        }
    }
    submissions
}

struct Packer<'a> {
    fan_out: &'a FanOut,
    assignment: &'a Assignment,
    definition: &'a JobDefinition,
    json: JsonForm,
}

impl Packer<'_> {
    /// How many runs from `first` on, at most `wanted`, fit one job's overrides; or what a single
    /// one needs if it does not fit.
    fn fitting(&self, first: usize, wanted: usize) -> Result<usize, u64> {
        let limit = limits::OVERRIDES.most;
        let alone = self.length(first, 1);
        if alone > limit {
            return Err(alone);
        }
        if matches!(self.fan_out.runs, RunList::Range(_)) {
            return Ok(wanted);
        }
        let (mut fits, mut too_many) = (1, 2);
        while too_many <= wanted && self.length(first, too_many) <= limit {
            (fits, too_many) = (too_many, too_many * 2);
        }
        too_many = too_many.min(wanted + 1);
        while too_many - fits > 1 {
            let middle = usize::midpoint(fits, too_many);
            if self.length(first, middle) <= limit { fits = middle } else { too_many = middle }
        }
        Ok(fits)
    }

    fn length(&self, first: usize, count: usize) -> u64 {
        serde_json::to_string(&self.request(first, count).container_overrides).map_or(u64::MAX, |text| text.chars().count() as u64)
    }

    fn overrides(&self, first: usize, count: usize) -> ContainerOverrides {
        let command = match &self.fan_out.worker.injection {
            Injection::Shell => {
                let pack = Pack::of(self.assignment, &self.fan_out.runs, self.json, first, count);
                self.assignment.shell_with_items(first, &pack)
            }
            Injection::Worker(program) => self.assignment.worker_with_items(program, &self.fan_out.runs, first, count),
        };
        // Of the job's first run: each child's own is computed from it.
        let index = (INDEX, self.fan_out.runs.index(first).to_string().as_str()).into();
        let fixed = self.assignment.fixed().iter().map(|(name, value)| (name.as_str(), value.as_str()).into());
        let environment = fixed.chain([MANAGED.into(), index]).collect();
        ContainerOverrides { command: Some(command), environment, ..ContainerOverrides::default() }
    }

    fn request(&self, first: usize, count: usize) -> SubmitJob {
        let job = SubmitJob {
            job_name: format!("{}{first}", definition::job_name_prefix(self.fan_out)),
            job_queue: self.fan_out.job_queue.clone(),
            array_properties: (count > 1).then_some(ArraySize { size: Some(count as i32) }),
            ..SubmitJob::default()
        };
        definition::job_of(self.definition, self.overrides(first, count), job)
    }
}
