//! Aliases: names for one or two versions of a machine.

use fanout_asl::api::{
    AliasCreated, AliasDescription, AliasList, AliasListItem, AliasUpdated, ApiError, CreateStateMachineAlias, DeleteStateMachineAlias,
    DescribeStateMachineAlias, ListStateMachineAliases, Reply, RoutingConfigurationListItem, UpdateStateMachineAlias,
};
use jiff::Timestamp;

use super::arn::{self, MachineArn, Qualifier};
use super::machine::{does_not_exist, labelled, not_found};
use super::{Service, list};

/// Aliases of one machine (Step Functions quotas).
const MOST: usize = 100;

/// One alias.
#[derive(Debug)]
pub(super) struct Alias {
    description: Option<String>,
    pub(super) routes: Vec<RoutingConfigurationListItem>,
    created: Timestamp,
    updated: Timestamp,
}

impl Alias {
    /// Whether it may lead to this version.
    pub(super) fn leads_to(&self, version_arn: &str) -> bool {
        self.routes.iter().any(|route| route.state_machine_version_arn == version_arn)
    }

    /// The version of a draw from 0 to 99.
    pub(super) fn draw(&self, draw: u32) -> &str {
        let mut left = i64::from(draw);
        let mut chosen = "";
        for route in &self.routes {
            chosen = &route.state_machine_version_arn;
            left -= i64::from(route.weight);
            if left < 0 {
                break;
            }
        }
        chosen
    }
}

impl Service {
    /// Creating the same alias twice is one creation (service model, CreateStateMachineAlias).
    pub(super) fn create_alias(&mut self, call: CreateStateMachineAlias, now: Timestamp) -> Result<Reply, ApiError> {
        let CreateStateMachineAlias { description, name, routing_configuration: routes } = call;
        let machine_arn = self.check_routes(&routes)?;
        let machine = self.machine_mut(&machine_arn)?;
        let state_machine_alias_arn = format!("{machine_arn}:{name}");
        if let Some(alias) = machine.aliases.get(&name) {
            if alias.description != description || alias.routes != routes {
                let words =
                    "Failed to create alias because an alias with the same name and a different routing configuration already exists.";
                return Err(ApiError::new("ConflictException", words));
            }
            return Ok(Reply::AliasCreated(AliasCreated { state_machine_alias_arn, creation_date: alias.created }));
        }
        if machine.aliases.len() >= MOST {
            let message = format!("The state machine has {MOST} aliases, which is the most that it may have");
            return Err(ApiError::new("ServiceQuotaExceededException", message));
        }
        machine.aliases.insert(name, Alias { description, routes, created: now, updated: now });
        Ok(Reply::AliasCreated(AliasCreated { state_machine_alias_arn, creation_date: now }))
    }

    pub(super) fn update_alias(&mut self, call: UpdateStateMachineAlias, now: Timestamp) -> Result<Reply, ApiError> {
        let UpdateStateMachineAlias { state_machine_alias_arn, description, routing_configuration } = call;
        let (machine_arn, _) = alias_arn(&state_machine_alias_arn)?;
        self.alias(&state_machine_alias_arn)?;
        if description.is_none() && routing_configuration.is_none() {
            let words = "At least one of the description or the routing configuration must be specified";
            return Err(ApiError::new("ValidationException", words));
        }
        if let Some(routes) = &routing_configuration
            && self.check_routes(routes)? != machine_arn
        {
            return Err(of_one_machine(routes));
        }
        let alias = self.alias_mut(&state_machine_alias_arn)?;
        if let Some(routes) = routing_configuration {
            alias.routes = routes;
        }
        alias.description = description.or(alias.description.take());
        alias.updated = now;
        Ok(Reply::AliasUpdated(AliasUpdated { update_date: now }))
    }

    /// Recorded: deleting what is not there is not an error.
    pub(super) fn delete_alias(&mut self, call: &DeleteStateMachineAlias) -> Result<Reply, ApiError> {
        let (machine_arn, name) = alias_arn(&call.state_machine_alias_arn)?;
        if let Some(machine) = self.machines.get_mut(machine_arn) {
            machine.aliases.remove(name);
        }
        Ok(Reply::Done)
    }

    pub(super) fn describe_alias(&self, call: DescribeStateMachineAlias) -> Result<Reply, ApiError> {
        let alias = self.alias(&call.state_machine_alias_arn)?;
        let (_, name) = alias_arn(&call.state_machine_alias_arn)?;
        Ok(Reply::AliasDescription(AliasDescription {
            name: name.into(),
            description: alias.description.clone(),
            routing_configuration: alias.routes.clone(),
            creation_date: alias.created,
            update_date: alias.updated,
            state_machine_alias_arn: call.state_machine_alias_arn,
        }))
    }

