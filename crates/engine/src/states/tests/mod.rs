//! The control plane, asked as clients ask: operations and JSON.

mod activities;
mod aliases;
mod batches;
mod callbacks;
mod executions;
mod express;
mod lists;
mod machines;
mod map_runs;
mod nested;
mod readers;
mod redrives;
mod sdk;
mod tags;
mod tolerance;
mod updates;
mod versions;
mod workers;
mod writers;

use fanout_asl::api::Request as Call;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{CallId, Effect, Engine, Input, ObjectAnswer, ObjectCall, Reply, Request, Settings};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const ARN: &str = "arn:aws:states:us-east-1:123456789012:";
const PASS: &str = r#"{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"a":1},"End":true}}}"#;
const WAIT: &str = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":1000,"End":true}}}"#;

/// Between any two inputs.
const STEP: SignedDuration = SignedDuration::from_millis(1);

/// Who asked, and what came.
type Answered = (CallId, Result<Value, String>);

/// One account and its clock.
struct Account {
    engine: Engine,
    now: Timestamp,
    calls: u64,
    /// What the engine wants done and nobody has looked at.
    unseen: Vec<Effect>,
}

impl Account {
    fn new() -> Self {
        Self::under(Settings::default())
    }

    fn under(settings: Settings) -> Self {
        Self { engine: Engine::new(settings), now: Timestamp::UNIX_EPOCH, calls: 0, unseen: Vec::new() }
    }

    /// Makes a call: its id, and the answers that came, whoever asked.
    fn ask(&mut self, operation: &str, body: Value) -> (CallId, Vec<Answered>) {
        self.calls += 1;
        let id = CallId(self.calls);
        let call = Call::decode(operation, body.to_string().as_bytes()).unwrap().unwrap();
        (id, self.handle(Input::Call { id, request: Request::States(call) }))
    }

