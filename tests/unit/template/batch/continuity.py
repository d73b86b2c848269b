"""Policies for deployments while runs are under way: an execution keeps its queue, its job and its image to the end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.template.policy import Policies
from tests.unit.template.system import many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.unit.template.system import Json, System

POLICIES = Policies()

INSTANCES = ("EC2", "SPOT")
QUEUES = {"InstanceQueue": INSTANCES, "X86InstanceQueue": INSTANCES, "FargateQueue": ("FARGATE", "FARGATE_SPOT")}
"""The queues, and the kinds of environment that each may lead to: "All of the compute environments must be either EC2
(EC2 or SPOT) or Fargate (FARGATE or FARGATE_SPOT); Amazon EC2 and Fargate compute environments can't be mixed." (AWS
Batch API Reference, ComputeEnvironmentOrder)"""

TYPES = {
    "InstanceQueue": {"Fn::If": ["UsesArm", {"Ref": "InstanceTypes"}, ["default_arm64"]]},
    "X86InstanceQueue": {"Fn::If": ["UsesArm", ["default_x86_64"], {"Ref": "X86InstanceTypes"}]},
}
"""The types of the environments that a queue of instances leads to. Where the architecture is not the chosen one, Batch
chooses, as it refuses a list of which the region lacks one: "Instance type can only be one of" (its error in
aws/amazon-genomics-cli#209), "Instance family availability varies by Amazon Web Services Region." (AWS Batch API
Reference, ComputeResource, instanceTypes)"""

CLEANERS = ("ReconcileRunFunction", "SweepRunsFunction")
"""Functions that end jobs whose execution has ended."""

MOST_IMAGES_A_DAY = 10
MOST_MINUTES_IN_CHINA = 360
"""The API reference for the regions of China still says "Minimum value of 1. Maximum value of 360." (docs.amazonaws.cn,
UpdatePolicy, jobExecutionTimeoutMinutes), as AWS's did; botocore says 7,200."""
DAY_SECONDS = 86_400
NAME = "job-definition/${AWS::StackName}-island"


def _queue(system: System, name: str) -> Json:
    return system.of("Batch::JobQueue")[name]


def _kinds(system: System, queue: Json) -> list[str]:
    environments = system.of("Batch::ComputeEnvironment")
    names = [entry["ComputeEnvironment"]["Ref"] for entry in queue["ComputeEnvironmentOrder"]]
    return [environments[name]["ComputeResources"]["Type"] for name in names]


def _substitutions(system: System) -> Json:
    found: Json = system.source["Resources"]["EvolveStateMachine"]["Properties"]["DefinitionSubstitutions"]
    return found


def _submission(system: System) -> Json:
    return next(statement for _, statement in system.statements() if "batch:SubmitJob" in many(statement["Action"]))


def _variables(system: System, function: str) -> Json:
    variables: Json = system.of("Lambda::Function")[function]["Environment"]["Variables"]
    return variables


@POLICIES.add(
    'A queue that goes takes its jobs along: "All jobs in the queue are eventually terminated when you delete a job '
    'queue." (AWS Batch API Reference, DeleteJobQueue) So every queue and environment is there whatever the capacity.',
    lambda s: s.source["Resources"]["FargateQueue"].update(Condition="UsesFargate"),
    lambda s: s.source["Resources"]["SpotComputeEnvironment"].update(Condition="UsesSpot"),
    lambda s: _queue(s, "InstanceQueue").update(State="DISABLED"),
    lambda s: s.of("Batch::ComputeEnvironment")["FargateComputeEnvironment"].update(State="DISABLED"),
    lambda s: s.resources.pop("FargateQueue"),
    lambda s: s.resources.pop("X86InstanceQueue"),
)
def a_change_of_capacity_takes_no_queue_away(system: System) -> Iterable[str]:
    for name, resource in system.source["Resources"].items():
        if resource["Type"] in {"AWS::Batch::JobQueue", "AWS::Batch::ComputeEnvironment"}:
            if "Condition" in resource:
                yield f"{name} goes when {resource['Condition']} ends"
            if resource["Properties"]["State"] != "ENABLED":
                yield f"{name} is closed"
    for kind in ("Batch::JobQueue", "Batch::ComputeEnvironment"):
        yield from (f"{name} is closed" for name, made in system.of(kind).items() if made["State"] != "ENABLED")
    yield from (f"there is no {name}" for name in QUEUES if name not in system.of("Batch::JobQueue"))


@POLICIES.add(
    "Batch refuses to lead an instance queue to Fargate or the other way round, and an update that asks for it fails.",
    lambda s: _queue(s, "InstanceQueue")["ComputeEnvironmentOrder"][0].update(
        ComputeEnvironment={"Ref": "FargateComputeEnvironment"}
    ),
    lambda s: _queue(s, "FargateQueue")["ComputeEnvironmentOrder"].append(
        {"Order": 2, "ComputeEnvironment": {"Ref": "OnDemandComputeEnvironment"}}
    ),
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"]["ComputeResources"].update(Type="FARGATE"),
    lambda s: _queue(s, "FargateQueue").update(ComputeEnvironmentOrder=[]),
)
def a_queue_never_changes_its_kind(system: System) -> Iterable[str]:
    for name, queue in system.of("Batch::JobQueue").items():
        kinds = _kinds(system, queue)
        yield from (f"{name} leads to {kind}" for kind in kinds if kind not in QUEUES[name])
        if not kinds:
            yield f"{name} leads nowhere"


