"""Policies for Batch: nothing is billed while idle, interruptions are retried, jobs have few rights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch_worker import evolve_island

from tests.unit.template.batch import limits
from tests.unit.template.batch.ends import ENDS
from tests.unit.template.policy import Policies
from tests.unit.template.system import many
from worstsort_embedded.retries import should_retry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()
LEAST_ATTEMPTS = 2
TAGS = ("Name", "project", "environment", "stack")
JOB_TAGS = ("project", "environment", "stack", "run")
ONLY_FOR_INSTANCES = ("AllocationStrategy", "MinvCpus", "DesiredvCpus", "BidPercentage", "InstanceTypes",
                      "InstanceRole", "LaunchTemplate", "Ec2Configuration", "Tags", "ImageId", "Ec2KeyPair",
                      "SpotIamFleetRole")  # fmt: skip
BILLED_BY_THE_HOUR = ("EC2::NatGateway", "EC2::EIP", "EC2::Instance", "EC2::TransitGateway", "EC2::FlowLog",
                      "ElasticLoadBalancingV2::LoadBalancer", "ECS::Service", "KMS::Key")  # fmt: skip


def _environments(system: System) -> dict[str, Json]:
    return {name: made["ComputeResources"] for name, made in system.of("Batch::ComputeEnvironment").items()}


def _is_for_fargate(system: System) -> bool:
    return system.parameters.get("Capacity", "").startswith("FARGATE")


def _queue(system: System, name: str) -> Json:
    return system.of("Batch::JobQueue")[name]


def _job(system: System) -> Json:
    return system.of("Batch::JobDefinition")["JobDefinition"]


def _container(system: System) -> Json:
    properties: Json = _job(system)["ContainerProperties"]
    return properties


@POLICIES.add(
    "Batch refuses a Fargate environment that has a field about instances.",
    *(
        lambda s, field=field: _environments(s)["FargateComputeEnvironment"].update({field: 1})
        for field in ONLY_FOR_INSTANCES
    ),
    variant="fargate",
)
def fargate_has_no_fields_of_instances(system: System) -> Iterable[str]:
    for name, environment in _environments(system).items():
        if environment["Type"].startswith("FARGATE"):
            yield from (f"{name} has {field}" for field in ONLY_FOR_INSTANCES if field in environment)


@POLICIES.add(
    "Each kind of instance has one strategy that neither waits for a full pool nor buys the most expensive.",
    lambda s: _environments(s)["SpotComputeEnvironment"].update(AllocationStrategy="BEST_FIT"),
    lambda s: _environments(s)["OnDemandComputeEnvironment"].pop("AllocationStrategy"),
)
def instances_are_allocated_by_the_strategy_of_their_kind(system: System) -> Iterable[str]:
    wanted = {"SPOT": "SPOT_PRICE_CAPACITY_OPTIMIZED", "EC2": "BEST_FIT_PROGRESSIVE"}
    for name, environment in _environments(system).items():
        if environment["Type"] in wanted and environment.get("AllocationStrategy") != wanted[environment["Type"]]:
            yield f"{name} is not allocated by {wanted[environment['Type']]}"


@POLICIES.add(
    "When Spot runs out, runs continue on demand, if that has a share.",
    lambda s: _queue(s, "InstanceQueue")["ComputeEnvironmentOrder"].pop(),
    lambda s: _queue(s, "InstanceQueue")["ComputeEnvironmentOrder"].reverse(),
    lambda s: _environments(s)["OnDemandComputeEnvironment"].update(Type="SPOT"),
    variant="spot",
)
def the_queues_try_the_cheapest_environment_first(system: System) -> Iterable[str]:
    capacity = system.parameters.get("Capacity", "SPOT")
    share = system.parameters.get("OnDemandMaxvCpus") != "0"
    wanted = {
        "InstanceQueue": ["EC2"] if capacity == "ON_DEMAND" else ["SPOT", "EC2"][: 1 + share],
        "X86InstanceQueue": ["EC2"] if capacity == "ON_DEMAND" else ["SPOT", "EC2"][: 1 + share],
        "FargateQueue": ["FARGATE_SPOT", "FARGATE"][: 1 + share] if capacity == "FARGATE_SPOT" else ["FARGATE"],
    }
    for name, queue in system.of("Batch::JobQueue").items():
        entries = sorted(queue["ComputeEnvironmentOrder"], key=lambda entry: int(entry["Order"]))
        kinds = [_environments(system)[entry["ComputeEnvironment"]["Ref"]]["Type"] for entry in entries]
        if kinds != wanted[name] or entries != queue["ComputeEnvironmentOrder"]:
            yield f"{name} tries {kinds}, not {wanted[name]}"


@POLICIES.add(
    "An idle deployment costs nothing.",
    lambda s: _environments(s)["SpotComputeEnvironment"].update(MinvCpus=1),
    lambda s: _environments(s)["OnDemandComputeEnvironment"].update(DesiredvCpus=2),
    lambda s: s.resources.update(Nat={"Type": "AWS::EC2::NatGateway", "Properties": {}}),
    lambda s: s.of("EC2::VPCEndpoint")["S3Endpoint"].update(VpcEndpointType="Interface"),
    lambda s: s.of("DynamoDB::Table")["GenerationsTable"].update(BillingMode="PROVISIONED"),
)
def nothing_is_billed_while_idle(system: System) -> Iterable[str]:
    for name, environment in _environments(system).items():
        yield from (f"{name} keeps {field}" for field in ("MinvCpus", "DesiredvCpus") if environment.get(field, 0) != 0)
    yield from (f"{name} is billed by the hour" for kind in BILLED_BY_THE_HOUR for name in system.of(kind))
    for name, endpoint in system.of("EC2::VPCEndpoint").items():
        if endpoint["VpcEndpointType"] != "Gateway":
            yield f"{name} is billed by the hour"
    for name, table in system.of("DynamoDB::Table").items():
        if table.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{name} is billed by the hour"


@POLICIES.add(
    "With a fixed name or a replacement, the queue points at a missing environment during an update.",
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"].update(ReplaceComputeEnvironment=True),
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"].pop("UpdatePolicy"),
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"].update(ComputeEnvironmentName="workers"),
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"].update(ServiceRole="arn:own"),
    lambda s: _environments(s)["SpotComputeEnvironment"]["LaunchTemplate"].update(Version="$Default"),
)
def compute_environments_are_updated_in_place(system: System) -> Iterable[str]:
    for name, environment in system.of("Batch::ComputeEnvironment").items():
        if environment.get("ReplaceComputeEnvironment") is not False:
            yield f"{name} is replaced"
        if "ComputeEnvironmentName" in environment:
            yield f"{name} has a fixed name"
        if "ServiceRole" in environment:
            yield f"{name} cannot be updated with a role other than Batch's own"
        resources = environment["ComputeResources"]
        if not resources["Type"].startswith("FARGATE") and "UpdatePolicy" not in environment:
            yield f"{name} does not say what happens to running jobs"
        if str(resources.get("LaunchTemplate", {}).get("Version", "")).startswith("$"):
            yield f"{name} would not notice a new version of its launch template"


@POLICIES.add(
    "Whoever takes over a container must not get the instance's credentials; and nobody may connect to an instance.",
    lambda s: s.of("EC2::LaunchTemplate")["InstanceTemplate"]["LaunchTemplateData"]["MetadataOptions"].update(
        HttpTokens="optional"
    ),
    lambda s: s.of("EC2::LaunchTemplate")["InstanceTemplate"]["LaunchTemplateData"]["MetadataOptions"].update(
        HttpPutResponseHopLimit=2
    ),
    lambda s: s.of("EC2::SecurityGroup")["WorkerSecurityGroup"].update(SecurityGroupIngress=[{"CidrIp": "0.0.0.0/0"}]),
    lambda s: _environments(s)["SpotComputeEnvironment"].pop("LaunchTemplate"),
)
def instances_are_closed(system: System) -> Iterable[str]:
    for name, template in system.of("EC2::LaunchTemplate").items():
        options = template["LaunchTemplateData"].get("MetadataOptions", {})
        if (options.get("HttpTokens"), options.get("HttpPutResponseHopLimit")) != ("required", 1):
            yield f"{name} lets containers read the instance's credentials"
    yield from (
        f"{name} accepts connections"
        for name, group in system.of("EC2::SecurityGroup").items()
        if group.get("SecurityGroupIngress")
    )
    yield from (f"{name} has no launch template" for name, environment in _environments(system).items()
                if not environment["Type"].startswith("FARGATE") and "LaunchTemplate" not in environment)  # fmt: skip


@POLICIES.add(
    "What is paid for must say for what, and what a worker leaves on a disk must not be readable by the next owner.",
    lambda s: _environments(s)["SpotComputeEnvironment"]["Tags"].pop("project"),
    lambda s: _environments(s)["OnDemandComputeEnvironment"].pop("Tags"),
    lambda s: _launch(s)["TagSpecifications"][0]["Tags"].pop(),
    lambda s: _launch(s).pop("TagSpecifications"),
    lambda s: _launch(s).pop("BlockDeviceMappings"),
    lambda s: _launch(s)["BlockDeviceMappings"][0]["Ebs"].update(Encrypted=False),
    lambda s: _launch(s)["BlockDeviceMappings"][0]["Ebs"].update(DeleteOnTermination=False),
)
def instances_and_volumes_are_tagged_and_encrypted(system: System) -> Iterable[str]:
    for name, environment in _environments(system).items():
        if not environment["Type"].startswith("FARGATE"):
            yield from (f"{name} has no tag {tag}" for tag in TAGS if tag not in environment.get("Tags", {}))
    launch = _launch(system)
    specified = [item["Tags"] for item in launch.get("TagSpecifications", []) if item["ResourceType"] == "volume"]
    volumes = {tag["Key"] for tags in specified for tag in tags}
    yield from (f"volumes have no tag {tag}" for tag in TAGS if tag not in volumes)
    disks = [mapping["Ebs"] for mapping in launch.get("BlockDeviceMappings", [])]
    if not disks or not all(disk.get("Encrypted") is True for disk in disks):
        yield "volumes are not encrypted"
    if not all(disk.get("DeleteOnTermination") is True for disk in disks):
        yield "volumes outlive their instances, and cost money"


def _launch(system: System) -> Json:
    data: Json = system.of("EC2::LaunchTemplate")["InstanceTemplate"]["LaunchTemplateData"]
    return data


OF_THIS_STACK = {"Ref": "AWS::StackName"}


@POLICIES.add(
    "The ids of jobs are not known in advance, and the account may have others: TerminateJob has the condition key "
    'aws:ResourceTag/${TagKey}. (AWS Batch User Guide, "Supported resource-level permissions for AWS Batch API")',
    lambda s: _submissions(s)["EvolveIslands"].pop("Tags"),
    lambda s: _submissions(s)["EvolveOneIsland"]["Tags"].pop("stack"),
    lambda s: _submissions(s)["EvolveOneIsland"]["Tags"].pop("run.$"),
    lambda s: _allowing(s, "batch:TerminateJob")[0].pop("Condition"),
    lambda s: _allowing(s, "batch:TerminateJob")[-1].update(Condition={}),
    lambda s: _allowing(s, "batch:TagResource")[0].pop("Condition"),
    lambda s: _allowing(s, "batch:TagResource")[0].update(Action="batch:ListJobs"),
)
def only_jobs_of_this_stack_can_be_ended(system: System) -> Iterable[str]:
    for name, parameters in _submissions(system).items():
        tags = {key.removesuffix(".$") for key in parameters.get("Tags", {})}
        yield from (f"{name} submits jobs without the tag {tag}" for tag in JOB_TAGS if tag not in tags)
    keys = {"batch:TerminateJob": "aws:ResourceTag/stack", "batch:TagResource": "aws:RequestTag/stack"}
    for action, key in keys.items():
        statements = _allowing(system, action)
        if not statements:
            yield f"{action} is not allowed"
        for statement in statements:
            if statement.get("Condition") != {"StringEquals": {key: OF_THIS_STACK}}:
                yield f"{action} is allowed for jobs of others: {statement}"


def _submissions(system: System) -> dict[str, Json]:
    states = system.states().items()
    return {name: state["Parameters"] for name, state in states if ":batch:" in state.get("Resource", "")}


def _allowing(system: System, action: str) -> list[Json]:
    return [statement for _, statement in system.statements() if action in many(statement["Action"])]


@POLICIES.add(
    "Through gateway endpoints, traffic to S3 and DynamoDB stays in the region and is free.",
    lambda s: s.resources.pop("S3Endpoint"),
    lambda s: s.resources.pop("DynamoDbEndpoint"),
)
def there_are_gateway_endpoints(system: System) -> Iterable[str]:
    services = str(system.of("EC2::VPCEndpoint"))
    return (f"no endpoint for {service}" for service in ("s3", "dynamodb") if f".{service}'" not in services)


@POLICIES.add(
    "A job that can never start silently delays its run for as long as the state machine waits.",
    lambda s: _queue(s, "InstanceQueue").pop("JobStateTimeLimitActions"),
    lambda s: _queue(s, "InstanceQueue")["JobStateTimeLimitActions"][0].update(MaxTimeSeconds=60),
)
def jobs_that_cannot_start_are_cancelled(system: System) -> Iterable[str]:
    for name, queue in system.of("Batch::JobQueue").items():
        actions = queue.get("JobStateTimeLimitActions", [])
        reasons = {action["Reason"].split(":")[0] for action in actions if action["State"] == "RUNNABLE"}
        yield from (
            f"{name} waits forever on {reason}" for reason in ("CAPACITY", "MISCONFIGURATION") if reason not in reasons
        )
        yield from (
            f"{name}: {action['MaxTimeSeconds']} s"
            for action in actions
            if not 600 <= action["MaxTimeSeconds"] <= 86_400
        )


def _rules(system: System) -> list[Json]:
    rules: list[Json] = _job(system)["RetryStrategy"]["EvaluateOnExit"]
    return rules


@POLICIES.add(
    f"The job definition is refused: EvaluateOnExit is an {limits.EVALUATE_ON_EXIT.sentence}",
    lambda s: _rules(s).insert(0, {"OnReason": "CannotPull*", "Action": "RETRY"}),
    lambda s: _rules(s)[2].update(OnStatusReason="Task * failed"),
    lambda s: _rules(s)[0].update(OnReason="OutOfMemory (*"),
    lambda s: _rules(s)[3].update(OnExitCode="13[07]"),
    lambda s: _rules(s)[4].update(OnReason="x" * 513),
    lambda s: _job(s)["RetryStrategy"].update(Attempts=11),
    lambda s: _job(s)["RetryStrategy"].pop("Attempts"),
)
def the_retry_strategy_is_one_that_batch_takes(system: System) -> Iterable[str]:
    strategy, most = _job(system)["RetryStrategy"], limits.EVALUATE_ON_EXIT.number
    if len(_rules(system)) > most:
        yield f"{len(_rules(system))} rules, and Batch takes {most}"
    for rule in _rules(system):
        for key, pattern in rule.items():
            if key != "Action" and not limits.PATTERNS[key].fullmatch(pattern):
                yield f"{key}: {pattern!r} is not a pattern that Batch takes"
    if not 1 <= strategy.get("Attempts", 0) <= limits.ATTEMPTS.number:
        yield f"{strategy.get('Attempts')} attempts"


@POLICIES.add(
    "If no rule matches, Batch retries, and a bug is paid for ten times; the first rule that matches decides.",
    lambda s: _rules(s).pop(),
    lambda s: _rules(s).pop(0),
    lambda s: _rules(s).pop(1),
    lambda s: _rules(s).pop(2),
    lambda s: _rules(s).insert(0, {"OnReason": "*", "Action": "EXIT"}),
    lambda s: _rules(s).append(_rules(s).pop(0)),
    lambda s: _rules(s)[3].update(OnExitCode="137"),
    lambda s: _rules(s)[3].update(OnExitCode="1*"),
    lambda s: _rules(s)[3].update(Action="EXIT"),
    lambda s: _job(s)["RetryStrategy"].update(Attempts=1),
)
def what_an_attempt_cannot_be_blamed_for_is_retried_and_nothing_else(system: System) -> Iterable[str]:
    rules = [{key[0].lower() + key[1:]: value for key, value in rule.items()} for rule in _rules(system)]
    variant = system.parameters.get("Capacity", "SPOT").lower().replace("_", " ")
    for end in (end for end in ENDS if variant in end.variants):
        retried = should_retry(rules, end.exit_code, end.reason, end.status_reason)
        if retried is not end.retried:
            yield f"{end.what}: {'retried' if retried else 'not retried'}"
    if _job(system)["RetryStrategy"]["Attempts"] < LEAST_ATTEMPTS:
        yield "one interruption ends a run"


@POLICIES.add(
    f'Between SIGTERM and SIGKILL a container has 30 seconds: "{limits.STOP.sentence}" (AWS Batch API Reference, '
    "TaskContainerProperties; ContainerProperties has no such field, so this holds on Fargate Spot, too) The worker "
    "needs a third. It must be the first process of its container, which no signal ends that it does not handle yet.",
    lambda s: _container(s).update(LinuxParameters={"InitProcessEnabled": True}),
    lambda s: _job(s).update(EcsProperties={"TaskProperties": [{"Containers": [{"StopTimeout": 5}]}]}),
)
def an_interrupted_worker_has_the_time_to_save(system: System) -> Iterable[str]:
    if limits.STOP.number / 3 < 2 * evolve_island.GRACE_SECONDS:
        yield f"the worker waits {evolve_island.GRACE_SECONDS} s for a generation of {limits.STOP.number} s in all"
    if _container(system).get("LinuxParameters", {}).get("InitProcessEnabled"):
        yield "SIGTERM ends a worker that does not handle it yet, with an exit code that is not retried"
    if "EcsProperties" in _job(system):
        yield "the time may be another"


@POLICIES.add(
    "A container needs no root, no writable file system, and no right to start itself.",
    lambda s: _container(s).update(User="root"),
    lambda s: _container(s).pop("User"),
    lambda s: _container(s).update(ReadonlyRootFilesystem=False),
    lambda s: _container(s).update(Privileged=True),
    lambda s: _container(s).update(ExecutionRoleArn=_container(s)["JobRoleArn"]),
    lambda s: _container(s).pop("JobRoleArn"),
)
def containers_have_least_privilege(system: System) -> Iterable[str]:
    container = _container(system)
    if str(container.get("User", "root")).split(":")[0] in {"root", "0"}:
        yield "they run as root"
    if not container.get("ReadonlyRootFilesystem"):
        yield "they can write to their image"
    if container.get("Privileged"):
        yield "they are privileged"
    roles = container.get("JobRoleArn"), container.get("ExecutionRoleArn")
    if None in roles or roles[0] == roles[1]:
        yield "the worker has the rights of the agent that starts it"


@POLICIES.add(
    "Vcpus and Memory are deprecated, and refused by Fargate; a job without a time-out may run forever.",
    lambda s: _container(s).update(Vcpus=1),
    lambda s: _container(s).pop("ResourceRequirements"),
    lambda s: _job(s).pop("Timeout"),
    lambda s: _job(s).pop("PropagateTags"),
    lambda s: _container(s).update(Image="worker:latest"),
    lambda s: _container(s)["ResourceRequirements"][0].update(Value=1),
)
def a_job_declares_its_needs_in_current_terms(system: System) -> Iterable[str]:
    job, container = _job(system), _container(system)
    yield from (f"{old} is deprecated" for old in ("Vcpus", "Memory") if old in container)
    needs = {need["Type"]: need["Value"] for need in container.get("ResourceRequirements", [])}
    yield from (f"it does not say how much {what}" for what in ("VCPU", "MEMORY") if what not in needs)
    yield from (f"{what} is not a string" for what, value in needs.items() if isinstance(value, int))
    if "AttemptDurationSeconds" not in job.get("Timeout", {}):
        yield "it may run forever"
    if job.get("PropagateTags") is not True:
        yield "the stack's tags do not show its cost"
    if "${ImageTag}" not in str(container["Image"]):
        yield "its image is not the one that the parameter names"


@POLICIES.add(
    "Fargate needs the architecture, and an address in a public subnet; instances refuse both.",
    lambda s: _container(s).pop("RuntimePlatform"),
    lambda s: _container(s).pop("NetworkConfiguration"),
    lambda s: _container(s).update(LinuxParameters={"Tmpfs": []}),
    lambda s: _job(s).update(PlatformCapabilities=["EC2"]),
    variant="fargate",
)
def the_job_fits_where_it_runs(system: System) -> Iterable[str]:
    job, container = _job(system), _container(system)
    fargate = _is_for_fargate(system)
    if job.get("PlatformCapabilities") != ["FARGATE" if fargate else "EC2"]:
        yield f"it is for {job.get('PlatformCapabilities')}"
    for field in ("RuntimePlatform", "NetworkConfiguration"):
        if (field in container) is not fargate:
            yield f"{field} is {'missing' if fargate else 'refused'}"
    if fargate and {"Tmpfs", "SharedMemorySize", "Devices"} & set(container.get("LinuxParameters", {})):
        yield "Fargate does not support such memory"


@POLICIES.add(
    "Batch reserves variables with this prefix, and accepts only strings.",
    lambda s: _container(s)["Environment"].append({"Name": "AWS_BATCH_X", "Value": "1"}),
    lambda s: _container(s)["Environment"].append({"Name": "X", "Value": 1}),
    lambda s: _container(s)["Environment"].append({"Name": "X", "Value": {"Ref": "JobvCpus"}}),
)
def variables_of_the_definition_are_strings_with_names_of_our_own(system: System) -> Iterable[str]:
    numbers = {name for name, parameter in system.source["Parameters"].items() if parameter["Type"] == "Number"}
    for variable in _container(system)["Environment"]:
        value = variable["Value"]
        if variable["Name"].startswith("AWS_BATCH"):
            yield f"{variable['Name']} is reserved by Batch"
        if isinstance(value, int) or (isinstance(value, dict) and value.get("Ref") in numbers):
            yield f"{variable['Name']} is not a string"
