"""Six runs at the same time from one execution: a Map state over Batch, in both of its forms, by SDK and by CLI."""

import json
import os
import re
import subprocess
from collections import Counter
from datetime import datetime
from pathlib import Path

from endpoint import FANOUT, ROLE, LocalTest, aws_program, most_at_once, prepare

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


EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def classic():
    """The article's own document, with the three names that it leaves open."""
    text = (EXAMPLES / "article.json").read_text(encoding="utf-8")
    for name in ("definition_arn", "queue_arn", "name"):
        text = text.replace(f"your_batch_job_{name}", "article")
    return text


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
        for name, definition in [("classic", classic()), ("todays", TODAYS)]:
            with self.subTest(name):
                machine = self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)
                described = self.states.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
                self.assertEqual(described["definition"], definition)
                started = self.states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(INPUT))
                for number, job in enumerate(self.check(started["executionArn"]), 1):
                    run = f"run {number}"
                    expected = [f"{run} by STARTED_BY_STEP_FUNCTIONS starts", f"{run} is done"]
                    self.assertEqual(self.lines(job["Container"]["LogStreamName"]), expected)

    def test_the_example_with_the_command_line(self):
        beside = Path(aws_program()).parent
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {"PATH": f"{beside}{os.pathsep}{environment['PATH']}", "AWS_CONFIG_FILE": os.devnull}
        command = [FANOUT, "local", "--exec", "--", EXAMPLES / "article.sh"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        said = re.findall(r"^Python program (\d) (started|ended) at (.*)$", done.stdout, re.M)
        times = {(run, what): datetime.fromisoformat(at) for run, what, at in said}
        self.assertEqual(sorted(times), [(run, what) for run in "123456" for what in ("ended", "started")], done.stdout)
        self.assertEqual(most_at_once([(times[run, "started"], times[run, "ended"]) for run in "123456"]), 6)
