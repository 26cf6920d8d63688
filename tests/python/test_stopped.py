"""fanout stopped by Ctrl-C at random moments of a fan-out.

FANOUT_STOPS says at how many moments (a few by default), FANOUT_STOP_RUNS how many runs there are.
"""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
import uuid
from pathlib import Path

from endpoint import FANOUT

STOPS = int(os.environ.get("FANOUT_STOPS", "4"))
RUNS = int(os.environ.get("FANOUT_STOP_RUNS", "200"))
STRATEGIES = ["map", "array", "submit", "parallel"]
# How long everything may take to be gone.
LIMIT = 15.0


def marked(mark):
    """The processes of this machine that have the mark in their environment, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if mark.encode() in (entry / "environ").read_bytes():
                    found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")))
            except OSError:
                continue
    return found


class Stopped(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)

    def stop(self, strategy, after, runs, program):
        """Ctrl-C after so many seconds; its report, how long it then took, and what is left of it."""
        mark = f"FANOUT_TEST_MARK-{uuid.uuid4()}"
        root = Path(self.home.name) / mark
        command = [FANOUT, "run", "--strategy", strategy, "--items", f"1-{runs}", "-j", "16", "--state-dir", root, "--output", "json"]
        command += ["--env", f"MARK={mark}", "--", "sh", "-c", program]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        time.sleep(after)
        begun = time.monotonic()
        # As a terminal does: to the whole group. The programs are in groups of their own.
        os.killpg(process.pid, signal.SIGINT)
        out, talk = process.communicate(timeout=120)
        return process.returncode, out, talk, time.monotonic() - begun, marked(mark), root

    def test_nothing_is_left_and_the_record_says_what_became_of_each_run(self):
        choose = random.Random(os.environ.get("FANOUT_STOP_SEED", "11"))
        stopped = 0
        for moment in range(STOPS):
            # Parallel has no more branches than an execution has events.
            strategy = STRATEGIES[moment % len(STRATEGIES)]
            runs = min(RUNS, 1200) if strategy == "parallel" else RUNS
            after = choose.uniform(0.0, 0.003 * runs + 0.3)
            with self.subTest(strategy=strategy, after=after):
                code, out, talk, took, left, root = self.stop(strategy, after, runs, "sleep 0.0$((RunNumber % 10)); sleep 0.02")
                if not root.exists():
                    self.assertIn(code, (-signal.SIGINT, 130), "it had not begun")
                    continue
                self.assertEqual(left, [], "processes are left")
                self.assertLess(took, LIMIT)
                if code == 0:
                    continue
                stopped += 1
                self.assertEqual(code, 130, talk)
                report = json.loads(out)
                totals = report["totals"]
                self.assertTrue(report["cancelled"])
                self.assertEqual(len(report["runs"]), runs)
                self.assertEqual(totals["pass"] + totals["cancelled"] + totals["fail"], runs, totals)
                self.assertEqual(totals["fail"], 0, "what Ctrl-C ended is cancelled")
        self.assertGreater(stopped, 0, "no Ctrl-C came before the end: the moments are badly chosen")

    def test_programs_that_will_not_stop_are_killed(self):
        for strategy in STRATEGIES:
            with self.subTest(strategy=strategy):
                program = "trap '' TERM INT; sleep 300 & wait; sleep 300"
                code, _, talk, took, left, _ = self.stop(strategy, 1.5, 20, program)
                self.assertEqual((code, left), (130, []), talk)
                self.assertLess(took, LIMIT)


if __name__ == "__main__":
    unittest.main()
