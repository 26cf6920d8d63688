"""A `fanout local` under test, clients for it, and a check of everything it answers."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

FANOUT = os.environ.get("FANOUT_BIN", "fanout")
ROLE = "arn:aws:iam::123456789012:role/states"

# The service model calls it required, but AWS leaves it out of a job that has not started.
ABSENT_AT_TIMES = {("JobDetail", "startedAt")}


class Local:
    """One process; `with Local() as local:` or `start()` and `stop()`."""

    def __init__(self, *arguments, shell=None):
        self.arguments = list(arguments)
        self.shell = shell
        self.process = None
        self.environment = {}

    def start(self):
        listen = [] if "--listen" in self.arguments else ["--listen", "127.0.0.1:0"]
        command = [FANOUT, "local", *listen, *self.arguments]
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True, env=self.shell)
        for line in self.process.stdout:
            name, _, value = line.removeprefix("export ").strip().partition("=")
            self.environment[name] = value
            if name == "AWS_DEFAULT_REGION":
                return self
        raise AssertionError(f"fanout local ended: {self.said()}")

    def said(self):
        # Not by seeking: the place in the file is the process's, too, which goes on writing.
        size = os.fstat(self.errors.fileno()).st_size
        return os.pread(self.errors.fileno(), size, 0).decode()

    def stop(self, how=signal.SIGINT, within=10):
        """Ends the process and answers its exit code."""
        self.process.send_signal(how)
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
        return code

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process.returncode is None:
            self.stop()
        self.errors.close()

    @property
    def port(self):
        return int(self.environment["AWS_ENDPOINT_URL"].rpartition(":")[2])

    def client(self, service, **config):
        session = boto3.Session(
            self.environment["AWS_ACCESS_KEY_ID"],
            self.environment["AWS_SECRET_ACCESS_KEY"],
            region_name=self.environment["AWS_DEFAULT_REGION"],
        )
        config = Config(retries={"total_max_attempts": 1}, **config)
        client = session.client(service, endpoint_url=self.environment["AWS_ENDPOINT_URL"], config=config)
        check_answers(client)
        return client

    def post(self, service, target, body=b"{}", signed=True, **keys):
        """Status and error of a request that no client would make; other keys sign it with what the client does not know."""
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"}
        request = AWSRequest("POST", self.environment["AWS_ENDPOINT_URL"] + "/", headers, body)
        if signed:
            self.sign(service, request, **keys)
        answer = URLLib3Session().send(request.prepare())
        return answer.status_code, answer.headers.get("x-amzn-errortype")

    def sign(self, service, request, **keys):
        environment = {**self.environment, **keys}
        credentials = Credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])
        SigV4Auth(credentials, service, environment["AWS_DEFAULT_REGION"]).add_auth(request)

    def aws(self, *words, succeeds=True):
        """The AWS CLI's answer: parsed if it is JSON; of a call that fails, what it complains of."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= self.environment | {"AWS_PAGER": "", "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        words = [word if isinstance(word, str) else json.dumps(word) for word in words]
        done = subprocess.run([aws_program(), *words, "--output", "json"], env=environment, capture_output=True, text=True, timeout=60)
        if (done.returncode == 0) != succeeds:
            raise AssertionError(f"aws {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        if not succeeds:
            return done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}


def aws_program():
    beside = Path(sys.executable).with_name("aws")
    return str(beside) if beside.exists() else shutil.which("aws") or "aws"


def check_answers(client):
    """Fails any call whose answer lacks a required member, has one that the model does not know, or loses one in parsing."""
    raw = {}

    def remember(response_dict, operation_model, **_):
        raw[operation_model.name] = response_dict["body"]

    def check(http_response, parsed, model, **_):
        if http_response.status_code >= 300:
            return
        body = raw.pop(model.name)
        document = json.loads(body) if body else {}
        problems = list(differences(model.output_shape, document, parsed, model.name))
        assert not problems, problems

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-parse.{service}", remember)
    client.meta.events.register(f"after-call.{service}", check)


