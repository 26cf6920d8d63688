#!/usr/bin/env bash
# Six runs of worker.py at the same time, by hand: AWS Batch, a state machine with a Map state, and the AWS CLI.
#
#     fanout local --exec -- examples/article.sh
#
# Needs the AWS CLI and Python 3. WORKER_SECONDS is how long each run works.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export AWS_PAGER=
export AWS_DEFAULT_OUTPUT=text

account=$(aws sts get-caller-identity --query Account)
role=arn:aws:iam::$account:role/article

# Batch: where jobs run, where they wait, and what they are.
aws batch create-compute-environment --compute-environment-name article --type MANAGED \
    --compute-resources type=FARGATE,maxvCpus=12,subnets=subnet-1,securityGroupIds=sg-1 --query computeEnvironmentArn
queue=$(aws batch create-job-queue --job-queue-name article --priority 1 \
    --compute-environment-order order=1,computeEnvironment=article --query jobQueueArn)
definition=$(aws batch register-job-definition --job-definition-name article --type container \
    --platform-capabilities FARGATE --timeout attemptDurationSeconds=120 --container-properties '{
        "image": "python:3",
        "command": ["python3", "'"$here"'/worker.py"],
        "environment": [{"name": "WORKER_SECONDS", "value": "'"${WORKER_SECONDS:-3}"'"}],
        "executionRoleArn": "'"$role"'",
        "resourceRequirements": [{"type": "VCPU", "value": "2"}, {"type": "MEMORY", "value": "4096"}]
    }' --query jobDefinitionArn)
printf '%s\n' "$queue" "$definition"

# The state machine, with its three names filled in.
document=$(sed -e "s|your_batch_job_definition_arn|$definition|" -e "s|your_batch_job_queue_arn|$queue|" \
    -e "s|your_batch_job_name|article-run|" "$here/article.json")
machine=$(aws stepfunctions create-state-machine --name article --role-arn "$role" --definition "$document" \
    --query stateMachineArn)
execution=$(aws stepfunctions start-execution --state-machine-arn "$machine" --input '{"myRuns": [1,2,3,4,5,6]}' \
    --query executionArn)
printf '%s\n' "$machine" "$execution"
status=RUNNING
while [ "$status" = RUNNING ]; do
    sleep 1
    status=$(aws stepfunctions describe-execution --execution-arn "$execution" --query status)
done
echo "$status"

# When each of the six ran (milliseconds), and what it said.
read -ra jobs <<<"$(aws batch list-jobs --job-queue "$queue" --job-status SUCCEEDED --query 'jobSummaryList[].jobId')"
aws batch describe-jobs --jobs "${jobs[@]}" --output table \
    --query 'sort_by(jobs, &startedAt)[].{Run: container.environment[?name==`RunNumber`].value | [0], Started: startedAt, Stopped: stoppedAt}'
read -ra streams <<<"$(aws batch describe-jobs --jobs "${jobs[@]}" --query 'jobs[].container.logStreamName')"
aws logs filter-log-events --log-group-name /aws/batch/job --log-stream-names "${streams[@]}" --query 'events[].[message]'
[ "$status" = SUCCEEDED ]