    /// Recorded: in order of name. Of a version: those that lead to it.
    pub(super) fn list_aliases(&self, call: &ListStateMachineAliases) -> Result<Reply, ApiError> {
        let arn = MachineArn::parse(&call.state_machine_arn)?;
        let machine = self.machines.get(arn.machine).ok_or_else(|| does_not_exist(arn.whole))?;
        match arn.qualifier {
            Some(Qualifier::Label(_)) => return Err(labelled()),
            Some(Qualifier::Alias(_)) => return Err(arn::invalid(&format!("Not a state machine or version ARN: {}", arn.whole))),
            Some(Qualifier::Version(number)) if !machine.versions.contains_key(&number) => return Err(not_found()),
            Some(Qualifier::Version(_)) | None => {}
        }
        let wanted = |alias: &Alias| arn.qualifier.is_none() || alias.leads_to(arn.whole);
        let lines = machine.aliases.iter().filter(|(_, alias)| wanted(alias)).map(|(name, alias)| AliasListItem {
            state_machine_alias_arn: format!("{}:{name}", machine.arn),
            creation_date: alias.created,
        });
        let (state_machine_aliases, next_token) = list::page(lines, call.max_results, call.next_token.as_deref())?;
        Ok(Reply::AliasList(AliasList { state_machine_aliases, next_token }))
    }

    pub(super) fn alias(&self, arn: &str) -> Result<&Alias, ApiError> {
        let (machine_arn, name) = alias_arn(arn)?;
        self.machines.get(machine_arn).and_then(|machine| machine.aliases.get(name)).ok_or_else(not_found)
    }

    fn alias_mut(&mut self, arn: &str) -> Result<&mut Alias, ApiError> {
        let (machine_arn, name) = alias_arn(arn)?;
        self.machines.get_mut(machine_arn).and_then(|machine| machine.aliases.get_mut(name)).ok_or_else(not_found)
    }

    /// The machine whose versions these are. The first, second and last refusal are recorded.
    fn check_routes(&self, routes: &[RoutingConfigurationListItem]) -> Result<String, ApiError> {
        let arns: Vec<&str> = routes.iter().map(|route| route.state_machine_version_arn.as_str()).collect();
        let refused = |words: &str| Err(refused(words, &arns.join(", ")));
        let versions: Vec<MachineArn<'_>> = arns.iter().map(|arn| MachineArn::parse(arn)).collect::<Result<_, _>>()?;
        if versions.iter().any(|version| !matches!(version.qualifier, Some(Qualifier::Version(_)))) {
            return refused("Routing configuration must contain state machine version ARNs.");
        }
        if arns.iter().enumerate().any(|(at, arn)| arns[..at].contains(arn)) {
            return refused("Routing configuration must contain distinct state machine version ARNs.");
        }
        if versions.iter().any(|version| version.machine != versions[0].machine) {
            return Err(of_one_machine(routes));
        }
        let weights: Vec<i32> = routes.iter().map(|route| route.weight).collect();
        if weights.iter().sum::<i32>() != 100 {
            let message = format!("Sum of routing configuration weights must equal 100. Received: {weights:?}");
            return Err(ApiError::new("ValidationException", message));
        }
        for version in &versions {
            let machine = self.machines.get(version.machine).ok_or_else(not_found)?;
            if let Some(Qualifier::Version(number)) = version.qualifier
                && !machine.versions.contains_key(&number)
            {
                return Err(not_found());
            }
        }
        Ok(versions.first().map(|version| version.machine.to_owned()).unwrap_or_default())
    }
}

/// The words are ours, after the manner of the recorded ones.
fn of_one_machine(routes: &[RoutingConfigurationListItem]) -> ApiError {
    let arns: Vec<&str> = routes.iter().map(|route| route.state_machine_version_arn.as_str()).collect();
    refused("Routing configuration must contain versions of the same state machine.", &arns.join(", "))
}

fn refused(words: &str, received: &str) -> ApiError {
    ApiError::new("ValidationException", format!("{words} Received: [{received}]"))
}

/// The machine's ARN and the alias' name.
fn alias_arn(arn: &str) -> Result<(&str, &str), ApiError> {
    let parsed = MachineArn::parse(arn)?;
    match parsed.qualifier {
        Some(Qualifier::Alias(name)) => Ok((parsed.machine, name)),
        _ => Err(arn::invalid(&format!("Not a state machine alias ARN: {arn}"))),
    }
}
