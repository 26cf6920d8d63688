//! Shapes that several calls have, in both directions.

use aws_sdk_batch::types as sdk;
use fanout_batch::api;

use crate::members::{each, list, text};

pub(super) fn variable(api::KeyValue { name, value }: &api::KeyValue) -> sdk::KeyValuePair {
    sdk::KeyValuePair::builder().name(name).value(value).build()
}

pub(super) fn requirement(api::ResourceRequirement { kind, value }: &api::ResourceRequirement) -> sdk::ResourceRequirement {
    sdk::ResourceRequirement::builder().r#type(kind.as_str().into()).value(value).build()
}

pub(super) fn retry(api::RetryStrategy { attempts, evaluate_on_exit }: &api::RetryStrategy) -> sdk::RetryStrategy {
    let rule = |rule: &api::EvaluateOnExit| {
        let api::EvaluateOnExit { on_status_reason, on_reason, on_exit_code, action } = rule.clone();
        sdk::EvaluateOnExit::builder()
            .set_on_status_reason(on_status_reason)
            .set_on_reason(on_reason)
            .set_on_exit_code(on_exit_code)
            .action(action.as_str().into())
            .build()
    };
    sdk::RetryStrategy::builder().set_attempts(*attempts).set_evaluate_on_exit(list(evaluate_on_exit, rule)).build()
}

pub(super) fn timeout(api::JobTimeout { attempt_duration_seconds }: &api::JobTimeout) -> sdk::JobTimeout {
    sdk::JobTimeout::builder().set_attempt_duration_seconds(*attempt_duration_seconds).build()
}

pub(super) fn dependency(api::JobDependency { job_id, kind }: &api::JobDependency) -> sdk::JobDependency {
    sdk::JobDependency::builder().set_job_id(job_id.clone()).set_type(kind.as_deref().map(Into::into)).build()
}

pub(super) fn read_variable(pair: sdk::KeyValuePair) -> api::KeyValue {
    api::KeyValue { name: pair.name.unwrap_or_default(), value: pair.value.unwrap_or_default() }
}

pub(super) fn read_requirement(requirement: sdk::ResourceRequirement) -> api::ResourceRequirement {
    api::ResourceRequirement { kind: text(requirement.r#type).unwrap_or_default(), value: requirement.value.unwrap_or_default() }
}

pub(super) fn read_retry(strategy: sdk::RetryStrategy) -> api::RetryStrategy {
    let rule = |rule: sdk::EvaluateOnExit| api::EvaluateOnExit {
        on_status_reason: rule.on_status_reason,
        on_reason: rule.on_reason,
        on_exit_code: rule.on_exit_code,
        action: text(rule.action).unwrap_or_default(),
    };
    api::RetryStrategy { attempts: strategy.attempts, evaluate_on_exit: each(strategy.evaluate_on_exit, rule) }
}

pub(super) fn read_timeout(timeout: sdk::JobTimeout) -> api::JobTimeout {
    api::JobTimeout { attempt_duration_seconds: timeout.attempt_duration_seconds }
}

pub(super) fn read_dependency(dependency: sdk::JobDependency) -> api::JobDependency {
    api::JobDependency { job_id: dependency.job_id, kind: text(dependency.r#type) }
}
