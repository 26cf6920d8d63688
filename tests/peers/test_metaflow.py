"""Metaflow, end to end: its steps are Batch jobs, its code and data are objects in S3, all of fanout local."""

import shutil

from peer import HERE, PeerTest


class Metaflow(PeerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.s3.create_bucket(Bucket="flows")
        cls.shell |= {
            "METAFLOW_DEFAULT_DATASTORE": "s3",
            "METAFLOW_DATASTORE_SYSROOT_S3": "s3://flows/metaflow",
            "METAFLOW_S3_ENDPOINT_URL": cls.local.environment["AWS_ENDPOINT_URL"],
            "METAFLOW_BATCH_JOB_QUEUE": "peers",
            "METAFLOW_BATCH_CONTAINER_IMAGE": "any",
            "METAFLOW_ECS_S3_ACCESS_IAM_ROLE": "arn:aws:iam::123456789012:role/flows",
            "METAFLOW_DEFAULT_METADATA": "local",
            "METAFLOW_HOME": str(cls.directory / "home"),
            "METAFLOW_USER": "tests",
        }
        for flow in ("fan_flow.py", "retry_flow.py"):
            shutil.copy(HERE / flow, cls.directory)

    def flow(self, name):
        code, said = self.run_it("python", name, "run")
        self.assertEqual(code, 0, said)
        return said

    def test_a_foreach_is_a_job_for_each(self):
        said = self.flow("fan_flow.py")
        self.assertIn("16 letters counted by 3 jobs", said)
        for word in ("map", "array", "parallel"):
            self.assertIn(f"{word} is measured", said)

    def test_a_step_that_fails_is_tried_again_as_another_job(self):
        before = self.statuses()
        said = self.flow("retry_flow.py")
        self.assertIn("Essential container in task exited", said)
        self.assertIn("done by attempt 1", said)
        after = self.statuses()
        self.assertEqual({status: after[status] - before[status] for status in after}, {"SUCCEEDED": 1, "FAILED": 1})
