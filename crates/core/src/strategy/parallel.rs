//! `parallel`: one execution whose Parallel state has one branch per run.
//!
//! AWS starts all branches at once and knows no cap. With `--max-concurrency` below the number of
//! runs there are as many branches as may be in flight, and each makes its runs one after another.

use fanout_asl::api::CreateStateMachine;
use serde_json::{Map as Object, Value, json};

use super::{PlanError, Strategy, definition, map};
use crate::assignment::Assignment;
use crate::fan_out::FanOut;
use crate::limits::{self, Violation, grouped};
use crate::plan::{Plan, Work};

/// The Parallel state.
#[derive(Clone, Copy, Debug)]
pub struct Parallel;

impl Strategy for Parallel {
    fn name(&self) -> &'static str {
        "parallel"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?;
        let job_definition = definition::job_definition(fan_out, Some(definition::command_with_variables(fan_out, &assignment)));
        let mut violations = Vec::new();
        definition::check(fan_out, &job_definition, &mut violations);
        check_events(fan_out, &mut violations);
        let document = if violations.is_empty() { document(fan_out, &assignment, &mut violations) } else { String::new() };
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let name = definition::resource_name(fan_out);
        Ok(Plan {
            run_id: fan_out.run_id.clone(),
            strategy: self.name(),
            size: fan_out.runs.len(),
            job_queue: fan_out.job_queue.clone(),
            work: Work::Execution {
                state_machine: CreateStateMachine {
                    name: name.clone(),
                    definition: document,
                    role_arn: fan_out.role_arn.clone(),
                    kind: None,
                    tags: Vec::new(),
                },
                name,
                input: "{}".into(),
                job_name_prefix: definition::job_name_prefix(fan_out),
            },
            job_definition,
        })
    }
}

fn document(fan_out: &FanOut, assignment: &Assignment, violations: &mut Vec<Violation>) -> String {
    let runs = fan_out.runs.len();
    let lanes = fan_out.max_concurrency.map_or(runs, |most| most.min(runs));
    let branches: Vec<Value> = (0..lanes).map(|lane| branch(fan_out, assignment, (lane..runs).step_by(lanes), violations)).collect();
    let document = json!({
        "Comment": format!("{runs} runs of {}, made by fanout", fan_out.name),
        "StartAt": "Fan out",
        "States": {"Fan out": {"Type": "Parallel", "Branches": branches, "ResultPath": null, "End": true}}
    })
    .to_string();
    if document.len() as u64 > limits::DEFINITION.most {
        violations.push(Violation::over(
            limits::DEFINITION,
            document.len() as u64,
            format!("{} runs of about {} bytes", grouped(runs as u64), grouped((document.len() / runs) as u64)),
            "use --strategy map or --strategy array",
        ));
    }
    document
}

/// The runs of one lane, one after another, whatever becomes of each.
fn branch(fan_out: &FanOut, assignment: &Assignment, indices: impl Iterator<Item = usize>, violations: &mut Vec<Violation>) -> Value {
    let indices: Vec<usize> = indices.collect();
    let mut states = Object::new();
    for (at, index) in indices.iter().enumerate() {
        let next = indices.get(at + 1).map(|next| state_name(*next));
        let task = task(fan_out, assignment, *index, next.as_deref(), violations);
        states.insert(state_name(*index), task);
    }
    let last = indices.last().copied().unwrap_or_default();
    states.insert(failed_name(last), json!({"Type": "Pass", "OutputPath": null, "End": true}));
    json!({"StartAt": state_name(indices[0]), "States": states})
}

fn task(fan_out: &FanOut, assignment: &Assignment, index: usize, next: Option<&str>, violations: &mut Vec<Violation>) -> Value {
    let item = fan_out.runs.item(index);
    let environment = map::environment(assignment, index, &item, "Name", "Value");
    let overrides = json!({"Environment": environment});
    let length = overrides.to_string().len() as u64;
    if length > limits::OVERRIDES.most && violations.is_empty() {
        violations.push(Violation::over(
            limits::OVERRIDES,
            length,
            format!("the variables of run {index}"),
            "shorten that item: put what is large into a file or S3 and let the item name it",
        ));
    }
    let failed = next.map_or_else(|| failed_name(index), str::to_owned);
    let mut task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::batch:submitJob.sync",
        "Parameters": {
            "JobName": format!("{}{index}", definition::job_name_prefix(fan_out)),
            "JobQueue": fan_out.job_queue,
            "JobDefinition": definition::resource_name(fan_out),
            "ContainerOverrides": overrides
        },
        "ResultPath": null,
        "Retry": [map::throttled()],
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": failed}]
    });
    match next {
        Some(next) => task["Next"] = next.into(),
        None => {
            task["OutputPath"] = Value::Null;
            task["End"] = true.into();
        }
    }
    task
}

/// State names are unique in the whole document.
fn state_name(index: usize) -> String {
    format!("Run {index}")
}

fn failed_name(index: usize) -> String {
    format!("Run {index} failed")
}

fn check_events(fan_out: &FanOut, violations: &mut Vec<Violation>) {
    let runs = fan_out.runs.len() as u64;
    let events = limits::EVENTS_AROUND_MAP + runs * limits::EVENTS_PER_BRANCH_RUN;
    if events > limits::HISTORY_EVENTS.most {
        violations.push(Violation::over(
            limits::HISTORY_EVENTS,
            events,
            format!("{} runs of {} events, if all fail", grouped(runs), limits::EVENTS_PER_BRANCH_RUN),
            "use --strategy array",
        ));
    }
}
