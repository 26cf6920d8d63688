//! `parallel`: one execution whose Parallel state has one branch per run.
//!
//! AWS starts all branches at once and knows no cap. With `--max-concurrency` below the number of
//! runs there are as many branches as may be in flight, and each makes its runs one after another.

use serde_json::Value;

use super::definition::Written;
use super::document::{self, Catch, Machine, Overrides, Parameters, Pass, State, Task, Then, Variable};
use super::{PlanError, Strategy, definition, map, overrides};
use crate::assignment::Assignment;
use crate::fan_out::FanOut;
use crate::limits::{self, Violation, grouped};
use crate::plan::{JobDefinition, Plan};

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
        overrides::check(fan_out, &assignment, &mut violations);
        let writer = Writer::new(fan_out, &assignment, &job_definition);
        let document = if violations.is_empty() { writer.document(&mut violations) } else { String::new() };
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        Ok(definition::execution_plan(self.name(), fan_out, job_definition, document, "{}".into(), None))
    }
}

/// Writes the document: what all runs share is made once.
struct Writer<'a> {
    fan_out: &'a FanOut,
    assignment: &'a Assignment,
    job_name_prefix: String,
    job_definition: &'a str,
    additions: Option<Written>,
    retrier: Value,
}

impl<'a> Writer<'a> {
    fn new(fan_out: &'a FanOut, assignment: &'a Assignment, job_definition: &'a JobDefinition) -> Self {
        Self {
            fan_out,
            assignment,
            job_name_prefix: definition::job_name_prefix(fan_out),
            job_definition: job_definition.name(),
            additions: job_definition.additions().map(Written::of),
            retrier: map::throttled(),
        }
    }

    fn document(&self, violations: &mut Vec<Violation>) -> String {
        let runs = self.fan_out.runs.len();
        let lanes = self.fan_out.max_concurrency.map_or(runs, |most| most.min(runs));
        let branches = (0..lanes).map(|lane| self.branch((lane..runs).step_by(lanes))).collect();
        let fan = document::Parallel { branches, result_path: (), end: true };
        let machine = Machine {
            comment: Some(format!("{runs} runs of {}, made by fanout", self.fan_out.name)),
            start_at: "Fan out".into(),
            states: vec![("Fan out".into(), State::Parallel(fan))],
        };
        let text = serde_json::to_string(&machine).unwrap_or_default();
        if text.len() as u64 > limits::DEFINITION.most {
            violations.push(Violation::over(
                limits::DEFINITION,
                text.len() as u64,
                format!("{} runs of about {} bytes", grouped(runs as u64), grouped((text.len() / runs) as u64)),
                "use --strategy map or --strategy array",
            ));
        }
        text
    }

    /// The runs of one lane, one after another, whatever becomes of each.
    fn branch(&self, indices: impl Iterator<Item = usize>) -> Machine<'_> {
        let mut states = Vec::new();
        let mut indices = indices.peekable();
        let mut start_at = String::new();
        while let Some(index) = indices.next() {
            if states.is_empty() {
                start_at = state_name(index);
            }
            states.push((state_name(index), State::Task(Box::new(self.task(index, indices.peek().copied())))));
            if indices.peek().is_none() {
                states.push((failed_name(index), State::Pass(Pass { output_path: (), end: true })));
            }
        }
        Machine { comment: None, start_at, states }
    }

    fn task(&self, index: usize, next: Option<usize>) -> Task<'_> {
        let item = self.fan_out.runs.item(index);
        let variables = self.assignment.variables(self.fan_out.runs.index(index), &item);
        let variables = variables.into_iter().chain(self.assignment.fixed().iter().cloned());
        let environment = variables.map(|(name, value)| Variable { name, value }).collect();
        Task {
            resource: "arn:aws:states:::batch:submitJob.sync",
            parameters: Parameters {
                job_name: format!("{}{index}", self.job_name_prefix),
                job_queue: &self.fan_out.job_queue,
                job_definition: self.job_definition,
                container_overrides: Overrides { environment, additions: self.additions.as_ref().map(|written| &written.overrides) },
                additions: self.additions.as_ref().map(|written| &written.parameters),
            },
            result_path: (),
            output_path: next.is_none().then_some(()),
            retry: [&self.retrier],
            catch: [Catch { error_equals: ["States.ALL"], result_path: (), next: next.map_or_else(|| failed_name(index), state_name) }],
            then: next.map_or(Then::End(true), |next| Then::Next(state_name(next))),
        }
    }
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
