"""The policies for people allow each call that deploying, operating and reading make, and no more."""

from __future__ import annotations

import shlex
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.support.executions import start
from tests.system.deployment.conftest import AWS
from tests.system.permissions import Call, recorded
from tests.unit.tools.policies import permissions
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.system.deployment.conftest import Deployer
    from worstsort_embedded import EmbeddedCloud

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deploying")]

STACK = "worstsort-dev"
NEEDED_ALL_THE_SAME = {
    "batch:TerminateJob": "for jobs that outlive their execution; Step Functions ends most",
    "cloudformation:CreateChangeSet": "of a transform: CloudFormation asks for it when it expands the template",
    "cloudformation:TagResource": "stack-level tags are set by CreateChangeSet",
    "cloudformation:DescribeStackEvents": "SAM shows them while a stack is being made",
    "ec2:DescribeAccountAttributes": "CloudFormation asks for it when it evaluates Fn::GetAZs",
    "ec2:DescribeAvailabilityZones": "Fn::GetAZs",
    "ec2:DescribeSubnets": "Fn::GetAZs",
    "ecr:BatchCheckLayerAvailability": "docker push calls the registry, not the service",
    "ecr:CompleteLayerUpload": "docker push",
    "ecr:InitiateLayerUpload": "docker push",
    "ecr:PutImage": "docker push",
    "ecr:UploadLayerPart": "docker push",
    "s3:GetObject": "CloudFormation reads the uploaded template with the caller's permissions",
    "states:RedriveExecution": "docs/operating.md advises it for aborted executions; moto has no redrive",
}
"""Permissions whose calls do not reach the embedded cloud."""


def refused(calls: set[Call], *policies: str) -> list[str]:
    """Return the calls that the policies do not allow to a person."""
    granted = [given for name in policies for given in permissions(name) if not given.through]
    return sorted(
        f"{call.action} on {call.resource}"
        for call in calls
        if not any(given.covers(call.action, call.resource) for given in granted)
    )


def unused(calls: set[Call], policy: str) -> list[str]:
    """Return the permissions of a policy that none of the calls needed."""
    made = {call.action for call in calls}
    granted = {given.action for given in permissions(policy) if not given.through}
    return sorted(granted - made - set(NEEDED_ALL_THE_SAME) - {"iam:PassRole", "iam:CreateServiceLinkedRole"})


def test_deploying_and_destroying_make_the_calls_that_their_policy_allows(deployer: Deployer) -> None:
    """A first deployment, another, a preview, one that is declined, and the end of it all."""
    with recorded() as made:
        done = [
            deployer.deploy("dev"),
            deployer.deploy("dev", "MaxvCpus=64"),
            deployer.deploy("--preview", "dev", "MaxvCpus=32"),
            deployer.deploy("prod", typed="n\n"),
            deployer.destroy("--yes", STACK),
        ]
        start(deployer.cloud, "under-way", size=300, population=2000, generations_per_epoch=100)
        _wait_for_objects(deployer.cloud)
        done.append(deployer.destroy("--yes", "worstsort"))
    assert [process.returncode for process in done] == [0, 0, 0, 1, 0, 0], [process.stderr for process in done]
    calls = {call for call in _of_people(made) if call.action not in {"states:StartExecution", "s3:ListBucket"}}
    assert refused(calls, "deploy") == []
    assert unused(calls, "deploy") == []


def test_trying_a_stack_makes_the_calls_that_its_policy_allows(deployer: Deployer) -> None:
    """`make smoke` also reads and operates, which has policies of its own."""
    with recorded() as made:
        tried = deployer.run([sys.executable, "-m", "tools.smoke", "worstsort"])
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert refused(_of_people(made), "smoke", "operate", "read") == []
    assert unused(_of_people(made), "smoke") == []


def test_a_preview_makes_the_calls_that_its_policy_allows(deployer: Deployer) -> None:
    """Code that nobody has reviewed runs with it, so it cannot execute a change set."""
    with recorded() as made:
        shown = [deployer.deploy("--preview", "default", "MaxvCpus=64")]  # SAM makes its own bucket's stack
        uploaded = {call for call in made if call.action == "s3:PutObject"}
        made.clear()
        shown.append(deployer.deploy("--preview", "default", "MaxvCpus=64"))
    assert [process.returncode for process in shown] == [0, 0], [process.stderr for process in shown]
    calls = _of_people(made | uploaded)
    assert refused(calls, "preview") == []
    assert unused(calls, "preview") == []
    assert not any(given.covers("cloudformation:ExecuteChangeSet") for given in permissions("preview"))


def test_operating_and_reading_make_the_calls_that_their_policies_allow(
    deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command that takes --stack, and what the documents tell to type."""
    worstsort = _command(deployer, monkeypatch)
    cloud = deployer.cloud
    finished = start(cloud, "done", stop={"max_epochs": 2})
    assert finished.wait()["status"] == "SUCCEEDED"
    with recorded() as read:
        worstsort("runs")
        worstsort("leaderboard")
        worstsort("watch", "done", "--once")
        worstsort("logs", "done")
        worstsort("report", "done", "-o", str(deployer.folder / "report.html"))
        for command in (
            f"stepfunctions get-execution-history --execution-arn {finished.arn}",
            f"batch list-jobs --job-queue {cloud.outputs['JobQueueArn']} --job-status RUNNABLE",
            "batch describe-jobs --jobs unknown",
        ):
            shown = deployer.run([str(AWS), *shlex.split(command)])
            assert shown.returncode == 0, shown.stderr
    with recorded() as operated:
        worstsort("start", "--size", "30", "--max-epochs", "500", "--name", "long")
        worstsort("stop", "long")
        worstsort("resume", "long")
        worstsort("stop", "long")
    assert refused(_of_people(read), "read") == []
    assert unused(_of_people(read | operated), "read") == []
    assert refused(_of_people(operated), "operate", "read") == []
    assert unused(_of_people(operated), "operate") == []


def test_a_call_that_is_not_allowed_is_noticed() -> None:
    """The check knows who may do what, on which stack."""
    bucket = "worstsort-dev-bucket-1"
    assert refused({Call("p", "s3:GetObject", f"{bucket}/runs/x/champion.json")}, "read") == []
    assert refused({Call("p", "s3:PutObject", f"{bucket}/runs/x/champion.json")}, "read", "operate")
    assert refused({Call("p", "cloudformation:DeleteStack", "stack/shop/id")}, "deploy")
    assert refused({Call("p", "dynamodb:DeleteTable", "table/worstsort-dev-GenerationsTable-1")}, "deploy")


def _command(deployer: Deployer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    for name, value in deployer.cloud.environment.items():
        monkeypatch.setenv(name, value)

    def invoke(command: str, *arguments: str) -> None:
        result = CliRunner().invoke(main, [command, *arguments, "--stack", "worstsort"])
        assert result.exit_code == 0, result.output

    return invoke


def _of_people(calls: set[Call]) -> set[Call]:
    """Return the calls that are signed by a person, not by a role of the stack."""
    keys = {"embedded"}
    return {call for call in calls if call.who in keys}


def _wait_for_objects(cloud: EmbeddedCloud) -> None:
    """Wait until a run has stored something."""
    end = time.monotonic() + 120
    while not cloud.client("s3").list_objects_v2(Bucket=cloud.outputs["BucketName"]).get("Contents"):
        assert time.monotonic() < end, "the run stored nothing"
        time.sleep(0.2)
