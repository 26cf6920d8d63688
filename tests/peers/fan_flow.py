"""A flow of Metaflow whose middle step is three jobs at the same time."""

import os

from metaflow import FlowSpec, batch, step


class FanFlow(FlowSpec):
    @step
    def start(self):
        self.words = ["map", "array", "parallel"]
        self.next(self.measure, foreach="words")

    @batch(cpu=1, memory=256)
    @step
    def measure(self):
        self.length = len(self.input)
        self.job = os.environ["AWS_BATCH_JOB_ID"]
        print(f"{self.input} is measured")
        self.next(self.add)

    @step
    def add(self, branches):
        branches = list(branches)
        self.total = sum(branch.length for branch in branches)
        self.jobs = len({branch.job for branch in branches})
        self.next(self.end)

    @step
    def end(self):
        print(f"{self.total} letters counted by {self.jobs} jobs")


if __name__ == "__main__":
    FanFlow()
