"""What the console's sources say when there is nothing to show: no such run, no such file, no cloud."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.support.command import ROOT
from tests.support.console import no_cloud
from worstsort_cli.console.sources.carried import Chosen, Part
from worstsort_cli.console.sources.cloud import Cloud, CloudGone
from worstsort_cli.console.sources.folder_jobs import FolderJobs
from worstsort_cli.console.sources.folder_runs import FolderRuns
from worstsort_cli.console.sources.place import NothingThere, NotYet
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.clouds.deployment import Deployment


def test_a_run_that_the_folder_lacks_is_named(tmp_path: Path) -> None:
    """So the page says which it was asked for."""
    with pytest.raises(NothingThere, match="there is no run r in the folder"):
        FolderRuns(tmp_path).record("r")


def test_what_a_run_has_not_done_yet_is_told_from_what_will_never_be(tmp_path: Path) -> None:
    """So that a page that asks early waits, and says nothing of an error."""
    run = json.loads((ROOT / "examples" / "champion.json").read_text())["run_id"]
    (tmp_path / run).mkdir()
    shutil.copy(ROOT / "examples" / "champion.json", tmp_path / run)
    jobs = FolderJobs(tmp_path, FolderRuns(tmp_path))
    with pytest.raises(NotYet, match="says nothing of epoch 1"):
        jobs.epoch(Chosen(run), 1, Part(0, 10))
    with pytest.raises(NothingThere, match="has no island 9"):
        jobs.log(Chosen(run), 1, 9)


def test_a_cloud_that_cannot_be_connected_to_is_gone() -> None:
    """With the reason that the connection gave; asked again, it is tried again."""
    tries = []

    def connect() -> Deployment:
        tries.append(1)
        raise CommandFailed("nothing is served")

    cloud = Cloud(connect, None, 1.0)
    for _ in range(2):
        with pytest.raises(CloudGone, match="nothing is served"):
            cloud.deployment()
    assert len(tries) == 2


@pytest.mark.parametrize("status", [400, 403, 503])
def test_what_aws_refuses_is_said_in_its_words(status: int) -> None:
    """Whatever the status is."""
    refused = ClientError(
        {"Error": {"Code": "Odd", "Message": "no luck"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetItem"
    )
    with pytest.raises(CloudGone, match="no luck"), no_cloud().reaching():
        raise refused


def test_a_cloud_that_does_not_answer_is_gone() -> None:
    """As after the end of `worstsort up`."""
    with pytest.raises(CloudGone, match="the cloud does not answer"), no_cloud().reaching():
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
