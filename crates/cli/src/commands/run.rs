//! `fanout run`: plan, write down, carry out, report.

use fanout_aws::Login;
use fanout_core::plan::Plan;
use serde_json::{Value, json};

use crate::args::{HereArgs, RunArgs};
use crate::begin::begin;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::printer::Printer;
use crate::record::{Manifest, Record, Target};
use crate::state_dir;
use crate::target::aws::AwsTarget;
use crate::target::local::LocalTarget;
use crate::{chaos, pass_env, run_id, runtime};

pub(crate) fn run(arguments: RunArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let RunArgs { strategy, fan_out, target, here, chaos, seed, dry_run, detach, view } = arguments;
    let login = AwsTarget::login(&target)?;
    let mut fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    if login.is_some() {
        AwsTarget::settle(&mut fan_out);
    }
    let plan = strategy_of(strategy).plan(&fan_out)?;
    if dry_run {
        plan.notes.iter().for_each(|note| printer.complain(&format!("note: {note}")));
        printer.data(&serde_json::to_string_pretty(&dry(&plan, login.as_ref())).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    let HereArgs { pass_env, state_dir } = here;
    let target = match login {
        None => {
            LocalTarget::check(&fan_out)?;
            let chaos = chaos::of(chaos.chaos, seed.unwrap_or_default(), printer);
            Target::Local(LocalTarget::here(&fan_out, std::slice::from_ref(&plan), pass_env::names(pass_env, printer), chaos)?)
        }
        Some(_) if !pass_env.is_empty() => {
            return Err(Error::Refused("--pass-env: containers do not see this shell; give them a variable with --env NAME=VALUE".into()));
        }
        Some(_) if chaos.chaos.is_some() => {
            return Err(Error::Refused("--chaos: faults are made on this machine alone; leave it or --target aws out".into()));
        }
        Some(login) => Target::Aws(runtime()?.block_on(AwsTarget::survey(login, &plan, &fan_out, printer))?),
    };
    let root = state_dir::runs(state_dir)?;
    let manifest = Manifest::new(strategy.to_string(), target, &fan_out);
    let write = || {
        let record = Record::create(&root, manifest, &fan_out.runs, &plan)?;
        let hold = record.hold()?.map_err(|by| Error::Held { id: record.id().into(), by })?;
        Ok((record, hold))
    };
    begin(write, &root, detach, view.into(), printer)
}

/// The plan as it would be submitted, and where. What is found in the environment and the account is not looked for.
fn dry(plan: &Plan, login: Option<&Login>) -> Value {
    let target = match login {
        None => json!({"kind": "local"}),
        Some(Login { profile, region, endpoint_url }) => {
            let named = [("profile", profile), ("region", region), ("endpointUrl", endpoint_url)];
            let given = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::from(value.as_deref()?))));
            [("kind".to_owned(), "aws".into())].into_iter().chain(given).collect()
        }
    };
    let mut printed = plan.to_json();
    printed["target"] = target;
    printed
}
