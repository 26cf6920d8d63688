"""fanout local as a program: its address, its end, its memory, and whom it does not answer."""

import http.client
import json
import signal
import socket
import tempfile
import unittest
from pathlib import Path

from botocore.awsrequest import AWSRequest
from endpoint import ROLE, Local, complaint, eventually, prepare, running

SUBMIT = {
    "Type": "Task",
    "Resource": "arn:aws:states:::batch:submitJob.sync",
    "Parameters": {"JobName": "by-states", "JobQueue": "q", "JobDefinition": "q"},
    "Next": "Wait",
}
DOCUMENT = {"StartAt": "S", "States": {"S": SUBMIT, "Wait": {"Type": "Wait", "Seconds": 1, "End": True}}}


class Starting(unittest.TestCase):
    def test_only_loopback_addresses(self):
        for address in ("0.0.0.0:0", "192.0.2.7:4566", "[::]:4566"):
            code, words, out = complaint("--listen", address)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("is not a loopback address", words)

    def test_other_machines_are_let_in_with_a_warning(self):
        with Local("--listen", "0.0.0.0:0", "--allow-remote", "--allow-host", "Batch.example") as local:
            self.assertIn("warning: other machines reach 0.0.0.0:", local.said())
            self.assertTrue(local.environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:"))
            self.assertEqual(local.client("batch").describe_jobs(jobs=["x"])["jobs"], [])
            for host in ("batch.example", "192.0.2.7", "other.example"):
                connection = http.client.HTTPConnection("127.0.0.1", local.port)
                connection.request("POST", "/v1/describejobs", "{}", {"Host": host})
                answer = connection.getresponse()
                words = json.loads(answer.read())["message"]
                self.assertEqual(answer.status, 403)
                # Who is not refused for its host is refused for its lack of a signature.
                self.assertEqual("names another machine" in words, host == "other.example", words)
                connection.close()

    def test_a_port_alone_is_one_of_loopback(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            code, words, _ = complaint("--listen", str(port))
        self.assertEqual(code, 2)
        self.assertIn(f"cannot listen on 127.0.0.1:{port}", words)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            code, words, _ = complaint("--listen", "127.0.0.1:{}".format(taken.getsockname()[1]))
        self.assertEqual(code, 2)
        self.assertIn("cannot listen on 127.0.0.1:", words)
        self.assertIn("Address already in use", words)

    def test_data_on_stdout_and_talk_on_stderr(self):
        with Local("--access-key-id", "AKIDMINE", "--secret-access-key", "s") as local:
            self.assertGreater(local.port, 0)
            self.assertEqual(local.environment["AWS_ACCESS_KEY_ID"], "AKIDMINE")
            self.assertEqual(local.stop(), 0)
            self.assertIn("Ctrl-C ends it", local.said())

    def test_the_end_is_the_end_of_every_child(self):
        for how in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(how.name), Local() as local:
                batch = local.client("batch")
                prepare(batch, "q", ["sh", "-c", "sleep 71.25 & sleep 71.25; wait"])
                batch.submit_job(jobName="j", jobQueue="q", jobDefinition="q")
                eventually(lambda: len(running(r"sleep 71\.25$")) == 2)
                # A client that says nothing does not keep it from ending.
                with socket.create_connection(("127.0.0.1", local.port)):
                    self.assertEqual(local.stop(how), 0)
                self.assertEqual(running(r"sleep 71\.25$"), [])


class Closed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.local = Local().start()
        cls.addClassCleanup(cls.local.__exit__)

    def post(self, headers, body=b"{}", path="/v1/describejobqueues"):
        """The status of a request that is signed as it should be, whatever else is wrong with it."""
        headers = {"Host": "localhost", **headers}
        signed = AWSRequest("POST", f"http://{headers['Host']}{path}", {"Host": headers["Host"]}, body)
        self.local.sign("batch", signed)
        headers |= {name: signed.headers[name] for name in ("Authorization", "X-Amz-Date")}
        connection = http.client.HTTPConnection("127.0.0.1", self.local.port, timeout=10)
        try:
            connection.putrequest("POST", path, skip_host=True)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                connection.putheader(name, value)
            connection.endheaders()
            try:
                connection.send(body)
            except BrokenPipeError:
                pass
            return connection.getresponse().status
        finally:
            connection.close()

    def test_other_hosts_and_web_pages_are_refused(self):
        self.assertEqual(self.post({}), 200)
        self.assertEqual(self.post({"Host": f"127.0.0.1:{self.local.port}"}), 200)
        self.assertEqual(self.post({"Host": "rebound.example"}), 403)
        self.assertEqual(self.post({"Origin": "http://localhost"}), 403)

    def test_large_bodies_and_unknown_paths_are_refused(self):
        self.assertEqual(self.post({}, body=b" " * (3 << 20)), 413)
        self.assertEqual(self.post({}, path="/v1/nosuchoperation"), 404)
        self.assertEqual(self.post({}, path="/v1/no/such/path"), 404)


class Remembering(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def local(self):
        return Local("--state-dir", str(self.directory))

    def test_what_was_acknowledged_survives_a_kill(self):
        with self.local() as local:
            batch, states = local.client("batch"), local.client("stepfunctions")
            prepare(batch, "q", ["sh", "-c", "echo here; sleep ${S:-0}"], vcpus=4, retryStrategy={"attempts": 2})
            submit = dict(jobQueue="q", jobDefinition="q")
            seconds = lambda s: {"environment": [{"name": "S", "value": s}]}
            done = batch.submit_job(jobName="done", **submit)["jobId"]
            eventually(lambda: batch.describe_jobs(jobs=[done])["jobs"][0]["status"] == "SUCCEEDED")
            machine = states.create_state_machine(name="m", definition=json.dumps(DOCUMENT), roleArn=ROLE)["stateMachineArn"]
            long = batch.submit_job(jobName="long", containerOverrides=seconds("2.625"), **submit)["jobId"]
            once = batch.submit_job(jobName="once", retryStrategy={"attempts": 1}, containerOverrides=seconds("72.5"), **submit)["jobId"]
            eventually(lambda: batch.describe_jobs(jobs=[once])["jobs"][0]["status"] == "RUNNING")
            execution = states.start_execution(stateMachineArn=machine, name="e", input='{"a": 1.0}')["executionArn"]
            array = batch.submit_job(jobName="array", arrayProperties={"size": 40}, **submit)["jobId"]
            before = batch.describe_jobs(jobs=[done])["jobs"][0]
            keys = local.environment["AWS_SECRET_ACCESS_KEY"]
            history = states.get_execution_history(executionArn=execution)["events"]
            local.stop(signal.SIGKILL)

        with self.local() as local:
            batch, states, logs = local.client("batch"), local.client("stepfunctions"), local.client("logs")
            job = lambda job_id: batch.describe_jobs(jobs=[job_id])["jobs"][0]
            self.assertEqual(local.environment["AWS_SECRET_ACCESS_KEY"], keys)
            self.assertEqual(job(done), before)
            kept = states.get_execution_history(executionArn=execution)["events"]
            self.assertEqual(kept[: len(history)], history)
            lost = eventually(lambda: job(once)["status"] == "FAILED" and job(once))
            self.assertRegex(lost["statusReason"], r"^Host EC2 .*terminated|Host")
            self.assertEqual(running(r"sleep 72\.5$"), [], "what the killed fanout had started is gone")
            again = eventually(lambda: job(long)["status"] == "SUCCEEDED" and job(long))
            self.assertEqual(len(again["attempts"]), 2)
            eventually(lambda: job(array)["status"] == "SUCCEEDED")
            described = eventually(lambda: states.describe_execution(executionArn=execution)["stopDate"] and states.describe_execution(executionArn=execution))
            self.assertEqual((described["status"], described["input"]), ("SUCCEEDED", '{"a": 1.0}'))
            events = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=before["container"]["logStreamName"])["events"]
            self.assertEqual([event["message"] for event in events], ["here"])
            self.assertEqual(local.stop(), 0)

        with self.local() as local:
            self.assertEqual(local.client("batch").describe_jobs(jobs=[long])["jobs"][0], again)

    def test_nothing_acknowledged_is_lost_at_any_moment(self):
        acknowledged = []
        for life in range(4):
            with self.local() as local:
                batch = local.client("batch")
                if not acknowledged:
                    prepare(batch, "q", ["true"])
                for start in range(0, len(acknowledged), 100):
                    known = acknowledged[start : start + 100]
                    self.assertEqual([job["jobId"] for job in batch.describe_jobs(jobs=known)["jobs"]], known)
                for number in range(25):
                    acknowledged.append(batch.submit_job(jobName=f"j{life}-{number}", jobQueue="q", jobDefinition="q")["jobId"])
                local.stop(signal.SIGKILL)

    def test_a_directory_that_is_in_use_or_damaged_is_refused(self):
        with self.local() as local:
            code, words, _ = complaint("--listen", "127.0.0.1:0", "--state-dir", str(self.directory))
            self.assertEqual(code, 2)
            self.assertIn(f"is in use by another fanout (process {local.process.pid})", words)
        journal = self.directory / "journal.sqlite"
        journal.write_bytes(b"something else" * 1000)
        code, words, _ = complaint("--listen", "127.0.0.1:0", "--state-dir", str(self.directory))
        self.assertEqual(code, 2)
        self.assertIn("is not a journal of fanout", words)
        self.assertEqual(journal.read_bytes(), b"something else" * 1000)
