//! The command line as sentences: `Fanout::run(["--items", "1-6"]).command(["true"]).expect_exit(0)`.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The strategies, as typed.
pub(crate) const STRATEGIES: [&str; 6] = ["map", "distributed-map", "parallel", "array", "submit", "multi-node"];
/// Those under which each run is tried again by itself.
pub(crate) const RETRYING: [&str; 5] = ["map", "distributed-map", "parallel", "array", "submit"];
/// A command that takes longer than this hangs.
const LIMIT: Duration = Duration::from_mins(1);

static NEXT: AtomicU32 = AtomicU32::new(0);

/// An empty directory that goes away again.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("fanout-cli-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a directory");
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a file");
        path.display().to_string()
    }

    /// What runs wrote into a file; empty if they did not.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_default()
    }

    /// How many files there are.
    pub(crate) fn count(&self) -> usize {
        fs::read_dir(&self.0).expect("a directory").count()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A command line to be tried. Its state directory and working directory are its own.
pub(crate) struct Fanout {
    command: Command,
    state: Dir,
    stdin: Option<String>,
}

impl Fanout {
    /// `fanout run --state-dir …`.
    pub(crate) fn run<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::with_state("run", arguments)
    }

    /// `fanout bench --state-dir …`.
    pub(crate) fn bench<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        Self::with_state("bench", arguments)
    }

    /// `fanout …`.
    pub(crate) fn plain<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        let state = Dir::new();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fanout"));
        command.args(arguments).current_dir(state.path()).env_remove("FANOUT_LOG");
        // Whoever runs the tests may have settings of their own.
        command.env("XDG_CONFIG_HOME", state.path());
        Self { command, state, stdin: None }
    }

    fn with_state<S: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = S>) -> Self {
        let mut fanout = Self::plain([name]);
        fanout.command.arg("--state-dir").arg(fanout.state.path().join("state")).args(arguments);
        fanout
    }

    /// More arguments.
    pub(crate) fn and<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// `-- COMMAND…`.
    pub(crate) fn command<S: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.command.arg("--").args(words);
        self
    }

    /// `-- sh -c SCRIPT`.
    pub(crate) fn script(self, script: &str) -> Self {
        self.command(["sh", "-c", script])
    }

    /// A variable of the shell that fanout is started from.
    pub(crate) fn shell_variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The directory that fanout is started in.
    pub(crate) fn directory(mut self, path: &Path) -> Self {
        self.command.current_dir(path);
        self
    }

    /// What fanout reads from standard input.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Where fanout writes, if not to the test.
    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.command.stdout(to);
        self
    }

    /// Starts fanout and does not wait.
    pub(crate) fn start(mut self) -> Running {
        self.command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() }).stderr(Stdio::piped());
        let line = format!("{:?}", self.command);
        let mut child = self.command.spawn().expect("fanout starts");
        if let (Some(mut stdin), Some(text)) = (child.stdin.take(), self.stdin) {
            stdin.write_all(text.as_bytes()).expect("fanout reads its input");
        }
        let stdout = child.stdout.take().map(Heard::from);
        let stderr = child.stderr.take().map(Heard::from).expect("a pipe");
        Running { child, stdout, stderr, line, state: self.state }
    }

    /// Waits for the end, which has to be this exit code.
    pub(crate) fn expect_exit(self, code: i32) -> Done {
        self.expect_exit_of(&[code])
    }

    /// Waits for the end, which has to be one of these exit codes.
    pub(crate) fn expect_exit_of(mut self, codes: &[i32]) -> Done {
        self.command.stdout(Stdio::piped());
        self.start().expect_exit_of(codes)
    }
}

/// What came out of a pipe so far.
struct Heard {
    text: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Heard {
    fn from(mut pipe: impl Read + Send + 'static) -> Self {
        let text: Arc<Mutex<Vec<u8>>> = Arc::default();
        let into = Arc::clone(&text);
        let reader = thread::spawn(move || {
            let mut bytes = [0; 8192];
            while let Ok(length @ 1..) = pipe.read(&mut bytes) {
                into.lock().expect("a lock").extend_from_slice(&bytes[..length]);
            }
        });
        Self { text, reader }
    }

    fn so_far(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().expect("a lock")).into_owned()
    }

    fn whole(self) -> String {
        self.reader.join().expect("a reader");
        String::from_utf8_lossy(&self.text.lock().expect("a lock")).into_owned()
    }
}

/// A fanout that runs.
pub(crate) struct Running {
    child: Child,
    stdout: Option<Heard>,
    stderr: Heard,
    line: String,
    state: Dir,
}

