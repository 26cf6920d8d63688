//! What Step Functions is given: the document of one Map, and the one that starts nested executions.

use serde_json::{Value, json};

use super::InputForm;
use super::shape::Layout;
use crate::assignment::Assignment;
use crate::fan_out::FanOut;
use crate::limits;
use crate::run_list::{Range, RunList};
use crate::strategy::definition;

/// Where the items of a nested execution come from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Supply {
    /// From its input, `runs`.
    Listed,
    /// From the first and the last number in its input.
    Computed(Range),
}

impl Supply {
    /// Numbers that `States.ArrayRange` makes: without zeros in front, and of 32 bits.
    pub(super) fn computed(runs: &RunList) -> Option<Self> {
        let RunList::Range(range) = runs else { return None };
        let last = range.first + range.step * (range.count as i64 - 1);
        let fits = |number: i64| i32::try_from(number).is_ok();
        (range.width == 0 && fits(range.first) && fits(last) && fits(range.step)).then_some(Self::Computed(*range))
    }

    /// Events of a nested execution outside its iterations.
    pub(super) fn events_around(self) -> u64 {
        match self {
            Self::Listed => limits::EVENTS_AROUND_MAP,
            Self::Computed(_) => limits::EVENTS_AROUND_MAP + 2,
        }
    }
}

/// The document whose Map submits jobs; `supply` if an outer one starts it.
///
/// Nothing that a task returns stays in the state, so that its 256 KiB cannot overflow; a task that
/// fails ends its own iteration only.
pub(super) fn inner(fan_out: &FanOut, assignment: &Assignment, form: InputForm, at_once: usize, supply: Option<Supply>) -> Value {
    let prefix = definition::job_name_prefix(fan_out);
    let index = if supply.is_some() { "States.MathAdd($.first, $$.Map.Item.Index)" } else { "$$.Map.Item.Index" };
    let mut map = json!({
        "Type": "Map",
        "ItemsPath": "$.runs",
        "ItemSelector": {
            "JobName.$": format!("States.Format('{prefix}{{}}', {index})"),
            "ContainerOverrides": {"Environment": form.environment(assignment, &format!("States.Format('{{}}', {index})"))}
        },
        "MaxConcurrency": at_once,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "Run",
            "States": run(fan_out, None)
        },
        "ResultPath": null
    });
    if supply.is_some() {
        map["OutputPath"] = Value::Null;
    }
    map["End"] = true.into();
    let mut machine = json!({"Comment": comment(fan_out), "StartAt": "Fan out", "States": {}});
    if let Some(Supply::Computed(Range { step, .. })) = supply {
        machine["StartAt"] = "Items".into();
        machine["States"]["Items"] = json!({
            "Type": "Pass",
            "Parameters": {"first.$": "$.first", "runs.$": format!("States.ArrayRange($.from, $.to, {step})")},
            "Next": "Fan out"
        });
    }
    machine["States"]["Fan out"] = map;
    machine
}

/// The states of one iteration or one child execution: its input has the job's name and its variables, and
/// `output` is the path of what is to be left of it.
pub(in crate::strategy) fn run(fan_out: &FanOut, output: Option<&str>) -> Value {
    let mut parameters = json!({"JobName.$": "$.JobName", "JobQueue": fan_out.job_queue});
    definition::say(fan_out, &mut parameters);
    json!({
        "Run": {
            "Type": "Task",
            "Resource": "arn:aws:states:::batch:submitJob.sync",
            "Parameters": parameters,
            "ResultPath": null,
            "OutputPath": output,
            "Retry": [throttled()],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Run failed"}],
            "End": true
        },
        "Run failed": {"Type": "Pass", "OutputPath": output, "End": true}
    })
}

/// The document whose Map starts nested executions and waits for each.
///
/// The nested machine's name is this one's and a suffix, so that the document can be written before either is
/// there. Nested executions have names, so that one that is asked for twice is one.
pub(super) fn outer(fan_out: &FanOut, layout: Layout, supply: Supply) -> Value {
    let mut input = json!({"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"});
    // Only here may a document read which iteration it is.
    let mut selector = json!({"name.$": "States.Format('{}-{}', $$.Execution.Name, $$.Map.Item.Index)"});
    let items: &[&str] = if supply == Supply::Listed { &["first", "runs"] } else { &["first", "from", "to"] };
    for name in items {
        input[format!("{name}.$")] = format!("$.{name}").into();
        selector[format!("{name}.$")] = format!("$$.Map.Item.Value.{name}").into();
    }
    json!({
        "Comment": comment(fan_out),
        "StartAt": "Fan out",
        "States": {
            "Fan out": {
                "Type": "Map",
                "ItemsPath": "$.groups",
                "ItemSelector": selector,
                "MaxConcurrency": layout.outer_at_once,
                "ItemProcessor": {
                    "ProcessorConfig": {"Mode": "INLINE"},
                    "StartAt": "Runs",
                    "States": {
                        "Runs": {
                            "Type": "Task",
                            "Resource": "arn:aws:states:::states:startExecution.sync:2",
                            "Parameters": {
                                "StateMachineArn.$": format!("States.Format('{{}}{}', $$.StateMachine.Id)", definition::NESTED),
                                "Name.$": "$.name",
                                "Input": input
                            },
                            "ResultPath": null,
                            "OutputPath": null,
                            "Retry": [throttled_starts()],
                            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": null, "Next": "Runs failed"}],
                            "End": true
                        },
                        "Runs failed": {"Type": "Pass", "OutputPath": null, "End": true}
                    }
                },
                "ResultPath": null,
                "End": true
            }
        }
    })
}

pub(in crate::strategy) fn comment(fan_out: &FanOut) -> String {
    format!("{} runs of {}, made by fanout", fan_out.runs.len(), fan_out.name)
}

/// Batch takes 50 SubmitJob calls a second; what it refuses is asked again later.
pub(in crate::strategy) fn throttled() -> Value {
    retrier(&["Batch.AWSBatchException", "Batch.ServerException"])
}

/// The same for StartExecution.
fn throttled_starts() -> Value {
    retrier(&["StepFunctions.AWSStepFunctionsException", "StepFunctions.ExecutionLimitExceededException"])
}

fn retrier(errors: &[&str]) -> Value {
    json!({
        "ErrorEquals": errors,
        "IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 30, "MaxAttempts": 10, "JitterStrategy": "FULL"
    })
}
