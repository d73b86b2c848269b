"""A cloud opens fast, is the only one, and leaves nothing behind in its process."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import moto.batch.models
import moto.s3.responses
import pytest

from tests.integration.embedded.helpers import PROJECT, Machines, eventually, only
from tests.support.patience import patience
from worstsort_embedded import EmbeddedCloud, EmbeddedCloudError
from worstsort_embedded.patches import Patches

ROOT = Path(__file__).parents[3]


def test_one_cloud_after_another_starts_empty() -> None:
    """The second cloud has nothing of the first, and the process's environment is restored."""
    before = dict(os.environ)
    for _ in range(2):
        with EmbeddedCloud(PROJECT, parameters={"Greeting": "again"}) as cloud:
            machines = Machines(cloud)
            assert len(machines.client.list_state_machines()["stateMachines"]) == 1
            assert machines.run(only(machines.function_state({})))["status"] == "SUCCEEDED"
            assert '"greeting": "again"' in machines.run(only(machines.function_state({})))["output"]
    assert dict(os.environ) == before


def test_closing_leaves_no_thread_and_no_replacement_in_moto() -> None:
    """Running executions have ended within 5 seconds, and moto has its own functions again."""
    threads, original = set(threading.enumerate()), moto.batch.models.Job.terminate
    with EmbeddedCloud(PROJECT) as cloud:
        machines = Machines(cloud)
        machines.start(only({"Type": "Wait", "Seconds": 60, "End": True}))
        execution = machines.start(only(machines.job_state("import time; time.sleep(60)")))
        eventually(lambda: any(event["type"] == "TaskSubmitted" for event in machines.history(execution)))
        begun = time.monotonic()
    assert time.monotonic() - begun < patience(5)
    assert moto.batch.models.Job.terminate is original
    eventually(lambda: set(threading.enumerate()) <= threads, patience(5))


def test_there_is_one_cloud_at_a_time() -> None:
    """A second one in the process is refused and does not harm the first."""
    with EmbeddedCloud(PROJECT) as cloud:
        with pytest.raises(EmbeddedCloudError, match="already"), EmbeddedCloud(PROJECT):
            pass
        assert cloud.client("dynamodb").list_tables()["TableNames"]


def test_a_port_in_use_is_named() -> None:
    """The message names the port; once the port is free, a cloud can be opened on it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EmbeddedCloudError, match=str(port)), EmbeddedCloud(PROJECT, port=port):
            pass
    with EmbeddedCloud(PROJECT, port=port) as cloud:
        assert cloud.endpoint_url == f"http://localhost:{port}"


def test_a_function_that_moto_no_longer_has_is_noticed_at_the_start() -> None:
    """An upgrade of moto fails at once, not in the middle of a run."""
    with Patches() as patches, pytest.raises(EmbeddedCloudError, match="version of moto"):
        patches.wrap(moto.batch.models.Job, "not_there", print)


def test_a_cloud_that_cannot_be_opened_leaves_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another version of moto no port is left open."""
    monkeypatch.delattr(moto.s3.responses.S3Response, "put_object")
    with pytest.raises(EmbeddedCloudError, match="put_object"), EmbeddedCloud(PROJECT):
        pass
    assert "server" not in {thread.name for thread in threading.enumerate()}


def test_the_project_itself_is_deployed_within_five_seconds() -> None:
    """Every output that clients rely on is there."""
    begun = time.monotonic()
    with EmbeddedCloud(ROOT) as cloud:
        assert time.monotonic() - begun < patience(5)
        assert cloud.outputs.keys() >= {
            "StateMachineArn",
            "GenerationsTableName",
            "ChampionsTableName",
            "BucketName",
            "JobQueueArn",
            "JobDefinitionArn",
            "RepositoryUri",
            "StartCommand",
        }
