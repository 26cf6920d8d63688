//! AWS Batch's limits, each once, with its source.
//!
//! BUG: AWS Batch User Guide, service limits. BM: the service model of botocore 1.44.5.

/// Environments of one queue (BUG).
pub const ENVIRONMENTS_PER_QUEUE: usize = 3;
/// Compute environments of an account (BUG).
pub const ENVIRONMENTS: usize = 50;
/// Job queues of an account (BUG).
pub const QUEUES: usize = 50;
/// Jobs that a job may depend on (BUG).
pub const DEPENDENCIES: usize = 20;
/// Children of an array (BUG).
pub const ARRAY_SIZES: std::ops::RangeInclusive<i32> = 2..=10_000;
/// KiB of a RegisterJobDefinition call (BUG).
pub const DEFINITION_KIB: usize = 24;
/// KiB of a SubmitJob call (BUG).
pub const SUBMIT_KIB: usize = 30;
/// Characters of the overrides that Batch hands on to ECS (public: Netflix/metaflow#1482).
pub const OVERRIDES_CHARS: usize = 8_192;
/// SubmitJob calls a second of an account (BUG). The scheduler takes any number: its clients keep to it.
pub const SUBMISSIONS_PER_SECOND: u32 = 50;
/// Attempts of a job (BM).
pub const ATTEMPTS: std::ops::RangeInclusive<i32> = 1..=10;
/// Rules of a retry strategy (BM; the guide's prose says six).
pub const RETRY_RULES: usize = 5;
/// Characters of a rule's pattern (BM).
pub const PATTERN_CHARS: usize = 512;
/// Least seconds of an attempt's timeout (BM).
pub const TIMEOUT_SECONDS: i32 = 60;
/// Characters of any name (BM).
pub const NAME_CHARS: usize = 128;
/// Characters of a reason to cancel or terminate (BM).
pub const REASON_CHARS: usize = 1_024;
/// Characters of a container's reason (BM).
pub const CONTAINER_REASON_CHARS: usize = 255;
/// Characters of the definition's name in a log stream's (BUG job_states).
pub const LOG_PREFIX_CHARS: usize = 200;
/// Jobs of one DescribeJobs call (public: pegasus-isi/pegasus#2086).
pub const DESCRIBED_JOBS: usize = 100;
/// Jobs of one CancelJobs or TerminateJobs call (BM).
pub const BULK_JOBS: usize = 50;
/// Lines of a ListJobs page (BM).
pub const LISTED_JOBS: usize = 1_000;
/// Lines of a filtered ListJobs page (BM).
pub const FILTERED_JOBS: usize = 100;
/// Items of any other page (BM).
pub const DESCRIBED_ITEMS: usize = 100;
/// Jobs of a queue's snapshot (BM).
pub const SNAPSHOT_JOBS: usize = 100;
/// Shares that a queue's snapshot names (BM).
pub const TOP_SHARES: usize = 20;
/// Least MiB of a job on EC2 (BM).
pub const MEMORY_MIB: u64 = 4;
/// A job's scheduling priority (BM).
pub const SCHEDULING_PRIORITIES: std::ops::RangeInclusive<i32> = 0..=9_999;
/// Nodes of a job (BUG mnp-node-groups).
pub const NODES: std::ops::RangeInclusive<i32> = 1..=1_000;
/// Ranges of nodes in a definition (BUG mnp-node-groups).
pub const NODE_GROUPS: usize = 5;
/// Seconds of a queue's time limits for jobs that are stuck (BM JobStateTimeLimitAction).
pub const STATE_TIME_SECONDS: std::ops::RangeInclusive<i32> = 600..=86_400;
/// Milliseconds for which a finished job is there: seven days (BUG job_states: at least).
pub const RETENTION_MILLIS: i64 = 7 * 24 * 3600 * 1000;
/// Tags of a resource (BM TagrisTagsMap).
pub const TAGS: usize = 50;
/// Characters of a tag's key (BM TagKey).
pub const TAG_KEY_CHARS: usize = 128;
/// Characters of a tag's value (BM TagValue).
pub const TAG_VALUE_CHARS: usize = 256;
/// Seconds of a share's decay (BM FairsharePolicy).
pub const SHARE_DECAY_SECONDS: std::ops::RangeInclusive<i32> = 0..=604_800;
/// What a share decay of zero means (BM FairsharePolicy).
pub const SHARE_DECAY_DEFAULT: i32 = 600;
/// Per cent that a policy reserves (BM FairsharePolicy).
pub const COMPUTE_RESERVATIONS: std::ops::RangeInclusive<i32> = 0..=99;
/// Weights of a share (BM ShareAttributes).
pub const WEIGHTS: std::ops::RangeInclusive<f64> = 0.0001..=999.9999;
/// Letters and digits of a share identifier (BM ShareAttributes).
pub const SHARE_CHARS: usize = 255;
/// Active shares of a queue (BM CreateJobQueue).
pub const ACTIVE_SHARES: usize = 500;
