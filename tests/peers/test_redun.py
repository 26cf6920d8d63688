"""redun, end to end: its jobs are Batch jobs of fanout local, with scratch space in a directory and in S3."""

import re
import shutil

from peer import HERE, PeerTest

SETTINGS = """
[backend]
db_uri = sqlite:///{directory}/{name}.db

[executors.batch]
type = aws_batch
image = any
queue = peers
s3_scratch = {scratch}
role = none
aws_region = us-east-1
job_monitor_interval = 0.2
job_stale_time = {patience}
min_array_size = 5
vcpus = 1
memory = 1
"""


class Redun(PeerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shutil.copy(HERE / "workflow.py", cls.directory)
        cls.s3.create_bucket(Bucket="scratch")
        for place, scratch in (("directory", cls.directory / "scratch"), ("bucket", "s3://scratch/redun/")):
            # How many seconds it waits for another job of an array: many, so that a busy machine does not make two of one.
            for name, patience in ((place, 0.2), (f"{place}-patient", 4)):
                (cls.directory / name).mkdir()
                settings = SETTINGS.format(directory=cls.directory, name=name, scratch=scratch, patience=patience)
                (cls.directory / name / "redun.ini").write_text(settings, encoding="utf-8")

    def redun(self, where, *words, code=0):
        ended, said = self.run_it("redun", "-c", where, "run", "workflow.py", *words)
        self.assertEqual(ended, code, said)
        return said

    def cubes(self, where, first, count):
        found = re.findall(r"\((\d+), '([^']+)', ('\d+'|None)\)", self.redun(where, "cubes", "--first", first, "--count", count))
        self.assertEqual([int(cube) for cube, _, _ in found], [number**3 for number in range(first, first + count)])
        return [(job, index.strip("'")) for _, job, index in found]

    def test_six_alike_are_an_array(self):
        for where, first in (("directory-patient", 0), ("bucket-patient", 100)):
            with self.subTest(where):
                jobs = self.cubes(where, first, 6)
                self.assertEqual(len({job.rpartition(":")[0] for job, _ in jobs}), 1)
                self.assertEqual([(job.rpartition(":")[2], index) for job, index in jobs], [(str(number), str(number)) for number in range(6)])

    def test_two_are_jobs_of_their_own(self):
        jobs = self.cubes("directory", 50, 2)
        self.assertEqual([index for _, index in jobs], ["None", "None"])
        self.assertEqual(len({job for job, _ in jobs}), 2)

    def test_a_script_is_a_job_and_its_definition_is_registered_once(self):
        for where, word in (("directory", "here"), ("bucket", "there")):
            with self.subTest(where):
                self.assertIn(f"[0, b'{word.upper()}'", self.redun(where, "shell", "--word", word))
        # What comes back as it was registered is not registered again by the second run.
        definitions = self.batch.describe_job_definitions()["jobDefinitions"]
        self.assertEqual([definition["revision"] for definition in definitions], [1])

    def test_a_failure_is_told_with_its_reason_and_its_log(self):
        said = self.redun("directory", "failing", "--reason", "design", code=1)
        self.assertIn("RuntimeError: broken by design", said)
        self.assertRegex(said, r"(?s)Latest logs:.*CloudWatch logs for AWS Batch job.*statusReason: Essential container in task exited.*this will not end well")
