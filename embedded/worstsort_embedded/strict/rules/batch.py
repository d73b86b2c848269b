"""Rules of Batch."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from worstsort_embedded.strict.checks import documentation
from worstsort_embedded.strict.rule import Rules, as_dict, as_dicts, as_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from worstsort_embedded.strict.rule import World

RULES = Rules()
MAX_DEFINITION_BYTES, MAX_JOB_BYTES = 24 << 10, 30 << 10


@RULES.add(
    "batch CreateJobQueue", "batch UpdateJobQueue",
    sentence="EC2 and Fargate compute environments can't be mixed.",
    source="botocore: batch CreateJobQueueRequest.computeEnvironmentOrder",
    error="ClientException",
)  # fmt: skip
def a_queue_has_one_kind_of_environments(given: Mapping[str, Any], world: World) -> Iterator[str]:
    """Refuse a queue over environments of both kinds."""
    kinds = {
        _platform(world, entry.get("computeEnvironment")) for entry in as_dicts(given.get("computeEnvironmentOrder"))
    }
    if len(kinds - {None}) > 1:
        yield "computeEnvironmentOrder mixes EC2 and Fargate compute environments"


@RULES.add(
    "batch UpdateJobQueue",
    sentence="All of the compute environments must be either EC2 (EC2 or SPOT) or Fargate (FARGATE or FARGATE_SPOT)",
    source="botocore: batch UpdateJobQueueRequest.computeEnvironmentOrder",
    error="ClientException",
)  # fmt: skip
def a_queue_keeps_its_kind(given: Mapping[str, Any], world: World) -> Iterator[str]:
    """Refuse to point a queue to environments of the other kind."""
    before = {_platform(world, environment) for environment in world.environments_of(str(given.get("jobQueue")))}
    after = {
        _platform(world, entry.get("computeEnvironment")) for entry in as_dicts(given.get("computeEnvironmentOrder"))
    }
    if before - {None} and after - {None} and before != after:
        yield f"jobQueue {given.get('jobQueue')} would change from {_names(before)} to {_names(after)}"


@RULES.add(
    "batch CreateJobQueue", "batch UpdateJobQueue",
    sentence="All compute environments that are associated with a job queue must share the same architecture.",
    source="botocore: batch CreateJobQueueRequest.computeEnvironmentOrder",
    error="ClientException",
)  # fmt: skip
def a_queue_has_one_architecture(given: Mapping[str, Any], world: World) -> Iterator[str]:
    """Refuse a queue over instances of both architectures; Fargate's is that of the job."""
    named = as_texts([entry.get("computeEnvironment") for entry in as_dicts(given.get("computeEnvironmentOrder"))])
    if len({architecture(kind) for environment in named for kind in world.instance_types_of(environment)}) > 1:
        yield "computeEnvironmentOrder mixes x86 and ARM compute environments"


