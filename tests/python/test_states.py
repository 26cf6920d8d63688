"""Step Functions as its clients see it: stopping, listing, refusals."""

import json
import uuid

from endpoint import ROLE, LocalTest, eventually, prepare

PASS = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})


def submit(name):
    parameters = {"JobName": name, "JobQueue": "q", "JobDefinition": "q"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": parameters, "End": True}
    return json.dumps({"StartAt": "S", "States": {"S": state}})


class States(LocalTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        prepare(cls.batch, "q", ["sleep", "60"])

    def machine(self, definition, name=None):
        name = name or f"m-{uuid.uuid4()}"
        return self.states.create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]

    def test_stopping_an_execution_terminates_its_job(self):
        execution = self.states.start_execution(stateMachineArn=self.machine(submit("stopped")))["executionArn"]
        jobs = eventually(lambda: self.batch.list_jobs(jobQueue="q", jobStatus="RUNNING")["jobSummaryList"])
        self.states.stop_execution(executionArn=execution, error="Stopped", cause="by hand")
        described = self.ended_execution(execution)
        self.assertEqual((described["status"], described["error"], described["cause"]), ("ABORTED", "Stopped", "by hand"))
        job = self.ended_job(jobs[0]["jobId"])
        self.assertEqual((job["status"], job["isTerminated"]), ("FAILED", True))
        self.assertEqual(self.history(execution)[-1]["type"], "ExecutionAborted")

    def test_a_job_that_fails_fails_its_execution(self):
        document = json.loads(submit("fails"))
        document["States"]["S"]["Parameters"]["ContainerOverrides"] = {"Command": ["sh", "-c", "exit 3"]}
        execution = self.states.start_execution(stateMachineArn=self.machine(json.dumps(document)))["executionArn"]
        described = self.ended_execution(execution)
        self.assertEqual((described["status"], described["error"]), ("FAILED", "States.TaskFailed"))
        self.assertEqual(json.loads(described["cause"])["Container"]["ExitCode"], 3)

    def test_lists_have_pages(self):
        machine = self.machine(PASS)
        arns = [self.states.start_execution(stateMachineArn=machine, name=f"e{n}")["executionArn"] for n in range(5)]
        pages = self.states.get_paginator("list_executions").paginate(stateMachineArn=machine, PaginationConfig={"PageSize": 2})
        listed = [[execution["executionArn"] for execution in page["executions"]] for page in pages]
        self.assertEqual(listed, [[arns[4], arns[3]], [arns[2], arns[1]], [arns[0]]])
        machines = self.states.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 1})
        self.assertIn(machine, [line["stateMachineArn"] for page in machines for line in page["stateMachines"]])
        first = self.states.get_execution_history(executionArn=arns[0], maxResults=1, reverseOrder=True)
        self.assertEqual([event["type"] for event in first["events"]], ["ExecutionSucceeded"])

    def test_what_step_functions_refuses(self):
        ok, arn = self.machine(PASS, "refusals"), "arn:aws:states:us-east-1:123456789012:"
        self.states.start_execution(stateMachineArn=ok, name="once", input="{}")
        refused = [
            ("describe_state_machine", {"stateMachineArn": arn + "stateMachine:none"}, "StateMachineDoesNotExist"),
            ("start_execution", {"stateMachineArn": arn + "stateMachine:none"}, "StateMachineDoesNotExist"),
            ("describe_execution", {"executionArn": arn + "execution:none:none"}, "ExecutionDoesNotExist"),
            ("describe_execution", {"executionArn": "nonsense"}, "InvalidArn"),
            ("create_state_machine", {"name": "bad", "definition": "{", "roleArn": ROLE}, "InvalidDefinition"),
            ("create_state_machine", {"name": "a b", "definition": PASS, "roleArn": ROLE}, "InvalidName"),
            ("create_state_machine", {"name": "refusals", "definition": submit("x"), "roleArn": ROLE}, "StateMachineAlreadyExists"),
            ("create_state_machine", {"name": "v", "definition": PASS, "roleArn": ROLE, "versionDescription": "v"}, "ValidationException"),
            ("create_state_machine", {"name": "l", "definition": PASS, "roleArn": ROLE, "loggingConfiguration": {"level": "ALL"}}, "InvalidLoggingConfiguration"),
            ("create_state_machine", {"name": "x", "definition": submit("x"), "roleArn": ROLE, "type": "EXPRESS"}, "InvalidDefinition"),
            ("start_execution", {"stateMachineArn": ok, "input": "{"}, "InvalidExecutionInput"),
            ("start_execution", {"stateMachineArn": ok, "name": "once", "input": '{"a":1}'}, "ExecutionAlreadyExists"),
        ]
        for operation, arguments, name in refused:
            with self.subTest(operation, name=name), self.assertRaises(getattr(self.states.exceptions, name)):
                getattr(self.states, operation)(**arguments)

    def test_an_operation_that_is_not_there_is_an_error(self):
        self.assertEqual(self.local.post("states", "AWSStepFunctions.Fly"), (400, "UnknownOperationException"))

    def test_a_request_that_is_not_signed_with_the_keys_is_refused(self):
        """IAM User Guide, Signature Version 4; the services' Common Errors."""
        target = "AWSStepFunctions.ListStateMachines"
        self.assertEqual(self.local.post("states", target)[0], 200)
        self.assertEqual(self.local.post("states", target, signed=False), (403, "MissingAuthenticationTokenException"))
        self.assertEqual(self.local.post("states", target, AWS_SECRET_ACCESS_KEY="x"), (403, "InvalidSignatureException"))
        self.assertEqual(self.local.post("states", target, AWS_ACCESS_KEY_ID="x"), (403, "UnrecognizedClientException"))

    def test_the_model_is_validated_without_creating_it(self):
        answer = self.states.validate_state_machine_definition(definition='{"StartAt": "X", "States": {}}')
        self.assertEqual(answer["result"], "FAIL")
        self.assertTrue(answer["diagnostics"])
