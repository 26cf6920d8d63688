"""fanout run against moto, which nobody here wrote: Batch without Docker, Step Functions executing.

moto marks each job as succeeded when it is submitted and runs nothing. What it does with `batch:submitJob` in a state machine is
shown by `MotosOwn`, without fanout.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config
from endpoint import FANOUT, eventually

KEYS = {"AWS_ACCESS_KEY_ID": "moto", "AWS_SECRET_ACCESS_KEY": "moto", "AWS_REGION": "us-east-1"}
STRATEGIES = ["map", "map:2x3", "parallel", "array", "submit"]
# Without the jobs of a state machine: see MotosOwn.
BY_JOBS = ["array", "submit"]


class Moto:
    """One moto_server with a queue of Fargate, a role and a definition."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        self.log = open(Path(self.home.name) / "moto.log", "w+", encoding="utf-8")
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
        # Only moto's own programs can tell which port was free, and they tell it on standard error.
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        self.url = eventually(self.address, within=60)
        config = {"batch": {"use_docker": False}, "stepfunctions": {"execute_state_machine": True}}
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/moto-api/config", json.dumps(config).encode(), headers, method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20):
            pass
        self.batch, self.states = self.client("batch"), self.client("stepfunctions")
        self.prepare()

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8")

    def address(self):
        if self.process.poll() is not None:
            raise AssertionError(f"moto ended: {self.said()}")
        words = [word for word in self.said().split() if word.startswith("http://127.0.0.1:")]
        return words[0] if words else None

    def client(self, service):
        session = boto3.Session(KEYS["AWS_ACCESS_KEY_ID"], KEYS["AWS_SECRET_ACCESS_KEY"], region_name=KEYS["AWS_REGION"])
        return session.client(service, endpoint_url=self.url, config=Config(proxies={}))

    def prepare(self):
        self.role = self.client("iam").create_role(RoleName="all", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        network = self.client("ec2")
        resources = {
            "type": "FARGATE",
            "maxvCpus": 6,
            "subnets": [network.describe_subnets()["Subnets"][0]["SubnetId"]],
            "securityGroupIds": [network.describe_security_groups()["SecurityGroups"][0]["GroupId"]],
        }
        arn = self.batch.create_compute_environment(
            computeEnvironmentName="environment", type="MANAGED", state="ENABLED", serviceRole=self.role, computeResources=resources
        )["computeEnvironmentArn"]
        order = [{"order": 1, "computeEnvironment": arn}]
        self.batch.create_job_queue(jobQueueName="queue", priority=1, state="ENABLED", computeEnvironmentOrder=order)
        self.batch.register_job_definition(
            jobDefinitionName="definition",
            type="container",
            platformCapabilities=["FARGATE"],
            containerProperties={
                "image": "busybox",
                "command": ["true"],
                "executionRoleArn": self.role,
                "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
            },
        )

    def calls(self):
        """Paths of Batch that were asked for, and with which status they were answered, in order."""
        lines = [line.split('"') for line in self.said().splitlines() if '"POST /v1/' in line]
        return [(line[1].split()[1].removeprefix("/v1/"), int(line[2].split()[0])) for line in lines]

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()
        self.home.cleanup()


class MotoTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = Moto()
        cls.addClassCleanup(cls.moto.stop)

    def execute(self, document):
        """How an execution of the document ended."""
        created = self.moto.states.create_state_machine(name=f"m{time.time_ns()}", definition=json.dumps(document), roleArn=self.moto.role)
        arn = self.moto.states.start_execution(stateMachineArn=created["stateMachineArn"], input="{}")["executionArn"]

        def ended():
            execution = self.moto.states.describe_execution(executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None

        execution = eventually(ended)
        self.moto.states.delete_state_machine(stateMachineArn=created["stateMachineArn"])
        return execution


class Fanout(MotoTest):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def fanout(self, command, *words):
        shell = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        shell |= KEYS | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_EC2_METADATA_DISABLED": "true"}
        program = [FANOUT, command, "--state-dir", self.directory, *words]
        return subprocess.run(program, env=shell, capture_output=True, text=True, timeout=120)

    def run_it(self, strategy, *words, items="1-6"):
        """Exit code, report and words of a fan-out."""
        done = self.fanout(
            "run", "--endpoint-url", self.moto.url, "-s", strategy, "--items", items, "-o", "json", "--queue", "queue",
            "--state-machine-role", self.moto.role, *(words or self.image()), "--", "echo", "{}",
        )  # fmt: skip
        self.assertTrue(done.stdout, done.stderr)
        return done.returncode, json.loads(done.stdout), done.stderr

    def image(self):
        return "--image", "busybox", "--platform", "fargate", "--execution-role", self.moto.role

    def assert_nothing_is_left(self):
        self.assertEqual(self.moto.states.list_state_machines()["stateMachines"], [])
        active = self.moto.batch.describe_job_definitions(status="ACTIVE")["jobDefinitions"]
        self.assertEqual([definition["jobDefinitionName"] for definition in active], ["definition"])

    def test_arrays_and_jobs_run_to_their_end(self):
        for strategy in BY_JOBS:
            with self.subTest(strategy):
                code, report, words = self.run_it(strategy)
                self.assertEqual(code, 0, words)
                self.assertEqual([run["status"] for run in report["runs"]], ["PASS"] * 6)
                self.assert_nothing_is_left()

    def test_each_job_was_given_its_run(self):
        for strategy, names in (("submit", range(6)), ("array", [0])):
            with self.subTest(strategy):
                _, report, _ = self.run_it(strategy, items="a,b,c,d,e,f")
                jobs = self.jobs_of(report["runId"])
                self.assertEqual(sorted(job["jobName"] for job in jobs), [f"fanout-{report['runId']}-{name}" for name in names])
                for job in jobs:
                    variables = {variable["name"]: variable["value"] for variable in job["container"]["environment"]}
                    self.assertEqual((variables["FANOUT_SIZE"], variables["FANOUT_RUN_ID"]), ("6", report["runId"]))
                    self.assertEqual(job["container"]["command"][:2], ["sh", "-c"])
                    if strategy == "submit":
                        self.assertEqual(variables["RunNumber"], "abcdef"[int(variables["FANOUT_INDEX"])])
                    else:
                        self.assertEqual(job["arrayProperties"]["size"], 6)

    def jobs_of(self, run):
        filters = [{"name": "JOB_NAME", "values": [f"fanout-{run}-*"]}]
        listed = self.moto.batch.list_jobs(jobQueue="queue", filters=filters)["jobSummaryList"]
        # moto lists children, too, which AWS does not with a filter.
        return self.moto.batch.describe_jobs(jobs=[job["jobId"] for job in listed if ":" not in job["jobId"]])["jobs"]

    def test_a_definition_that_is_there_is_used(self):
        for strategy in BY_JOBS:
            with self.subTest(strategy):
                code, report, words = self.run_it(strategy, "--definition", "definition", "--env", "OWN=1")
                self.assertEqual(code, 0, words)
                (job, *_) = self.jobs_of(report["runId"])
                self.assertTrue(job["jobDefinition"].endswith("job-definition/definition:1"), job)
                self.assertIn({"name": "OWN", "value": "1"}, job["container"]["environment"])
                self.assert_nothing_is_left()

    def test_every_request_is_accepted_and_every_run_is_told(self):
        """Of state machines, everything but the jobs that moto does not submit."""
        before = len(self.moto.calls())
        for strategy in STRATEGIES:
            with self.subTest(strategy):
                code, report, words = self.run_it(strategy)
                by_jobs = strategy in BY_JOBS
                self.assertEqual(code, 0 if by_jobs else 100, words)
                self.assertEqual([run["index"] for run in report["runs"]], list(range(6)))
                self.assertEqual({run["status"] for run in report["runs"]}, {"PASS" if by_jobs else "FAIL"})
                if not by_jobs:
                    # As MotosOwn shows: the first parameter of the task that submits the job, or starts the nested execution.
                    parameter = "'StateMachineArn'" if ":" in strategy else "'JobName'"
                    self.assertEqual({run["cause"] for run in report["runs"]}, {f"States.Runtime: {parameter}"})
                self.assertNotIn("nothing was started", words)
                self.assert_nothing_is_left()
        refused = [(path, status) for path, status in self.moto.calls()[before:] if status != 200]
        self.assertEqual(refused, [])

    def test_state_machines_say_whose_they_are(self):
        arn = "arn:aws:states:us-east-1:123456789012:stateMachine:kept"
        plan = self.fanout("run", "--dry-run", "--target", "aws", "-s", "map", "--items", "1-3", "--state-machine-role", self.moto.role, "--", "true")
        calls = json.loads(plan.stdout)["calls"]
        (create,) = [call["input"] for call in calls if call["operation"] == "CreateStateMachine"]
        self.moto.states.create_state_machine(**{**create, "name": "kept"})
        self.addCleanup(self.moto.states.delete_state_machine, stateMachineArn=arn)
        tags = self.moto.states.list_tags_for_resource(resourceArn=arn)["tags"]
        self.assertEqual(tags, [{"key": "fanout:run", "value": json.loads(plan.stdout)["run"]}])

    def test_what_is_lacking_is_told_before_anything_is_submitted(self):
        before = len(self.moto.calls())
        done = self.fanout("run", "--endpoint-url", self.moto.url, "--queue", "other", "--items", "1-3", "--", "true")
        self.assertEqual((done.returncode, done.stdout), (104, ""))
        for words in ("an image that holds the command", "the job queue other; there are queue", "a role for the state machine"):
            self.assertIn(words, done.stderr)
        done = self.fanout("run", "--endpoint-url", self.moto.url, "--queue", "queue", "--image", "i", "-s", "array", "--items", "1-3", "--", "true")
        self.assertEqual(done.returncode, 104)
        self.assertIn("jobs for Fargate", done.stderr)
        self.assertIn("hint: --platform fargate and --execution-role ARN", done.stderr)
        asked = {path for path, _ in self.moto.calls()[before:]}
        self.assertEqual(asked, {"describejobqueues", "describecomputeenvironments"})


class MotosOwn(MotoTest):
    """What fails in moto itself, by the smallest case, with boto3 and without fanout."""

    JOB = {"JobName": "job", "JobQueue": "queue", "JobDefinition": "definition"}

    def test_a_job_that_is_submitted_by_a_call_is_taken(self):
        words = {name[0].lower() + name[1:]: value for name, value in self.JOB.items()}
        job = self.moto.batch.submit_job(**words)
        self.assertEqual(self.moto.batch.describe_jobs(jobs=[job["jobId"]])["jobs"][0]["status"], "SUCCEEDED")

    def test_the_same_job_in_a_state_fails(self):
        # If this is green no more, moto can run what fanout's state machines do, and the tests above can ask for it.
        for resource in ("arn:aws:states:::batch:submitJob.sync", "arn:aws:states:::batch:submitJob"):
            with self.subTest(resource):
                state = {"Type": "Task", "Resource": resource, "Parameters": self.JOB, "End": True}
                execution = self.execute({"StartAt": "Job", "States": {"Job": state}})
                self.assertEqual((execution["status"], execution["error"]), ("FAILED", "States.Runtime"))
                self.assertIn("'JobName'", execution["cause"])

    def test_a_nested_execution_fails_alike(self):
        document = {"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}}
        created = self.moto.states.create_state_machine(name="nested", definition=json.dumps(document), roleArn=self.moto.role)
        self.addCleanup(self.moto.states.delete_state_machine, stateMachineArn=created["stateMachineArn"])
        parameters = {"StateMachineArn": created["stateMachineArn"], "Input": {}}
        state = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": parameters, "End": True}
        execution = self.execute({"StartAt": "Nested", "States": {"Nested": state}})
        self.assertEqual((execution["status"], execution["error"]), ("FAILED", "States.Runtime"))
        self.assertIn("'StateMachineArn'", execution["cause"])


if __name__ == "__main__":
    unittest.main()
