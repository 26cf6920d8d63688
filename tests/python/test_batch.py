"""Batch as its clients see it: arrays, lists, cancelling, refusals."""

from endpoint import LocalTest, eventually, prepare

CLIENT_ERROR = "ClientException"


class Batch(LocalTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepare(cls.batch, "q", ["sh", "-c", 'echo "child $AWS_BATCH_JOB_ARRAY_INDEX of $AWS_BATCH_JOB_ARRAY_SIZE"; exit ${CODE:-0}'])

    def submit(self, name="job", **more):
        return self.batch.submit_job(jobName=name, jobQueue="q", jobDefinition="q", **more)["jobId"]

    def test_an_array_of_six(self):
        parent = self.submit("six", arrayProperties={"size": 6})
        ended = self.ended_job(parent)
        self.assertEqual(ended["status"], "SUCCEEDED")
        summary = {status: count for status, count in ended["arrayProperties"]["statusSummary"].items() if count}
        self.assertEqual(summary, {"SUCCEEDED": 6})
        children = self.batch.describe_jobs(jobs=[f"{parent}:{index}" for index in range(6)])["jobs"]
        self.assertEqual([child["arrayProperties"]["index"] for child in children], list(range(6)))
        for index, child in enumerate(children):
            self.assertEqual(self.lines(child["container"]["logStreamName"]), [f"child {index} of 6"])
        pages = self.batch.get_paginator("list_jobs").paginate(arrayJobId=parent, jobStatus="SUCCEEDED", PaginationConfig={"PageSize": 4})
        pages = [[job["jobId"] for job in page["jobSummaryList"]] for page in pages]
        self.assertEqual([len(page) for page in pages], [4, 2])
        self.assertEqual({job for page in pages for job in page}, {child["jobId"] for child in children})

    def test_one_child_that_fails_fails_the_array(self):
        command = ["sh", "-c", 'test "$AWS_BATCH_JOB_ARRAY_INDEX" != 2']
        parent = self.submit("one-bad", arrayProperties={"size": 3}, containerOverrides={"command": command})
        ended = self.ended_job(parent)
        self.assertEqual((ended["status"], ended["statusReason"]), ("FAILED", "Array Child Job failed"))
        self.assertEqual(ended["arrayProperties"]["statusSummary"]["FAILED"], 1)
        self.assertEqual(self.job(f"{parent}:2")["container"]["exitCode"], 1)

    def test_attempts_are_retried_and_each_has_its_log(self):
        job = self.ended_job(self.submit("again", retryStrategy={"attempts": 3}, containerOverrides={"environment": [{"name": "CODE", "value": "9"}]}))
        self.assertEqual(job["status"], "FAILED")
        self.assertEqual([attempt["container"]["exitCode"] for attempt in job["attempts"]], [9, 9, 9])
        self.assertEqual(len({attempt["container"]["logStreamName"] for attempt in job["attempts"]}), 3)

    def test_cancel_and_terminate(self):
        sleep = {"command": ["sleep", "60"]}
        first = self.submit("long", containerOverrides=sleep)
        waits = self.submit("waits", dependsOn=[{"jobId": first}])
        eventually(lambda: self.job(first)["status"] == "RUNNING")
        self.batch.cancel_job(jobId=first, reason="has no effect on what runs")
        self.batch.cancel_job(jobId=waits, reason="not wanted")
        self.batch.terminate_job(jobId=first, reason="enough")
        ended = self.ended_job(first)
        self.assertEqual((ended["status"], ended["statusReason"], ended["isTerminated"]), ("FAILED", "enough", True))
        self.assertEqual(ended["container"]["exitCode"], 143)
        ended = self.ended_job(waits)
        self.assertEqual((ended["status"], ended["isCancelled"]), ("FAILED", True))
        self.batch.terminate_job(jobId="00000000-0000-4000-8000-000000000000", reason="nobody")

    def test_what_is_listed_and_described(self):
        done = self.ended_job(self.submit("listed"))
        by_name = self.batch.list_jobs(jobQueue="q", filters=[{"name": "JOB_NAME", "values": ["LISTED"]}])["jobSummaryList"]
        self.assertEqual([job["jobId"] for job in by_name], [done["jobId"]])
        self.assertEqual(self.batch.describe_jobs(jobs=["no-such-job"])["jobs"], [])
        self.assertEqual(self.batch.list_jobs(jobQueue="q")["jobSummaryList"], [])
        self.assertEqual(self.batch.describe_job_queues(jobQueues=["q"])["jobQueues"][0]["status"], "VALID")
        self.assertEqual(self.batch.describe_compute_environments()["computeEnvironments"][0]["state"], "ENABLED")
        definitions = self.batch.describe_job_definitions(jobDefinitionName="q", status="ACTIVE")["jobDefinitions"]
        self.assertEqual([definition["revision"] for definition in definitions], [1])

    def test_what_batch_refuses(self):
        refused = [
            ("describe_jobs", {"jobs": [str(number) for number in range(101)]}, "Maximum number of jobs supported is"),
            ("submit_job", {"jobName": "a b", "jobQueue": "q", "jobDefinition": "q"}, "Job name should match valid pattern"),
            ("submit_job", {"jobName": "a", "jobQueue": "none", "jobDefinition": "q"}, "none"),
            ("submit_job", {"jobName": "a", "jobQueue": "q", "jobDefinition": "none"}, "none"),
            ("submit_job", {"jobName": "a", "jobQueue": "q", "jobDefinition": "q", "arrayProperties": {"size": 10001}}, "10000"),
            ("create_job_queue", {"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": []}, ""),
            ("delete_job_queue", {"jobQueue": "q"}, "DISABLED"),
        ]
        for operation, arguments, words in refused:
            with self.subTest(operation, words=words), self.assertRaises(self.batch.exceptions.ClientException) as caught:
                getattr(self.batch, operation)(**arguments)
            error = caught.exception.response
            self.assertIn(words, error["Error"]["Message"])
            self.assertEqual(error["ResponseMetadata"]["HTTPStatusCode"], 400)

    def test_an_operation_that_is_not_there_is_an_error(self):
        with self.assertRaises(self.batch.exceptions.ClientError) as caught:
            self.batch.list_consumable_resources()
        self.assertGreaterEqual(caught.exception.response["ResponseMetadata"]["HTTPStatusCode"], 400)
        self.assertIn("An error occurred", self.local.aws("batch", "list-service-jobs", "--job-queue", "q", succeeds=False))
