//! The assignment: what a run is told. Strategies write it, the worker program reads it.
//!
//! Under every strategy a run sees the same variables and the same arguments. This is the only
//! place that knows their names.

mod packed;
mod shell;
mod wire;

use crate::command::{Command, Piece};
use crate::fan_out::FanOut;
use crate::item::Item;
use crate::limits::Violation;

pub use packed::{JsonForm, Pack};
pub(crate) use shell::keeper;
pub use wire::{ResolveError, Resolved, WireAssignment};

/// The run's index, from 0.
pub const INDEX: &str = "FANOUT_INDEX";
/// The run's item as JSON.
pub const ITEM: &str = "FANOUT_ITEM";
/// How many runs there are.
pub const SIZE: &str = "FANOUT_SIZE";
/// Which fan-out this is.
pub const RUN_ID: &str = "FANOUT_RUN_ID";
/// Which attempt this is, from 1.
pub const ATTEMPT: &str = "FANOUT_ATTEMPT";
/// The file that a run may write its result to.
pub const RESULT: &str = "FANOUT_RESULT";
/// What a line of the log begins with that is a line of the run's result: so it comes back from wherever the run was.
pub const RESULT_MARK: &str = "::fanout-result::";
/// Step Functions sets it for the jobs it waits for; fanout sets it for the others, so that a
/// worker written for one strategy runs under all.
pub const MANAGED: (&str, &str) = fanout_asl::api::MANAGED_BY_AWS;
/// Batch's own: which child of an array this is.
pub const BATCH_INDEX: &str = "AWS_BATCH_JOB_ARRAY_INDEX";
/// Batch's own: which node of a job this is.
pub const BATCH_NODE: &str = "AWS_BATCH_JOB_NODE_INDEX";
/// Batch's own: which job this is.
pub const JOB_ID: &str = "AWS_BATCH_JOB_ID";
/// Batch's own: which attempt this is, from 1.
pub const BATCH_ATTEMPT: &str = "AWS_BATCH_JOB_ATTEMPT";
/// The exit code of a run that its injected script stopped for taking too long.
pub const TIMED_OUT_CODE: i32 = 124;

/// Variables that a field or `--env` may not be called: the shell keeps them, or the program would not start.
const TAKEN: [&str; 11] = ["PATH", "IFS", "ENV", "BASH_ENV", "LD_PRELOAD", "UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS", "_"];

/// The only argument of a worker program that is no run: it waits until it is told to stop.
pub const KEEP: &str = "keep";

/// By which number of Batch's a run finds its item among those of its job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// [`BATCH_INDEX`], from 0; without one, 0.
    ArrayChild,
    /// [`BATCH_NODE`], from 1: node 0 is no run.
    Node,
}

/// How the items of one fan-out become variables and arguments.
#[derive(Clone, Debug)]
pub struct Assignment {
    env_name: String,
    fields: Vec<Field>,
    /// The same for all runs, where no job definition of the fan-out's own holds them.
    fixed: Vec<(String, String)>,
    typed: Vec<String>,
    command: Command,
    short_timeout: Option<u32>,
}

/// A field of the items and the variable that holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As in the items.
    pub name: String,
    /// The same with `_` for what a shell does not allow in a name.
    pub variable: String,
}

impl Assignment {
    /// The assignment of a fan-out.
    ///
    /// # Errors
    /// Every name that cannot be used, all at once.
    pub fn of(fan_out: &FanOut) -> Result<Self, Vec<Violation>> {
        let names = fan_out.runs.field_names();
        let mut violations = Vec::new();
        let env_name = fan_out.worker.env_name.clone();
        check_name(&env_name, "--env-name", &mut violations);
        let mut taken = vec![env_name.clone()];
        for (name, _) in &fan_out.worker.environment {
            check_name(name, "--env", &mut violations);
            check_taken(name, "--env", &mut taken, &mut violations);
        }
        let mut fields = Vec::new();
        for name in names {
            let variable = variable_name(&name);
            let what = format!("field {name:?} of the items");
            check_name(&variable, &what, &mut violations);
            check_taken(&variable, &what, &mut taken, &mut violations);
            fields.push(Field { name, variable });
        }
        check_zero_bytes(fan_out, &mut violations);
        if fan_out.worker.command.first().is_none_or(String::is_empty) {
            violations.push(Violation::invalid("the command", "it is missing", "write it after --, as in: -- python3 etl.py"));
        }
        if !violations.is_empty() {
            return Err(violations);
        }
        let typed = fan_out.worker.command.clone();
        let field_names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
        let command = Command::parse(&typed, &field_names);
        let short_timeout = fan_out.timeout_seconds.filter(|_| fan_out.script_keeps_time());
        let fixed = fan_out.worker.hosting.definition.as_ref().map(|_| fixed_variables(fan_out)).unwrap_or_default();
        Ok(Self { env_name, fields, fixed, typed, command, short_timeout })
    }

