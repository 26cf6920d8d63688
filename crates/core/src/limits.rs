//! AWS's limits that bind a plan, in the words of who meets them, and what breaks them. The numbers are the
//! machines' own.

use std::fmt;

use fanout_batch::limits as batch;

/// A ceiling of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub what: &'static str,
    /// The ceiling.
    pub most: u64,
    /// In which unit.
    pub unit: &'static str,
    /// Where AWS says so.
    pub source: &'static str,
}

/// Events of one execution's history.
pub const HISTORY_EVENTS: Limit = Limit {
    what: "one execution's history",
    most: fanout_asl::HISTORY_EVENTS,
    unit: "events",
    source: "Step Functions quotas, state machine executions",
};
/// Iterations of an inline Map state in flight.
pub const MAP_ITERATIONS: Limit = Limit {
    what: "an inline Map state",
    most: fanout_asl::INLINE_MAP_CONCURRENCY as u64,
    unit: "iterations at a time",
    source: "Step Functions, Map state in Inline mode",
};
/// A state's input or output.
pub const STATE_DATA: Limit = Limit {
    what: "a state's input",
    most: fanout_asl::PAYLOAD_BYTES as u64,
    unit: "bytes",
    source: "Step Functions quotas, task executions",
};
/// Numbers that one call of `States.ArrayRange` makes.
pub const ARRAY_RANGE: Limit =
    Limit { what: "States.ArrayRange", most: 1_000, unit: "elements", source: "Step Functions, intrinsic functions" };
/// Child executions of a distributed Map in flight.
pub const MAP_RUN_CHILDREN: Limit = Limit {
    what: "a distributed Map state",
    most: fanout_asl::MAP_RUN_CONCURRENCY as u64,
    unit: "child executions at a time",
    source: "Step Functions quotas, Map Run",
};
/// A request to Step Functions, and so a definition.
pub const DEFINITION: Limit =
    Limit { what: "a state machine definition", most: 1_048_576, unit: "bytes", source: "Step Functions quotas, general" };
/// A state machine's name.
pub const MACHINE_NAME: Limit =
    Limit { what: "a state machine's name", most: 80, unit: "characters", source: "Step Functions API, CreateStateMachine" };
/// Children of one array job. Above it there are sibling arrays.
pub const ARRAY_CHILDREN: Limit =
    Limit { what: "an array job", most: *batch::ARRAY_SIZES.end() as u64, unit: "children", source: "Batch service quotas" };
/// `SubmitJob` calls of an account, whoever makes them.
pub const SUBMISSIONS: Limit = Limit {
    what: "an account",
    most: batch::SUBMISSIONS_PER_SECOND as u64,
    unit: "SubmitJob calls a second",
    source: "Batch service quotas",
};
/// Nodes of one job, the main one included.
pub const NODES: Limit = Limit {
    what: "a job of several nodes",
    most: *batch::NODES.end() as u64,
    unit: "nodes",
    source: "Batch User Guide, multi-node parallel jobs",
};
/// What Batch hands to ECS for one container: command and environment.
pub const OVERRIDES: Limit = Limit {
    what: "the container overrides of one job",
    most: batch::OVERRIDES_CHARS as u64,
    unit: "characters",
    source: "ECS RunTask overrides, as Batch reports it",
};
/// A `RegisterJobDefinition` request.
pub const JOB_DEFINITION: Limit =
    Limit { what: "a job definition", most: batch::DEFINITION_KIB as u64 * 1024, unit: "bytes", source: "Batch service quotas" };
/// Attempts of one job, the first included.
pub const ATTEMPTS: Limit =
    Limit { what: "a job", most: *batch::ATTEMPTS.end() as u64, unit: "attempts", source: "Batch API, RetryStrategy" };
/// The shortest timeout that Batch keeps; below it the injected script keeps it.
pub const SHORTEST_TIMEOUT_SECONDS: u32 = batch::TIMEOUT_SECONDS as u32;
/// Events of one `.sync` task in a Map iteration whose task fails and is caught:
/// iteration 2, task 6, the state that catches 2 (see the event table of GetExecutionHistory).
pub const EVENTS_PER_ITERATION: u64 = 10;
/// Events of a Map execution outside its iterations: execution 2, Map 4.
pub const EVENTS_AROUND_MAP: u64 = 6;
/// Events of one caught `.sync` task in a Parallel branch, with the state that catches.
pub const EVENTS_PER_BRANCH_RUN: u64 = 8;

/// One thing that a fan-out asks and AWS refuses, or that contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A ceiling is exceeded.
    Over {
        /// Which ceiling.
        limit: Limit,
        /// What the plan would need, in the limit's unit.
        needed: u64,
        /// What the number comes from, such as `2,500 runs of 10 events`.
        because: String,
        /// What to do.
        help: String,
    },
    /// Something that no plan can be made of.
    Invalid {
        /// Which flag or part.
        what: String,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        help: String,
    },
}

impl Violation {
    /// A ceiling is exceeded.
    pub fn over(limit: Limit, needed: u64, because: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Over { limit, needed, because: because.into(), help: help.into() }
    }

    /// Something that no plan can be made of.
    pub fn invalid(what: impl Into<String>, problem: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), problem: problem.into(), help: help.into() }
    }

    /// What to do about it.
    pub fn help(&self) -> &str {
        match self {
            Self::Over { help, .. } | Self::Invalid { help, .. } => help,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over { limit, needed, because, .. } => {
                let Limit { what, most, unit, source } = limit;
                write!(f, "{because}: {} {unit}, but {what} holds {} at most ({source})", grouped(*needed), grouped(*most))
            }
            Self::Invalid { what, problem, .. } => write!(f, "{what}: {problem}"),
        }
    }
}

/// A number with a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{HISTORY_EVENTS, Violation, grouped};

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 25_000, 1_048_576].map(grouped), ["0", "999", "1,000", "25,000", "1,048,576"]);
    }

    #[test]
    fn a_violation_says_the_number_the_limit_and_the_way_out() {
        let violation = Violation::over(HISTORY_EVENTS, 30_006, "3,000 runs of 10 events", "use --strategy array");
        assert_eq!(
            violation.to_string(),
            "3,000 runs of 10 events: 30,006 events, but one execution's history holds 25,000 at most \
             (Step Functions quotas, state machine executions)"
        );
        assert_eq!(violation.help(), "use --strategy array");
    }
}
