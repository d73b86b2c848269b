"""The embedded cloud as commands open it."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed
from worstsort_cli.project import project_root
from worstsort_embedded.errors import EmbeddedCloudError
from worstsort_embedded.processes import ChildProcesses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from worstsort.runs.config import RunConfig
    from worstsort_embedded import EmbeddedCloud

_NOBODY = "they are known only to the command that has opened it"
"""What clients are told that ask the cloud of `worstsort run`."""

_SAVE_SECONDS = 15
"""Between saves of an island: on one machine a save costs nothing, and people end processes as they like."""


_EXPECT = ("worstsort.worker.warm_up", "expect")
"""What is called before the first worker is forked."""


@contextmanager
def open_embedded_cloud(
    port: int = 0,
    vcpus: int | None = None,
    where: str = _NOBODY,
    tell: Callable[[str], None] = lambda _line: None,
    expected: Sequence[RunConfig] = (),
    say: Callable[[str], None] = lambda _line: None,
) -> Iterator[EmbeddedCloud]:
    """Deploy the project on this machine and serve it until the context ends.

    Args:
        port: Where it listens, 0 for any free port.
        vcpus: What its jobs share, by default all of this machine's.
        where: Where a person finds its variables.
        tell: Called with one line whenever an execution starts or ends.
        expected: The runs that it is opened for, as far as they are known: their workers start warm.
        say: Called, in a thread, with what has to be made first for the workers of those runs, and takes long.

    Raises:
        CommandFailed: It cannot be started.
    """
    parameters = {"SaveSeconds": str(_SAVE_SECONDS)}
    try:
        with closing(ChildProcesses(say)) as processes:  # they warm up meanwhile
            from worstsort_embedded import EmbeddedCloud  # noqa: PLC0415 - importing moto takes most of a second

            cloud = EmbeddedCloud(project_root(), port, vcpus, parameters=parameters, where=where, tell=tell)
            runs = [run.model_dump(mode="json") for run in expected]
            with cloud.use(processes, (*_EXPECT, *runs) if runs else ()):
                yield cloud
    except EmbeddedCloudError as error:
        raise CommandFailed(str(error)) from error
