"""Consoles without a cloud, and accidents for them to show."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import psutil

from tests.support.patience import patience
from worstsort_cli.console.sources.cloud import Cloud
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from worstsort_cli.clouds.deployment import Deployment


def no_cloud(poll_seconds: float = 2.0) -> Cloud:
    """Return a cloud that is not there, and that is looked for every so many seconds."""

    def connect() -> Deployment:
        raise CommandFailed("start one with `worstsort up`")

    return Cloud(connect, None, poll_seconds)


def kill_a_worker(run_id: str) -> int:
    """End a process that evolves an island of a run without a warning, and return the epoch that it is in."""
    title = re.compile(rf"worstsort: worker {run_id}-epoch-(\d+), child \d+")
    end = time.monotonic() + patience(60)
    while True:
        assert time.monotonic() < end, "no worker was found"
        for process in psutil.process_iter(["cmdline"]):
            found = title.match(" ".join(process.info["cmdline"] or ()))
            if found and process.is_running():
                process.kill()
                return int(found[1])