    /// The same where Batch keeps no time, so that the run's own script does.
    #[must_use]
    pub fn with_own_clock(self, fan_out: &FanOut) -> Self {
        Self { short_timeout: fan_out.timeout_seconds, ..self }
    }

    /// The variable that holds the item.
    pub fn env_name(&self) -> &str {
        &self.env_name
    }

    /// The fields and their variables.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Variables that are the same for all runs and have to be part of each job.
    pub fn fixed(&self) -> &[(String, String)] {
        &self.fixed
    }

    /// The variables that differ from run to run, in a fixed order.
    pub fn variables(&self, index: usize, item: &Item) -> Vec<(String, String)> {
        let mut variables =
            vec![(self.env_name.clone(), item.text()), (INDEX.to_owned(), index.to_string()), (ITEM.to_owned(), item.json())];
        variables.extend(self.fields.iter().map(|field| (field.variable.clone(), item.field(&field.name))));
        variables
    }

    /// The variable that a piece of the command stands for; `None` for text.
    fn variable_of(&self, piece: &Piece) -> Option<&str> {
        match piece {
            Piece::Text(_) => None,
            Piece::Item => Some(&self.env_name),
            Piece::Index => Some(INDEX),
            Piece::Field(name) => self.fields.iter().find(|field| field.name == *name).map(|field| field.variable.as_str()),
        }
    }
}

/// The variables that are the same for all runs.
pub fn fixed_variables(fan_out: &FanOut) -> Vec<(String, String)> {
    let mut variables = fan_out.worker.environment.clone();
    variables.push((RUN_ID.to_owned(), fan_out.run_id.clone()));
    variables.push((SIZE.to_owned(), fan_out.runs.whole().to_string()));
    variables
}

/// Neither a variable nor an argument can hold a zero byte.
fn check_zero_bytes(fan_out: &FanOut, violations: &mut Vec<Violation>) {
    let holds_zero = |item: &Item| item.text().contains('\0') || item.field_names().any(|name| item.field(name).contains('\0'));
    let items = fan_out.runs.listed().unwrap_or_default();
    let item = items.iter().position(holds_zero).map(|place| format!("the item of run {}", fan_out.runs.index(place)));
    let worker = &fan_out.worker;
    let texts = worker.command.iter().chain(worker.environment.iter().map(|(_, value)| value));
    let typed = texts.into_iter().any(|text| text.contains('\0')).then(|| "the command or an --env value".to_owned());
    for what in item.into_iter().chain(typed) {
        violations.push(Violation::invalid(what, "it holds a zero byte, which no variable can hold", "take the zero byte out"));
    }
}

fn variable_name(field: &str) -> String {
    let name: String = field.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}

fn check_name(name: &str, what: &str, violations: &mut Vec<Violation>) {
    let good =
        !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let reserved = name.starts_with("AWS_BATCH") || name.starts_with("FANOUT_") || name == MANAGED.0;
    let problem = if !good {
        "a variable's name has letters, digits and _ and does not begin with a digit"
    } else if reserved {
        "names that begin with AWS_BATCH or FANOUT_, and MANAGED_BY_AWS, are set by Batch, by fanout and by Step Functions"
    } else if TAKEN.contains(&name) {
        "the shell keeps this variable for itself, or the program would not start without it"
    } else {
        return;
    };
    violations.push(Violation::invalid(format!("{what} ({name:?})"), problem, "choose another name"));
}

fn check_taken(name: &str, what: &str, taken: &mut Vec<String>, violations: &mut Vec<Violation>) {
    if taken.iter().any(|other| other == name) {
        violations.push(Violation::invalid(what, format!("the variable {name} is set twice"), "rename one; --env-name renames the item's"));
    }
    taken.push(name.to_owned());
}
