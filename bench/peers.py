"""Other programs that run a command once per item, if they are installed."""

import contextlib
import os
import subprocess
import tempfile
import time

from measure import Command, have


def commands(runs, at_once):
    """`true` once per item: GNU xargs, GNU parallel, and a floor without any program around it."""
    found = [Command(f"xargs -P{at_once}", ["sh", "-c", f"seq {runs} | xargs -P{at_once} -n1 true"], runs)]
    if is_gnu_parallel():
        found.append(Command(f"GNU parallel -j{at_once}", ["sh", "-c", f"seq {runs} | parallel -j{at_once} true"], runs))
    return found


def is_gnu_parallel():
    """moreutils has a program of the same name."""
    if not have("parallel"):
        return False
    said = subprocess.run(["parallel", "--version"], capture_output=True, text=True, check=False)
    return "GNU parallel" in said.stdout


@contextlib.contextmanager
def hyperqueue(runs, at_once):
    """HyperQueue with a server and a worker of its own, both started beforehand."""
    if not have("hq"):
        yield []
        return
    with tempfile.TemporaryDirectory(prefix="hq-bench-") as directory:
        environment = {"HQ_SERVER_DIR": directory}
        begun = []
        try:
            for argv in (["hq", "server", "start"], ["hq", "worker", "start", f"--cpus={at_once}"]):
                quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
                begun.append(subprocess.Popen(argv, env={**os.environ, **environment}, **quiet))
                time.sleep(2)
            argv = ["hq", "submit", "--wait", f"--array=1-{runs}", "--stdout=none", "--stderr=none", "--", "true"]
            yield [Command("HyperQueue, server and worker running", argv, runs, environment)]
        finally:
            for process in reversed(begun):
                process.terminate()
                process.wait()
