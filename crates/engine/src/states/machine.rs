//! State machines: create, describe, delete, list.

use std::sync::Arc;

use fanout_asl::Definition;
use fanout_asl::api::{
    ApiError, CreateStateMachine, DeleteStateMachine, DescribeStateMachine, ListStateMachines, LoggingConfiguration, Reply,
    StateMachineCreated, StateMachineDescription, StateMachineList, StateMachineListItem, TracingConfiguration, ValidationDiagnostic,
};
use jiff::Timestamp;

use super::{Service, arn, list, names, options};

/// One machine.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) name: String,
    text: String,
    pub(super) definition: Arc<Definition>,
    pub(super) role_arn: String,
    kind: String,
    logging: LoggingConfiguration,
    tracing: TracingConfiguration,
    created: Timestamp,
}

impl Service {
    /// Creating the same machine twice is one creation; another definition, type or role under the
    /// same name is refused (service model, CreateStateMachine).
    pub(super) fn create_machine(&mut self, call: CreateStateMachine, now: Timestamp) -> Result<Reply, ApiError> {
        let CreateStateMachine { name, definition, role_arn, kind, tags: _, options } = call;
        names::check(&name)?;
        let (logging, tracing) = options::check(*options)?;
        if !role_arn.starts_with("arn:") {
            return Err(ApiError::new("InvalidArn", format!("Invalid Role Arn: '{role_arn}'")));
        }
        let kind = kind.unwrap_or_else(|| "STANDARD".into());
        if kind != "STANDARD" {
            let message = format!("this engine runs STANDARD state machines, not {kind}");
            return Err(ApiError::new("StateMachineTypeNotSupported", message));
        }
        let arn = self.machine_arn(&name);
        if let Some(machine) = self.machines.get(&arn) {
            if machine.text == definition && machine.kind == kind && machine.role_arn == role_arn {
                return Ok(created(arn, machine.created));
            }
            return Err(ApiError::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'")));
        }
        let parsed = Definition::parse(&definition).map_err(|problems| invalid_definition(&problems))?;
        let machine = Machine { name, text: definition, definition: Arc::new(parsed), role_arn, kind, logging, tracing, created: now };
        self.machines.insert(arn.clone(), machine);
        Ok(created(arn, now))
    }

    pub(super) fn machine(&self, machine_arn: &str) -> Result<&Machine, ApiError> {
        arn::check(machine_arn, "stateMachine")?;
        let missing = || ApiError::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{machine_arn}'"));
        self.machines.get(machine_arn).ok_or_else(missing)
    }

    pub(super) fn describe_machine(&self, call: &DescribeStateMachine) -> Result<Reply, ApiError> {
        let machine = self.machine(&call.state_machine_arn)?;
        Ok(Reply::StateMachineDescription(StateMachineDescription {
            state_machine_arn: call.state_machine_arn.clone(),
            name: machine.name.clone(),
            status: Some("ACTIVE".into()),
            definition: machine.text.clone(),
            role_arn: machine.role_arn.clone(),
            kind: machine.kind.clone(),
            creation_date: machine.created,
            logging_configuration: Some(machine.logging.clone()),
            tracing_configuration: Some(machine.tracing.clone()),
            // Recorded: only an update gives a machine a revision.
            revision_id: None,
            ..StateMachineDescription::default()
        }))
    }

    /// Deleting what is not there is not an error; executions go on with the definition they began with.
    pub(super) fn delete_machine(&mut self, call: &DeleteStateMachine) -> Result<Reply, ApiError> {
        arn::check(&call.state_machine_arn, "stateMachine")?;
        self.machines.remove(&call.state_machine_arn);
        Ok(Reply::Done)
    }

    pub(super) fn list_machines(&self, call: &ListStateMachines) -> Result<Reply, ApiError> {
        let lines = self.machines.iter().map(|(arn, machine)| StateMachineListItem {
            state_machine_arn: arn.clone(),
            name: machine.name.clone(),
            kind: machine.kind.clone(),
            creation_date: machine.created,
        });
        let (state_machines, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::StateMachineList(StateMachineList { state_machines, next_token }))
    }
}

fn created(state_machine_arn: String, creation_date: Timestamp) -> Reply {
    Reply::StateMachineCreated(StateMachineCreated { state_machine_arn, creation_date, state_machine_version_arn: None })
}

/// Several problems stand in one pair of quotes, joined by commas, as recorded.
fn invalid_definition(problems: &[ValidationDiagnostic]) -> ApiError {
    let problem = |problem: &ValidationDiagnostic| match &problem.location {
        Some(location) if !location.is_empty() => format!("{}: {} at {location}", problem.code, problem.message),
        _ => format!("{}: {}", problem.code, problem.message),
    };
    let problems: Vec<String> = problems.iter().map(problem).collect();
    ApiError::new("InvalidDefinition", format!("Invalid State Machine Definition: '{}'", problems.join(", ")))
}
