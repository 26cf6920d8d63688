//! `distributed-map`: an execution whose Map state starts a child execution per run, each with a history of its own.
//!
//! Items come from the state's input while it holds them, and from an object in S3 beyond that. They are not batched: a
//! batch would be one execution for many runs, and its runs would wait for each other.

use serde_json::{Value, json};

use super::map::{self, InputForm};
use super::{PlanError, Strategy, definition, overrides};
use crate::assignment::Assignment;
use crate::call::PutObject;
use crate::fan_out::FanOut;
use crate::limits::{self, Limit, Violation, grouped};
use crate::plan::Plan;

/// The Map state in Distributed mode.
#[derive(Clone, Copy, Debug)]
pub struct DistributedMap;

/// What is left of each child execution: the shortest JSON there is, because the results together are the state's output.
const LEFT: (&str, u8) = ("Done", 0);
/// Bytes of one result and its comma.
const RESULT_BYTES: u64 = 2;

impl Strategy for DistributedMap {
    fn name(&self) -> &'static str {
        "distributed-map"
    }

    fn plan(&self, fan_out: &FanOut) -> Result<Plan, PlanError> {
        let assignment = Assignment::of(fan_out).map_err(|violations| PlanError::new(self.name(), violations))?;
        let form = InputForm::of(&fan_out.runs);
        let job_definition = definition::job_definition(fan_out, Some(definition::command_with_variables(fan_out, &assignment)));
        let mut violations = Vec::new();
        definition::check(fan_out, &job_definition, &mut violations);
        overrides::check(fan_out, &assignment, &mut violations);
        check_results(fan_out, &mut violations);
        if !violations.is_empty() {
            return Err(PlanError::new(self.name(), violations));
        }
        let elements = fan_out.runs.iter().enumerate().map(|(place, item)| form.element(&assignment, fan_out.runs.index(place), &item));
        let items = Value::Array(elements.collect()).to_string();
        let listed = format!(r#"{{"runs":{items}}}"#);
        let fits = listed.len() as u64 <= limits::STATE_DATA.most;
        let (source, input, objects) = if fits {
            (Source::Input, listed, Vec::new())
        } else {
            let key = format!("fanout/{}/items.json", definition::round_id(fan_out));
            let object = PutObject { bucket: fan_out.bucket.clone(), key, body: items.into() };
            (Source::Object, "{}".into(), vec![object])
        };
        let document = document(fan_out, &assignment, form, source, &objects).to_string();
        let plan = definition::execution_plan(self.name(), fan_out, job_definition, document, input, None);
        Ok(Plan { notes: notes(fan_out, &objects), objects, ..plan })
    }
}

/// Where the items are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Input,
    Object,
}

fn document(fan_out: &FanOut, assignment: &Assignment, form: InputForm, source: Source, objects: &[PutObject]) -> Value {
    let prefix = definition::job_name_prefix(fan_out);
    let (left, nothing) = LEFT;
    let mut map = json!({
        "Type": "Map",
        "ItemSelector": {
            "JobName.$": format!("States.Format('{prefix}{{}}', $$.Map.Item.Index)"),
            "ContainerOverrides": {"Environment": form.environment(assignment, "States.Format('{}', $$.Map.Item.Index)")},
            left: nothing
        },
        "MaxConcurrency": fan_out.max_concurrency.unwrap_or(0),
        "ToleratedFailurePercentage": 100,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Run",
            "States": map::run(fan_out, Some(&format!("$.{left}")))
        },
        "ResultPath": null,
        "End": true
    });
    match (source, objects.first()) {
        (Source::Object, Some(PutObject { bucket, key, .. })) => {
            map["ItemReader"] = json!({
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "JSON"},
                "Parameters": {"Bucket": bucket, "Key": key}
            });
        }
        _ => map["ItemsPath"] = "$.runs".into(),
    }
    json!({"Comment": map::comment(fan_out), "StartAt": "Fan out", "States": {"Fan out": map}})
}

