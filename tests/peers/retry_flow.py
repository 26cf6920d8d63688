"""A flow of Metaflow whose job fails once and is tried again."""

from metaflow import FlowSpec, batch, current, retry, step


class RetryFlow(FlowSpec):
    @retry(times=1, minutes_between_retries=0)
    @batch(cpu=1, memory=256)
    @step
    def start(self):
        if current.retry_count == 0:
            raise RuntimeError("the first attempt is meant to fail")
        self.attempt = current.retry_count
        self.next(self.end)

    @step
    def end(self):
        print(f"done by attempt {self.attempt}")


if __name__ == "__main__":
    RetryFlow()
