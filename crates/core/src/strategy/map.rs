//! `map`: one execution whose Map state submits one job per item and waits for each.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{PlanError, Strategy, definition};
use crate::assignment::{Assignment, INDEX, ITEM, MANAGED};
use crate::fan_out::FanOut;
use crate::item::Item;
use crate::limits::{self, Violation, grouped};
use crate::plan::Plan;
use crate::run_list::RunList;

/// The Map state of the article, in today's form.
#[derive(Clone, Copy, Debug)]
pub struct Map;

impl Strategy for Map {
    fn name(&self) -> &'static str {
        "map"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?;
        let form = InputForm::of(&fan_out.runs);
        let job_definition = definition::job_definition(fan_out, Some(definition::command_with_variables(fan_out, &assignment)));
        let input = json!({"runs": fan_out.runs.iter().enumerate().map(|(index, item)| form.element(&assignment, index, &item)).collect::<Vec<_>>()})
            .to_string();
        let mut violations = Vec::new();
        definition::check(fan_out, &job_definition, &mut violations);
        check_execution(fan_out, &input, &mut violations);
        check_overrides(fan_out, &assignment, &mut violations);
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let document = document(fan_out, &assignment, form).to_string();
        let plan = definition::execution_plan(self.name(), fan_out, job_definition, document, input);
        Ok(Plan { notes: notes(fan_out), ..plan })
    }
}

fn notes(fan_out: &FanOut) -> Vec<String> {
    let limits::Limit { most, source, .. } = limits::MAP_ITERATIONS;
    let asked = fan_out.max_concurrency.filter(|asked| *asked as u64 > most && fan_out.runs.len() as u64 > most);
    let note = |asked| {
        format!("a Map state has {most} iterations in flight at most ({source}), not {asked}; --strategy array has no such ceiling")
    };
    asked.map(note).into_iter().collect()
}

/// How the execution's input holds an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputForm {
    /// As it is; the document turns it into strings.
    Item,
    /// As the list of its variables' values, where Step Functions might spell a number, a nested
    /// object or an absent field in another way than fanout does.
    Values,
}

impl InputForm {
    fn of(runs: &RunList) -> Self {
        let RunList::Items(items) = runs else { return Self::Item };
        let names = runs.field_names();
        let plain = |value: &Value| value.is_string() || value.is_i64();
        let uniform = |item: &Item| match item.value() {
            Value::Object(fields) => fields.len() == names.len() && fields.values().all(plain),
            value => names.is_empty() && plain(value),
        };
        if items.iter().all(uniform) { Self::Item } else { Self::Values }
    }

    fn element(self, assignment: &Assignment, index: usize, item: &Item) -> Value {
        match self {
            Self::Item => item.value().clone(),
            Self::Values => {
                let variables = assignment.variables(index, item).into_iter().filter(|(name, _)| name != INDEX);
                Value::Array(variables.map(|(_, value)| Value::from(value)).collect())
            }
        }
    }

    /// One entry of `Environment` for each variable that differs from run to run.
    fn environment(self, assignment: &Assignment) -> Vec<Value> {
        let mut names = vec![assignment.env_name(), ITEM];
        names.extend(assignment.fields().iter().map(|field| field.variable.as_str()));
        let value = |at: usize| match (self, at) {
            (Self::Values, _) => format!("$$.Map.Item.Value[{at}]"),
            // States.Format spells an object in Java's way, not as JSON.
            (Self::Item, 0) if !assignment.fields().is_empty() => "States.JsonToString($$.Map.Item.Value)".to_owned(),
            (Self::Item, 0) => "States.Format('{}', $$.Map.Item.Value)".to_owned(),
            (Self::Item, 1) => "States.JsonToString($$.Map.Item.Value)".to_owned(),
            (Self::Item, _) => format!("States.Format('{{}}', $$.Map.Item.Value{})", step(&assignment.fields()[at - 2].name)),
        };
        let mut environment: Vec<Value> = names.iter().enumerate().map(|(at, name)| json!({"Name": name, "Value.$": value(at)})).collect();
        environment.insert(1, json!({"Name": INDEX, "Value.$": "States.Format('{}', $$.Map.Item.Index)"}));
        environment
    }
}

/// A field as a step of a path.
fn step(field: &str) -> String {
    let plain = field.starts_with(|c: char| c.is_ascii_alphabetic()) && field.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!(".{field}") } else { format!("['{}']", field.replace('\\', r"\\").replace('\'', r"\'")) }
}

