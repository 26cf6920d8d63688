"""fanout killed with -9 at random moments of a fan-out, and another one that goes on.

FANOUT_KILLS says at how many moments (a few by default), FANOUT_KILL_RUNS how many runs there are.
"""

import json
import os
import random
import signal
import subprocess
import tempfile
import time
import unittest
from collections import Counter
from pathlib import Path

from endpoint import FANOUT

KILLS = int(os.environ.get("FANOUT_KILLS", "6"))
RUNS = int(os.environ.get("FANOUT_KILL_RUNS", "150"))
STRATEGIES = ["map", "array", "parallel"]
# Each start and each end of a program is a line.
PROGRAM = 'echo "$FANOUT_INDEX begins" >> "$NOTES"; echo "$FANOUT_INDEX ends" >> "$NOTES"'


def lines(path):
    return path.read_text().splitlines() if path.exists() else []


def ended(record):
    """The runs that the record says are over; a last line that was cut off counts as not written."""
    text = (record / "events.jsonl").read_text() if (record / "events.jsonl").exists() else ""
    events = [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]
    return [event["index"] for event in events if event["event"] == "run-ended"]


class Killed(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory()
        self.addCleanup(self.home.cleanup)
        self.root = Path(self.home.name) / "records"
        self.notes = Path(self.home.name) / "notes"

    def run_and_kill(self, strategy, after, runs=RUNS):
        command = [FANOUT, "run", "--strategy", strategy, "--items", f"1-{runs}", "--state-dir", self.root]
        command += ["--env", f"NOTES={self.notes}", "-j", "8", "--", "sh", "-c", PROGRAM]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def attach(self, *more):
        return subprocess.run([FANOUT, "attach", "--state-dir", self.root, *more], capture_output=True, text=True, timeout=120)

    def record(self):
        records = [path for path in self.root.iterdir() if not path.name.startswith(".")] if self.root.exists() else []
        return records[0] if records else None

    def test_whoever_attaches_goes_on_where_it_was(self):
        choose = random.Random(os.environ.get("FANOUT_KILL_SEED", "7"))
        interrupted = 0
        for moment in range(KILLS):
            strategy = STRATEGIES[moment % len(STRATEGIES)]
            after = choose.uniform(0.0, 0.004 * RUNS + 0.1)
            with self.subTest(strategy=strategy, after=after):
                self.root = Path(self.home.name) / f"records-{moment}"
                self.notes = Path(self.home.name) / f"notes-{moment}"
                self.run_and_kill(strategy, after)
                record = self.record()
                if record is None:
                    self.assertEqual(lines(self.notes), [], "nothing runs before there is a record of it")
                    continue
                before = ended(record)
                interrupted += len(before) < RUNS
                done = self.attach("--output", "json")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(json.loads(done.stdout)["totals"]["runs"], RUNS)
                self.assertEqual(Counter(ended(record)), Counter(range(RUNS)), "every run ends once in the record")
                begun = Counter(int(line.split()[0]) for line in lines(self.notes) if line.endswith("begins"))
                self.assertEqual(set(begun), set(range(RUNS)))
                self.assertEqual([run for run in before if begun[run] != 1], [], "what had completed was run again")
                again = self.attach("--output", "json")
                self.assertEqual(again.returncode, 0, again.stderr)
        self.assertGreater(interrupted, 0, "no kill came before the end: the moments are badly chosen")


if __name__ == "__main__":
    unittest.main()
