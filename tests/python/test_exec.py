"""fanout local --exec: a command whose AWS is fanout, and with whose end fanout ends."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from endpoint import FANOUT, complaint, running

WHO = 'import boto3; print(boto3.client("sts").get_caller_identity()["Account"])'

# A job that lasts longer than the command which submits it.
LEAVE = """
import boto3, time
from endpoint import prepare
batch = boto3.client("batch")
prepare(batch, "q", ["sh", "-c", "trap 'exit 0' TERM; sleep 73.25 & wait"])
job = batch.submit_job(jobName="j", jobQueue="q", jobDefinition="q")["jobId"]
while batch.describe_jobs(jobs=[job])["jobs"][0]["status"] != "RUNNING":
    time.sleep(0.02)
"""

# What a job sees of what fanout exports, once it is told which.
SHOW = """
import boto3, os, time
from endpoint import prepare
batch, logs = boto3.client("batch"), boto3.client("logs")
prepare(batch, "q", ["sh", "-c", "echo $AWS_ENDPOINT_URL$AWS_SECRET_ACCESS_KEY"])
job = batch.submit_job(jobName="j", jobQueue="q", jobDefinition="q")["jobId"]
while True:
    described = batch.describe_jobs(jobs=[job])["jobs"][0]
    if described["status"] == "SUCCEEDED":
        break
    time.sleep(0.02)
stream = described["container"]["logStreamName"]
said = logs.get_log_events(logGroupName="/aws/batch/job", logStreamName=stream)["events"][0]["message"]
assert said == os.environ["AWS_ENDPOINT_URL"], said
"""


class Executing(unittest.TestCase):
    def fanout(self, *words, before=(), **variables):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        environment |= {"PYTHONPATH": str(Path(__file__).parent), "AWS_CONFIG_FILE": os.devnull, **variables}
        return [FANOUT, "local", *before, "--exec", "--", *words], environment

    def run_it(self, *words, **how):
        command, environment = self.fanout(*words, **how)
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)

    def start(self, script):
        """Started as a shell starts a job: a process group of its own."""
        command, environment = self.fanout(sys.executable, "-u", "-c", script)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(process.stdout.close)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return process

    def test_the_commands_output_is_all_there_is(self):
        done = self.run_it(sys.executable, "-c", WHO)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "123456789012\n", ""))

    def test_the_variables_of_the_shell_lead_nowhere_else(self):
        elsewhere = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:9", "AWS_PROFILE": "none", "AWS_SESSION_TOKEN": "t"}
        done = self.run_it(sys.executable, "-c", WHO, AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_REGION="eu-west-1", **elsewhere)
        self.assertEqual((done.returncode, done.stdout), (0, "123456789012\n"), done.stderr)
        done = self.run_it("env", **elsewhere)
        names = sorted(line.partition("=")[0] for line in done.stdout.splitlines() if line.startswith("AWS_"))
        expected = ["ACCESS_KEY_ID", "CONFIG_FILE", "DEFAULT_REGION", "DISABLE_HOST_PREFIX_INJECTION", "ENDPOINT_URL", "SECRET_ACCESS_KEY"]
        self.assertEqual(names, ["AWS_" + name for name in expected])

    def test_the_exit_code_is_the_commands(self):
        for script, code in [("exit 0", 0), ("exit 7", 7), ("exit 104", 104), ("kill -KILL $$", 137), ("kill -TERM $$", 143)]:
            self.assertEqual(self.run_it("sh", "-c", script).returncode, code, script)

    def test_any_port_is_taken_unless_one_is_named(self):
        show = ("sh", "-c", "echo ${AWS_ENDPOINT_URL##*:}")
        with socket.create_server(("127.0.0.1", 0)) as known:
            port = str(known.getsockname()[1])
        self.assertEqual(self.run_it(*show, before=["--listen", f"127.0.0.1:{port}"]).stdout.strip(), port)
        with self.subTest("two at the same time"):
            inner, _ = self.fanout(*show)
            done = self.run_it(*inner)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(int(done.stdout), 0)

    def test_ctrl_c_is_the_commands_to_answer(self):
        process = self.start("import time\nprint('ready')\ntry:\n  time.sleep(60)\nexcept KeyboardInterrupt:\n  print('asked')\n  raise SystemExit(5)")
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual((process.wait(10), process.stdout.read()), (5, "asked\n"))

    def test_what_is_meant_for_fanout_is_passed_on(self):
        for how in (signal.SIGTERM, signal.SIGHUP):
            process = self.start("import time; print('ready'); time.sleep(60)")
            process.send_signal(how)
            self.assertEqual(process.wait(10), 128 + how)

    def test_jobs_end_with_the_command(self):
        done = self.run_it(sys.executable, "-c", LEAVE)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(running(r"sleep 73\.25$"), [])

    def test_jobs_may_be_given_what_is_exported(self):
        done = self.run_it(sys.executable, "-c", SHOW, before=["--pass-env", "AWS_ENDPOINT_URL"])
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_what_was_made_is_there_the_next_time(self):
        make, look = "boto3.client('s3').create_bucket(Bucket='kept')", "boto3.client('s3').head_bucket(Bucket='kept')"
        with tempfile.TemporaryDirectory() as directory:
            for call in (make, look):
                done = self.run_it(sys.executable, "-c", f"import boto3; {call}", before=["--state-dir", directory])
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_command_that_cannot_be_run_is_refused_first(self):
        for words, part in [
            (["--exec", "--", "no-such-program"], "no-such-program: command not found"),
            (["--exec"], "<COMMAND>"),
            (["--", "true"], "--exec"),
            (["--exec", "--listen", "0.0.0.0:0", "--", "true"], "is not a loopback address"),
        ]:
            code, said, out = complaint(*words)
            self.assertEqual((code, out), (2, ""), words)
            self.assertIn(part, said)
