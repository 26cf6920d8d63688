"""The life of a state machine as boto3 sees it: revisions, versions, aliases, tags, activities, express executions."""

import collections
import json

from botocore.exceptions import ClientError
from endpoint import ROLE, LocalTest


def document(comment, **state):
    return json.dumps({"Comment": comment, "StartAt": "P", "States": {"P": {"Type": "Pass", "Result": comment, "End": True, **state}}})


class Machines(LocalTest):
    def refused(self, operation, **arguments):
        with self.assertRaises(ClientError) as caught:
            getattr(self.states, operation)(**arguments)
        return caught.exception.response["Error"]["Code"], caught.exception.response["Error"]["Message"]

    def test_a_machine_from_its_creation_to_its_end(self):
        created = self.states.create_state_machine(
            name="life", definition=document("one"), roleArn=ROLE, publish=True, versionDescription="first", tags=[{"key": "team", "value": "a"}]
        )
        arn, first = created["stateMachineArn"], created["stateMachineVersionArn"]
        self.assertEqual(first, f"{arn}:1")
        updated = self.states.update_state_machine(stateMachineArn=arn, definition=document("two"), publish=True, versionDescription="second")
        second = updated["stateMachineVersionArn"]
        described = self.states.describe_state_machine(stateMachineArn=arn)
        self.assertEqual((described["definition"], described["revisionId"]), (document("two"), updated["revisionId"]))
        described = self.states.describe_state_machine(stateMachineArn=first)
        self.assertEqual((described["definition"], described["description"]), (document("one"), "first"))
        versions = self.states.list_state_machine_versions(stateMachineArn=arn)["stateMachineVersions"]
        self.assertEqual([version["stateMachineVersionArn"] for version in versions], [second, first])
        self.assertEqual(self.states.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"], second)

        alias = self.states.create_state_machine_alias(
            name="LIVE", routingConfiguration=[{"stateMachineVersionArn": first, "weight": 100}]
        )["stateMachineAliasArn"]
        self.assertEqual(self.outputs(alias, 5), {"one": 5})
        both = [{"stateMachineVersionArn": first, "weight": 50}, {"stateMachineVersionArn": second, "weight": 50}]
        self.states.update_state_machine_alias(stateMachineAliasArn=alias, description="half and half", routingConfiguration=both)
        described = self.states.describe_state_machine_alias(stateMachineAliasArn=alias)
        self.assertEqual((described["description"], described["routingConfiguration"]), ("half and half", both))
        outputs = self.outputs(alias, 60)
        self.assertGreater(min(outputs["one"], outputs["two"]), 10)
        self.assertEqual(len(self.states.list_executions(stateMachineArn=alias)["executions"]), 65)
        listed = self.states.list_state_machine_aliases(stateMachineArn=second)["stateMachineAliases"]
        self.assertEqual([line["stateMachineAliasArn"] for line in listed], [alias])
        self.assertEqual(self.refused("delete_state_machine_version", stateMachineVersionArn=first)[0], "ConflictException")
        self.states.delete_state_machine_alias(stateMachineAliasArn=alias)
        self.states.delete_state_machine_version(stateMachineVersionArn=first)

        self.states.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "b"}, {"key": "cost", "value": ""}])
        self.states.untag_resource(resourceArn=arn, tagKeys=["cost"])
        self.assertEqual(self.states.list_tags_for_resource(resourceArn=arn)["tags"], [{"key": "team", "value": "b"}])
        self.states.delete_state_machine(stateMachineArn=arn)
        self.assertEqual(self.refused("describe_state_machine", stateMachineArn=second)[0], "StateMachineDoesNotExist")

    def outputs(self, alias, count):
        """How often an execution of the alias has each output."""
        found = collections.Counter()
        for _ in range(count):
            execution = self.ended_execution(self.states.start_execution(stateMachineArn=alias)["executionArn"])
            self.assertEqual(execution["stateMachineAliasArn"], alias)
            found[json.loads(execution["output"])] += 1
        return found

    def test_an_activity_from_its_creation_to_its_end(self):
        created = self.states.create_activity(name="approve", tags=[{"key": "k", "value": "v"}])
        self.assertEqual(self.states.create_activity(name="approve")["creationDate"], created["creationDate"])
        arn = created["activityArn"]
        self.assertEqual(self.states.describe_activity(activityArn=arn)["name"], "approve")
        self.assertIn(arn, [line["activityArn"] for line in self.states.list_activities()["activities"]])
        self.assertEqual(self.states.list_tags_for_resource(resourceArn=arn)["tags"], [{"key": "k", "value": "v"}])
        self.states.delete_activity(activityArn=arn)
        words = ("ActivityDoesNotExist", f"Activity Does Not Exist: '{arn}'")
        self.assertEqual(self.refused("get_activity_task", activityArn=arn), words)

    def test_a_synchronous_execution_is_answered_when_it_has_ended(self):
        states = self.local.client("stepfunctions", inject_host_prefix=False)
        wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}
        machine = self.states.create_state_machine(name="express", definition=json.dumps(wait), roleArn=ROLE, type="EXPRESS")
        done = states.start_sync_execution(stateMachineArn=machine["stateMachineArn"], name="n", input='{"a":1}')
        self.assertEqual((done["status"], done["output"], done["name"]), ("SUCCEEDED", '{"a":1}', "n"))
        self.assertGreaterEqual((done["stopDate"] - done["startDate"]).total_seconds(), 1)
        self.assertGreaterEqual(done["billingDetails"]["billedDurationInMilliseconds"], 1_000)
        self.assertEqual(self.refused("describe_execution", executionArn=done["executionArn"])[0], "InvalidArn")

    def test_all_violations_are_told_at_once(self):
        code, words = self.refused("list_executions", statusFilter="x", maxResults=1001)
        self.assertEqual(code, "ValidationException")
        self.assertTrue(words.startswith("2 validation errors detected: Value 'x' at 'statusFilter'"), words)