def differences(shape, raw, parsed, path):
    if shape is None:
        if raw not in ({}, ""):
            yield f"{path}: an answer where none is due: {raw}"
    elif shape.type_name == "structure":
        yield from structure_differences(shape, raw, parsed, path)
    elif shape.type_name == "list":
        if not isinstance(raw, list) or len(raw) != len(parsed):
            yield f"{path}: {raw} is no such list"
            return
        for index, (one, other) in enumerate(zip(raw, parsed)):
            yield from differences(shape.member, one, other, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, value in raw.items():
            yield from differences(shape.value, value, parsed.get(key), f"{path}.{key}")
    elif shape.type_name == "timestamp":
        if not isinstance(raw, (int, float)):
            yield f"{path}: {raw!r} is no time"
    else:
        kinds = {"string": str, "boolean": bool, "integer": int, "long": int, "double": (int, float), "float": (int, float)}
        if not isinstance(raw, kinds[shape.type_name]) or (isinstance(raw, bool) and shape.type_name != "boolean"):
            yield f"{path}: {raw!r} is no {shape.type_name}"
        elif getattr(shape, "enum", None) and raw not in shape.enum:
            yield f"{path}: {raw!r} is none of {shape.enum}"


def structure_differences(shape, raw, parsed, path):
    names = {member.serialization.get("name", name): name for name, member in shape.members.items()}
    for name in shape.required_members:
        if name not in parsed and (shape.name, name) not in ABSENT_AT_TIMES:
            yield f"{path}.{name} is required and absent"
    for key, value in raw.items():
        name = names.get(key)
        if name is None:
            yield f"{path}.{key} is not in the model"
        elif name not in parsed:
            yield f"{path}.{key} is lost: {value!r}"
        else:
            yield from differences(shape.members[name], value, parsed[name], f"{path}.{key}")


def eventually(ask, within=20.0):
    """The first answer of `ask` that is true."""
    end = time.monotonic() + within
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"it did not become true within {within} s")
        time.sleep(0.02)


class LocalTest(unittest.TestCase):
    """Tests that share one fanout local."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.local = Local(*cls.arguments).start()
        cls.addClassCleanup(cls.local.__exit__)
        cls.batch = cls.local.client("batch")
        cls.states = cls.local.client("stepfunctions")
        cls.logs = cls.local.client("logs")

    def job(self, job_id):
        return self.batch.describe_jobs(jobs=[job_id])["jobs"][0]

    def ended_job(self, job_id):
        def ended():
            job = self.job(job_id)
            return job if job["status"] in ("SUCCEEDED", "FAILED") else None

        return eventually(ended)

    def ended_execution(self, arn):
        def ended():
            execution = self.states.describe_execution(executionArn=arn)
            return execution if execution["status"] != "RUNNING" else None

        return eventually(ended)

    def history(self, arn):
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn, PaginationConfig={"PageSize": 7})
        return [event for page in pages for event in page["events"]]

    def lines(self, stream):
        events = self.logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=stream, startFromHead=True)["events"]
        return [event["message"] for event in events]


def prepare(batch, name, command, vcpus=6, **definition):
    """An environment, a queue and a definition, all of one name."""
    batch.create_compute_environment(
        computeEnvironmentName=name,
        type="MANAGED",
        state="ENABLED",
        computeResources={"type": "FARGATE", "maxvCpus": vcpus, "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
    )
    batch.create_job_queue(
        jobQueueName=name, state="ENABLED", priority=1, computeEnvironmentOrder=[{"order": 1, "computeEnvironment": name}]
    )
    batch.register_job_definition(
        jobDefinitionName=name,
        type="container",
        platformCapabilities=["FARGATE"],
        containerProperties={
            "image": "public.ecr.aws/docker/library/python:3",
            "command": command,
            "executionRoleArn": "arn:aws:iam::123456789012:role/tasks",
            "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "2048"}],
        },
        **definition,
    )


def most_at_once(spans):
    """How many of these (start, end) overlap at most."""
    steps = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    now = most = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


def complaint(*arguments):
    """The exit code and the words of a fanout local that does not start."""
    done = subprocess.run([FANOUT, "local", *arguments], capture_output=True, text=True, timeout=20)
    return done.returncode, done.stderr, done.stdout


def running(pattern):
    """The processes whose command line matches."""
    found = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True).stdout.splitlines()
    return [line for line in found if re.search(pattern, line) and str(os.getpid()) != line.split()[0]]
