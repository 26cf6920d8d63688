//! `array`: Batch array jobs; each child finds its item by its index.
//!
//! One run is a plain job. A list that one array does not hold, because of its length or because
//! its items do not fit the container overrides, is several sibling arrays. Batch has no cap on the
//! children in flight: with `--max-concurrency` below the number of runs the arrays are small and
//! the client submits the next one when there is room.

use fanout_batch::api::{ArraySize, SubmitJob};

use super::packer::Packer;
use super::{PlanError, Strategy, definition};
use crate::assignment::{Assignment, Place};
use crate::fan_out::FanOut;
use crate::limits;
use crate::plan::{JobDefinition, Plan, Submission};

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
        let packer = Packer::new(fan_out, &assignment, Some(&job_definition), Place::ArrayChild);
        let groups = packer.groups(limits::ARRAY_CHILDREN.most as usize, &mut violations);
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let submission = |(first, count): (usize, usize)| Submission {
            request: request(fan_out, &packer, &job_definition, first, count),
            first,
            count,
            nodes: false,
        };
        let submissions = groups.into_iter().map(submission).collect();
        Ok(definition::jobs_plan(self.name(), fan_out, job_definition, submissions))
    }
}

fn request(fan_out: &FanOut, packer: &Packer<'_>, definition: &JobDefinition, first: usize, count: usize) -> SubmitJob {
    let job = SubmitJob {
        job_name: format!("{}{first}", definition::job_name_prefix(fan_out)),
        job_queue: fan_out.job_queue.clone(),
        array_properties: (count > 1).then_some(ArraySize { size: Some(count as i32) }),
        ..SubmitJob::default()
    };
    definition::job_of(definition, packer.overrides(first, count), job)
}
