//! `fanout explain`: why runs are not running.

use std::collections::BTreeMap;

use fanout_core::call::{Answer, Call};
use fanout_core::explain::{
    Account, Job, Known, Why, ask_for_id, ask_for_job, id_in, job_in, known, not_submitted_by_execution, of_scheduler,
};
use fanout_core::fan_out::FanOut;
use fanout_core::plan::Plan;
use fanout_core::rounds;
use fanout_core::run_list::RunList;
use fanout_core::select::select;
use fanout_engine::{CallId, Effect, Engine, Input, Reply, Request};
use fanout_local::Journal;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::args::{ExplainArgs, Format, OfArgs};
use crate::error::Error;
use crate::exit_code::Exit;
use crate::fan_out::strategy_named;
use crate::output::who;
use crate::printer::Printer;
use crate::record::{Record, Target};
use crate::target::aws::AwsTarget;
use crate::{runtime, state_dir};

/// Runs that are explained unasked: each takes a question or two.
const MOST: usize = 1000;

/// A run and what is known of it.
struct Explained {
    index: usize,
    status: String,
    why: Why,
}

pub(crate) fn explain(arguments: ExplainArgs, printer: &mut Printer) -> Result<Exit, Error> {
    let ExplainArgs { runs: words, of: OfArgs { run, state_dir }, output } = arguments;
    let record = Record::find(&state_dir::runs(state_dir)?, &run)?;
    let runs = record.runs()?;
    let (report, over) = record.report()?;
    let wanted = match words[..] {
        [] => (0..runs.len()).filter(|index| report.run(*index).is_none()).take(MOST).collect(),
        _ => select(&words, &runs, &report).map_err(Error::Refused)?,
    };
    if wanted.is_empty() {
        printer.say(&format!("all runs of fan-out {} are over; what became of them is told by: fanout show", record.id()));
        return Ok(Exit::Ok);
    }
    if !over && record.hold()?.is_ok() {
        printer.complain(&format!("note: the process of fan-out {id} is gone; it goes on with: fanout attach {id}", id = record.id()));
    }
    if words.is_empty() && wanted.len() == MOST {
        printer.say(&format!("the first {MOST} runs that are not over; others are told of if they are named"));
    }
    let fan_out = record.fan_out(&runs);
    let plan = strategy_named(&record.current().strategy)?.plan(&fan_out)?;
    let told = rounds::for_client(record.events()?, &fan_out);
    let explained = runtime()?.block_on(async {
        let mut witness = Witness::of(&record, &plan, over).await?;
        let mut explained = Vec::new();
        for index in wanted {
            // A run that is not in the last retry is over.
            let known = match (report.run(index), fan_out.runs.place(index)) {
                (Some(end), _) => Known::Ended(Box::new(end.clone())),
                (None, Some(place)) => known(&plan, &fan_out, &told, place),
                (None, None) => continue,
            };
            let (status, why) = witness.explain(known, &plan, &fan_out).await?;
            explained.push(Explained { index, status, why });
        }
        Ok::<_, Error>(explained)
    })?;
    match output {
        Format::Json => printer.data(&json_of(&explained, &runs)),
        Format::Text => print(&explained, &runs, printer),
    }
    Ok(Exit::Ok)
}

/// Who knows the jobs.
enum Witness {
    /// It is over: nobody is asked.
    Nobody,
    /// On this machine: the engine, as its journal has it now.
    Engine(Box<Engine>, Timestamp),
    Account(AwsTarget, Box<Account>),
}

impl Witness {
    async fn of(record: &Record, plan: &Plan, over: bool) -> Result<Self, Error> {
        match &record.current().target {
            _ if over => Ok(Self::Nobody),
            Target::Local(_) => {
                let found = Journal::look(&record.engine()).map_err(|error| Error::Refused(error.to_string()))?;
                Ok(found.map_or(Self::Nobody, |(engine, at)| Self::Engine(Box::new(engine), at)))
            }
            Target::Aws(there) => {
                let target = AwsTarget::open(there).await?;
                let mut account = Account::of(plan);
                while let Some(call) = account.next_call() {
                    account.answered(target.clients.call(&call).await);
                }
                Ok(Self::Account(target, Box::new(account)))
            }
        }
    }

