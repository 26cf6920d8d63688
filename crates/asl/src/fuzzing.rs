//! The parsers and what they make, for the targets of `fuzz/`. Each function reads, evaluates what was read, and forgets it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::context::{Context, Item, STATE_DATA};
use crate::expression::{Expression, Scope, Template};
use crate::jsonata::Jsonata;
use crate::language::QueryLanguage;
use crate::map_run::{Dialect, Rows};
use crate::path::{Path, ReferencePath};
use crate::random::Random;
use crate::variables::Variables;
use crate::{Payload, Quotas, Settings, StartedAs};

/// A path, what it leads to, and a value put there.
pub fn path(text: &str, root: &Value) {
    if let Ok(path) = Path::parse(text) {
        _ = path.find(root);
    }
    if let Ok(path) = ReferencePath::parse(text) {
        _ = path.find(root);
        _ = path.set(&mut root.clone(), json!([root]));
    }
}

/// A path, a path into the context or a variable, or an intrinsic call.
pub fn expression(text: &str, input: &Value) {
    if let Ok(expression) = Expression::parse(text) {
        within(input, |scope| _ = expression.evaluate(scope));
    }
}

/// An expression of JSONata, with `$` at the input.
pub fn jsonata(text: &str, input: &Value) {
    if let Ok(expression) = Jsonata::parse(text) {
        within(input, |scope| _ = expression.evaluate(scope));
    }
}

/// A template of JSONPath or of JSONata.
pub fn template(source: &Value, jsonata: bool, input: &Value) {
    let language = if jsonata { QueryLanguage::Jsonata } else { QueryLanguage::JsonPath };
    if let Ok(template) = Template::compile(source, language, "Template") {
        within(input, |scope| _ = template.evaluate(scope));
    }
}

/// Delimited text.
pub fn csv(bytes: Vec<u8>, delimiter: u8, headers: Option<Vec<String>>) {
    if let Ok(mut rows) = Rows::new(bytes, Dialect { delimiter }, headers) {
        while rows.next().is_some() {}
    }
}

fn within(input: &Value, work: impl FnOnce(&mut Scope<'_>)) {
    let input = Payload::from_value(input.clone());
    let (now, settings) = (Timestamp::UNIX_EPOCH, settings(&input));
    let value = json!({"k": [1, "x"]});
    let context = Context {
        execution: &settings,
        started_at: now,
        state: "State",
        entered_at: now,
        retries: Some(1),
        item: Some(Item { index: 3, value: &value, key: None, source: STATE_DATA }),
        task_token: Some("token"),
        redrives: (1, Some(now)),
        given: None,
    };
    let mut variables = Variables::default();
    variables.assign([("v".into(), input.clone()), ("n".into(), json!(7).into())]);
    let mut random = Random::new(1);
    work(&mut Scope {
        input: &input,
        result: Some(&input),
        error_output: None,
        context: &context,
        variables: &variables,
        random: &mut random,
        now,
    });
}

/// Settings of an execution of nobody's.
#[must_use]
pub fn settings(input: &Payload) -> Settings {
    Settings {
        execution_arn: "arn:aws:states:r:a:execution:m:e".into(),
        execution_name: "e".into(),
        state_machine_arn: "arn:aws:states:r:a:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::a:role/r".into(),
        input: input.clone(),
        seed: 1,
        quotas: Quotas::default(),
        record_history: true,
        started_as: StartedAs::default(),
    }
}
