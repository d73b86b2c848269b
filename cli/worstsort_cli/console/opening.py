"""Which cloud and which folder a console shows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from worstsort_cli.clouds.deployment import connect
from worstsort_cli.console.reader import Reader
from worstsort_cli.console.sources.cloud import Cloud

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.clouds.deployment import Deployment

_STACK_SECONDS, _EMBEDDED_SECONDS = 15.0, 2.0
"""How old an answer may be: AWS charges for each call, this machine does not."""


def of_stack(name: str, poll_seconds: float = _STACK_SECONDS) -> Reader:
    """Return a reader of a deployed stack, read so often; raises CommandFailed if there is none of that name."""
    cloud = Cloud(partial(connect, name), name, poll_seconds)
    cloud.deployment()  # a wrong name is to be said at once
    return Reader(cloud, None)


def of_machine(folder: Path) -> Reader:
    """Return a reader of the embedded cloud that is served on this machine, whenever one is, and of a folder."""
    return Reader(Cloud(partial(connect, None), None, _EMBEDDED_SECONDS), folder)


def of_deployment(deployment: Deployment, folder: Path) -> Reader:
    """Return a reader of an embedded cloud of this process, and of a folder."""
    return Reader(Cloud(lambda: deployment, None, _EMBEDDED_SECONDS), folder)
