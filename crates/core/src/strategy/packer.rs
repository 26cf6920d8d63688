//! Items of several runs in the command of one job, whose parts find theirs by their number.

use fanout_batch::api::{ContainerOverrides, SubmitJob};

use super::definition;
use crate::assignment::{Assignment, INDEX, JsonForm, MANAGED, Pack, Place};
use crate::fan_out::{FanOut, Injection};
use crate::limits::{self, Violation};
use crate::plan::JobDefinition;
use crate::run_list::RunList;

/// Packs consecutive runs into the overrides of one job.
pub(super) struct Packer<'a> {
    fan_out: &'a FanOut,
    assignment: &'a Assignment,
    /// Whose additions count, if it is not the fan-out's own.
    definition: Option<&'a JobDefinition>,
    json: JsonForm,
    place: Place,
}

impl<'a> Packer<'a> {
    pub(super) fn new(fan_out: &'a FanOut, assignment: &'a Assignment, definition: Option<&'a JobDefinition>, place: Place) -> Self {
        Self { fan_out, assignment, definition, json: JsonForm::of(&fan_out.runs), place }
    }

    /// The runs in groups for one job each: the first run and how many. `most` is what one job may hold at all; with a cap,
    /// a quarter of it, so that freed room is soon used again.
    pub(super) fn groups(&self, most: usize, violations: &mut Vec<Violation>) -> Vec<(usize, usize)> {
        let runs = self.fan_out.runs.len();
        let most = self.fan_out.max_concurrency.filter(|cap| *cap < runs).map_or(most, |cap| cap.div_ceil(4).min(most));
        let mut groups = Vec::new();
        let mut first = 0;
        while first < runs {
            match self.fitting(first, most.min(runs - first)) {
                Ok(count) => {
                    groups.push((first, count));
                    first += count;
                }
                Err(needed) => {
                    violations.push(Violation::over(
                        limits::OVERRIDES,
                        needed,
                        format!("the command with the item of run {first}"),
                        "shorten that item: put what is large into a file or S3 and let the item name it",
                    ));
                    break;
                }
            }
        }
        groups
    }

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
        let overrides = self.overrides(first, count);
        let overrides = match self.definition {
            Some(definition) => definition::job_of(definition, overrides, SubmitJob::default()).container_overrides,
            None => Some(overrides),
        };
        serde_json::to_string(&overrides).map_or(u64::MAX, |text| text.chars().count() as u64)
    }

    pub(super) fn overrides(&self, first: usize, count: usize) -> ContainerOverrides {
        let command = match &self.fan_out.worker.injection {
            Injection::Shell => {
                let pack = Pack::of(self.assignment, &self.fan_out.runs, self.json, first, count);
                self.assignment.shell_with_items(self.place, first, &pack)
            }
            Injection::Worker(program) => self.assignment.worker_with_items(program, self.place, &self.fan_out.runs, first, count),
        };
        // Of the job's first run: each one's own is computed from it.
        let index = (INDEX, self.fan_out.runs.index(first).to_string().as_str()).into();
        let fixed = self.assignment.fixed().iter().map(|(name, value)| (name.as_str(), value.as_str()).into());
        let environment = fixed.chain([MANAGED.into(), index]).collect();
        ContainerOverrides { command: Some(command), environment, ..ContainerOverrides::default() }
    }
}
