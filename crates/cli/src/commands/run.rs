//! `fanout run`: plan, write down, carry out, report.

use crate::args::{HereArgs, RunArgs};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::printer::Printer;
use crate::record::{Manifest, Record, Target};
use crate::signals::Signals;
use crate::state_dir;
use crate::supervise::{View, supervise};
use crate::target::local::LocalTarget;
use crate::{chaos, detached, pass_env, run_id, runtime};

pub(crate) fn run(arguments: RunArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let RunArgs { strategy, fan_out, here, chaos, seed, dry_run, detach, output, logs, quiet: _ } = arguments;
    let fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    let plan = strategy_of(strategy).plan(&fan_out)?;
    if dry_run {
        plan.notes.iter().for_each(|note| printer.complain(&format!("note: {note}")));
        printer.data(&serde_json::to_string_pretty(&plan.to_json()).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    LocalTarget::check(&fan_out)?;
    let HereArgs { pass_env, state_dir } = here;
    let chaos = chaos::of(chaos.chaos, seed.unwrap_or_default(), printer);
    let here = LocalTarget::here(&fan_out, std::slice::from_ref(&plan), pass_env::names(pass_env, printer), chaos)?;
    let root = state_dir::runs(state_dir)?;
    let manifest = Manifest::new(strategy.to_string(), Target::Local(here), &fan_out);
    if detach {
        let record = Record::create(&root, manifest, &fan_out.runs, &plan)?;
        detached::start(&record, &root)?;
        printer.data(record.id());
        printer.say(&format!("{} runs go on without this command; see them with: fanout attach {}", plan.size, record.id()));
        return Ok(Exit::Ok);
    }
    runtime()?.block_on(async {
        // Before there is a record: whoever stops it from here on gets a report.
        let mut signals = Signals::listen().map_err(Error::io("signals cannot be listened to"))?;
        let record = Record::create(&root, manifest, &fan_out.runs, &plan)?;
        let hold = record.hold()?.map_err(|by| Error::Held { id: record.id().into(), by })?;
        supervise(&record, hold, View { output, logs }, false, &mut signals, printer).await
    })
}