/// The results of all children are the state's output before `ResultPath` drops it.
fn check_results(fan_out: &FanOut, violations: &mut Vec<Violation>) {
    let runs = fan_out.runs.len() as u64;
    let bytes = 1 + runs * RESULT_BYTES;
    if bytes > limits::STATE_DATA.most {
        violations.push(Violation::over(
            Limit { what: "a state's output", ..limits::STATE_DATA },
            bytes,
            format!("{} results of {RESULT_BYTES} bytes", grouped(runs)),
            format!(
                "use --strategy array, or split the list: a distributed map holds {} runs",
                grouped((limits::STATE_DATA.most - 1) / RESULT_BYTES)
            ),
        ));
    }
}

fn notes(fan_out: &FanOut, objects: &[PutObject]) -> Vec<String> {
    let Limit { most, source, .. } = limits::MAP_RUN_CHILDREN;
    let asked = fan_out.max_concurrency.map_or(0, |asked| asked.min(fan_out.runs.len())) as u64;
    let short = (asked > most).then(|| {
        format!("{} runs are in flight at most, not {} ({source}); --strategy array has no such ceiling", grouped(most), grouped(asked))
    });
    let staged = objects.iter().map(|object| {
        let PutObject { bucket, key, body } = object;
        format!(
            "the items are {} bytes, more than a state's input holds: they go to s3://{bucket}/{key} until the end",
            grouped(body.len() as u64)
        )
    });
    short.into_iter().chain(staged).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::DistributedMap;
    use crate::plan::{Plan, Work};
    use crate::strategy::Strategy;
    use crate::strategy::testing::fan_out;

    fn map_state(plan: &Plan) -> Value {
        let document: Value = serde_json::from_str(&plan.state_machines()[0].definition).expect("JSON");
        document["States"]["Fan out"].clone()
    }

    #[test]
    fn few_items_are_the_input() {
        let mut fan_out = fan_out("a,b,c");
        fan_out.max_concurrency = Some(2);
        let plan = DistributedMap.plan(&fan_out).expect("a plan");
        let Work::Execution { input, .. } = &plan.work else { panic!("an execution") };
        assert_eq!(input, r#"{"runs":["a","b","c"]}"#);
        assert!(plan.objects.is_empty() && plan.notes.is_empty());
        let map = map_state(&plan);
        assert_eq!((&map["MaxConcurrency"], &map["ItemsPath"], &map["ItemReader"]), (&json!(2), &json!("$.runs"), &Value::Null));
        assert_eq!(map["ItemProcessor"]["ProcessorConfig"], json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}));
    }

    #[test]
    fn many_items_are_an_object() {
        let plan = DistributedMap.plan(&fan_out("1-100000")).expect("a plan");
        let Work::Execution { input, .. } = &plan.work else { panic!("an execution") };
        assert_eq!(input, "{}");
        let [object] = &plan.objects[..] else { panic!("one object") };
        assert_eq!((object.bucket.as_str(), object.key.as_str()), ("fanout", "fanout/test/items.json"));
        let items: Vec<u64> = serde_json::from_str(&object.body).expect("JSON");
        assert_eq!((items.len(), items[99_999]), (100_000, 100_000));
        assert_eq!(map_state(&plan)["ItemReader"]["Parameters"], json!({"Bucket": "fanout", "Key": "fanout/test/items.json"}));
        assert!(plan.notes[0].starts_with("the items are 588,896 bytes"), "{:?}", plan.notes);
        let calls: Vec<Value> = plan.to_json()["calls"].as_array().expect("calls").clone();
        assert_eq!(calls[1]["operation"], "PutObject");
    }

    #[test]
    fn more_results_than_an_output_holds_are_refused() {
        assert!(DistributedMap.plan(&fan_out("1-131071")).is_ok());
        let refused = DistributedMap.plan(&fan_out("1-131072")).expect_err("too many");
        assert!(
            refused.violations[0].to_string().starts_with("131,072 results of 2 bytes: 262,145 bytes, but a state's output holds 262,144")
        );
        assert!(refused.violations[0].help().ends_with("a distributed map holds 131,071 runs"));
    }

    #[test]
    fn more_than_ten_thousand_at_a_time_are_not_promised() {
        let mut fan_out = fan_out("1-20000");
        fan_out.max_concurrency = Some(20_000);
        let notes = DistributedMap.plan(&fan_out).expect("a plan").notes;
        assert!(notes[0].starts_with("10,000 runs are in flight at most, not 20,000"), "{notes:?}");
    }
}
