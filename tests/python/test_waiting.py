"""Tasks that somebody else ends, and Map Runs over objects: with boto3, in every way that the guide describes."""

import json
import threading
import unittest
import uuid

from botocore.exceptions import ClientError
from endpoint import ROLE, LocalTest, eventually
from test_objects import connect


class WaitingTest(LocalTest):
    def machine(self, definition):
        name = f"m-{uuid.uuid4()}"
        return self.states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]

    def start(self, definition, value=None):
        started = self.states.start_execution(stateMachineArn=self.machine(definition), input=json.dumps(value or {}))
        return started["executionArn"]


class Activities(WaitingTest):
    """Developer Guide, Activities."""

    def activity(self, **fields):
        arn = self.states.create_activity(name=f"a-{uuid.uuid4()}")["activityArn"]
        return arn, {"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": arn, "End": True, **fields}}}

    def test_a_worker_takes_the_input_and_gives_the_result(self):
        arn, definition = self.activity(HeartbeatSeconds=30)
        waiting = {}
        worker = threading.Thread(target=lambda: waiting.update(self.states.get_activity_task(activityArn=arn, workerName="w1")))
        worker.start()
        execution = self.start(definition, {"n": 1})
        worker.join(20)
        self.assertEqual(json.loads(waiting["input"]), {"n": 1})
        self.states.send_task_heartbeat(taskToken=waiting["taskToken"])
        self.states.send_task_success(taskToken=waiting["taskToken"], output='{"n": 2}')
        self.assertEqual(json.loads(self.ended_execution(execution)["output"]), {"n": 2})
        kinds = [event["type"] for event in self.history(execution)]
        self.assertEqual(kinds[2:5], ["ActivityScheduled", "ActivityStarted", "ActivitySucceeded"])
        with self.assertRaises(ClientError) as late:
            self.states.send_task_success(taskToken=waiting["taskToken"], output="{}")
        self.assertEqual(late.exception.response["Error"]["Code"], "TaskTimedOut")

    def test_a_worker_that_falls_silent_is_given_up(self):
        arn, definition = self.activity(HeartbeatSeconds=1)
        execution = self.start(definition)
        self.assertTrue(self.states.get_activity_task(activityArn=arn)["taskToken"])
        ended = self.ended_execution(execution)
        self.assertEqual((ended["status"], ended["error"]), ("FAILED", "States.HeartbeatTimeout"))
        self.assertIn("ActivityTimedOut", [event["type"] for event in self.history(execution)])


class Callbacks(WaitingTest):
    """Developer Guide, Wait for a callback with the task token."""

    def test_a_token_handed_on_ends_the_task_well_or_badly(self):
        receiver = self.machine({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
        definition = {"StartAt": "T", "States": {"T": {
            "Type": "Task", "Resource": "arn:aws:states:::states:startExecution.waitForTaskToken", "End": True,
            "Parameters": {"StateMachineArn": receiver, "Input": {"token.$": "$$.Task.Token"}},
        }}}
        for answer in ("success", "failure"):
            with self.subTest(answer):
                execution = self.start(definition)

                def handed_on():
                    for line in self.states.list_executions(stateMachineArn=receiver)["executions"]:
                        token = json.loads(self.states.describe_execution(executionArn=line["executionArn"])["input"])["token"]
                        if token not in used:
                            return token
                    return None

                used = getattr(self, "used", set())
                token = eventually(handed_on)
                self.used = used | {token}
                if answer == "success":
                    self.states.send_task_success(taskToken=token, output='"yes"')
                    self.assertEqual(self.ended_execution(execution)["output"], '"yes"')
                else:
                    self.states.send_task_failure(taskToken=token, error="No", cause="because")
                    ended = self.ended_execution(execution)
                    self.assertEqual((ended["status"], ended["error"], ended["cause"]), ("FAILED", "No", "because"))


class MapRuns(WaitingTest):
    """Developer Guide, Map state in Distributed mode."""

    def test_a_distributed_map_reads_rows_from_s3_and_writes_its_results_there(self):
        s3 = connect(self.local)
        bucket = f"bucket-{uuid.uuid4()}"
        s3.create_bucket(Bucket=bucket)
        rows = "".join(f"{number},{number * number}\n" for number in range(250))
        s3.put_object(Bucket=bucket, Key="in/rows.csv", Body=("n,square\n" + rows).encode())
        execution = self.start({"StartAt": "Each", "States": {"Each": {
            "Type": "Map", "End": True, "Label": "Each", "MaxConcurrency": 10, "ToleratedFailureCount": 1,
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Parameters": {"Bucket": bucket, "Key": "in/rows.csv"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 100},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Count",
                "States": {"Count": {"Type": "Pass", "Parameters": {"rows.$": "States.ArrayLength($.Items)"}, "End": True}},
            },
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket, "Prefix": "out"}},
        }}})
        ended = self.ended_execution(execution)
        self.assertEqual(ended["status"], "SUCCEEDED", ended)
        written = json.loads(ended["output"])["ResultWriterDetails"]
        manifest = json.loads(s3.get_object(Bucket=written["Bucket"], Key=written["Key"])["Body"].read())
        results = []
        for file in manifest["ResultFiles"]["SUCCEEDED"]:
            results += json.loads(s3.get_object(Bucket=bucket, Key=file["Key"])["Body"].read())
        self.assertEqual(sorted(json.loads(result["Output"])["rows"] for result in results), [50, 100, 100])
        run = self.states.list_map_runs(executionArn=execution)["mapRuns"][0]["mapRunArn"]
        described = self.states.describe_map_run(mapRunArn=run)
        self.assertEqual((described["status"], described["itemCounts"]["succeeded"], described["executionCounts"]["succeeded"]), ("SUCCEEDED", 250, 3))
        children = self.states.list_executions(mapRunArn=run)["executions"]
        self.assertEqual({child["status"] for child in children}, {"SUCCEEDED"})
        self.assertEqual(len(children), 3)


if __name__ == "__main__":
    unittest.main()
