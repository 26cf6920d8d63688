"""The jobs' logs, searched and followed as the AWS CLI's `logs tail --follow` does."""

import time

from botocore.exceptions import ClientError
from endpoint import LocalTest, prepare

GROUP = "/aws/batch/job"
SLOWLY = 'for n in 1 2 3 4 5; do echo "$NAME $n"; sleep 0.3; done; echo "$NAME ERROR code 7"'


class Searching(LocalTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepare(cls.batch, "q", ["sh", "-c", SLOWLY])

    def submit(self, name, **overrides):
        overrides = {"environment": [{"name": "NAME", "value": name}], **overrides}
        return self.batch.submit_job(jobName=name, jobQueue="q", jobDefinition="q", containerOverrides=overrides)["jobId"]

    def stream(self, job_id):
        return self.ended_job(job_id)["container"]["logStreamName"]

    def search(self, **how):
        pages = self.logs.get_paginator("filter_log_events").paginate(logGroupName=GROUP, **how)
        return [event for page in pages for event in page["events"]]

    def refusal(self, operation, **how):
        with self.assertRaises(ClientError) as refused:
            getattr(self.logs, operation)(logGroupName=GROUP, **how)
        error = refused.exception.response["Error"]
        return error["Code"], error["Message"]

    def test_a_follower_sees_every_line_once_while_jobs_run(self):
        """As `aws logs tail --follow` asks: page by page, then again from the latest time, minding the ids it has seen."""
        jobs = [self.submit(name) for name in ("left", "right")]
        ask = {"logGroupName": GROUP, "interleaved": True, "startTime": 0, "filterPattern": "?left ?right", "limit": 3}
        lines, known, ends = [], set(), []

        deadline = time.monotonic() + 20
        while len(ends) < 2 and time.monotonic() < deadline:
            page = self.logs.filter_log_events(**ask)
            for event in page["events"]:
                if (event["timestamp"], event["eventId"]) not in known:
                    known.add((event["timestamp"], event["eventId"]))
                    lines.append((event["timestamp"], event["message"]))
                    ends += [event["message"]] if "ERROR" in event["message"] else []
            if "nextToken" in page:
                ask["nextToken"] = page["nextToken"]
            else:
                ask.pop("nextToken", None)
                ask["startTime"] = max([timestamp for timestamp, _ in known], default=0)
                time.sleep(0.1)
        expected = [f"{name} {end}" for name in ("left", "right") for end in [1, 2, 3, 4, 5, "ERROR code 7"]]
        self.assertEqual(sorted(message for _, message in lines), sorted(expected))
        self.assertEqual([timestamp for timestamp, _ in lines], sorted(timestamp for timestamp, _ in lines))
        for job in jobs:
            self.assertEqual(self.ended_job(job)["status"], "SUCCEEDED")
        # Lines have times of their own: five pauses of 0.3 s.
        left = [timestamp for timestamp, message in lines if message.startswith("left")]
        self.assertGreater(left[-1] - left[0], 1000)

    def test_streams_times_and_patterns_choose_events(self):
        one, other = (self.stream(self.submit(name)) for name in ("one", "other"))
        names = {"logStreamNames": [other, one]}
        events = self.search(**names)
        self.assertEqual({event["logStreamName"] for event in events}, {one, other})
        self.assertEqual((len(events), len({event["eventId"] for event in events})), (12, 12))
        self.assertEqual(self.search(PaginationConfig={"PageSize": 5}, **names), events)
        self.assertEqual([event["message"] for event in self.search(logStreamNamePrefix=one)], [*(f"one {n}" for n in range(1, 6)), "one ERROR code 7"])
        for pattern, count in [("", 12), ("one", 6), ('"ERROR code"', 2), ("?3 ?4", 4), ("one -ERROR", 5), ("error", 0), ("code -one", 1)]:
            self.assertEqual(len(self.search(filterPattern=pattern, **names)), count, pattern)
        middle = events[5]["timestamp"]
        self.assertEqual(self.search(startTime=middle, **names), [event for event in events if event["timestamp"] >= middle])
        self.assertEqual(self.search(endTime=middle, **names), [event for event in events if event["timestamp"] <= middle])
        got = self.logs.get_log_events(logGroupName=GROUP, logStreamName=one, startFromHead=True, endTime=middle)["events"]
        before = [event["message"] for event in events if event["timestamp"] < middle and event["logStreamName"] == one]
        self.assertEqual([event["message"] for event in got], before)

    def test_streams_are_described_in_either_order(self):
        early, late = (self.stream(self.submit(name, command=["echo", name])) for name in ("early", "late"))
        silent = self.stream(self.submit("silent", command=["true"]))
        described = self.logs.describe_log_streams(logGroupName=GROUP, orderBy="LastEventTime", descending=True)["logStreams"]
        names = [stream["logStreamName"] for stream in described]
        self.assertLess(names.index(late), names.index(early))
        self.assertNotIn("lastEventTimestamp", next(stream for stream in described if stream["logStreamName"] == silent))
        pages = self.logs.get_paginator("describe_log_streams").paginate(logGroupName=GROUP, descending=True, PaginationConfig={"PageSize": 1})
        listed = [stream["logStreamName"] for page in pages for stream in page["logStreams"]]
        self.assertEqual(listed, sorted(names, reverse=True))

    def test_groups_are_found_by_prefix_or_part(self):
        for how, found in [({}, 1), ({"logGroupNamePrefix": "/aws/"}, 1), ({"logGroupNamePattern": "batch"}, 1), ({"logGroupNamePattern": "x"}, 0)]:
            self.assertEqual(len(self.logs.describe_log_groups(**how)["logGroups"]), found, how)

    def test_what_cannot_be_asked_is_refused(self):
        invalid, missing = "InvalidParameterException", "ResourceNotFoundException"
        for operation, how, code, part in [
            ("filter_log_events", {"logStreamNames": ["a"], "logStreamNamePrefix": "a"}, invalid, "logStreamNamePrefix"),
            ("filter_log_events", {"logStreamNames": ["never-written"]}, missing, "log stream does not exist"),
            ("filter_log_events", {"filterPattern": "a/b"}, invalid, "Invalid character(s) in term 'a/b'"),
            ("filter_log_events", {"filterPattern": "[a, b]"}, invalid, "for columns"),
            ("filter_log_events", {"nextToken": "x"}, invalid, "nextToken"),
            ("describe_log_streams", {"orderBy": "LastEventTime", "logStreamNamePrefix": "a"}, invalid, "Cannot order by LastEventTime"),
            ("put_retention_policy", {"retentionInDays": 1}, "UnknownOperationException", "does not have this operation"),
        ]:
            found, words = self.refusal(operation, **how)
            self.assertEqual(found, code, how)
            self.assertIn(part, words)

    def test_the_command_line_searches(self):
        stream = self.stream(self.submit("by-hand"))
        found = self.local.aws("logs", "filter-log-events", "--log-group-name", GROUP, "--log-stream-names", stream, "--filter-pattern", "ERROR")
        self.assertEqual([event["message"] for event in found["events"]], ["by-hand ERROR code 7"])
