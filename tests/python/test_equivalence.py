"""The same list and the same faults under every strategy: the same results, byte for byte.

FANOUT_LISTS says how many lists are generated (a few by default).
"""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

from endpoint import FANOUT

LISTS = int(os.environ.get("FANOUT_LISTS", "6"))
STRATEGIES = os.environ.get("FANOUT_STRATEGIES", "map,parallel,array,submit").split(",")
# Writes what it was given, and fails for some items.
PROGRAM = 'printf \'{"given":%s,"index":%s,"of":%s}\' "$FANOUT_ITEM" "$FANOUT_INDEX" "$FANOUT_SIZE" > "$FANOUT_RESULT"; '
PROGRAM += "test $((FANOUT_INDEX % {every})) != 0"


def item(choose):
    kind = choose.randrange(5)
    letters = "abc xyz-_.:/'\"\\${}é☃\t"
    text = "".join(choose.choice(letters) for _ in range(choose.randrange(12)))
    if kind == 0:
        return choose.randrange(-(2**31), 2**31)
    if kind == 1:
        return text
    if kind == 2:
        return {"month": f"{choose.randrange(1, 13):02}", "note": text}
    if kind == 3:
        return {"deep": {"list": [text, None, True, choose.random()]}}
    return choose.choice([True, None, 1.5, [], [1, "a"]])


def items(choose):
    """The arguments for a list of up to 30 runs."""
    count = choose.randrange(1, 30)
    if choose.random() < 0.3:
        first = choose.randrange(0, 1000)
        return [f"--items={first}-{first + count - 1}"], count
    return [f"--items={json.dumps([item(choose) for _ in range(count)])}"], count


class Equivalence(unittest.TestCase):
    def results(self, strategy, arguments, chaos, program):
        with tempfile.TemporaryDirectory() as root:
            command = [FANOUT, "run", "-q", "-s", strategy, "--state-dir", root, "-o", "json", "--logs", "none", *arguments, *chaos]
            done = subprocess.run([*command, "--", "sh", "-c", program], capture_output=True, text=True, timeout=300)
            self.assertIn(done.returncode, (0, 100), f"{strategy}: {done.stderr}")
            totals = json.loads(done.stdout)["totals"]
            command = [FANOUT, "results", "--state-dir", root, "--format", "jsonl"]
            results = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
            return sorted(results.stdout.splitlines()), totals

    def test_results_are_the_same_under_every_strategy(self):
        choose = random.Random(os.environ.get("FANOUT_LISTS_SEED", "3"))
        for number in range(LISTS):
            arguments, count = items(choose)
            arguments += ["--retries", choose.choice(["0", "2", "2:all"]), "-j", str(choose.randrange(1, 9))]
            faults = choose.choice(["", "spot=20%", "pull=20%", "oom=10%", "fail=20%", "spot=10%,pull=10%,fail=10%"])
            chaos = ["--chaos", faults, "--seed", str(choose.randrange(1000))] if faults else []
            program = PROGRAM.replace("{every}", str(choose.choice([3, 7, 1000])))
            with self.subTest(number=number, arguments=arguments, chaos=chaos):
                outcomes = {strategy: self.results(strategy, arguments, chaos, program) for strategy in STRATEGIES}
                first, _ = outcomes[STRATEGIES[0]]
                self.assertEqual(len(first), count)
                for strategy, (results, totals) in outcomes.items():
                    self.assertEqual(results, first, strategy)
                    self.assertEqual(totals["runs"], count)
                    self.assertEqual(sum(amount for way, amount in totals.items() if way != "runs"), count, totals)


if __name__ == "__main__":
    unittest.main()