    fn handle(&mut self, input: Input) -> Vec<Answered> {
        assert!(self.unseen.is_empty(), "{:?}", self.unseen);
        self.now += STEP;
        self.engine.handle(input, self.now);
        let mut answers = Vec::new();
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Reply { id, reply } => {
                    let Reply::States(answer) = *reply else { panic!("{reply:?}") };
                    answers.push((id, answer.map(|reply| reply.to_json()).map_err(|error| error.to_string())));
                }
                other => self.unseen.push(other),
            }
        }
        answers
    }

    /// The one thing that is asked of S3, answered.
    fn object(&mut self, expected: &ObjectCall, answer: ObjectAnswer) -> Vec<Answered> {
        let mut unseen = std::mem::take(&mut self.unseen);
        let (Some(Effect::CallObjects { id, call }), None) = (unseen.pop(), unseen.pop()) else { panic!("{expected:?}") };
        assert_eq!(call, *expected);
        self.handle(Input::ObjectAnswered { id, answer })
    }

    /// A call that is answered at once.
    fn call(&mut self, operation: &str, body: Value) -> Result<Value, String> {
        let (id, mut answers) = self.ask(operation, body);
        let (answered, answer) = answers.pop().unwrap();
        assert!(answered == id && answers.is_empty(), "{operation}: {answers:?}");
        answer
    }

    fn ok(&mut self, operation: &str, body: Value) -> Value {
        self.call(operation, body).unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    fn refused(&mut self, operation: &str, body: Value) -> String {
        match self.call(operation, body) {
            Ok(answer) => panic!("{operation}: {answer}"),
            Err(error) => error,
        }
    }

    /// Moves the clock to the next deadline.
    fn tick(&mut self) -> Vec<Answered> {
        self.now = self.engine.poll_deadline().unwrap().at - STEP;
        self.handle(Input::Tick)
    }

    /// Starts a machine of its own with this document; the execution's ARN.
    fn start(&mut self, document: &Value, input: &Value) -> String {
        let name = format!("m{}", self.calls);
        let machine = self.machine(&name, json!({"definition": document.to_string()}));
        let call = json!({"stateMachineArn": machine, "name": "e", "input": input.to_string()});
        self.ok("StartExecution", call)["executionArn"].as_str().unwrap().to_owned()
    }

    fn described(&mut self, execution: &str) -> Value {
        self.ok("DescribeExecution", json!({"executionArn": execution}))
    }

    fn status(&mut self, execution: &str) -> String {
        self.described(execution)["status"].as_str().unwrap().to_owned()
    }

    /// What an execution that succeeded has returned.
    fn output(&mut self, execution: &str) -> Value {
        let described = self.described(execution);
        assert_eq!(described["status"], "SUCCEEDED", "{described}");
        serde_json::from_str(described["output"].as_str().unwrap()).unwrap()
    }

    /// Error and cause of an execution that failed.
    fn fault(&mut self, execution: &str) -> (String, String) {
        let described = self.described(execution);
        assert_eq!(described["status"], "FAILED", "{described}");
        let text = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
        (text("error"), text("cause"))
    }

    fn events(&mut self, execution: &str) -> Vec<Value> {
        let history = self.ok("GetExecutionHistory", json!({"executionArn": execution, "maxResults": 1000}));
        history["events"].as_array().unwrap().clone()
    }

    /// The types of its events.
    fn history(&mut self, execution: &str) -> Vec<String> {
        self.events(execution).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }

    /// The only Map Run of an execution, described.
    fn map_run(&mut self, execution: &str) -> Value {
        let runs = self.ok("ListMapRuns", json!({"executionArn": execution}));
        let [arn] = column(&runs, "mapRuns", "mapRunArn")[..] else { panic!("{runs}") };
        self.ok("DescribeMapRun", json!({"mapRunArn": arn}))
    }

    /// Creates a machine, its members changed by `more`; its ARN.
    fn machine(&mut self, name: &str, more: Value) -> String {
        let created = self.ok("CreateStateMachine", machine(name, more));
        created["stateMachineArn"].as_str().unwrap().to_owned()
    }

    /// Another document, published; the version's ARN.
    fn published(&mut self, machine: &str, comment: &str) -> String {
        let updated = self.ok("UpdateStateMachine", json!({"stateMachineArn": machine, "definition": commented(comment), "publish": true}));
        updated["stateMachineVersionArn"].as_str().unwrap().to_owned()
    }
}

fn machine(name: &str, more: Value) -> Value {
    with(json!({"name": name, "definition": PASS, "roleArn": ROLE}), more)
}

/// An object with further members.
fn with(mut object: Value, more: Value) -> Value {
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    object
}

/// A machine of one state, called `S`, that ends there.
fn single(state: Value) -> Value {
    json!({"StartAt": "S", "States": {"S": with(state, json!({"End": true}))}})
}

/// A distributed Map whose children begin at `C`.
fn map_of(states: Value, more: Value) -> Value {
    let config = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let map = json!({"Type": "Map", "Label": "L", "ItemProcessor": {"ProcessorConfig": config, "StartAt": "C", "States": states}});
    single(with(map, more))
}

/// A child that returns its input.
fn echo() -> Value {
    json!({"C": {"Type": "Pass", "End": true}})
}

/// A child that fails if its input is `bad`, and else returns it.
fn picky() -> Value {
    let rule = json!({"Variable": "$", "StringEquals": "bad", "Next": "F"});
    json!({"C": {"Type": "Choice", "Choices": [rule], "Default": "I"}, "F": {"Type": "Fail", "Error": "Bad"}, "I": {"Type": "Succeed"}})
}

/// A document that differs by its comment.
fn commented(comment: &str) -> String {
    let mut document: Value = serde_json::from_str(PASS).unwrap();
    document["Comment"] = comment.into();
    document.to_string()
}

/// A member of every line of a list.
fn column<'a>(answer: &'a Value, list: &str, member: &str) -> Vec<&'a str> {
    answer[list].as_array().unwrap().iter().map(|line| line[member].as_str().unwrap()).collect()
}
