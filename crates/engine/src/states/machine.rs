//! State machines: create, find, delete, list.

use std::collections::BTreeMap;
use std::sync::Arc;

use fanout_asl::api::{
    ApiError, CreateStateMachine, DeleteStateMachine, ListStateMachines, Reply, StateMachineCreated, StateMachineList, StateMachineListItem,
};
use jiff::Timestamp;

use super::alias::Alias;
use super::arn::{MachineArn, Qualifier};
use super::configuration::{self, Configuration};
use super::kind::Kind;
use super::revision::{self, Document, Revision};
use super::tags::Tags;
use super::version::Version;
use super::{Service, list, names};

/// One machine.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) created: Timestamp,
    pub(super) revision: Arc<Revision>,
    pub(super) versions: BTreeMap<u32, Version>,
    /// Numbers are not given twice.
    pub(super) last_version: u32,
    pub(super) aliases: BTreeMap<String, Alias>,
    pub(super) tags: Tags,
    first: First,
}

/// What was asked for of the first version when the machine was created.
#[derive(Debug, PartialEq, Eq)]
struct First {
    publish: bool,
    description: Option<String>,
}

impl Service {
    /// Creating the same machine twice is one creation; another role or other tags are ignored then (service model,
    /// CreateStateMachine).
    pub(super) fn create_machine(&mut self, call: CreateStateMachine, now: Timestamp) -> Result<Reply, ApiError> {
        let CreateStateMachine { name, definition, role_arn, kind, tags, options } = call;
        names::check(&name)?;
        configuration::check_publishing(&options)?;
        revision::check_role(&role_arn)?;
        let configuration = Configuration::default().with(&options)?;
        let kind = Kind::of(kind.as_deref());
        let document = Document::read(definition, kind)?;
        let tags = Tags::new(tags)?;
        let first = First { publish: options.publish == Some(true), description: options.version_description };
        let arn = self.machine_arn(&name);
        if let Some(machine) = self.machines.get(&arn) {
            let revision = &machine.revision;
            let same =
                (&revision.text, machine.kind, &revision.configuration, &machine.first) == (&document.text, kind, &configuration, &first);
            return if same { Ok(machine.created()) } else { Err(already_exists(&arn)) };
        }
        let mut machine = Machine {
            arn: arn.clone(),
            name,
            kind,
            created: now,
            revision: Arc::new(Revision::new(None, document, role_arn, configuration, now)),
            versions: BTreeMap::new(),
            last_version: 0,
            aliases: BTreeMap::new(),
            tags,
            first,
        };
        if machine.first.publish {
            machine.publish(machine.first.description.clone(), now)?;
        }
        let reply = machine.created();
        self.machines.insert(arn, machine);
        Ok(reply)
    }

    /// The machine that an unqualified ARN names.
    pub(super) fn machine(&self, arn: &str) -> Result<&Machine, ApiError> {
        let key = unqualified(arn)?;
        self.machines.get(key).ok_or_else(|| does_not_exist(arn))
    }

    /// The same, to be changed.
    pub(super) fn machine_mut(&mut self, arn: &str) -> Result<&mut Machine, ApiError> {
        let key = unqualified(arn)?;
        self.machines.get_mut(key).ok_or_else(|| does_not_exist(arn))
    }

    /// Deleting what is not there is not an error; versions and aliases go with their machine; executions go on with the
    /// definition they began with.
    pub(super) fn delete_machine(&mut self, call: &DeleteStateMachine) -> Result<Reply, ApiError> {
        let arn = MachineArn::parse(&call.state_machine_arn)?;
        match arn.qualifier {
            None => drop(self.machines.remove(arn.machine)),
            Some(Qualifier::Label(_)) => return Err(labelled()),
            Some(Qualifier::Version(_) | Qualifier::Alias(_)) => {}
        }
        Ok(Reply::Done)
    }

    pub(super) fn list_machines(&self, call: &ListStateMachines) -> Result<Reply, ApiError> {
        let lines = self.machines.values().map(|machine| StateMachineListItem {
            state_machine_arn: machine.arn.clone(),
            name: machine.name.clone(),
            kind: machine.kind.name().into(),
            creation_date: machine.created,
        });
        let (state_machines, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::StateMachineList(StateMachineList { state_machines, next_token }))
    }
}

impl Machine {
    fn created(&self) -> Reply {
        Reply::StateMachineCreated(StateMachineCreated {
            state_machine_arn: self.arn.clone(),
            creation_date: self.created,
            state_machine_version_arn: self.first.publish.then(|| self.version_arn(1)),
        })
    }
}

/// Recorded: an operation on whole machines does not find a version.
fn unqualified(arn: &str) -> Result<&str, ApiError> {
    let parsed = MachineArn::parse(arn)?;
    match parsed.qualifier {
        Some(Qualifier::Label(_)) => Err(labelled()),
        Some(Qualifier::Version(_) | Qualifier::Alias(_)) | None => Ok(parsed.whole),
    }
}

/// The name of the reason is the model's; the words are ours.
pub(super) fn labelled() -> ApiError {
    ApiError::new("ValidationException", "This operation does not support labeled state machine ARNs")
}

pub(super) fn does_not_exist(arn: &str) -> ApiError {
    ApiError::new("StateMachineDoesNotExist", format!("State Machine Does Not Exist: '{arn}'"))
}

fn already_exists(arn: &str) -> ApiError {
    ApiError::new("StateMachineAlreadyExists", format!("State Machine Already Exists: '{arn}'"))
}

/// Recorded, of map runs and tagged resources; aliases are documented to have the same error.
pub(super) fn not_found() -> ApiError {
    ApiError::new("ResourceNotFound", "Request references a resource that does not exist.")
}