/// Nothing that a task returns stays in the state, so that its 256 KiB cannot overflow; a task that
/// fails ends its own iteration only.
fn document(fan_out: &FanOut, assignment: &Assignment, form: InputForm) -> Value {
    let prefix = definition::job_name_prefix(fan_out);
    json!({
        "Comment": format!("{} runs of {}, made by fanout", fan_out.runs.len(), fan_out.name),
        "StartAt": "Fan out",
        "States": {
            "Fan out": {
                "Type": "Map",
                "ItemsPath": "$.runs",
                "ItemSelector": {
                    "JobName.$": format!("States.Format('{prefix}{{}}', $$.Map.Item.Index)"),
                    "ContainerOverrides": {"Environment": form.environment(assignment)}
                },
                "MaxConcurrency": fan_out.max_concurrency.unwrap_or(0),
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "Run",
                    "States": {
                        "Run": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::batch:submitJob.sync",
                            "Parameters": {
                                "JobName.$": "$.JobName",
                                "JobQueue": fan_out.job_queue,
                                "JobDefinition": definition::resource_name(fan_out),
                                "ContainerOverrides.$": "$.ContainerOverrides"
                            },
                            "ResultPath": null,
                            "OutputPath": null,
                            "Retry": [throttled()],
                            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Run failed"}],
                            "End": true
                        },
                        "Run failed": {"Type": "Pass", "OutputPath": null, "End": true}
                    }
                },
                "ResultPath": null,
                "End": true
            }
        }
    })
}

/// Batch takes 50 SubmitJob calls a second; what it refuses is asked again later.
pub(super) fn throttled() -> Value {
    json!({
        "ErrorEquals": ["Batch.AWSBatchException", "Batch.ServerException"],
        "IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 30, "MaxAttempts": 10, "JitterStrategy": "FULL"
    })
}

fn check_execution(fan_out: &FanOut, input: &str, violations: &mut Vec<Violation>) {
    let runs = fan_out.runs.len() as u64;
    let events = limits::EVENTS_AROUND_MAP + runs * limits::EVENTS_PER_ITERATION;
    if events > limits::HISTORY_EVENTS.most {
        let most = (limits::HISTORY_EVENTS.most - limits::EVENTS_AROUND_MAP) / limits::EVENTS_PER_ITERATION;
        violations.push(Violation::over(
            limits::HISTORY_EVENTS,
            events,
            format!("{} runs of {} events, if all fail", grouped(runs), limits::EVENTS_PER_ITERATION),
            format!("use --strategy array, or split the list: a map holds {} runs", grouped(most)),
        ));
    }
    if input.len() as u64 > limits::STATE_DATA.most {
        violations.push(Violation::over(
            limits::STATE_DATA,
            input.len() as u64,
            format!("the {} items as the execution's input", grouped(runs)),
            "use --strategy array, or shorten the items",
        ));
    }
}

/// The environment of the run that needs most.
pub(super) fn check_overrides(fan_out: &FanOut, assignment: &Assignment, violations: &mut Vec<Violation>) {
    let length = |(index, item): (usize, Cow<'_, Item>)| (overrides_length(assignment, index, &item), index);
    let Some((length, index)) = fan_out.runs.iter().enumerate().map(length).max() else { return };
    if length > limits::OVERRIDES.most {
        violations.push(too_long(length, index));
    }
}

/// Characters of a run's container overrides as JSON. Short ones are not written out to be counted:
/// JSON makes at most six characters of one.
fn overrides_length(assignment: &Assignment, index: usize, item: &Item) -> u64 {
    const FRAME: usize = 64;
    let mut variables = assignment.variables(index, item);
    variables.push((MANAGED.0.to_owned(), MANAGED.1.to_owned()));
    let rough: usize = variables.iter().map(|(name, value)| FRAME + 6 * (name.len() + value.len())).sum();
    if rough as u64 <= limits::OVERRIDES.most {
        return rough as u64;
    }
    let environment: Vec<Value> = variables.into_iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({"environment": environment}).to_string().chars().count() as u64
}

fn too_long(length: u64, index: usize) -> Violation {
    Violation::over(
        limits::OVERRIDES,
        length,
        format!("the variables of run {index}"),
        "shorten that item: put what is large into a file or S3 and let the item name it",
    )
}
