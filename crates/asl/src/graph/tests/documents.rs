//! Documents for the tests, right and wrong ones.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// A Map that submits a job per item, and takes what fails aside.
pub(super) fn map() -> Value {
    json!({"Comment": "6 runs", "StartAt": "Fan out", "States": {"Fan out": {
        "Type": "Map", "ItemsPath": "$.runs", "MaxConcurrency": 40, "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Run", "States": {
            "Run": {
                "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true,
                "Retry": [{"ErrorEquals": ["Batch.AWSBatchException"], "MaxAttempts": 8}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Run failed"}]
            },
            "Run failed": {"Type": "Pass", "End": true}
        }}
    }}})
}

/// A Choice that loops, and catchers from afar.
pub(super) fn looping() -> Value {
    let alarm = json!([{"ErrorEquals": ["States.ALL"], "Next": "Alarm"}]);
    json!({"StartAt": "Submit", "States": {
        "Submit": {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob", "Next": "Wait", "Catch": alarm},
        "Wait": {"Type": "Wait", "Seconds": 60, "Next": "Look"},
        "Look": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:batch:describeJobs", "Next": "Done?", "Catch": alarm},
        "Done?": {"Type": "Choice", "Default": "Wait", "Choices": [
            {"Variable": "$.status", "StringEquals": "SUCCEEDED", "Next": "Good"},
            {"Variable": "$.status", "StringEquals": "FAILED", "Next": "Alarm"}
        ]},
        "Good": {"Type": "Succeed"},
        "Alarm": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Bad"},
        "Bad": {"Type": "Fail", "Error": "JobFailed"}
    }})
}

/// A Parallel with two branches, one of which holds a distributed Map in the old form.
pub(super) fn parallel() -> Value {
    let iterator =
        json!({"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "Each", "States": {"Each": {"Type": "Pass", "End": true}}});
    json!({"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Images", "States": {"Images": {"Type": "Map", "Iterator": iterator, "End": true}}},
        {"StartAt": "Train", "States": {"Train": {"Type": "Pass", "End": true}}}
    ]}}})
}

/// `count` Pass states in a row; the last leads to `last`.
pub(super) fn chain(count: usize, last: &str) -> Value {
    let next = |position: usize| if position + 1 < count { format!("S{}", position + 1) } else { last.to_owned() };
    let states: serde_json::Map<String, Value> =
        (0..count).map(|position| (format!("S{position}"), json!({"Type": "Pass", "Next": next(position)}))).collect();
    json!({"StartAt": "S0", "States": states})
}

/// Maps within Maps.
pub(super) fn nested(depth: usize) -> Value {
    let mut inner = json!({"StartAt": "Innermost", "States": {"Innermost": {"Type": "Pass", "End": true}}});
    for level in 0..depth {
        let name = format!("Level {level}");
        let mut outer = json!({"StartAt": name, "States": {&name: {"Type": "Map", "End": true}}});
        outer["States"][&name]["ItemProcessor"] = inner;
        inner = outer;
    }
    inner
}

/// Names that mean something to JSON, XML, HTML, Markdown or Mermaid.
pub(super) const NASTY: [&str; 16] = [
    "",
    " ",
    "a \"quoted\" [name] {here} (there)",
    "two\nlines\tand a tab",
    "<script>alert(1)</script>",
    "</text></svg>&amp;&#60;",
    "#quot; #35; ; %% %%{init: {}}%%",
    "`code` **bold** _it_ $$x^2$$ $$.Execution.Id",
    "1. first",
    "- dash -->|x| end",
    "style x fill:#f00;",
    "\u{0}\u{1b}[31m\u{7f}\u{fffe}\u{ffff}",
    "\u{202e}gpj.exe\u{2066}",
    "日本語の状態名はとても長いことがありますので切り詰められます",
    "🎉👩‍👩‍👧‍👦 e\u{301}",
    "A name that goes on and on, well beyond the eighty characters that the service would let a state have",
];

const KEYS: [&str; 34] = [
    "StartAt",
    "States",
    "Type",
    "Next",
    "End",
    "Choices",
    "Default",
    "Catch",
    "Retry",
    "ErrorEquals",
    "MaxAttempts",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ProcessorConfig",
    "Mode",
    "ItemsPath",
    "Items",
    "ItemReader",
    "MaxConcurrency",
    "Resource",
    "Seconds",
    "Timestamp",
    "Error",
    "Variable",
    "StringEquals",
    "NumericLessThanPath",
    "And",
    "Or",
    "Not",
    "Condition",
    "Comment",
    "A",
    "B",
];

const WORDS: [&str; 12] = ["A", "B", "C", "Task", "Map", "Parallel", "Choice", "Wait", "Fail", "Succeed", "Pass", "arn:aws:states:::x:y"];

fn text() -> impl Strategy<Value = &'static str> {
    prop_oneof![select(&WORDS[..]), select(&NASTY[..]), select(&KEYS[..])]
}

/// Any JSON, made of the words of the language.
pub(super) fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from)
    ];
    leaf.prop_recursive(10, 200, 8, |inner| {
        let object = vec((prop_oneof![4 => select(&KEYS[..]), 1 => text()], inner.clone()), 0..8);
        prop_oneof![
            1 => vec(inner, 0..5).prop_map(Value::from),
            4 => object.prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

/// Machines of which some transitions lead nowhere, in circles or far away.
pub(super) fn machine() -> impl Strategy<Value = Value> {
    let leaf = Just(chain(2, "S0"));
    leaf.prop_recursive(3, 40, 6, |inner| {
        vec(state(inner), 1..12).prop_map(|states| {
            let count = states.len();
            let target = |position: u8| Value::from(format!("S{}", usize::from(position) % (count + 1)));
            let states: serde_json::Map<String, Value> =
                states.into_iter().enumerate().map(|(position, state)| (format!("S{position}"), state.json(target))).collect();
            json!({"StartAt": "S0", "States": states})
        })
    })
}

/// A state in numbers.
#[derive(Clone, Debug)]
struct State {
    name: &'static str,
    next: Option<u8>,
    choices: Vec<u8>,
    catch: Vec<u8>,
    branches: Vec<Value>,
}

fn state(inner: impl Strategy<Value = Value> + Clone) -> impl Strategy<Value = State> {
    let branches = prop_oneof![4 => Just(Vec::new()), 1 => vec(inner, 1..4)];
    let parts = (select(&NASTY[..]), of(any::<u8>()), vec(any::<u8>(), 0..4), vec(any::<u8>(), 0..2), branches);
    parts.prop_map(|(name, next, choices, catch, branches)| State { name, next, choices, catch, branches })
}

impl State {
    fn json(self, target: impl Fn(u8) -> Value) -> Value {
        let choices: Vec<Value> =
            self.choices.iter().map(|to| json!({"Variable": self.name, "IsNull": true, "Next": target(*to)})).collect();
        let catch: Vec<Value> = self.catch.iter().map(|to| json!({"ErrorEquals": [self.name], "Next": target(*to)})).collect();
        let mut state = json!({"Type": "Task", "Resource": self.name, "Choices": choices, "Catch": catch, "Branches": self.branches});
        match self.next {
            Some(to) => state["Next"] = target(to),
            None => state["End"] = true.into(),
        }
        state
    }
}
