"""A pure function adapts the template; the image's program is read from its Dockerfile."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.embedded.helpers import PROJECT
from worstsort_embedded import EmbeddedCloudError, template
from worstsort_embedded.deployment.image import Image
from worstsort_embedded.retries import should_retry

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def adapted(monkeypatch: pytest.MonkeyPatch) -> template.Adapted:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    return template.adapt(*template.load(PROJECT / "template.yaml"), {})


def test_adapting_does_not_change_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two calls with one input give one output."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    source, definitions = template.load(PROJECT / "template.yaml")
    before = json.dumps(source)
    first = template.adapt(source, definitions, {})
    assert json.dumps(source) == before
    assert template.adapt(source, definitions, {}) == first


def test_functions_keep_their_folders_and_log_groups(adapted: template.Adapted) -> None:
    """A function of moto would lose them."""
    code = template.FunctionCode("functions/probe", ("layers/shared",), "ProbeLogGroup", "app.handler")
    assert adapted.functions["ProbeFunction"] == code
    assert adapted.functions["BrokenFunction"] == template.FunctionCode("functions/probe", handler="missing.handler")
    assert adapted.layers == ("layers/shared",)


def test_resources_without_effect_on_one_machine_are_left_out(adapted: template.Adapted) -> None:
    """They are networks, alarms, layers, and policies that moto would enforce without their conditions."""
    kinds = {resource["Type"] for resource in adapted.template["Resources"].values()}
    assert not {"AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::S3::BucketPolicy", "AWS::Lambda::LayerVersion"} & kinds
    assert {"AWS::DynamoDB::Table", "AWS::Batch::JobQueue", "AWS::IAM::Role", "AWS::Events::Rule"} <= kinds


def test_a_definition_is_inlined_with_its_substitutions(adapted: template.Adapted) -> None:
    """Paths that begin with $$. stay as they are."""
    parts = adapted.template["Resources"]["Machine"]["Properties"]["DefinitionString"]["Fn::Join"][1]
    assert {"Fn::GetAtt": ["ProbeFunction", "Arn"]} in parts
    assert any("$$.Execution.Name" in part for part in parts if isinstance(part, str))
    assert not any("${" in part for part in parts if isinstance(part, str))


def test_a_job_keeps_its_time_out(adapted: template.Adapted) -> None:
    """It is spelled as moto reads it."""
    properties = adapted.template["Resources"]["JobDefinition"]["Properties"]
    assert properties["timeout"] == {"AttemptDurationSeconds": 60}


def test_a_resource_that_needs_one_left_out_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names both, instead of a failure somewhere inside moto."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    vpc = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Ref": "Network"}}}
    source: dict[str, Any] = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Network": vpc, "Table": table}}
    with pytest.raises(EmbeddedCloudError, match="Table needs Network"):
        template.adapt(source, {}, {})


DOCKERFILE = """
FROM python AS build
ENTRYPOINT ["ignored"]
FROM python
COPY worker/job.py /app/job.py
ENTRYPOINT ["/venv/bin/python3", "/app/job.py"]
CMD ["--default"]
"""


def test_the_entry_point_is_run_with_this_machines_files(tmp_path: Path) -> None:
    """This interpreter runs the program next to the Dockerfile; a command replaces CMD."""
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text(DOCKERFILE)
    program = [sys.executable, str(tmp_path / "job.py")]
    assert Image(dockerfile).command([]) == [*program, "--default"]
    assert Image(dockerfile).command(["--other", "/data"]) == [*program, "--other", "/data"]


def test_a_shell_form_is_refused(tmp_path: Path) -> None:
    """In a container the program would not receive signals."""
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM python\nCMD python job.py")
    with pytest.raises(EmbeddedCloudError, match="exec form"):
        Image(dockerfile)


@pytest.mark.parametrize(
    ("rules", "code", "again"),
    [
        ([], 1, True),
        ([{"onExitCode": "13*", "action": "retry"}, {"onReason": "*", "action": "exit"}], 130, True),
        ([{"onExitCode": "13*", "action": "retry"}, {"onReason": "*", "action": "exit"}], 1, False),
        ([{"onExitCode": "7*", "action": "EXIT"}], 75, False),
        ([{"onExitCode": "7*", "action": "EXIT"}], 1, True),
        ([{"onExitCode": "1", "onStatusReason": "Host EC2*", "action": "EXIT"}], 1, True),
        ([{"onStatusReason": "Essential*", "action": "EXIT"}], 1, False),
        ([{"onStatusReason": "*container*", "action": "EXIT"}], 1, True),
        ([{"onStatusReason": "Essential?container in task exited", "action": "EXIT"}], 1, True),
        ([{"onExitCode": "[1]", "action": "EXIT"}], 1, True),
    ],
)
def test_the_first_rule_that_matches_decides(rules: list[dict[str, str]], code: int, again: bool) -> None:  # noqa: FBT001
    """All conditions of a rule must match; without a match a job is retried."""
    assert should_retry(rules, code, "", "Essential container in task exited") is again
