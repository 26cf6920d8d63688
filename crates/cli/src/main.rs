//! fanout: one worker, many runs, in parallel, under any fan-out strategy.

mod args;
mod begin;
mod carry_out;
mod chaos;
mod commands;
mod completions;
mod detached;
mod error;
mod exit_code;
mod fan_out;
mod home;
mod keys;
mod output;
mod pass_env;
mod printer;
mod record;
mod run_id;
mod settings;
mod signals;
mod state_dir;
mod supervise;
mod target;

use std::process::ExitCode;

use tokio::runtime::{Builder, Runtime};

use args::{Arguments, AslCommand, Command};
use error::Error;
use exit_code::Exit;
use printer::Printer;
use settings::Settings;

fn main() -> ExitCode {
    completions::answer();
    let (arguments, settings) = match Arguments::of_command_line() {
        Ok(understood) => understood,
        Err(problems) => {
            let error = Error::from(problems);
            error.print(&Printer::new(false));
            return error.exit().into();
        }
    };
    let mut printer = Printer::new(is_quiet(&arguments.command));
    start_tracing();
    tell_of_settings(&arguments.command, &settings, &printer);
    let done = match arguments.command {
        Command::Run(arguments) => commands::run::run(arguments, &mut printer),
        Command::Attach(arguments) => commands::attach::attach(arguments, &mut printer),
        Command::Cancel(arguments) => commands::attach::cancel(arguments, &mut printer),
        Command::Carry(arguments) => commands::attach::carry(arguments, &mut printer),
        Command::Retry(arguments) => commands::retry::retry(arguments, &mut printer),
        Command::Runs(arguments) => commands::records::runs(arguments, &mut printer),
        Command::Show(arguments) => commands::records::show(arguments, &mut printer),
        Command::Logs(arguments) => commands::logs::logs(arguments, &mut printer),
        Command::Explain(arguments) => commands::explain::explain(arguments, &mut printer),
        Command::Results(arguments) => commands::results::results(arguments, &mut printer),
        Command::Diff(arguments) => commands::records::diff(arguments, &mut printer),
        Command::Prune(arguments) => commands::records::prune(arguments, &mut printer),
        Command::Asl(arguments) => commands::asl::asl(arguments, &mut printer),
        Command::Bench(arguments) => commands::bench::bench(arguments, &mut printer),
        Command::Local(arguments) => commands::local::local(arguments, &mut printer),
        Command::Config(arguments) => Ok(commands::config::config(arguments, &settings, &mut printer)),
        Command::Completions(arguments) => commands::help_pages::completions(arguments, &mut printer),
        Command::Man(arguments) => commands::help_pages::man(arguments, &mut printer),
    };
    match done {
        Ok(Exit::Ok) if printer.has_lost_data() => Exit::Unexpected.into(),
        Ok(exit) => exit.into(),
        Err(error) => {
            printer.hide();
            error.print(&printer);
            for origin in settings.behind(&error.words()) {
                printer.complain(&format!("note: {origin}"));
            }
            error.exit().into()
        }
    }
}

/// What is set and not typed should not surprise whoever starts something.
fn tell_of_settings(command: &Command, settings: &Settings, printer: &Printer) {
    for note in &settings.notes {
        printer.complain(&format!("note: {note}"));
    }
    let sources: Vec<String> = settings.sources().iter().map(|path| path.display().to_string()).collect();
    if matches!(command, Command::Run(_) | Command::Retry(_) | Command::Bench(_) | Command::Local(_)) && !sources.is_empty() {
        printer.say(&format!("with settings of {}", sources.join(" and ")));
    }
}

fn is_quiet(command: &Command) -> bool {
    match command {
        Command::Run(arguments) => arguments.view.quiet,
        Command::Bench(arguments) => arguments.quiet,
        Command::Asl(arguments) => matches!(&arguments.command, Some(AslCommand::Run(arguments)) if arguments.quiet),
        Command::Attach(arguments) => arguments.view.quiet,
        Command::Retry(arguments) => arguments.view.quiet,
        Command::Carry(_) => true,
        Command::Local(_)
        | Command::Cancel(_)
        | Command::Runs(_)
        | Command::Show(_)
        | Command::Logs(_)
        | Command::Explain(_)
        | Command::Results(_)
        | Command::Diff(_)
        | Command::Prune(_)
        | Command::Config(_)
        | Command::Completions(_)
        | Command::Man(_) => false,
    }
}

/// Diagnostics go to standard error when `FANOUT_LOG` asks for them.
fn start_tracing() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("FANOUT_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
}

/// One thread is enough: programs run in processes, the engine on a thread of its own.
fn runtime() -> Result<Runtime, Error> {
    Builder::new_current_thread().enable_all().build().map_err(Error::io("the runtime cannot be started"))
}
