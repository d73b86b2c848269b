"""`make deploy`, with the real SAM and the real AWS clients, from an empty account to a run."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from moto.cloudformation.models import cloudformation_backends

from tests.system.deployment.conftest import AWS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.deployment.conftest import Deployer

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploying")]

STACK = "worstsort-dev"


def order(deployer: Deployer, *beginnings: tuple[str, ...]) -> list[int]:
    """Return the position of the first call with each beginning."""
    calls = deployer.calls()
    return [next(at for at, call in enumerate(calls) if call[: len(words)] == [*words]) for words in beginnings]


def test_a_first_deployment_ends_with_a_command_that_starts_a_run(deployer: Deployer) -> None:
    """The image is built before anything is made, and pushed when there is a repository for it."""
    done = deployer.deploy("dev")
    assert done.returncode == 0, done.stdout + done.stderr
    steps = order(deployer, ("docker", "build"), ("sam", "build"), ("sam", "deploy"), ("docker", "push"))
    assert steps == sorted(steps)
    assert deployer.images(STACK) == {deployer.parameters(STACK)["ImageTag"]}
    (command,) = [line for line in done.stdout.splitlines() if line.startswith("aws ")]
    started = deployer.run([str(AWS), *shlex.split(command)[1:]])
    assert started.returncode == 0, started.stderr
    assert ":first-run" in started.stdout


def test_another_deployment_keeps_what_was_given_before_and_pushes_first(deployer: Deployer) -> None:
    """The image is built for the architecture that the stack has, not for the one in samconfig.toml."""
    assert deployer.deploy("dev", "Architecture=X86_64", "JobvCpus=2").returncode == 0
    assert [call[call.index("--platform") + 1] for call in deployer.calls("docker", "build")] == ["linux/amd64"]
    (deployer.folder / "calls").unlink()
    done = deployer.deploy("dev", "MaxvCpus=64", PYTHON_IMAGE="localhost/other:1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [call[call.index("--platform") + 1] for call in deployer.calls("docker", "build")] == ["linux/amd64"]
    steps = order(deployer, ("docker", "push"), ("sam", "deploy"))
    assert steps == sorted(steps)
    has = deployer.parameters(STACK)
    assert (has["Architecture"], has["JobvCpus"], has["MaxvCpus"]) == ("X86_64", "2", "64")
    assert has["ImageTag"] in deployer.images(STACK)
    assert len(deployer.images(STACK)) == 2


def test_an_image_that_is_there_is_not_built_again(deployer: Deployer) -> None:
    """Then a deployment does without Docker; a switch of the architecture and back finds both images."""
    for given in ("Architecture=X86_64", "Architecture=ARM64"):
        assert deployer.deploy("dev", given).returncode == 0
    assert len(deployer.images(STACK)) == 2
    (deployer.folder / "calls").unlink()
    done = deployer.deploy("dev", "Architecture=X86_64", DOCKER_FAILS="version")
    assert done.returncode == 0, done.stdout + done.stderr
    assert deployer.calls("docker") == []


def test_a_declined_first_deployment_says_so_and_can_be_repeated(deployer: Deployer) -> None:
    """SAM ends without an error then, and the stack has neither resources nor outputs."""
    declined = deployer.deploy("prod", typed="n\n")
    assert declined.returncode == 1
    assert "error: the change set was not executed" in declined.stderr
    assert deployer.calls("docker", "push") == []
    accepted = deployer.deploy("prod", typed="y\n")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    assert deployer.images("worstsort-prod") == {deployer.parameters("worstsort-prod")["ImageTag"]}


def test_a_deployment_without_a_terminal_is_executed_when_told_to(deployer: Deployer) -> None:
    """A workflow has nobody to ask."""
    assert deployer.deploy("--yes", "prod").returncode == 0
    assert deployer.parameters("worstsort-prod")["Environment"] == "prod"


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("ROLLBACK_COMPLETE", "make destroy STACK=worstsort"),
        ("DELETE_FAILED", "make destroy STACK=worstsort"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("UPDATE_FAILED", "rollback-stack"),
        ("UPDATE_IN_PROGRESS", "wait"),
    ],
)
def test_a_stack_that_cannot_be_updated_is_refused_before_anything_is_made(
    deployer: Deployer, status: str, advice: str
) -> None:
    """The message says what to do first."""
    (backends,) = cloudformation_backends.values()
    for backend in backends.values():
        for stack in backend.stacks.values():
            stack.status = status
    done = deployer.deploy("default")
    assert done.returncode == 1
    assert status in done.stderr
    assert advice in done.stderr
    assert deployer.calls() == []


def test_without_docker_nothing_is_made(deployer: Deployer, tmp_path: Path) -> None:
    """Neither when it is missing, nor when its engine does not answer, nor when it cannot build."""
    missing = deployer.deploy("dev", DOCKER=str(tmp_path / "nowhere"))
    stopped = deployer.deploy("dev", DOCKER_FAILS="version")
    failing = deployer.deploy("dev", DOCKER_FAILS="build")
    assert (missing.returncode, stopped.returncode, failing.returncode) == (1, 1, 1)
    assert "nowhere was not found" in missing.stderr
    assert "Docker's engine does not answer" in stopped.stderr
    assert "linux/arm64" in failing.stderr
    assert deployer.calls("sam") == []


def test_a_push_that_failed_is_told_and_made_good_by_the_next_deployment(deployer: Deployer) -> None:
    """The stack is there then, but no job could start."""
    failed = deployer.deploy("dev", DOCKER_FAILS="push")
    assert failed.returncode == 1
    assert "its repository has no image yet" in failed.stderr
    done = deployer.deploy("dev")
    assert done.returncode == 0, done.stdout + done.stderr
    assert deployer.images(STACK) == {deployer.parameters(STACK)["ImageTag"]}


def test_a_preview_shows_the_changes_and_leaves_nothing_behind(deployer: Deployer) -> None:
    """It needs no Docker; the stack stays as it is, and so does the list of its change sets."""
    assert deployer.deploy("dev").returncode == 0
    before, calls = deployer.parameters(STACK), len(deployer.calls("docker"))
    cloudformation = deployer.cloud.client("cloudformation")
    sets = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    shown = deployer.deploy("--preview", "dev", "MaxvCpus=64")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "CloudFormation stack changeset" in shown.stdout
    assert '"MaxvCpus": "64"' in shown.stdout
    assert deployer.parameters(STACK) == before
    assert len(deployer.calls("docker")) == calls
    left = cloudformation.list_change_sets(StackName=STACK)["Summaries"]
    assert [item["ChangeSetId"] for item in left] == [item["ChangeSetId"] for item in sets]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["staging"], "environment: given 'staging', but samconfig.toml has default, dev, prod"),
        (["dev", "MaxVcpus=64"], "there is no parameter 'MaxVcpus'; the template has Architecture, "),
        (["dev", "Architecture=arm64"], "Architecture: given 'arm64', but it is one of ARM64, X86_64"),
        (["dev", "MaxvCpus=0"], "MaxvCpus: given 0, but it is at least 1"),
        (["dev", "ImageTag=latest"], "ImageTag: given 'latest', but it follows from what the image holds"),
        (["--preview", "dev"], "there is no stack worstsort-dev yet"),
    ],
)
def test_what_cannot_be_deployed_is_refused_before_anything_is_made(
    deployer: Deployer, arguments: list[str], said: str
) -> None:
    """SAM passes over a name that it does not know, and CloudFormation sees a value only once all is built."""
    done = deployer.deploy(*arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert deployer.calls() == []
