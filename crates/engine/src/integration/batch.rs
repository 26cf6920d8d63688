//! `batch:submitJob` and `batch:submitJob.sync`: submit, wait, report, terminate.

use fanout_asl::api::MANAGED_BY_AWS;
use fanout_asl::{FailureStage, Input, Payload};
use fanout_batch::api::{ApiError, JobDetail, JobSubmitted, Request, TerminateJob};
use fanout_batch::{CallId, Scheduler, limits};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Integration, Waiting, pascal, submit};
use crate::chaos;

/// Objects in a job's description whose keys are the user's own words.
const USERS_KEYS: [&str; 4] = ["parameters", "tags", "statusSummary", "options"];

impl Integration {
    pub(super) fn submit_job(&mut self, waiting: Waiting, parameters: &Payload, sync: bool, batch: &mut Scheduler, now: Timestamp) {
        let mut job = match submit::from_parameters(parameters.value(), self.strict) {
            Ok(job) => job,
            Err(problem) => return self.not_startable(waiting, parameters, &problem),
        };
        if sync {
            job.container_overrides.get_or_insert_default().environment.push(MANAGED_BY_AWS.into());
        }
        let id = CallId(self.next_call);
        self.next_call += 1;
        self.submitting.insert(id, (waiting, sync));
        self.ask_batch(id, Request::SubmitJob(job), batch, now);
    }

    /// Makes a call to Batch; like anybody's, it may come too fast.
    pub(super) fn ask_batch(&mut self, id: CallId, request: Request, batch: &mut Scheduler, now: Timestamp) {
        if self.throttle.refuses(chaos::Service::Batch, request.operation(), now) {
            self.job_submitted(id, Err(ApiError::throttled()));
        } else {
            batch.handle(fanout_batch::Input::Call { id, request }, now);
        }
    }

    pub(super) fn accepted(&mut self, waiting: Waiting, sync: bool, job: JobSubmitted) {
        let id = Uuid::parse_str(&job.job_id);
        let output = submitted_output(job, self.ids.uuid());
        if !sync {
            self.report_success(waiting, output);
            return;
        }
        if let Ok(id) = id {
            self.jobs.insert(id, waiting);
            self.tasks.insert(waiting, id);
        }
        let (execution, task) = waiting;
        self.reports.push_back((execution, Input::TaskSubmitted { task, output }));
    }

    /// Error names and the form of the cause: recorded from the optimised integration
    /// (`(Service: AWSBatch; Status Code: …)`).
    pub(super) fn refused(&mut self, waiting: Waiting, sync: bool, error: &ApiError) {
        let name = match error.code.as_str() {
            "ClientException" => "Batch.ClientException",
            "ServerException" => "Batch.ServerException",
            _ => "Batch.AWSBatchException",
        };
        let ApiError { code, status, message } = error;
        let request = self.ids.uuid();
        let cause = format!("{message} (Service: AWSBatch; Status Code: {status}; Error Code: {code}; Request ID: {request}; Proxy: null)");
        let stage = if sync { FailureStage::Submit } else { FailureStage::Run };
        self.report_failure(waiting, stage, name, cause);
    }

    /// The job that a task waits for is over: its description is the result or the cause.
    pub(crate) fn job_ended(&mut self, job_id: Uuid, succeeded: bool, batch: &mut Scheduler, _now: Timestamp) {
        let Some(waiting) = self.jobs.remove(&job_id) else { return };
        self.tasks.remove(&waiting);
        let detail = batch.job(&job_id.to_string()).unwrap_or_default();
        if succeeded {
            self.report_success(waiting, Payload::promised(most_bytes(&detail), move || description(&detail)));
        } else {
            self.report_failure(waiting, FailureStage::Run, "States.TaskFailed", description(&detail));
        }
    }

    /// Nobody waits for the task any more: Step Functions terminates the job if it can.
    pub(super) fn cancel(&mut self, waiting: Waiting, batch: &mut Scheduler, now: Timestamp) {
        let Some(job) = self.tasks.remove(&waiting) else { return };
        self.jobs.remove(&job);
        let id = CallId(self.next_call);
        self.next_call += 1;
        let reason = "Step Functions stopped the task that waits for this job".into();
        let request = Request::TerminateJob(TerminateJob { job_id: job.to_string(), reason });
        batch.handle(fanout_batch::Input::Call { id, request }, now);
    }
}

/// What `DescribeJobs` says of the job, as Step Functions spells it.
fn description(job: &JobDetail) -> String {
    pascal::pascal_case(&serde_json::to_string(job).unwrap_or_default(), &USERS_KEYS)
}

/// More than the description can have: only the user's own texts are long, and JSON makes at most
/// six bytes of one.
fn most_bytes(job: &JobDetail) -> usize {
    let container = job.container.as_ref();
    let command = container.map_or(0, |container| container.command.iter().map(String::len).sum());
    let environment =
        container.map_or(0, |container| container.environment.iter().map(|pair| pair.name.len() + pair.value.len() + 8).sum());
    let texts: [usize; 4] = [
        command,
        environment,
        job.parameters.iter().chain(&job.tags).map(|(key, value)| key.len() + value.len() + 2).sum(),
        job.attempts.len() * 512 + job.depends_on.len() * 128,
    ];
    let rest = container.map_or(0, |container| if container.rest.is_empty() { 0 } else { limits::DEFINITION_KIB * 1024 });
    // A job of several nodes shows its definition, and so does one in the form of ecsProperties.
    let whole = job.node_properties.is_some() || job.ecs_properties.is_some();
    let definition = if whole { (limits::DEFINITION_KIB + limits::SUBMIT_KIB) * 1024 } else { 0 };
    6 * (limits::OVERRIDES_CHARS + texts.iter().sum::<usize>() + rest + definition)
}

/// What a task returns, or shows in its history, once Batch has taken the job.
fn submitted_output(job: JobSubmitted, request: Uuid) -> Payload {
    let most = 1_024 + 6 * (job.job_arn.len() + job.job_id.len() + job.job_name.len());
    Payload::promised(most, move || {
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let (arn, id, name) = (quoted(&job.job_arn), quoted(&job.job_id), quoted(&job.job_name));
        format!(
            r#"{{"JobArn":{arn},"JobId":{id},"JobName":{name},"SdkHttpMetadata":{{"AllHttpHeaders":{{"Content-Type":["application/json"],"x-amzn-RequestId":["{request}"]}},"HttpHeaders":{{"Content-Type":"application/json","x-amzn-RequestId":"{request}"}},"HttpStatusCode":200}},"SdkResponseMetadata":{{"RequestId":"{request}"}}}}"#
        )
    })
}
