"""A fanout local for a client that brings its own programs: where they are, what their jobs see, how they are run."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "python"))

from endpoint import Local  # noqa: E402

# Whatever a job says to AWS, it says to fanout; nothing but fanout answers, and no address of a cloud's is waited for.
PASSED = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "METAFLOW_SKIP_INSTALL_DEPENDENCIES"]
PROXY = {"http_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1,localhost"}


def programs():
    """Where scripts/test installs the clients, in an environment of their own."""
    place = Path(os.environ.get("FANOUT_PEERS", HERE.parents[1] / ".venv-peers")) / "bin"
    if not (place / "redun").exists():
        raise AssertionError(f"{place} has no redun: scripts/test installs tests/peers/requirements.txt there, FANOUT_PEERS names another place")
    return place


class PeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = Path(directory.name)
        cls.programs = programs()
        shell = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "METAFLOW_"))}
        shell |= {"PATH": f"{cls.programs}{os.pathsep}{shell['PATH']}", "METAFLOW_SKIP_INSTALL_DEPENDENCIES": "1", **PROXY}
        passed = [word for name in [*PASSED, *PROXY] for word in ("--pass-env", name)]
        cls.local = Local(*passed, shell=shell).start()
        cls.addClassCleanup(cls.local.__exit__)
        cls.shell = shell | cls.local.environment | {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        cls.batch, cls.s3 = cls.local.client("batch"), cls.local.client("s3")
        cls.batch.create_compute_environment(
            computeEnvironmentName="peers",
            type="MANAGED",
            computeResources={"type": "EC2", "minvCpus": 0, "maxvCpus": 6, "instanceTypes": ["optimal"], "instanceRole": "ecs", "subnets": ["subnet-1"], "securityGroupIds": ["sg-1"]},
        )
        order = [{"order": 1, "computeEnvironment": "peers"}]
        cls.batch.create_job_queue(jobQueueName="peers", priority=1, computeEnvironmentOrder=order)

    def run_it(self, program, *arguments, **variables):
        """What the program said, and its exit code."""
        command = [self.programs / program, *map(str, arguments)]
        done = subprocess.run(command, cwd=self.directory, env=self.shell | variables, capture_output=True, text=True, timeout=240)
        return done.returncode, done.stdout + done.stderr

    def statuses(self):
        """How many jobs of the queue have which status, arrays counted once."""
        listed = {status: self.batch.list_jobs(jobQueue="peers", jobStatus=status)["jobSummaryList"] for status in ("SUCCEEDED", "FAILED")}
        return {status: len(jobs) for status, jobs in listed.items()}
