"""Faults on demand, as clients see them."""

import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from endpoint import Local


class Chaos(unittest.TestCase):
    def test_calls_that_come_too_fast_are_refused_as_aws_does(self):
        with Local("--chaos", "throttle=1/s") as local:
            batch, states = local.client("batch"), local.client("stepfunctions")
            batch.describe_jobs(jobs=["x"])
            with self.assertRaises(ClientError) as refused:
                batch.describe_jobs(jobs=["x"])
            answer = refused.exception.response
            self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 429)
            self.assertEqual((answer["Error"]["Code"], answer["Error"]["Message"]), ("TooManyRequestsException", "Too Many Requests"))
            states.list_state_machines()
            with self.assertRaises(ClientError) as refused:
                states.list_state_machines()
            answer = refused.exception.response
            self.assertEqual(answer["ResponseMetadata"]["HTTPStatusCode"], 400)
            self.assertEqual((answer["Error"]["Code"], answer["Error"]["Message"]), ("ThrottlingException", "Rate exceeded"))

    def test_a_client_that_retries_gets_through(self):
        with Local("--chaos", "throttle=2/s") as local:
            session = boto3.Session(
                local.environment["AWS_ACCESS_KEY_ID"], local.environment["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
            )
            config = Config(retries={"total_max_attempts": 8, "mode": "standard"})
            batch = session.client("batch", endpoint_url=local.environment["AWS_ENDPOINT_URL"], config=config)
            answers = [batch.describe_jobs(jobs=["x"]) for _ in range(5)]
            self.assertEqual([answer["jobs"] for answer in answers], [[]] * 5)
            self.assertGreater(sum(answer["ResponseMetadata"]["RetryAttempts"] for answer in answers), 0)


if __name__ == "__main__":
    unittest.main()
