"""Six runs at the same time from one execution: a Map state over Batch, in both of its forms, by SDK and by CLI."""

import json
from collections import Counter

from endpoint import ROLE, LocalTest, most_at_once, prepare

RUN = 'echo "run $RunNumber by $MANAGED_BY_AWS starts"; sleep 1; echo "run $RunNumber is done"'


def task(value):
    return {
        "StartAt": "Simulate",
        "States": {
            "Simulate": {
                "Type": "Task",
                "Resource": "arn:aws:states:::batch:submitJob.sync",
                "Parameters": {
                    "JobName": "one-simulation",
                    "JobQueue": "article",
                    "JobDefinition": "article",
                    "ContainerOverrides": {"Environment": [{"Name": "RunNumber", "Value.$": value}]},
                },
                "End": True,
            }
        },
    }


def document(**fan):
    fan = {"Type": "Map", "ItemsPath": "$.myRuns", "MaxConcurrency": 6, "End": True, **fan}
    return json.dumps({"Comment": "Every run at once", "StartAt": "Every run", "States": {"Every run": fan}})


CLASSIC = document(Iterator=task("$.RunNumber"), Parameters={"RunNumber.$": "$$.Map.Item.Value"})
TODAYS = document(
    ItemProcessor={"ProcessorConfig": {"Mode": "INLINE"}, **task("$.RunNumber")},
    ItemSelector={"RunNumber.$": "$$.Map.Item.Value"},
)

INPUT = {"myRuns": [1, 2, 3, 4, 5, 6]}

# Six of the execution and its Map state, eight of each iteration.
EVENTS = Counter(
    {
        "ExecutionStarted": 1,
        "MapStateEntered": 1,
        "MapStateStarted": 1,
        **{
            kind: 6
            for kind in (
                "MapIterationStarted",
                "TaskStateEntered",
                "TaskScheduled",
                "TaskStarted",
                "TaskSubmitted",
                "TaskSucceeded",
                "TaskStateExited",
                "MapIterationSucceeded",
            )
        },
        "MapStateSucceeded": 1,
        "MapStateExited": 1,
        "ExecutionSucceeded": 1,
    }
)


class Article(LocalTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepare(cls.batch, "article", ["sh", "-c", RUN])

    def check(self, arn):
        execution = self.ended_execution(arn)
        self.assertEqual(execution["status"], "SUCCEEDED", execution)
        history = self.history(arn)
        self.assertEqual(Counter(event["type"] for event in history), EVENTS)
        self.assertEqual([event["id"] for event in history], list(range(1, len(history) + 1)))
        jobs = json.loads(execution["output"])
        self.assertEqual([job["Status"] for job in jobs], ["SUCCEEDED"] * 6)
        numbers = [variable["Value"] for job in jobs for variable in job["Container"]["Environment"] if variable["Name"] == "RunNumber"]
        self.assertEqual(numbers, ["1", "2", "3", "4", "5", "6"])
        self.assertEqual(most_at_once([(job["StartedAt"], job["StoppedAt"]) for job in jobs]), 6)
        return jobs

    def test_both_forms_run_six_jobs_at_the_same_time(self):
        for name, definition in [("classic", CLASSIC), ("todays", TODAYS)]:
            with self.subTest(name):
                machine = self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
                described = self.states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
                self.assertEqual(described["definition"], definition)
                started = self.states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(INPUT))
                for number, job in enumerate(self.check(started["executionArn"]), 1):
                    run = f"run {number}"
                    expected = [f"{run} by STARTED_BY_STEP_FUNCTIONS starts", f"{run} is done"]
                    self.assertEqual(self.lines(job["Container"]["LogStreamName"]), expected)

    def test_the_same_with_the_command_line(self):
        aws = self.local.aws
        resources = {"type": "FARGATE", "maxvCpus": 6, "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]}
        aws(
            *"batch create-compute-environment --compute-environment-name by-hand --type MANAGED --compute-resources".split(),
            resources,
        )
        order = [{"order": 1, "computeEnvironment": "by-hand"}]
        aws(*"batch create-job-queue --job-queue-name by-hand --priority 1 --compute-environment-order".split(), order)
        container = {
            "image": "any",
            "command": ["sh", "-c", RUN],
            "executionRoleArn": "arn:aws:iam::123456789012:role/tasks",
            "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
        }
        register = "batch register-job-definition --job-definition-name by-hand --type container --platform-capabilities FARGATE"
        aws(*register.split(), "--container-properties", container)
        definition = CLASSIC.replace('"article"', '"by-hand"')
        machine = aws("stepfunctions", "create-state-machine", "--name", "by-hand", "--definition", definition, "--role-arn", ROLE)
        start = ["stepfunctions", "start-execution", "--state-machine-arn", machine["stateMachineArn"], "--input", INPUT]
        jobs = self.check(aws(*start)["executionArn"])
        stream = jobs[5]["Container"]["LogStreamName"]
        events = aws("logs", "get-log-events", "--log-group-name", "/aws/batch/job", "--log-stream-name", stream)["events"]
        self.assertEqual(events[-1]["message"], "run 6 is done")
        listed = aws(*"batch list-jobs --job-queue by-hand --job-status SUCCEEDED".split())["jobSummaryList"]
        self.assertEqual(len(listed), 6)
