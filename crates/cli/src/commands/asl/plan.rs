//! `fanout asl` alone: the documents that `run` would create, in that order, indented.

use crate::args::PlanArgs;
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::{fan_out_of, strategy_of};
use crate::printer::Printer;
use crate::run_id;

pub(crate) fn plan(arguments: PlanArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let PlanArgs { strategy, fan_out } = arguments;
    let fan_out = fan_out_of(fan_out, run_id::new(jiff::Timestamp::now()))?;
    let plan = strategy_of(strategy).plan(&fan_out)?;
    let machines = plan.state_machines();
    if machines.is_empty() {
        return Err(Error::NoDocument { strategy: plan.strategy });
    }
    for machine in machines {
        let value: serde_json::Value = serde_json::from_str(&machine.definition).unwrap_or_default();
        printer.data(&serde_json::to_string_pretty(&value).unwrap_or_default());
    }
    Ok(Exit::Ok)
}