    async fn explain(&mut self, known: Known, plan: &Plan, fan_out: &FanOut) -> Result<(String, Why), Error> {
        let job = match known {
            Known::Ended(end) => {
                let cause = end.cause.clone().unwrap_or_else(|| "nothing is wrong with it".into());
                let fix = (!end.status.is_success()).then(|| "fanout retry runs it once more; what it wrote is told by fanout logs".into());
                return Ok((end.status.word().into(), Why { cause, before: None, fix, source: "the record of the fan-out".into() }));
            }
            Known::Waits(why) => return Ok(("NOT SUBMITTED".into(), why)),
            Known::Submitted(job) => job,
        };
        let id = match job {
            Job::Id(id) => id,
            Job::Name(name) => match self.ask(ask_for_id(plan, &name)).await?.and_then(id_in) {
                Some(id) => id,
                None => return Ok(("NOT SUBMITTED".into(), not_submitted_by_execution(fan_out, plan.strategy))),
            },
        };
        let found = self.ask(ask_for_job(&id)).await?.and_then(job_in);
        let why = found.as_ref().and_then(|job| match self {
            Self::Nobody => None,
            Self::Engine(engine, _) => engine.explain(&id).as_ref().map(of_scheduler),
            Self::Account(_, account) => Some(account.why(job)),
        });
        let unknown = || Why { cause: "Batch does not know its job".into(), before: None, fix: None, source: "DescribeJobs".into() };
        Ok((found.map_or_else(|| "UNKNOWN".into(), |job| job.status), why.unwrap_or_else(unknown)))
    }

    async fn ask(&mut self, call: Call) -> Result<Option<Answer>, Error> {
        match self {
            Self::Nobody => Ok(None),
            Self::Account(target, _) => Ok(Some(target.clients.call(&call).await?)),
            Self::Engine(engine, at) => {
                let Call::Batch(request) = call else { return Ok(None) };
                engine.handle(Input::Call { id: CallId(0), request: Request::Batch(request) }, *at);
                let mut answer = None;
                while let Some(effect) = engine.poll_effect() {
                    if let Effect::Reply { reply, .. } = effect
                        && let Reply::Batch(Ok(reply)) = *reply
                    {
                        answer = Some(Answer::Batch(reply));
                    }
                }
                Ok(answer)
            }
        }
    }
}

/// Runs that wait for the same are told of once.
fn print(explained: &[Explained], runs: &RunList, printer: &mut Printer) {
    let mut groups: Vec<(&Explained, Vec<usize>)> = Vec::new();
    let mut known = BTreeMap::new();
    for one in explained {
        let key = (&one.status, Why { before: None, ..one.why.clone() });
        let at = *known.entry(key).or_insert_with(|| {
            groups.push((one, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(one.index);
    }
    for (Explained { status, why, .. }, group) in groups {
        let who = who(&group, runs);
        let turn = match (why.before, group.len()) {
            (None, _) => String::new(),
            (Some(0), 1) => "; it is next".into(),
            (Some(0), _) => "; the first of them is next".into(),
            (Some(before), 1) => format!("; before it: {before}"),
            (Some(before), _) => format!("; before the first of them: {before}"),
        };
        printer.data(&format!("{who}: {status}: {}{turn}", why.cause));
        if let Some(fix) = &why.fix {
            printer.data(&format!("  what helps: {fix}"));
        }
        printer.data(&format!("  known from: {}", why.source));
    }
}

fn json_of(explained: &[Explained], runs: &RunList) -> String {
    let one = |Explained { index, status, why }: &Explained| {
        let mut value = json!({"index": index, "item": runs.item(*index).value(), "status": status});
        if let (Value::Object(value), Ok(Value::Object(why))) = (&mut value, serde_json::to_value(why)) {
            value.extend(why);
        }
        value
    };
    serde_json::to_string_pretty(&explained.iter().map(one).collect::<Vec<_>>()).unwrap_or_default()
}
