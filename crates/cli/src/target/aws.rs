//! `--target aws`: the SDK's clients speak to an account, or to whatever answers at `--endpoint-url`.

use std::path::Path;

use fanout_aws::{Account, Clients, Login, NoRegion, is_loopback};
use fanout_core::call::CallError;
use fanout_core::client::Pace;
use fanout_core::fan_out::{FanOut, Injection};
use fanout_core::plan::Plan;
use fanout_core::survey::{self, Survey};
use fanout_local::Clock;

use crate::args::{TargetArgs, TargetName};
use crate::error::Error;
use crate::printer::Printer;
use crate::record::There;

/// The worker program's name in an image.
const WORKER: &str = "fanout-worker";

/// Clients of an account.
pub(crate) struct AwsTarget {
    pub(crate) clients: Clients,
    pub(crate) clock: Clock,
    pub(crate) log_group: Option<String>,
    is_nearby: bool,
}

impl AwsTarget {
    /// Who asks, if an account is meant; `None` for this machine.
    pub(crate) fn login(arguments: &TargetArgs) -> Result<Option<Login>, Error> {
        let TargetArgs { target, profile, region, endpoint_url } = arguments.clone();
        let given = [("--endpoint-url", endpoint_url.is_some()), ("--profile", profile.is_some()), ("--region", region.is_some())];
        let first = given.iter().find(|(_, is_given)| *is_given).map(|(flag, _)| *flag);
        match (target, first) {
            (Some(TargetName::Aws), _) | (None, Some("--endpoint-url")) => Ok(Some(Login { profile, region, endpoint_url })),
            (Some(TargetName::Local), Some(flag)) => {
                Err(Error::Refused(format!("{flag} and --target local: nothing is asked of AWS there; leave one of them out")))
            }
            (None, Some(flag)) => {
                Err(Error::Refused(format!("{flag} says who asks AWS, and this fan-out is for this machine: add --target aws")))
            }
            (Some(TargetName::Local) | None, None) => Ok(None),
        }
    }

    /// In an image, the worker program is found by its name: where it is on this machine says nothing.
    pub(crate) fn settle(fan_out: &mut FanOut) {
        let here = std::env::current_exe().map(|path| path.with_file_name(WORKER)).unwrap_or_default();
        if matches!(&fan_out.worker.injection, Injection::Worker(path) if Path::new(path) == here) {
            fan_out.worker.injection = Injection::Worker(WORKER.into());
        }
    }

    /// Finds the account, and all that the plan needs and it lacks; otherwise where the plan is to be carried out. What is worth a line
    /// is told.
    pub(crate) async fn survey(login: Login, plan: &Plan, fan_out: &FanOut, printer: &Printer) -> Result<There, Error> {
        let profile = login.profile.clone();
        let Account { clients, region, endpoint_url } = Account::open(login).await.map_err(|NoRegion| Error::NoRegion)?;
        let mut survey = Survey::new(plan, fan_out);
        while let Some(call) = survey.next_call() {
            survey.answered(clients.call(&call).await).map_err(|error| unanswered(error, profile.as_deref()))?;
        }
        let found = survey.finish();
        if !found.lacks.is_empty() {
            return Err(Error::Lacking { place: place(&found.queue_arn, &region, endpoint_url.as_deref()), lacks: found.lacks });
        }
        for note in found.notes {
            printer.complain(&format!("note: {note}"));
        }
        Ok(There { profile, region, endpoint_url, queue_arn: found.queue_arn, log_group: found.log_group })
    }

    /// The account in which a fan-out was begun. What is asked of another one would look as if every job were lost.
    pub(crate) async fn open(there: &There) -> Result<Self, Error> {
        let Account { clients, .. } = account(there).await?;
        let answer = clients.call(&survey::ask_for_queue(&there.queue_arn)).await;
        if !survey::shows_queue(&answer.map_err(|error| unanswered(error, there.profile.as_deref()))?, &there.queue_arn) {
            return Err(Error::OtherAccount { queue_arn: there.queue_arn.clone() });
        }
        let is_nearby = there.endpoint_url.as_deref().is_some_and(is_loopback);
        Ok(Self { clients, clock: Clock::start(), log_group: there.log_group.clone(), is_nearby })
    }

    /// Who answers on this machine shares its quotas with nobody.
    pub(crate) fn pace(&self) -> Pace {
        if self.is_nearby { Pace::NEARBY } else { Pace::AWS }
    }
}

/// Clients for the logs of a record, which may have outlived its queue.
pub(crate) async fn account(there: &There) -> Result<Account, Error> {
    Account::open(there.login()).await.map_err(|NoRegion| Error::NoRegion)
}

/// What a call without an answer means to whoever waits for the first one.
pub(crate) fn unanswered(error: CallError, profile: Option<&str>) -> Error {
    if error.code == "CredentialsError" {
        return Error::NoCredentials { words: error.message, profile: profile.map(str::to_owned) };
    }
    if error.is_of_credentials() {
        return Error::BadCredentials(error);
    }
    Error::Unanswered(error)
}

/// Where something is lacking, as people say it.
fn place(queue_arn: &str, region: &str, endpoint_url: Option<&str>) -> String {
    let account = queue_arn.split(':').nth(4).filter(|account| !account.is_empty());
    let account = account.map_or_else(|| "the account".to_owned(), |account| format!("account {account}"));
    let at = endpoint_url.map(|url| format!(" at {url}")).unwrap_or_default();
    format!("{account} in {region}{at}")
}
