//! TestState: one state on its own, run by the interpreter that runs machines, with a mock in place of its work.
//!
//! The state is taken out of its document and becomes the only one of a machine, called `StateName` as at AWS. Nothing is
//! called and nobody waits: a Wait's time passes at once, and a Task has to be mocked, because this crate cannot call services.
//!
//! A mocked result is held against the shape of the service's answer if `shapes` knows it. A service that is not there is
//! not checked; neither are those that AWS does not check: HTTP tasks, API Gateway, EKS calls, and answers to callbacks.

mod answer;
mod context;
mod mock;
mod shapes;
mod subject;
#[cfg(test)]
mod tests;
mod variables;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::{ApiError, StateTested, TestState};
use crate::execution::{Answer, Execution, Seen, Setup};
use crate::history::Fault;
use crate::random::Random;
use crate::settings::{Quotas, StartedAs};
use crate::variables::Variables;
use crate::{Payload, Settings, api};
use subject::{Lone, Subject};

/// What the state runs in.
struct World {
    settings: Settings,
    context: Value,
    variables: Variables,
}

/// Tests a state, as if the service were in this region and account.
///
/// # Errors
/// What AWS refuses: a definition with problems, a mock that does not fit the state or its service, and the like.
pub fn test_state(call: &TestState, region: &str, account: &str, now: Timestamp, seed: u64) -> Result<StateTested, ApiError> {
    if let Some(role) = call.role_arn.as_deref().filter(|role| !role.starts_with("arn:")) {
        return Err(ApiError::new("InvalidArn", format!("Invalid Role Arn: '{role}'")));
    }
    let subject = Subject::of(call)?;
    let answer = mock::answer(call, &subject)?;
    let input = input(call)?;
    let world = world(call, &subject, &input, region, account, now, seed)?;
    let setup = setup(call, &subject.state, &world, &input, answer);
    let mut trial = Execution::try_state(setup, now);
    mock::check_failed_items(call, &subject, &trial)?;
    let mut next = subject.state.next(&trial);
    if let Some((caught, parent)) = propagated(call, &subject, &world, &input, &trial, now) {
        next = parent.next(&caught);
        trial = Seen { fault: caught.fault, retrier: caught.retrier, catcher: caught.catcher, left: caught.left, ..trial };
    }
    Ok(answer::of(call, &subject, &input, &trial, next))
}

fn input(call: &TestState) -> Result<Payload, ApiError> {
    let text = call.input.clone().unwrap_or_else(|| "{}".into());
    Payload::parse(text.as_str()).map_err(|error| {
        let words = api::not_json(&text).unwrap_or_else(|| error.to_string());
        ApiError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{words}'"))
    })
}

/// Machine and execution have names that nobody gave.
fn world(
    call: &TestState,
    subject: &Subject,
    input: &Payload,
    region: &str,
    account: &str,
    now: Timestamp,
    seed: u64,
) -> Result<World, ApiError> {
    let mut random = Random::new(seed);
    let (machine, name) = (random.uuid().to_string(), random.uuid().to_string());
    let settings = Settings {
        execution_arn: format!("arn:aws:states:{region}:{account}:express:{machine}:{name}"),
        execution_name: name,
        state_machine_arn: format!("arn:aws:states:{region}:{account}:stateMachine:{machine}"),
        state_machine_name: machine,
        role_arn: call.role_arn.clone().unwrap_or_default(),
        input: input.clone(),
        seed,
        quotas: Quotas::default(),
        record_history: false,
        started_as: StartedAs::default(),
    };
    let context = match &call.context {
        Some(text) => context::given(text, subject)?,
        None => context::made_up(call, subject, &settings, now, &mut random),
    };
    Ok(World { settings, context, variables: variables::given(call.variables.as_deref())? })
}

fn setup(call: &TestState, state: &Lone, world: &World, input: &Payload, answer: Option<Answer>) -> Setup {
    let configuration = call.state_configuration.clone().unwrap_or_default();
    let in_context = world.context.pointer("/State/RetryCount").and_then(Value::as_u64);
    let retries = configuration.retrier_retry_count.and_then(|count| u64::try_from(count).ok()).or(in_context);
    Setup {
        definition: Arc::clone(&state.definition),
        settings: Settings { input: input.clone(), ..world.settings.clone() },
        context: world.context.clone(),
        variables: world.variables.clone(),
        retries: retries.and_then(|count| u32::try_from(count).ok()).unwrap_or_default(),
        answer,
        failed_items: configuration.map_iteration_failure_count.and_then(|count| u64::try_from(count).ok()),
        data: configuration.map_item_reader_data,
    }
}

/// A fault that its state does not handle goes to the states around it, the innermost first (Developer Guide, Error
/// propagation in Map and Parallel states).
fn propagated<'s>(
    call: &TestState,
    subject: &'s Subject,
    world: &World,
    input: &Payload,
    seen: &Seen,
    now: Timestamp,
) -> Option<(Seen, &'s Lone)> {
    let mut fault: Fault = seen.fault.clone().filter(|_| seen.is_unhandled())?;
    for parent in &subject.parents {
        let handled = Execution::try_handlers(setup(call, parent, world, input, None), fault.clone(), now);
        if !handled.is_unhandled() {
            return Some((handled, parent));
        }
        fault = handled.fault.unwrap_or(fault);
    }
    None
}