@RULES.add(
    "batch CreateComputeEnvironment", "batch UpdateComputeEnvironment",
    sentence="the instance types that you select for the compute environment must share the same architecture.",
    source="botocore: batch ComputeResource.instanceTypes, ComputeResourceUpdate.instanceTypes",
    error="ClientException",
)  # fmt: skip
def an_environment_has_one_architecture(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse instance types of both architectures."""
    kinds = as_texts(as_dict(given.get("computeResources")).get("instanceTypes"))
    if len({architecture(kind) for kind in kinds}) > 1:
        yield f"instanceTypes mixes x86 and ARM: {', '.join(kinds)}"


@RULES.add(
    "batch UpdateComputeEnvironment",
    sentence="All compute environments that are associated with a job queue must share the same architecture.",
    source="botocore: batch UpdateJobQueueRequest.computeEnvironmentOrder",
    error="ClientException",
)  # fmt: skip
def an_environment_keeps_the_architecture_of_its_queues(given: Mapping[str, Any], world: World) -> Iterator[str]:
    """Refuse to turn one environment of a queue, as environments are updated one by one."""
    environment = str(given.get("computeEnvironment"))
    after = {architecture(kind) for kind in as_texts(as_dict(given.get("computeResources")).get("instanceTypes"))}
    for neighbour in world.neighbours_of(environment):
        if after - {architecture(kind) for kind in world.instance_types_of(neighbour) or after}:
            kinds = " and ".join(sorted(after))
            yield f"computeEnvironment {environment} would be {kinds} beside {neighbour} in a queue"


@RULES.add(
    "batch CreateComputeEnvironment", "batch UpdateComputeEnvironment",
    sentence="Amazon Linux 2023 does not support A1 instances.",
    source="botocore: batch Ec2Configuration.imageType",
    error="ClientException",
)  # fmt: skip
def amazon_linux_2023_runs_on_no_a1(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse A1 instances with the image of AWS that does not start on them, whether it is named or the default."""
    resources = as_dict(given.get("computeResources"))
    images = as_dicts(resources.get("ec2Configuration"))
    named = any("AL2023" in str(image.get("imageType")) and "imageIdOverride" not in image for image in images)
    default = not images and "imageId" not in resources and "launchTemplate" not in resources
    for kind in as_texts(resources.get("instanceTypes")):
        if kind.partition(".")[0] == "a1" and (named or default):
            yield f"instanceTypes has {kind}, which Amazon Linux 2023 does not support"


def architecture(instance_type: str) -> str:
    """Return the architecture of an instance type, a family or one of Batch's own choices: ARM or x86.

    A Graviton type has the letter g after its generation (Amazon EC2 User Guide, "Amazon EC2 instance type naming
    conventions"); a1 was the first of them.
    """
    family = instance_type.partition(".")[0]
    return "ARM" if family == "default_arm64" or re.fullmatch(r"a1|[a-z]+\d+g[a-z-]*", family) else "x86"


@RULES.add(
    "batch SubmitJob",
    sentence="If the revision is not specified, then the latest active revision is used. (A sentence that refuses a"
    " revision which was de-registered was not found; that AWS does so is known from use.)",
    source="botocore: batch SubmitJobRequest.jobDefinition",
    error="ClientException",
)  # fmt: skip
def a_job_is_of_an_active_definition(given: Mapping[str, Any], world: World) -> Iterator[str]:
    """Refuse a job of a revision that was de-registered."""
    definition = given.get("jobDefinition")
    if isinstance(definition, str) and not world.is_active(definition):
        yield f"Job definition {definition} is not in ACTIVE status"


@RULES.add(
    "batch RegisterJobDefinition",
    sentence="alpha-numeric := /[a-z0-9]+/; path-component := alpha-numeric [separator alpha-numeric]*",
    source="github.com/distribution/reference, reference.go, the grammar of image references, which Docker applies",
    error="ClientException",
)  # fmt: skip
def an_image_has_no_capitals(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse an image whose reference is not of Docker's grammar."""
    image = as_dict(given.get("containerProperties")).get("image")
    if not isinstance(image, str):
        return
    domain, slash, path = image.partition("/")
    named = path if slash and re.search(r"[.:]|^localhost$", domain) else image
    name = re.sub(r"(:[\w][\w.-]{0,127})?(@[\w:+.-]+)?$", "", named)
    component = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    if not re.fullmatch(rf"{component}(?:/{component})*", name):
        yield f"image {image} is not a valid reference: repository names are of lower case"


@RULES.add(
    "batch RegisterJobDefinition", "batch SubmitJob",
    sentence="the VCPU values must be one of the values supported for that memory value.",
    source="botocore: batch ResourceRequirement.value",
    error="ClientException",
)  # fmt: skip
def fargate_has_the_pair_of_vcpu_and_memory(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a pair that Fargate does not have."""
    if "FARGATE" not in (given.get("platformCapabilities") or ()):
        return
    needs = {
        need.get("type"): need.get("value")
        for need in as_dicts(as_dict(given.get("containerProperties")).get("resourceRequirements"))
    }
    vcpus, memory = needs.get("VCPU"), needs.get("MEMORY")
    if (
        isinstance(vcpus, str)
        and _FORMS["VCPU"].fullmatch(vcpus)
        and isinstance(memory, str)
        and memory not in fargate_memory().get(_plain(vcpus), ())
    ):
        yield f"Fargate has no {vcpus} VCPU with {memory} MEMORY"


@RULES.add(
    "batch RegisterJobDefinition", "batch SubmitJob",
    sentence="The memory hard limit (in MiB) present to the container."
    " (A sentence that refuses a fraction was not found; no MEMORY that it lists has one.)",
    source="botocore: batch ResourceRequirement.value",
    error="ClientException",
)  # fmt: skip
def vcpus_and_memory_are_numbers(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse memory that is not whole MiB, and vCPUs that are no number; Fargate has fractions of a vCPU."""
    for part in ("containerProperties", "containerOverrides"):
        for need in as_dicts(as_dict(given.get(part)).get("resourceRequirements")):
            kind, value = need.get("type"), need.get("value")
            form = _FORMS.get(kind) if isinstance(kind, str) else None
            if form and isinstance(value, str) and not form.fullmatch(value):
                yield f"{part}.resourceRequirements: {value!r} is no number of {kind}"


_FORMS = {"MEMORY": re.compile("[0-9]+"), "VCPU": re.compile("[0-9]+([.][0-9]+)?")}
"""How the values of requirements are written."""


def fargate_memory() -> dict[str, tuple[str, ...]]:
    """Return the MiB of memory that Fargate supports per value of VCPU, as the service description lists them."""
    text = documentation("batch", "ResourceRequirement", "value")
    pairs = re.findall(r"value = ([\d.]+) MEMORY = ((?:\d+,? (?:or )?)*\d+)", text)
    return {vcpus: tuple(re.findall(r"\d+", values)) for vcpus, values in pairs}


@RULES.add(
    "batch RegisterJobDefinition", "batch SubmitJob",
    sentence="Maximum job definition size (for RegisterJobDefinition API operations): 24 KiB. Maximum job payload size"
    " (for SubmitJob API operations): 30 KiB.",
    source="AWS Batch User Guide, service_limits.md",
    error="ClientException",
)  # fmt: skip
def a_definition_and_a_job_have_a_size(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a job, or what describes one, that is too large to be sent."""
    what, most = ("job", MAX_JOB_BYTES) if "jobName" in given else ("job definition", MAX_DEFINITION_BYTES)
    size = len(json.dumps(given, default=str).encode())
    if size > most:
        yield f"the {what} has {size:,} bytes, and may have {most:,}"


@RULES.add(
    "batch RegisterJobDefinition", "batch SubmitJob",
    sentence='Environment variables cannot start with "AWS_BATCH".',
    source="botocore: batch ContainerProperties.environment",
    error="ClientException",
)  # fmt: skip
def no_variable_is_named_as_those_of_batch(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse variables that are named as Batch's own."""
    for container in (as_dict(given.get("containerProperties")), as_dict(given.get("containerOverrides"))):
        for pair in as_dicts(container.get("environment")):
            if str(pair.get("name", "")).startswith("AWS_BATCH"):
                yield f"environment variable {pair['name']} begins with AWS_BATCH"


@RULES.add(
    "batch CreateComputeEnvironment",
    sentence="This parameter isn't applicable to jobs that are running on Fargate resources.",
    source="botocore: batch ComputeResource.allocationStrategy, and other members",
    error="ClientException",
)
def fargate_has_no_fields_of_instances(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a Fargate environment that says something about instances."""
    resources = as_dict(given.get("computeResources"))
    if str(resources.get("type", "")).startswith("FARGATE"):
        yield from _inapplicable("ComputeResource", resources)


@RULES.add(
    "batch RegisterJobDefinition",
    sentence="This parameter isn't applicable to jobs that are running on Fargate resources and shouldn't be provided.",
    source="botocore: batch ContainerProperties.ulimits, and other members",
    error="ClientException",
)
def a_job_on_fargate_says_nothing_of_instances(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a job on Fargate with a parameter that only instances have."""
    if "FARGATE" in (given.get("platformCapabilities") or ()):
        container = as_dict(given.get("containerProperties"))
        yield from _inapplicable("ContainerProperties", container)
        yield from _inapplicable("LinuxParameters", as_dict(container.get("linuxParameters")))


@RULES.add(
    "batch RegisterJobDefinition",
    sentence="For jobs that run on Fargate resources, you must provide an execution role.",
    source="botocore: batch ContainerProperties.executionRoleArn",
    error="ClientException",
)
def a_job_on_fargate_has_an_execution_role(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse a job on Fargate without the role that starts its container."""
    container = as_dict(given.get("containerProperties"))
    if "FARGATE" in (given.get("platformCapabilities") or ()) and container and "executionRoleArn" not in container:
        yield "containerProperties has no executionRoleArn"


@RULES.add(
    "batch RegisterJobDefinition",
    "batch SubmitJob",
    sentence="If this parameter is specified, then the attempts parameter must also be specified.",
    source="botocore: batch RetryStrategy.evaluateOnExit",
    error="ClientException",
)
def rules_come_with_a_number_of_attempts(given: Mapping[str, Any], _world: World) -> Iterator[str]:
    """Refuse rules of when to retry without saying how often."""
    strategy = as_dict(given.get("retryStrategy"))
    if strategy.get("evaluateOnExit") and "attempts" not in strategy:
        yield "retryStrategy has evaluateOnExit without attempts"


_NOT_ON_FARGATE = re.compile(r"(?:isn't applicable to|not supported for) .*Fargate resources")


def _inapplicable(structure: str, given: Mapping[str, Any]) -> Iterator[str]:
    """Yield the given members of which the service description says that Fargate has no use for them."""
    for member, value in given.items():
        if value is not False and _NOT_ON_FARGATE.search(documentation("batch", structure, member)):
            yield f"{member} is not applicable to Fargate"


def _platform(world: World, environment: Any) -> str | None:
    kind = world.kind_of(environment) if isinstance(environment, str) else None
    return None if kind is None else ("Fargate" if kind.startswith("FARGATE") else "EC2")


def _names(kinds: set[str | None]) -> str:
    return " and ".join(sorted(str(kind) for kind in kinds))


def _plain(number: str) -> str:
    return f"{float(number):g}"
