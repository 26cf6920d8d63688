"""The check of answers finds what it is there to find."""

import unittest

import boto3
from endpoint import differences


class Check(unittest.TestCase):
    def test_every_kind_of_difference_is_found(self):
        model = boto3.Session(region_name="us-east-1").client("batch").meta.service_model
        submitted = model.operation_model("SubmitJob").output_shape
        described = model.operation_model("DescribeJobs").output_shape
        whole = {"jobId": "i", "jobName": "n"}
        self.assertEqual(list(differences(submitted, whole, whole, "")), [])
        job = {"jobName": "n", "jobId": "i", "jobQueue": "q", "jobDefinition": "d", "status": "RUNNING"}
        for shape, raw, parsed, words in [
            (submitted, {"jobId": "i"}, {"jobId": "i"}, "jobName is required"),
            (submitted, whole | {"x": 1}, whole, "x is not in the model"),
            (submitted, whole | {"jobArn": None}, whole, "jobArn is lost"),
            (submitted, whole | {"jobId": 5}, whole, "5 is no string"),
            (described, {"jobs": [job]}, {"jobs": []}, "no such list"),
            (described, {"jobs": [job | {"status": "WALKING"}]}, {"jobs": [job]}, "none of"),
            (described, {"jobs": [job | {"createdAt": "now"}]}, {"jobs": [job | {"createdAt": 1}]}, "'now' is no long"),
        ]:
            with self.subTest(words):
                self.assertIn(words, " ".join(differences(shape, raw, parsed, "")))
