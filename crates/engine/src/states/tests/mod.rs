//! The control plane, asked as clients ask: operations and JSON.

mod activities;
mod aliases;
mod executions;
mod express;
mod lists;
mod machines;
mod tags;
mod updates;
mod versions;

use fanout_asl::api::Request as Call;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{CallId, Effect, Engine, Input, Reply, Request, Settings};

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
}

impl Account {
    fn new() -> Self {
        Self { engine: Engine::new(Settings::default()), now: Timestamp::UNIX_EPOCH, calls: 0 }
    }

    /// Makes a call: its id, and the answers that came, whoever asked.
    fn ask(&mut self, operation: &str, body: Value) -> (CallId, Vec<Answered>) {
        self.calls += 1;
        let id = CallId(self.calls);
        let call = Call::decode(operation, body.to_string().as_bytes()).unwrap().unwrap();
        (id, self.handle(Input::Call { id, request: Request::States(call) }))
    }

    fn handle(&mut self, input: Input) -> Vec<Answered> {
        self.now += STEP;
        self.engine.handle(input, self.now);
        let mut answers = Vec::new();
        while let Some(effect) = self.engine.poll_effect() {
            let Effect::Reply { id, reply } = effect else { panic!("{effect:?}") };
            let Reply::States(answer) = *reply else { panic!("{reply:?}") };
            answers.push((id, answer.map(|reply| reply.to_json()).map_err(|error| error.to_string())));
        }
        answers
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
    let mut body = json!({"name": name, "definition": PASS, "roleArn": ROLE});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
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
