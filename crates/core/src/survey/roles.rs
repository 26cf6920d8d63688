//! Roles: whether those that the plan needs are named, and could be this account's. IAM is not asked.

use super::Survey;
use crate::fan_out::NO_ROLE;
use crate::plan::JobDefinition;

impl Survey<'_> {
    pub(super) fn check_roles(&mut self) {
        let machine = self.plan.state_machines().first().map(|machine| machine.role_arn.clone());
        match machine.as_deref() {
            Some(NO_ROLE) => self.lack(
                "a role for the state machine, which submits the jobs under it",
                "name one that trusts states.amazonaws.com with --state-machine-role ARN (what it must be allowed stands in docs/targets.md), \
                 or use a strategy without a state machine: array, submit",
            ),
            Some(role) => self.check_role("--state-machine-role", role),
            None => {}
        }
        if matches!(self.plan.job_definition, JobDefinition::Own(_)) {
            let hosting = self.fan_out.worker.hosting.clone();
            for (flag, role) in [("--job-role", hosting.job_role_arn), ("--execution-role", hosting.execution_role_arn)] {
                if let Some(role) = role {
                    self.check_role(flag, &role);
                }
            }
        }
    }

    fn check_role(&mut self, flag: &str, role: &str) {
        let parts: Vec<&str> = role.splitn(6, ':').collect();
        let [_, _, "iam", "", account, resource] = parts[..] else {
            self.lack(format!("a role's ARN: {flag} is {role:?}"), format!("write {flag} arn:aws:iam::ACCOUNT:role/NAME"));
            return;
        };
        if !resource.starts_with("role/") {
            self.lack(format!("a role: {flag} is {role:?}"), format!("write {flag} arn:aws:iam::ACCOUNT:role/NAME"));
            return;
        }
        let here = self.found.queue_arn.split(':').nth(4).unwrap_or_default().to_owned();
        if !here.is_empty() && here != account {
            self.lack(
                format!("a role of account {here}, which has the queue: {flag} is one of {account}"),
                format!("write {flag} arn:aws:iam::{here}:role/NAME, or choose the other account with --profile"),
            );
        }
    }
}
