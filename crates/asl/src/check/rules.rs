//! The rules of this crate: what AWS accepts although it will fail, or does not do what it seems to do.
//!
//! A code is stable: whoever silences one by name can rely on it. Each says where the fact behind it comes from.

use super::finding::Severity;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Such as `MAP_RESULT_OVERFLOW`.
    pub code: &'static str,
    /// Of its findings.
    pub severity: Severity,
    /// One sentence.
    pub summary: &'static str,
}

macro_rules! rules {
    ($($(#[$doc:meta])+ $name:ident: $severity:ident = $summary:literal;)+) => {
        $($(#[$doc])+ pub(super) const $name: Rule =
            Rule { code: stringify!($name), severity: Severity::$severity, summary: $summary };)+

        /// Every rule, for whoever lists them.
        pub const RULES: &[Rule] = &[$($name),+];
    };
}

rules! {
    /// JSON leaves it open what a reader does with a repeated key (RFC 8259, section 4); nearly all keep the last.
    DUPLICATE_KEY: Warning = "An object has the same key twice.";
    /// 1,048,576 characters: CreateStateMachine, `definition`.
    DEFINITION_TOO_LARGE: Error = "The definition is larger than AWS accepts.";
    /// A request has 1 MB, with headers and everything else (Step Functions quotas).
    DEFINITION_NEARLY_TOO_LARGE: Warning = "The request that creates the machine nears AWS's limit.";

    /// 262,144 bytes of a state's output (Step Functions quotas). The description of a job, as `.sync` returns it, has 1.5 to
    /// 3 KB; one in public test data of NASA-IMPACT's HLS has 2,394 bytes.
    MAP_RESULT_OVERFLOW: Warning = "A Map gathers whole job descriptions, which outgrow its result.";
    /// About 40 iterations at one time (Developer Guide, Map state in Inline mode).
    MAP_CONCURRENCY_LIMIT: Warning = "An inline Map is asked for more iterations at one time than AWS runs.";
    /// `Map.Item` is for the Map's own ItemSelector or Parameters (Developer Guide, context object; States Language, Map).
    MAP_ITEM_IN_STATES: Warning = "The item is read from the context object inside the Map's states.";
    /// The context object has `Map` only in a Map state (Developer Guide, context object); a path to nothing is States.Runtime.
    MAP_ITEM_OUTSIDE_MAP: Warning = "The item of a Map is read where no Map is.";
    /// `Retry` on a Map or Parallel runs all of it again (Developer Guide, Map state in Inline mode); one on a job array
    /// submits a new array (Batch, array jobs).
    RETRY_RERUNS_ALL: Warning = "A retry runs again what has succeeded already.";
    /// 25,000 events of one history; reaching it fails the execution (Step Functions quotas). How many events a state has is
    /// counted from recorded histories.
    HISTORY_OVERFLOW: Warning = "No execution can end within the events that a history may have.";
    /// As for `HISTORY_OVERFLOW`.
    MAP_HISTORY_LIMIT: Note = "So many items an inline Map can have before the history is full.";
    /// 1,000 elements at most (Developer Guide, intrinsic functions).
    ARRAY_RANGE_LIMIT: Warning = "States.ArrayRange is asked for more than it makes.";

    /// Static values that are no strings are refused at creation; dynamic ones when the task starts, as States.Runtime, which
    /// nothing catches (public reports: aws/aws-cdk#12284, ASFHyP3/hyp3#2585).
    BATCH_VALUE_NOT_STRING: Warning = "A number or boolean is passed where Batch takes a string.";
    /// 2 to 10,000 children, 60 seconds, 1 to 10 attempts (AWS Batch quotas; SubmitJob).
    BATCH_LIMIT: Warning = "Batch refuses this number when the job is submitted.";

    /// A Task without TimeoutSeconds waits 99,999,999 seconds (Developer Guide, Task state, and best practices on
    /// timeouts).
    TASK_WITHOUT_TIMEOUT: Warning = "A task that waits for something else has no timeout.";
    /// Developer Guide, wait for a callback with the task token, on heartbeats.
    CALLBACK_WITHOUT_HEARTBEAT: Warning = "A callback that never comes is waited for until the execution ends.";
    /// The token is only in the context object, and only passed on if the parameters say so (Developer Guide, as above).
    CALLBACK_WITHOUT_TOKEN: Warning = "A task waits for a token that it gives to nobody.";

    /// States.ALL does not stand for States.DataLimitExceeded (Developer Guide, error names).
    CATCH_MISSES_DATA_LIMIT: Warning = "A Map's result may grow too large, which States.ALL does not catch.";
    /// States.TaskFailed stands for everything but States.Timeout (Developer Guide, error names).
    CATCH_MISSES_TIMEOUT: Warning = "The task's timeout is not caught.";
    /// Retriers and catchers are scanned in order, and the first that matches is taken (States Language, errors).
    HANDLER_SHADOWED: Warning = "An error name never matches, because an earlier rule takes it.";
    /// "A States.Runtime error isn't retriable, and will always cause the execution to fail" (Developer Guide, error names).
    RUNTIME_ERROR_HANDLED: Warning = "States.Runtime is neither retried nor caught.";
    /// Names that begin with `States.` are reserved (States Language, errors).
    UNKNOWN_ERROR_NAME: Warning = "No error has this name.";

    /// Without a match and a Default the execution fails with States.NoChoiceMatched (States Language, Choice state).
    CHOICE_WITHOUT_DEFAULT: Warning = "A Choice has no Default, and its rules may leave something out.";
    /// What leads to itself unchanged does so until the history has its 25,000 events (Step Functions quotas).
    ENDLESS_LOOP: Warning = "Once a state is entered, no end can be reached.";
    /// As for `ENDLESS_LOOP`: a Choice changes nothing, so it chooses the same again.
    SELF_LOOP: Warning = "A Choice leads to itself.";
    /// As for `ENDLESS_LOOP`; each lap is billed (Step Functions pricing, state transitions).
    POLL_WITHOUT_WAIT: Warning = "A loop asks for a status again and again without a Wait.";
    /// A year, the longest that an execution lives: "Wait state delay is too long." is recorded from AWS.
    WAIT_TOO_LONG: Warning = "A Wait is longer than any execution lives.";

    /// A string is a path only behind a name that ends in `.$` (States Language, payload template).
    PATH_WITHOUT_SUFFIX: Warning = "A path is passed as it is written, because the field's name does not end in `.$`.";
    /// `Result` is passed on as it is (States Language, Pass state).
    PATH_IN_RESULT: Warning = "A Pass state's Result is not computed.";
    /// In JSONata states there are no paths and no intrinsic functions (Developer Guide, transforming data with JSONata).
    PATH_IN_JSONATA: Warning = "A JSONPath is passed as it is written in a JSONata state.";
    /// Only states whose QueryLanguage is JSONata evaluate expressions (Developer Guide, as above).
    JSONATA_IN_JSONPATH: Warning = "A JSONata expression is passed as it is written in a JSONPath state.";
    /// An expression begins with `{%` and ends with `%}`, without blanks around them (Developer Guide, as above; recorded).
    JSONATA_DELIMITERS: Warning = "A string is not wholly a JSONata expression.";

    /// Developer Guide, passing data between states with variables, on their scope.
    UNASSIGNED_VARIABLE: Warning = "A variable is read where nothing assigns it.";
    /// Variables are kept for the rest of the execution, 10 MiB at most (Step Functions quotas).
    UNUSED_VARIABLE: Warning = "A variable is assigned and never read.";
}
