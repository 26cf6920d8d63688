"""What the benchmarks share: commands timed in turns, and tables.

Commands take turns in random order, round by round, so that a change of the machine's mood hits all
of them; hyperfine measures one command after another and is not used for that reason. Nothing is
dropped: tables show the median and the range of all rounds.
"""

import argparse
import datetime
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def arguments(description, rounds):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--fanout", default=os.environ.get("FANOUT_BIN", str(ROOT / "target/release/fanout")), help="the program to measure")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"how often each command is measured [{rounds}]")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the order [random, printed]")
    return parser


def check(fanout):
    if not os.access(fanout, os.X_OK):
        sys.exit(f"{fanout} is not there: cargo build --release, or --fanout PATH")


class Command:
    """One line of the table. `runs` divides the time for the column `per run`. Processor time counts the command and its children."""

    def __init__(self, name, argv, runs=None, environment=None, expect=0):
        self.name, self.argv, self.runs, self.expect = name, argv, runs, expect
        self.environment = {**os.environ, **(environment or {})}
        self.wall, self.cpu = [], []

    def measure(self, keep=True):
        null = os.open(os.devnull, os.O_RDWR)
        actions = [(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)]
        begin = time.perf_counter()
        pid = os.posix_spawnp(self.argv[0], self.argv, self.environment, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - begin
        os.close(null)
        code = os.waitstatus_to_exitcode(status)
        if code != self.expect:
            sys.exit(f"{' '.join(self.argv)}\nended with {code}")
        if keep:
            self.wall.append(wall)
            self.cpu.append(usage.ru_utime + usage.ru_stime)


def measure(commands, rounds, seed):
    order = random.Random(seed)
    for command in commands:
        command.measure(keep=False)
    for done in range(rounds):
        for command in order.sample(commands, len(commands)):
            command.measure()
        if sys.stderr.isatty():
            print(f"\r{done + 1}/{rounds}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r", end="", file=sys.stderr)


def table(commands):
    per_run = any(command.runs for command in commands)
    print("| command | wall, median [min … max] |" + (" per run |" if per_run else "") + " processor time, median |")
    print("| --- | --- |" + (" --- |" if per_run else "") + " --- |")
    for command in commands:
        cells = [command.name, f"{ms(statistics.median(command.wall))} [{ms(min(command.wall))} … {ms(max(command.wall))}]"]
        if per_run:
            cells.append(f"{statistics.median(command.wall) / command.runs * 1e3:.3f} ms" if command.runs else "")
        cells.append(ms(statistics.median(command.cpu)))
        print(f"| {' | '.join(cells)} |")


def ms(seconds):
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def heading(fanout, what):
    """When, where, and with what."""
    cpu = next((line.split(":")[1].strip() for line in read("/proc/cpuinfo").splitlines() if line.startswith("model name")), platform.processor())
    commit = output(["git", "-C", str(ROOT), "describe", "--always", "--dirty"])
    version = output([fanout, "--version"]) if fanout else ""
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    print(f"{now}; {cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; load before {load}; {version or output(['rustc', '--version'])}, {commit}.")
    print(f"{what}\n")


def read(path):
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def output(argv):
    try:
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def have(program):
    return shutil.which(program) is not None


class State:
    """A directory for what commands leave behind; gone afterwards."""

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix="fanout-bench-")
        return {"XDG_STATE_HOME": self.directory}

    def __exit__(self, *_):
        shutil.rmtree(self.directory, ignore_errors=True)