@POLICIES.add(
    '"All compute environments that are associated with a job queue must share the same architecture." (AWS Batch API '
    "Reference, UpdateJobQueue) Environments are updated one by one, so an update that turns them fails; and jobs that "
    "wait would start on instances that cannot run their image.",
    lambda s: _types(
        s, "SpotComputeEnvironment", {"Fn::If": ["UsesArm", _ref("InstanceTypes"), _ref("X86InstanceTypes")]}
    ),
    lambda s: _types(s, "X86OnDemandComputeEnvironment", _ref("X86InstanceTypes")),
    lambda s: _types(s, "X86SpotComputeEnvironment", TYPES["InstanceQueue"]),
    lambda s: _queue(s, "X86InstanceQueue")["ComputeEnvironmentOrder"][0].update(
        ComputeEnvironment={"Ref": "SpotComputeEnvironment"}
    ),
)
def a_queue_never_changes_its_architecture(system: System) -> Iterable[str]:
    for name, wanted in TYPES.items():
        for entry in _queue(system, name)["ComputeEnvironmentOrder"]:
            environment = entry["ComputeEnvironment"]["Ref"]
            given = system.source["Resources"][environment]["Properties"]["ComputeResources"].get("InstanceTypes")
            if given != wanted:
                yield f"{name} leads to {environment} with {given}"


def _types(system: System, environment: str, types: Json) -> None:
    system.source["Resources"][environment]["Properties"]["ComputeResources"]["InstanceTypes"] = types


@POLICIES.add(
    "New executions use what was chosen; a definition for the other kind would be refused, and an image of the other "
    "architecture does not start.",
    lambda s: _substitutions(s).update(JobQueueArn={"Ref": "InstanceQueue"}),
    lambda s: _substitutions(s)["JobQueueArn"]["Fn::If"].reverse(),
    lambda s: _substitutions(s)["JobQueueArn"]["Fn::If"][2]["Fn::If"].append(_ref("InstanceQueue")),
    lambda s: s.source["Outputs"]["JobQueueArn"].update(Value={"Ref": "FargateQueue"}),
)
def new_executions_use_the_queue_that_was_chosen(system: System) -> Iterable[str]:
    of_instances = {"Fn::If": ["UsesArm", _ref("InstanceQueue"), _ref("X86InstanceQueue")]}
    wanted = {"Fn::If": ["UsesFargate", _ref("FargateQueue"), of_instances]}
    for what, given in {
        "the state machine": _substitutions(system)["JobQueueArn"],
        "the output": system.source["Outputs"]["JobQueueArn"]["Value"],
    }.items():
        if given != wanted:
            yield f"{what} has {given}"


def _ref(name: str) -> Json:
    return {"Ref": name}


@POLICIES.add(
    '"When the property is set to false, the previous revision of the job definition is de-registered after a new '
    'revision is created." (CloudFormation, AWS::Batch::JobDefinition ResourceRetentionPolicy) Executions under way '
    "hold it, and their next epoch would fail.",
    lambda s: _job(s).pop("ResourceRetentionPolicy"),
    lambda s: _job(s)["ResourceRetentionPolicy"].update(SkipDeregisterOnUpdate=False),
    lambda s: _job(s).update(JobDefinitionName={"Fn::Sub": "${AWS::StackName}-${ImageTag}"}),
    lambda s: _substitutions(s).update(JobDefinitionArn={"Ref": "JobDefinition"}),
    lambda s: _substitutions(s).update(JobDefinitionArn={"Fn::Sub": "${AWS::StackName}-island"}),
)
def an_execution_keeps_its_revision_of_the_job(system: System) -> Iterable[str]:
    if _job(system).get("ResourceRetentionPolicy", {}).get("SkipDeregisterOnUpdate") is not True:
        yield "an update de-registers the revision that executions hold"
    if _job(system)["JobDefinitionName"] != {"Fn::Sub": "${AWS::StackName}-island"}:
        yield "an update replaces the job definition, which the role of executions under way does not cover"
    given = _substitutions(system)["JobDefinitionArn"]
    if given not in (
        {"Fn::GetAtt": ["JobDefinition", "JobDefinitionArn"]},
        {"Fn::GetAtt": "JobDefinition.JobDefinitionArn"},
    ):
        yield f"{given} may be the name alone, which follows the newest revision"


def _job(system: System) -> Json:
    return system.of("Batch::JobDefinition")["JobDefinition"]


