"""Executions, scripts and refusals that were recorded on AWS, played again over the wire.

The recordings are not part of this repository. FANOUT_CONFORMANCE is the directory with `run.py` and `cases.dev.jsonl`;
without it this says that it did not run.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from endpoint import Local

# Of what is recorded, how much has to agree: status, error and output; the events; the whole history in order.
LEAST = {"L1": 1.0, "L1c": 1.0, "L2": 1.0, "L3": 0.98}


class Recordings(unittest.TestCase):
    def test_what_was_recorded_on_aws_happens_here(self):
        directory = os.environ.get("FANOUT_CONFORMANCE")
        if not directory:
            self.skipTest("NOT RUN: set FANOUT_CONFORMANCE to the directory of the recordings (run.py, cases.dev.jsonl)")
        runner, cases = Path(directory, "run.py"), Path(directory, "cases.dev.jsonl")
        self.assertTrue(runner.is_file() and cases.is_file(), f"{directory} lacks run.py or cases.dev.jsonl")
        with Local() as local, tempfile.TemporaryDirectory() as scratch:
            environment = {**os.environ, **local.environment, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
            result = Path(scratch, "result.json")
            command = [sys.executable, runner, "--endpoint", local.environment["AWS_ENDPOINT_URL"], "--cases", cases]
            command += ["--needs", "all", "--jobs", "2", "--quiet", "--json", result]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
            self.assertTrue(result.is_file(), done.stdout + done.stderr)
            totals = json.loads(result.read_text())["totals"]
        for level, least in LEAST.items():
            agree, judged = totals[level]
            self.assertGreater(judged, 0, level)
            self.assertGreaterEqual(agree / judged, least, f"{level}: {agree} of {judged}\n{done.stdout}")


if __name__ == "__main__":
    unittest.main()