impl Running {
    /// Waits until something is so.
    pub(crate) fn wait_until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) -> &mut Self {
        let begin = Instant::now();
        while !is_so(self) {
            let over = self.child.try_wait().expect("a child");
            if begin.elapsed() > LIMIT || over.is_some() {
                let _ = self.child.kill();
                panic!("{}: {what} did not happen (exit {over:?})", self.line);
            }
            thread::sleep(Duration::from_millis(5));
        }
        self
    }

    /// How often stdout has said this so far.
    pub(crate) fn has_said(&self, text: &str) -> usize {
        self.stdout.as_ref().map_or(0, |heard| heard.so_far().matches(text).count())
    }

    /// All that stdout has said so far.
    pub(crate) fn said(&self) -> String {
        self.stdout.as_ref().map(Heard::so_far).unwrap_or_default()
    }

    /// Ends it at once, as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child");
        self.child.wait().expect("a child");
    }

    /// Ends it as Ctrl-C does, if it still runs.
    pub(crate) fn end(&mut self) {
        if self.child.try_wait().expect("a child").is_none() {
            self.signal("INT");
            self.child.wait().expect("a child");
        }
    }

    /// How often stderr has said this so far.
    pub(crate) fn has_told(&self, text: &str) -> usize {
        self.stderr.so_far().matches(text).count()
    }

    /// Sends a signal, as in `kill -INT`.
    pub(crate) fn signal(&mut self, name: &str) -> &mut Self {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill").success(), "{name} could not be sent");
        self
    }

    /// Waits for the end, which has to be this exit code.
    pub(crate) fn expect_exit(self, code: i32) -> Done {
        self.expect_exit_of(&[code])
    }

    /// Waits for the end, which has to be one of these exit codes.
    pub(crate) fn expect_exit_of(mut self, codes: &[i32]) -> Done {
        let begin = Instant::now();
        let status = loop {
            match self.child.try_wait().expect("a child") {
                Some(status) => break status,
                None if begin.elapsed() > LIMIT => {
                    let _ = self.child.kill();
                    panic!("{}: hangs", self.line);
                }
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let took = begin.elapsed();
        let stdout = self.stdout.map(Heard::whole).unwrap_or_default();
        let done = Done { stdout, stderr: self.stderr.whole(), took, line: self.line, state: self.state };
        assert!(status.code().is_some_and(|code| codes.contains(&code)), "{status}, not {codes:?}: {}", done.shown());
        done
    }
}

/// What became of a command line.
pub(crate) struct Done {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// From the moment it was waited for.
    pub(crate) took: Duration,
    line: String,
    state: Dir,
}

impl Done {
    fn shown(&self) -> String {
        format!("{}\n--- stdout\n{}\n--- stderr\n{}", self.line, self.stdout, self.stderr)
    }

    pub(crate) fn stdout_contains(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "{text:?} is not on stdout of {}", self.shown());
        self
    }

    pub(crate) fn stderr_contains(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not on stderr of {}", self.shown());
        self
    }

    pub(crate) fn stderr_lacks(self, text: &str) -> Self {
        assert!(!self.stderr.contains(text), "{text:?} is on stderr of {}", self.shown());
        self
    }

    pub(crate) fn stdout_is_empty(self) -> Self {
        assert_eq!(self.stdout, "", "{}", self.shown());
        self
    }

    pub(crate) fn stderr_is_empty(self) -> Self {
        assert_eq!(self.stderr, "", "{}", self.shown());
        self
    }

    /// No log, no record: it was refused before anything was begun.
    pub(crate) fn nothing_was_begun(self) -> Self {
        assert!(!self.state.path().join("state").exists(), "the state directory was made by {}", self.shown());
        self
    }

    /// The whole of stdout as one JSON value.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.shown()))
    }

    /// Each line of stdout as a JSON value.
    pub(crate) fn json_lines(&self) -> Vec<Value> {
        let line = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.shown()));
        self.stdout.lines().map(line).collect()
    }
}

/// Each run's start and end in seconds of the day, from the report of `--output json`.
pub(crate) fn spans(report: &Value) -> Vec<(f64, f64)> {
    let seconds = |run: &Value, name: &str| {
        let text = run[name].as_str().unwrap_or_else(|| panic!("no {name} in {run}"));
        let clock: Vec<f64> = text[11..].trim_end_matches('Z').split(':').map(|part| part.parse().expect("a time")).collect();
        clock[0] * 3600.0 + clock[1] * 60.0 + clock[2]
    };
    let runs = report["runs"].as_array().expect("runs");
    runs.iter().map(|run| (seconds(run, "startedAt"), seconds(run, "stoppedAt"))).collect()
}

/// The most of them at one time.
pub(crate) fn peak(spans: &[(f64, f64)]) -> usize {
    let at = |moment: f64| spans.iter().filter(|(start, stop)| *start <= moment && moment < *stop).count();
    spans.iter().map(|(start, _)| at(*start)).max().unwrap_or_default()
}