@POLICIES.add(
    "The role that an update leaves is that of executions under way, too: their queue and revision must stay allowed.",
    lambda s: _submission(s)["Resource"].remove(_ref("FargateQueue")),
    lambda s: _submission(s)["Resource"].remove(_ref("InstanceQueue")),
    lambda s: _submission(s)["Resource"].remove(_ref("X86InstanceQueue")),
    lambda s: _submission(s)["Resource"].pop(-1),
    lambda s: _submission(s)["Resource"].pop(-2),
    lambda s: _submission(s).update(Resource=[_ref("InstanceQueue"), _ref("FargateQueue"), _ref("JobDefinition")]),
)
def executions_under_way_may_still_submit_jobs(system: System) -> Iterable[str]:
    resources = _submission(system)["Resource"]
    yield from (f"{name} is not allowed" for name in QUEUES if _ref(name) not in resources)
    texts = [resource["Fn::Sub"] for resource in resources if "Fn::Sub" in resource]
    yield from (f"{form} is not allowed" for form in (NAME, f"{NAME}:*") if not any(t.endswith(form) for t in texts))


@POLICIES.add(
    "An aborted execution may have jobs in any queue, and any may block.",
    lambda s: _variables(s, "ReconcileRunFunction").update(JOB_QUEUES={"Fn::Sub": "${InstanceQueue}"}),
    lambda s: _variables(s, "SweepRunsFunction").update(JOB_QUEUES={"Ref": "FargateQueue"}),
    lambda s: _variables(s, "SweepRunsFunction").update(JOB_QUEUES={"Fn::Sub": "${X86InstanceQueue},${FargateQueue}"}),
    lambda s: s.of("Events::Rule")["JobsStuckRule"]["EventPattern"].update(resources=[_ref("InstanceQueue")]),
)
def all_queues_are_looked_after(system: System) -> Iterable[str]:
    searches = {name: str(_variables(system, name).get("JOB_QUEUES")) for name in CLEANERS}
    watched = system.of("Events::Rule")["JobsStuckRule"]["EventPattern"]["resources"]
    for name in QUEUES:
        for function, searched in searches.items():
            if f"${{{name}}}" not in searched:
                yield f"{function} does not see jobs in {name}"
        if _ref(name) not in watched:
            yield f"nobody is told when {name} is blocked"


@POLICIES.add(
    "An execution needs its image for as long as it may last, however often the stack is deployed in the meantime.",
    lambda s: _lifecycle(s)["selection"].update(countNumber=20),
    lambda s: _lifecycle(s)["selection"].update(countType="sinceImagePushed", countUnit="days", countNumber=30),
    lambda s: s.machine.update(TimeoutSeconds=60 * DAY_SECONDS),
)
def an_image_is_kept_for_as_long_as_an_execution_may_last(system: System) -> Iterable[str]:
    selection = _lifecycle(system)["selection"]
    if selection["countType"] != "imageCountMoreThan":
        yield "an image expires by its age, even the one that the stack has now"
    days = system.machine["TimeoutSeconds"] / DAY_SECONDS
    if selection["countNumber"] < days * MOST_IMAGES_A_DAY:
        yield f"{selection['countNumber']} images, and an execution may last {days:.0f} days"


def _lifecycle(system: System) -> Json:
    policy = system.of("ECR::Repository")["Repository"]["LifecyclePolicy"]
    if isinstance(policy["LifecyclePolicyText"], str):
        policy["LifecyclePolicyText"] = json.loads(policy["LifecyclePolicyText"])
    (rule,) = policy["LifecyclePolicyText"]["rules"]
    found: Json = rule
    return found


@POLICIES.add(
    'jobExecutionTimeoutMinutes: "Specifies the job timeout (in minutes) when the compute environment infrastructure '
    'is updated." (AWS Batch API Reference, UpdatePolicy) A deployment ends no job before its own limit does.',
    lambda s: s.of("Batch::ComputeEnvironment")["SpotComputeEnvironment"]["UpdatePolicy"].update(
        JobExecutionTimeoutMinutes=60
    ),
    lambda s: s.of("Batch::ComputeEnvironment")["OnDemandComputeEnvironment"]["UpdatePolicy"].update(
        TerminateJobsOnUpdate=True
    ),
    lambda s: s.source["Parameters"]["JobTimeoutSeconds"].update(MaxValue=2 * DAY_SECONDS),
    lambda s: s.source["Resources"]["X86SpotComputeEnvironment"]["Properties"]["UpdatePolicy"].update(
        JobExecutionTimeoutMinutes=1440
    ),
)
def an_update_of_instances_waits_for_their_jobs(system: System) -> Iterable[str]:
    longest = system.source["Parameters"]["JobTimeoutSeconds"]["MaxValue"]
    for name, environment in system.of("Batch::ComputeEnvironment").items():
        if environment["ComputeResources"]["Type"] in INSTANCES:
            update = environment["UpdatePolicy"]
            if update["TerminateJobsOnUpdate"] is not False:
                yield f"{name} ends its jobs"
            if 60 * update["JobExecutionTimeoutMinutes"] < longest:
                yield f"{name} waits {update['JobExecutionTimeoutMinutes']} minutes for jobs of up to {longest} s"
            written = system.source["Resources"][name]["Properties"]["UpdatePolicy"]["JobExecutionTimeoutMinutes"]
            if not isinstance(written, dict) or written["Fn::If"][:2] != ["IsChina", MOST_MINUTES_IN_CHINA]:
                yield f"{name} cannot be made in China"
