//! What can go wrong before anything is started, for the person who meets it.

use std::io;
use std::path::PathBuf;

use fanout_asl::api::ApiError;
use fanout_asl::mocks::MockError;
use fanout_core::call::CallError;
use fanout_core::limits::Violation;
use fanout_core::run_list::RunListError;
use fanout_core::strategy::PlanError;
use fanout_core::survey::Lack;

use crate::exit_code::Exit;
use crate::printer::Printer;
use crate::settings::Problems;

/// What `-` is called when it is talked about.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Settings(#[from] Problems),
    #[error("no items are given")]
    NoItems,
    #[error("no command is given")]
    NoCommand,
    #[error(transparent)]
    RunList(#[from] RunListError),
    #[error("{}: {source}", path.display())]
    ItemsFile { path: PathBuf, source: io::Error },
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error("--inject {0:?} is not known")]
    Injection(String),
    #[error("--image {0:?} is not PATTERN=PROGRAM ARGUMENT…")]
    Image(String),
    #[error("{program}: command not found")]
    CommandNotFound { program: String },
    #[error("--queue {0:?} cannot be made on this machine")]
    Queue(String),
    #[error("--bucket {bucket:?} cannot be made on this machine: {problem}")]
    Bucket { bucket: String, problem: fanout_local::ObjectError },
    #[error("the {strategy} strategy has no document")]
    NoDocument { strategy: &'static str },
    #[error("the history cannot be written to {}: {source}", path.display())]
    History { path: PathBuf, source: io::Error },
    #[error("{} cannot be written: {source}", path.display())]
    StateDir { path: PathBuf, source: io::Error },
    #[error("there is no fan-out {name:?} in {}", root.display())]
    NoRecord { name: String, root: PathBuf },
    #[error("{name:?} may be any of {}", .ids.join(", "))]
    Ambiguous { name: String, ids: Vec<String> },
    #[error("{}: {source}", path.display())]
    Manifest { path: PathBuf, source: serde_json::Error },
    #[error("{}:{line}: {source}", path.display())]
    Event { path: PathBuf, line: u64, source: serde_json::Error },
    #[error("{} was written by a newer fanout (schema {schema}; this one knows {known})", path.display())]
    NewerRecord { path: PathBuf, schema: u32, known: u32 },
    #[error("fan-out {id} was begun by fanout {version}, which plans it in another way")]
    OtherPlan { id: String, version: String },
    #[error("fan-out {id} is being carried out by another process{}", by.map(|pid| format!(" ({pid})")).unwrap_or_default())]
    Held { id: String, by: Option<u32> },
    #[error("fan-out {id} is not over")]
    NotOver { id: String },
    #[error("fan-out {id} has no runs that are to be run once more")]
    NothingToRetry { id: String },
    #[error("the record cannot be written: {source}; what ran was stopped")]
    Unkept { source: io::Error },
    #[error("{}, where the fan-out began, is not there any more", .0.display())]
    NoDirectory(PathBuf),
    #[error("the engine gave up: {0}")]
    EngineGaveUp(String),
    #[error("{}: {source}", path.display())]
    Export { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    Definition { path: PathBuf, source: io::Error },
    #[error("{name}:{line}:{column}: this byte is not UTF-8; a definition is JSON text")]
    NotText { name: String, line: usize, column: usize },
    #[error("{name}: {source}")]
    NotJson { name: String, source: serde_json::Error },
    #[error("{name} cannot be run: {source}")]
    InvalidDefinition { name: String, source: ApiError },
    #[error("the input is not JSON: {0}")]
    Input(serde_json::Error),
    #[error("{}: {source}", path.display())]
    InputFile { path: PathBuf, source: io::Error },
    #[error("{}: {source}", path.display())]
    MockFile { path: PathBuf, source: io::Error },
    #[error("the mocks in {} cannot be used: {source}", path.display())]
    Mocks { path: PathBuf, source: MockError },
    #[error("{}: {source}", path.display())]
    Drawing { path: PathBuf, source: io::Error },
    #[error("{what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("{0}")]
    Refused(String),
    #[error("the local engine refused {0}")]
    Call(#[from] CallError),
    #[error("no region: neither --region, nor AWS_REGION, nor the profile says where")]
    NoRegion,
    #[error("no credentials{}: {words}", profile.as_deref().map(|name| format!(" in profile {name}")).unwrap_or_default())]
    NoCredentials { words: String, profile: Option<String> },
    #[error("AWS does not take the credentials: {0}")]
    BadCredentials(CallError),
    #[error("AWS was asked in vain: {0}")]
    Unanswered(CallError),
    #[error("{place} lacks what the plan needs; nothing was submitted")]
    Lacking { place: String, lacks: Vec<Lack> },
    #[error("the fan-out was begun on {queue_arn}, which these credentials do not see there")]
    OtherAccount { queue_arn: String },
    #[error("fan-out {id} cannot be watched any more, and goes on: {error}")]
    Left { id: String, error: CallError },
}

impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::RunList(RunListError::Empty { .. }) | Self::NothingToRetry { .. } => Exit::NothingToRun,
            Self::Plan(error) if error.is_quota() => Exit::PlanInfeasible,
            Self::Lacking { .. } => Exit::PlanInfeasible,
            Self::InvalidDefinition { .. } => Exit::Findings,
            Self::Settings(_)
            | Self::NoItems
            | Self::NoCommand
            | Self::RunList(_)
            | Self::ItemsFile { .. }
            | Self::Plan(_)
            | Self::Injection(_)
            | Self::Image(_)
            | Self::CommandNotFound { .. }
            | Self::Queue(_)
            | Self::Export { .. }
            | Self::Definition { .. }
            | Self::NotText { .. }
            | Self::NotJson { .. }
            | Self::Input(_)
            | Self::InputFile { .. }
            | Self::MockFile { .. }
            | Self::Mocks { .. }
            | Self::History { .. }
            | Self::Drawing { .. }
            | Self::NoRecord { .. }
            | Self::Ambiguous { .. }
            | Self::NewerRecord { .. }
            | Self::OtherPlan { .. }
            | Self::Held { .. }
            | Self::NotOver { .. }
            | Self::NoDirectory(_)
            | Self::Bucket { .. }
            | Self::NoDocument { .. }
            | Self::NoRegion
            | Self::NoCredentials { .. }
            | Self::BadCredentials(_)
            | Self::OtherAccount { .. }
            | Self::Refused(_) => Exit::Usage,
            Self::Manifest { .. }
            | Self::Event { .. }
            | Self::Unkept { .. }
            | Self::EngineGaveUp(_)
            | Self::StateDir { .. }
            | Self::Io { .. }
            | Self::Unanswered(_)
            | Self::Left { .. }
            | Self::Call(_) => Exit::Unexpected,
        }
    }

    /// What to do next.
    fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Settings(problems) => problems.hints(),
            Self::NoItems => one("give a list, as in --items 1-6, or a file, as in --items-file months.csv"),
            Self::NoCommand => one("write the command after --, as in: fanout run --items 1-6 -- python3 etl.py {}"),
            Self::ItemsFile { .. } => one("--items-file takes the path of a readable file, or - for standard input"),
            Self::Plan(error) => error.violations.iter().map(Violation::help).map(str::to_owned).collect(),
            Self::Injection(_) => one("use sh, worker or worker:/path/to/fanout-worker"),
            Self::Image(_) => one("write it as --image 'etl*=python3 /app/etl.py'"),
            Self::CommandNotFound { program } => {
                if program.contains('/') {
                    one("the path is looked up from the current directory; check that the file is there and executable")
                } else {
                    one("check the spelling, or give the program's path; the runs see the PATH of this shell")
                }
            }
            Self::Queue(_) => one("here a queue has a name of at most 128 letters, digits, - and _; without --queue it is called fanout"),
            Self::Export { .. } => one("results are written to files that can be made, as in --export-json bench.json"),
            Self::Definition { .. } => one("a definition is read from the path of a readable file, or from standard input as -"),
            Self::NotJson { name, .. } => vec![format!("all that is wrong with it is told by: fanout asl check {}", path_of(name))],
            Self::InvalidDefinition { name, .. } => {
                vec![format!("all that is wrong with it, and where, is told by: fanout asl check {}", path_of(name))]
            }
            Self::Input(_) => one("as in --input '{\"month\": \"2024-01\"}'; a file is read with --input-file FILE"),
            Self::InputFile { .. } => one("--input-file takes the path of a readable file, or - for standard input"),
            Self::MockFile { .. } => one("--mock takes the path of a readable file; its forms are told by: fanout asl run --help"),
            Self::History { .. } => one("--history takes the path of a file that can be written"),
            Self::Mocks { source: MockError::Case { cases, .. }, .. } if cases.is_empty() => {
                one("only the form of Step Functions Local has test cases; leave --case out")
            }
            Self::Mocks { source: MockError::Case { .. }, .. } => one("name a test case with --case NAME"),
            Self::Mocks { .. } => one("the forms of the file are told by: fanout asl run --help"),
            Self::Drawing { .. } => one("-o takes the path of a file that can be written"),
            Self::StateDir { .. } => one("logs are kept there; choose another directory with --state-dir DIR"),
            Self::NoDirectory(_) => one("make it again: the programs run there"),
            Self::NoRecord { .. } => one("those that there are, are listed by: fanout runs"),
            Self::Ambiguous { .. } => one("write more of the id"),
            Self::NewerRecord { .. } => one("use the fanout that wrote it"),
            Self::OtherPlan { .. } => one("use that version of fanout; what has ended is told by: fanout show"),
            Self::Held { id, .. } => vec![format!("see it with: fanout attach {id}; stop it with: fanout cancel {id}")],
            Self::NotOver { id } => vec![format!("see it to its end with: fanout attach {id}; or stop it with: fanout cancel {id}")],
            Self::NothingToRetry { .. } => one("what became of each is told by: fanout show; any runs are chosen with --only 3,8-10"),
            Self::Unkept { .. } | Self::EngineGaveUp(_) => one("make room where the record is (--state-dir), then: fanout attach"),
            Self::Manifest { .. } | Self::Event { .. } => one("the record was changed or damaged; fanout never repairs one"),
            Self::Bucket { .. } => one("a bucket's name has 3 to 63 small letters, digits, dots and hyphens"),
            Self::NoDocument { strategy } => one(&format!("its calls are printed by: fanout run --strategy {strategy} --dry-run …")),
            Self::NoRegion => {
                one("name one with --region, as in --region eu-west-1, or set AWS_REGION, or: aws configure set region eu-west-1")
            }
            Self::NoCredentials { .. } => vec![
                "sign in first, with: aws sso login, or: aws configure; or name a profile with --profile (aws configure list-profiles)"
                    .into(),
                "what fanout finds is what the AWS CLI finds: try aws sts get-caller-identity".into(),
            ],
            Self::BadCredentials(_) => {
                one("sign in again (aws sso login), or name another profile with --profile; the clock must be right, too")
            }
            Self::Unanswered(_) => one("check the network, --region and --endpoint-url"),
            Self::OtherAccount { .. } => one("sign in to the account that has it, with the profile that was used"),
            Self::Left { id, .. } => vec![format!("when AWS can be asked again: fanout attach {id}; to stop it: fanout cancel {id}")],
            Self::Lacking { .. } | Self::NotText { .. } | Self::RunList(_) | Self::Io { .. } | Self::Refused(_) | Self::Call(_) => {
                Vec::new()
            }
        }
    }

    /// What happened.
    pub(crate) fn words(&self) -> String {
        let mut words = self.to_string();
        if let Self::Plan(error) = self {
            words.extend(error.violations.iter().map(|violation| format!("\n  {violation}")));
        }
        if let Self::Lacking { lacks, .. } = self {
            words.extend(lacks.iter().map(|Lack { what, mend }| format!("\n  {what}\n    hint: {mend}")));
        }
        words
    }

    pub(crate) fn print(&self, printer: &Printer) {
        printer.complain(&format!("error: {}", self.words()));
        let mut hints = self.hints();
        hints.dedup();
        for hint in hints {
            printer.complain(&format!("hint: {hint}"));
        }
    }
}

/// A file's name as it is typed.
fn path_of(name: &str) -> &str {
    if name == STANDARD_INPUT { "-" } else { name }
}
