//! Mocks as they are written.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{MockError, Mocked, Mocks, Response};
use crate::Payload;

type Object = Map<String, Value>;

/// What both forms have in common is an answer; what tells them apart is `MockedResponses`.
pub(super) fn mocks(text: &str, case: Option<&str>) -> Result<Mocks, MockError> {
    let file: Value = serde_json::from_str(text).map_err(|error| MockError::NotJson(error.to_string()))?;
    let file = object(&file, "")?;
    if file.contains_key("MockedResponses") || file.contains_key("StateMachines") {
        return long(file, case);
    }
    if let Some(case) = case {
        return Err(MockError::Case { problem: format!("there is no test case {case:?} in the file"), cases: Vec::new() });
    }
    let mut mocks = Mocks::default();
    for (state, answers) in file {
        mocks.states.insert(state.clone(), responses(answers, &within("", state))?);
    }
    Ok(mocks)
}

fn long(file: &Object, case: Option<&str>) -> Result<Mocks, MockError> {
    let machines = object(file.get("StateMachines").unwrap_or(&Value::Null), "/StateMachines")?;
    let mocked = object(file.get("MockedResponses").unwrap_or(&Value::Null), "/MockedResponses")?;
    let mut cases = Vec::new();
    for (machine, value) in machines {
        let at = within("/StateMachines", machine);
        let machine_cases = object(value, &at)?.get("TestCases").unwrap_or(&Value::Null);
        let at = within(&at, "TestCases");
        for (name, states) in object(machine_cases, &at)? {
            cases.push((name, format!("{machine}.{name}"), object(states, &within(&at, name))?, within(&at, name)));
        }
    }
    let names = || cases.iter().map(|(_, full, ..)| full.clone()).collect();
    let mut chosen = cases.iter().filter(|(name, full, ..)| case.is_none_or(|case| *name == case || full == case));
    let (states, at) = match (chosen.next(), chosen.next(), case) {
        (Some((_, _, states, at)), None, _) => (states, at),
        _ if cases.is_empty() => return Err(misshapen("/StateMachines", "a machine with a test case was expected")),
        (None, _, Some(case)) => {
            return Err(MockError::Case { problem: format!("there is no test case {case:?} in the file"), cases: names() });
        }
        _ => {
            return Err(MockError::Case { problem: "one test case of the file has to be named".into(), cases: names() });
        }
    };
    let mut mocks = Mocks::default();
    for (state, name) in *states {
        let at = within(at, state);
        let name = name.as_str().ok_or_else(|| misshapen(&at, "the name of a mocked response was expected"))?;
        let answers = mocked.get(name).ok_or_else(|| misshapen(&at, &format!("{name:?} is not among the MockedResponses")))?;
        mocks.states.insert(state.clone(), responses(answers, &within("/MockedResponses", name))?);
    }
    Ok(mocks)
}

/// One answer for all attempts, or an answer for each.
fn responses(value: &Value, at: &str) -> Result<Vec<Response>, MockError> {
    let answers = object(value, at)?;
    if answers.contains_key("Return") || answers.contains_key("Throw") {
        return Ok(vec![Response { attempts: 0..=u32::MAX, answer: answer(answers, at)? }]);
    }
    let mut responses: Vec<Response> = Vec::new();
    for (key, value) in answers {
        let at = within(at, key);
        let attempts =
            attempts(key).ok_or_else(|| misshapen(&at, &format!("{key:?} is neither an attempt, as \"0\", nor several, as \"1-2\"")))?;
        if let Some(other) =
            responses.iter().find(|other| other.attempts.start() <= attempts.end() && attempts.start() <= other.attempts.end())
        {
            let first = attempts.start().max(other.attempts.start());
            return Err(misshapen(&at, &format!("attempt {first} has an answer already")));
        }
        responses.push(Response { attempts, answer: answer(object(value, &at)?, &at)? });
    }
    if responses.is_empty() {
        return Err(misshapen(at, "an answer was expected: {\"Return\": …} or {\"Throw\": {\"Error\": …}}"));
    }
    Ok(responses)
}

fn attempts(key: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some(first..=last)
}

fn answer(answer: &Object, at: &str) -> Result<Mocked, MockError> {
    let expected = || misshapen(at, "one of Return and Throw was expected, and nothing else");
    let ("Return" | "Throw", value, 1) =
        answer.iter().next().map(|(key, value)| (key.as_str(), value, answer.len())).ok_or_else(expected)?
    else {
        return Err(expected());
    };
    if answer.contains_key("Return") {
        return Ok(Mocked::Return(Payload::from_value(value.clone())));
    }
    let at = within(at, "Throw");
    let fault = object(value, &at)?;
    let text = |key: &str| match fault.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(misshapen(&within(&at, key), "a string was expected")),
    };
    if let Some(key) = fault.keys().find(|key| !matches!(key.as_str(), "Error" | "Cause")) {
        return Err(misshapen(&within(&at, key), "only Error and Cause were expected"));
    }
    let error = text("Error")?.ok_or_else(|| misshapen(&at, "an Error was expected"))?;
    Ok(Mocked::Throw { error, cause: text("Cause")? })
}

fn object<'v>(value: &'v Value, at: &str) -> Result<&'v Object, MockError> {
    value.as_object().ok_or_else(|| misshapen(at, "an object was expected"))
}

fn misshapen(at: &str, problem: &str) -> MockError {
    MockError::Misshapen { at: if at.is_empty() { "/".into() } else { at.into() }, problem: problem.into() }
}

/// A step further down a JSON pointer.
fn within(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}
