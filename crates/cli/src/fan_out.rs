//! From what was typed to a fan-out.

use std::io::Read as _;
use std::path::Path;

use fanout_core::fan_out::{ExistingDefinition, FanOut, Hosting, Injection, MEMORY_MIB, NO_IMAGE, NO_ROLE, Platform, VCPUS, Worker};
use fanout_core::run_list::{Format, RunList, parse_file, parse_words};
use fanout_core::strategy::{self, Strategy};

use crate::args::{FanOutArgs, HostingArgs, ItemsFormat, PlatformName, StrategyName};
use crate::error::Error;

/// The strategy of that name: the only place where one is chosen.
pub(crate) fn strategy_of(name: StrategyName) -> Box<dyn Strategy> {
    match name {
        StrategyName::Map(None) => Box::new(strategy::Map),
        StrategyName::Map(Some(shape)) => Box::new(strategy::ShapedMap(shape)),
        StrategyName::DistributedMap => Box::new(strategy::DistributedMap),
        StrategyName::Parallel => Box::new(strategy::Parallel),
        StrategyName::Array => Box::new(strategy::Array),
        StrategyName::Submit => Box::new(strategy::Submit),
        StrategyName::MultiNode => Box::new(strategy::MultiNode),
        StrategyName::Auto => Box::new(strategy::Auto),
    }
}

/// The strategy that a record names.
pub(crate) fn strategy_named(name: &str) -> Result<Box<dyn Strategy>, Error> {
    name.parse()
        .map(strategy_of)
        .map_err(|error| Error::Refused(format!("the record names a strategy that is not known: {name:?}; {error}")))
}

/// The fan-out that the arguments describe.
pub(crate) fn fan_out_of(arguments: FanOutArgs, run_id: String) -> Result<FanOut, Error> {
    let FanOutArgs {
        items,
        items_file,
        items_format,
        max_concurrency,
        retries,
        max_fails,
        timeout,
        vcpus,
        memory,
        environment,
        env_name,
        name,
        image,
        inject,
        queue,
        bucket,
        hosting,
        command,
    } = arguments;
    if command.first().is_none_or(String::is_empty) {
        return Err(Error::NoCommand);
    }
    let HostingArgs { definition, platform, assign_public_ip, job_role, execution_role, state_machine_role } = hosting;
    let injection = injection_of(inject)?;
    let runs = run_list(items, items_file.as_deref(), items_format)?;
    Ok(FanOut {
        run_id,
        round: 0,
        name,
        worker: Worker {
            command,
            image: image.unwrap_or_else(|| NO_IMAGE.into()),
            environment: environment.into_iter().map(|variable| (variable.name, variable.value)).collect(),
            env_name,
            vcpus: vcpus.unwrap_or(VCPUS),
            memory_mib: memory.map_or(MEMORY_MIB, |memory| memory.0),
            injection,
            hosting: Hosting {
                definition: definition.map(|name| ExistingDefinition { name, vcpus, memory_mib: memory.map(|memory| memory.0) }),
                platform: match platform {
                    None | Some(PlatformName::Ec2) => Platform::Ec2,
                    Some(PlatformName::Fargate) => Platform::Fargate,
                },
                assign_public_ip,
                job_role_arn: job_role,
                execution_role_arn: execution_role,
            },
        },
        runs,
        max_concurrency: max_concurrency.map(|most| most as usize),
        retries: retries.unwrap_or_default(),
        max_fails,
        timeout_seconds: timeout.map(|timeout| timeout.0),
        job_queue: queue,
        bucket,
        role_arn: state_machine_role.unwrap_or_else(|| NO_ROLE.into()),
    })
}

/// `worker` is the `fanout-worker` beside this program, if there is one.
fn injection_of(text: String) -> Result<Injection, Error> {
    match text.as_str() {
        "sh" => Ok(Injection::Shell),
        "worker" => {
            let beside = std::env::current_exe().ok().map(|path| path.with_file_name("fanout-worker")).filter(|path| path.is_file());
            Ok(Injection::Worker(beside.map_or_else(|| "fanout-worker".into(), |path| path.to_string_lossy().into_owned())))
        }
        _ => match text.strip_prefix("worker:") {
            Some(path) if !path.is_empty() => Ok(Injection::Worker(path.into())),
            _ => Err(Error::Injection(text)),
        },
    }
}

fn run_list(items: Option<String>, file: Option<&Path>, format: Option<ItemsFormat>) -> Result<RunList, Error> {
    if let Some(items) = items {
        return Ok(parse_words(&items)?);
    }
    let Some(path) = file else { return Err(Error::NoItems) };
    let bytes = read(path).map_err(|source| Error::ItemsFile { path: path.into(), source })?;
    let name = if path == Path::new("-") { "standard input".into() } else { path.display().to_string() };
    let format = format.map_or_else(|| Format::of_name(&name), format_of);
    Ok(parse_file(&bytes, format, &name)?)
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    } else {
        std::fs::read(path)
    }
}

fn format_of(format: ItemsFormat) -> Format {
    match format {
        ItemsFormat::Lines => Format::Lines,
        ItemsFormat::Csv => Format::Csv,
        ItemsFormat::Tsv => Format::Tsv,
        ItemsFormat::Json => Format::Json,
        ItemsFormat::Jsonl => Format::JsonLines,
    }
}
