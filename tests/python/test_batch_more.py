"""Batch beyond single jobs: several nodes, users that share a queue, tags, time limits, tasks."""

from endpoint import LocalTest, eventually

NEED = [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]


class More(LocalTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.environment = cls.batch.create_compute_environment(
            computeEnvironmentName="ec2",
            type="MANAGED",
            computeResources={"type": "EC2", "maxvCpus": 8, "minvCpus": 0, "subnets": ["subnet-1"], "instanceRole": "ecsInstanceRole"},
            tags={"made": "by hand"},
        )["computeEnvironmentArn"]
        cls.order = [{"order": 1, "computeEnvironment": "ec2"}]
        cls.queue = cls.batch.create_job_queue(jobQueueName="plain", priority=1, computeEnvironmentOrder=cls.order)["jobQueueArn"]

    def test_nodes_meet_at_the_main_node(self):
        says = 'echo "$AWS_BATCH_JOB_NODE_INDEX of $AWS_BATCH_JOB_NUM_NODES, main $AWS_BATCH_JOB_MAIN_NODE_INDEX at $AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"'
        leader = {"image": "i", "command": ["sh", "-c", f"{says}; sleep 1"], "resourceRequirements": NEED}
        worker = {"image": "i", "command": ["sh", "-c", f"{says}; sleep 60"], "resourceRequirements": NEED}
        self.batch.register_job_definition(
            jobDefinitionName="nodes",
            type="multinode",
            nodeProperties={
                "numNodes": 2,
                "mainNode": 0,
                "nodeRangeProperties": [{"targetNodes": "0:0", "container": leader}, {"targetNodes": "1:", "container": worker}],
            },
        )
        overrides = {"numNodes": 3, "nodePropertyOverrides": [{"targetNodes": "2:2", "containerOverrides": {"command": ["true"]}}]}
        job = self.batch.submit_job(jobName="nodes", jobQueue="plain", jobDefinition="nodes", nodeOverrides=overrides)["jobId"]
        ended = self.ended_job(job)
        self.assertEqual((ended["status"], ended["nodeProperties"]["numNodes"]), ("SUCCEEDED", 3))
        self.assertEqual(ended["attempts"][0]["container"]["exitCode"], 0)
        nodes = self.batch.describe_jobs(jobs=[f"{job}#{node}" for node in range(3)])["jobs"]
        self.assertEqual([node["status"] for node in nodes], ["SUCCEEDED", "FAILED", "SUCCEEDED"])
        self.assertEqual([node["container"]["exitCode"] for node in nodes], [0, 143, 0])
        self.assertEqual([node["nodeDetails"] for node in nodes][:1], [{"nodeIndex": 0, "isMainNode": True}])
        self.assertEqual(self.lines(nodes[0]["container"]["logStreamName"]), ["0 of 3, main 0 at "])
        self.assertEqual(self.lines(nodes[1]["container"]["logStreamName"]), ["1 of 3, main 0 at 127.0.0.1"])
        listed = self.batch.list_jobs(multiNodeJobId=job, jobStatus="SUCCEEDED")["jobSummaryList"]
        self.assertEqual([line["nodeProperties"]["nodeIndex"] for line in listed], [0, 2])

    def test_users_share_a_queue(self):
        fair = {"shareDecaySeconds": 60, "computeReservation": 0, "shareDistribution": [{"shareIdentifier": "a*", "weightFactor": 0.5}]}
        policy = self.batch.create_scheduling_policy(name="fair", fairsharePolicy=fair, tags={"k": "v"})["arn"]
        self.assertEqual(self.batch.describe_scheduling_policies(arns=[policy])["schedulingPolicies"][0]["fairsharePolicy"], fair)
        self.assertEqual(self.batch.list_scheduling_policies()["schedulingPolicies"], [{"arn": policy}])
        self.batch.create_job_queue(jobQueueName="shared", priority=1, schedulingPolicyArn=policy, computeEnvironmentOrder=self.order)
        container = {"image": "i", "command": ["sleep", "60"], "resourceRequirements": NEED}
        self.batch.register_job_definition(jobDefinitionName="one", type="container", schedulingPriority=3, containerProperties=container)
        job = self.batch.submit_job(jobName="a", jobQueue="shared", jobDefinition="one", shareIdentifier="alice")["jobId"]
        eventually(lambda: self.job(job)["status"] == "RUNNING")
        self.assertEqual((self.job(job)["shareIdentifier"], self.job(job)["schedulingPriority"]), ("alice", 3))
        snapshot = self.batch.get_job_queue_snapshot(jobQueue="shared")
        top = snapshot["queueUtilization"]["fairshareUtilization"]["topCapacityUtilization"]
        self.assertEqual(top, [{"shareIdentifier": "alice", "capacityUsage": [{"capacityUnit": "VCPU", "quantity": 1.0}]}])
        listed = self.batch.list_jobs(jobQueue="shared", filters=[{"name": "SHARE_IDENTIFIER", "values": ["alice"]}])["jobSummaryList"]
        self.assertEqual([line["jobId"] for line in listed], [job])
        with self.assertRaises(self.batch.exceptions.ClientException):
            self.batch.submit_job(jobName="a", jobQueue="shared", jobDefinition="one")
        with self.assertRaises(self.batch.exceptions.ClientException):
            self.batch.delete_scheduling_policy(arn=policy)
        answer = self.batch.terminate_jobs(jobs=[job, "nonsense"], reason="enough")
        self.assertEqual((answer["successful"], [error["code"] for error in answer["errors"]]), ([job], ["ValidationException"]))
        self.assertEqual(self.ended_job(job)["statusReason"], "enough")

    def test_resources_are_tagged(self):
        self.assertEqual(self.batch.list_tags_for_resource(resourceArn=self.environment)["tags"], {"made": "by hand"})
        self.batch.tag_resource(resourceArn=self.queue, tags={"a b": "1/2", "c": "", "made by": "hand & foot"})
        self.batch.untag_resource(resourceArn=self.queue, tagKeys=["a b", "c"])
        self.assertEqual(self.batch.describe_job_queues(jobQueues=["plain"])["jobQueues"][0]["tags"], {"made by": "hand & foot"})
        self.assertEqual(self.local.aws("batch", "list-tags-for-resource", "--resource-arn", self.queue)["tags"], {"made by": "hand & foot"})
        with self.assertRaises(self.batch.exceptions.ClientException):
            self.batch.list_tags_for_resource(resourceArn=f"{self.queue}-not")

    def test_a_queue_has_time_limits(self):
        limit = {"reason": "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE", "state": "RUNNABLE", "maxTimeSeconds": 600, "action": "CANCEL"}
        self.batch.create_job_queue(jobQueueName="limited", priority=1, computeEnvironmentOrder=self.order, jobStateTimeLimitActions=[limit])
        self.assertEqual(self.batch.describe_job_queues(jobQueues=["limited"])["jobQueues"][0]["jobStateTimeLimitActions"], [limit])

    def test_a_task_of_one_container(self):
        container = {"name": "main", "image": "i", "command": ["sh", "-c", "echo $A; exit 4"], "resourceRequirements": NEED, "essential": True}
        tasks = {"taskProperties": [{"containers": [container]}]}
        self.batch.register_job_definition(jobDefinitionName="task", type="container", ecsProperties=tasks)
        override = {"taskProperties": [{"containers": [{"name": "main", "environment": [{"name": "A", "value": "hello"}]}]}]}
        job = self.batch.submit_job(jobName="task", jobQueue="plain", jobDefinition="task", ecsPropertiesOverride=override)["jobId"]
        ended = self.ended_job(job)
        shown = ended["ecsProperties"]["taskProperties"][0]["containers"][0]
        self.assertEqual((ended["status"], shown["exitCode"], self.lines(shown["logStreamName"])), ("FAILED", 4, ["hello"]))
        self.assertEqual(ended["attempts"][0]["taskProperties"][0]["containers"][0]["exitCode"], 4)
        self.batch.describe_job_definitions(jobDefinitionName="task")
