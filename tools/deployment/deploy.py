"""Deploys the stack, for the first time or again, so that it is ready for a run.

usage: deploy [--yes | --preview] [ENVIRONMENT] [Parameter=value...]

ENVIRONMENT is a table of samconfig.toml: default, dev or prod. A parameter that is not given keeps the value that the
stack has. --yes executes the change set without asking, --preview only shows it. SAM, DOCKER and PYTHON_IMAGE may be
set; credentials and region are those of the AWS CLI.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.deployment import docker, offerings, parameters, programs, repository
from tools.deployment.errors import DeploymentFailed
from tools.deployment.image import Image, base_image, platform_of
from tools.deployment.stack import Stack, find_stack, refuse_unless_deployable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REPOSITORY = "RepositoryUri"


@dataclass(frozen=True)
class Plan:
    """A deployment, decided before anything is made."""

    environment: str
    stack_name: str
    before: Stack | None
    choice: parameters.Choice
    image: Image


def plan(session: boto3.Session, environment: str, arguments: Sequence[str]) -> Plan:
    """Decide what a deployment does.

    Raises:
        DeploymentFailed: It could not be carried out.
    """
    settings, template = parameters.read_settings(environment), parameters.read_template()
    declared = template["Parameters"]
    given = parameters.given_parameters(arguments, declared)
    stack = find_stack(session.client("cloudformation"), settings.stack_name)
    refuse_unless_deployable(stack)
    before = stack if stack is not None and stack.is_made else None
    architecture = parameters.choose(before, settings, given, declared).effective["Architecture"]
    image = Image(platform_of(architecture), base_image())
    choice = parameters.choose(before, settings, given, declared, image.tag)
    parameters.refuse_unless_consistent(template, choice)
    offerings.refuse_unless_offered(session.client("ec2"), choice.effective)
    return Plan(environment, settings.stack_name, before, choice, image)


def deploy(session: boto3.Session, decided: Plan, sam: str, *, asks: bool = True) -> Stack:
    """Carry a plan out, and return the stack that results.

    An execution that starts after the deployment needs the new image, so it is pushed before. Only a first deployment
    pushes it last, since the stack makes the repository; but even then it is built first, before anything is made.

    Raises:
        DeploymentFailed: A step failed, or the change set was declined.
    """
    ecr, cloudformation = session.client("ecr"), session.client("cloudformation")
    uri = decided.before.output(_REPOSITORY) if decided.before else None
    is_there = uri is not None and repository.has_image(ecr, uri, decided.image.tag)
    if is_there:
        print(f"image {decided.image.tag} is in the repository already")
    else:
        docker.check()
        decided.image.build()
    programs.run([sam, "build", "--config-env", decided.environment])
    if uri is not None and not is_there:
        push(ecr, decided.image, uri)
    known = _change_sets(cloudformation, decided.stack_name)
    command = [sam, "deploy", "--config-env", decided.environment, *_overrides(decided.choice)]
    programs.run([*command, *([] if asks else ["--no-confirm-changeset"])])
    _refuse_if_declined(cloudformation, decided.stack_name, known)
    after = find_stack(cloudformation, decided.stack_name)
    refuse_unless_deployable(after)
    if after is None:
        raise DeploymentFailed(f"stack {decided.stack_name} is gone since it was deployed")
    if uri is None:
        try:
            push(ecr, decided.image, after.output(_REPOSITORY))
        except DeploymentFailed as error:
            raise DeploymentFailed(
                f"stack {after.name} is deployed, but its repository has no image yet, so no job can start: {error}. "
                "Deploy again to push it"
            ) from error
    return after


def preview(session: boto3.Session, decided: Plan, sam: str) -> None:
    """Show the changes that a deployment would make, and leave no change set behind.

    Raises:
        DeploymentFailed: There is no stack to compare with, or a step failed.
    """
    if decided.before is None:
        raise DeploymentFailed(f"there is no stack {decided.stack_name} yet that changes could be compared with")
    cloudformation = session.client("cloudformation")
    found = _change_sets(cloudformation, decided.stack_name)
    programs.run([sam, "build", "--config-env", decided.environment])
    command = [sam, "deploy", "--config-env", decided.environment, *_overrides(decided.choice)]
    try:
        programs.run([*command, "--no-execute-changeset", "--no-confirm-changeset"])
    finally:
        for arn in _change_sets(cloudformation, decided.stack_name).keys() - found:
            cloudformation.delete_change_set(StackName=decided.stack_name, ChangeSetName=arn)


def push(ecr: Any, image: Image, uri: str) -> None:
    """Push an image that was built to the stack's repository.

    Raises:
        DeploymentFailed: It cannot be pushed.
    """
    docker.push(image.name, uri, image.tag, *repository.credentials(ecr))


def main(arguments: Sequence[str]) -> int:
    """Deploy, and print how to start a run."""
    options = _parser().parse_args(arguments)
    # The first argument is the environment, unless it is a parameter.
    environment, given = options.environment, options.parameters
    if "=" in environment:
        environment, given = "default", [environment, *given]
    try:
        session = boto3.Session()
        decided = plan(session, environment, given)
        sam = programs.find("sam", "builds the functions and deploys the stack")
        if shutil.which("python3.13") is None:
            raise DeploymentFailed("python3.13 was not found on the PATH, with which SAM builds the functions")  # noqa: TRY301
        for note in decided.choice.notes:
            print(f"note: {note}")
        if options.preview:
            preview(session, decided, sam)
            return 0
        after = deploy(session, decided, sam, asks=not options.yes)
    except (DeploymentFailed, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"\n{after.name} is deployed. Start a run and watch it:")
    for output in ("StartCommand", "DashboardAddress"):
        print(after.outputs.get(output, ""))
    return 0


def _overrides(choice: parameters.Choice) -> list[str]:
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in choice.passed.items())]


def _refuse_if_declined(cloudformation: Any, stack_name: str, known: Mapping[str, str]) -> None:
    """Refuse to go on if a change set was made but not executed: SAM ends without an error when one is declined."""
    declined = [
        arn
        for arn, status in _change_sets(cloudformation, stack_name).items()
        if status == "AVAILABLE" and arn not in known
    ]
    for arn in declined:
        cloudformation.delete_change_set(StackName=stack_name, ChangeSetName=arn)
    if declined:
        raise DeploymentFailed(f"the change set was not executed: stack {stack_name} is as it was before")


def _change_sets(cloudformation: Any, stack_name: str) -> dict[str, str]:
    """Return the execution status of each of a stack's change sets, by its ARN."""
    if find_stack(cloudformation, stack_name) is None:
        return {}
    pages = cloudformation.get_paginator("list_change_sets").paginate(StackName=stack_name)
    return {item["ChangeSetId"]: item["ExecutionStatus"] for page in pages for item in page["Summaries"]}


def _parser() -> argparse.ArgumentParser:
    usage = argparse.ArgumentParser(
        "deploy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage=argparse.SUPPRESS
    )
    how = usage.add_mutually_exclusive_group()
    how.add_argument("--yes", action="store_true")
    how.add_argument("--preview", action="store_true")
    usage.add_argument("environment", nargs="?", default="default")
    usage.add_argument("parameters", nargs="*")
    return usage


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
