"""The embedded cloud as commands open it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed
from worstsort_cli.project import project_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worstsort_embedded import EmbeddedCloud

_NOBODY = "they are known only to the command that has opened it"
"""What clients are told that ask the cloud of `worstsort run`."""

_SAVE_SECONDS = 15
"""Between saves of an island: on one machine a save costs nothing, and people end processes as they like."""


@contextmanager
def open_embedded_cloud(
    port: int = 0, vcpus: int | None = None, where: str = _NOBODY, tell: Callable[[str], None] = lambda _line: None
) -> Iterator[EmbeddedCloud]:
    """Deploy the project on this machine and serve it until the context ends.

    Args:
        port: Where it listens, 0 for any free port.
        vcpus: What its jobs share, by default all of this machine's.
        where: Where a person finds its variables.
        tell: Called with one line whenever an execution starts or ends.

    Raises:
        CommandFailed: It cannot be started.
    """
    from worstsort_embedded import EmbeddedCloud, EmbeddedCloudError  # noqa: PLC0415 - importing moto takes a second

    try:
        parameters = {"SaveSeconds": str(_SAVE_SECONDS)}
        with EmbeddedCloud(
            project_root(), port=port, vcpus=vcpus, parameters=parameters, where=where, tell=tell
        ) as cloud:
            yield cloud
    except EmbeddedCloudError as error:
        raise CommandFailed(str(error)) from error
