//! `submit`: one plain job per run, each submitted by the client.
//!
//! No state machine and no array: what needs neither, and what the others are compared with. Batch takes
//! 50 submissions a second, so the client makes no more on AWS.

use fanout_batch::api::{ContainerOverrides, KeyValue, SubmitJob};

use super::{PlanError, Strategy, definition, overrides};
use crate::assignment::{Assignment, MANAGED};
use crate::fan_out::FanOut;
use crate::plan::{JobDefinition, Plan, Submission};

/// One `SubmitJob` per run.
#[derive(Clone, Copy, Debug)]
pub struct Submit;

impl Strategy for Submit {
    fn name(&self) -> &'static str {
        "submit"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?;
        let job_definition = definition::job_definition(fan_out, Some(definition::command_with_variables(fan_out, &assignment)));
        let mut violations = Vec::new();
        definition::check(fan_out, &job_definition, &mut violations);
        overrides::check(fan_out, &assignment, &mut violations);
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let submission = |place| submission(fan_out, &assignment, &job_definition, place);
        let submissions = (0..fan_out.runs.len()).map(submission).collect();
        Ok(definition::jobs_plan(self.name(), fan_out, job_definition, submissions))
    }
}

fn submission(fan_out: &FanOut, assignment: &Assignment, definition: &JobDefinition, index: usize) -> Submission {
    let own = assignment.variables(fan_out.runs.index(index), &fan_out.runs.item(index));
    let variables = assignment.fixed().iter().cloned().chain(own);
    let mut environment: Vec<KeyValue> = variables.map(|(name, value)| KeyValue { name, value }).collect();
    environment.push(MANAGED.into());
    let request = SubmitJob {
        job_name: format!("{}{index}", definition::job_name_prefix(fan_out)),
        job_queue: fan_out.job_queue.clone(),
        ..SubmitJob::default()
    };
    let request = definition::job_of(definition, ContainerOverrides { environment, ..ContainerOverrides::default() }, request);
    Submission { request, first: index, count: 1, nodes: false }
}
