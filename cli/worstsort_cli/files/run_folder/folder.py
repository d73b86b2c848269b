"""A run's folder in the hands of the one process that works on the run."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort.runs.champion import Champion
from worstsort.runs.errors import InputRefused
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, json_file
from worstsort_cli.files.run_folder import beginning, naming
from worstsort_cli.files.run_folder.beginning import Beginning
from worstsort_cli.files.run_folder.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort.runs.config import RunConfig

CHAMPION = "champion.json"
_INPUT, _STATE, _LOCK = "input.json", "state", "lock"


@dataclass(frozen=True)
class RunFolder:
    """The folder of a run that this process works on.

    Attributes:
        path: The folder.
        beginning: What the run was begun with.
        lock: The right to write here.
    """

    path: Path
    beginning: Beginning
    lock: Lock

    @property
    def run_id(self) -> str:
        """The run, after which the folder is named."""
        return self.beginning.run_id

    @property
    def state(self) -> Path:
        """Where everything is that is needed to continue the run."""
        return self.path / _STATE

    def begin(self) -> None:
        """Write what the run is begun with."""
        atomic.write(self.state / beginning.FILE_NAME, self.beginning.to_bytes())
        atomic.write(self.path / _INPUT, self.beginning.input_json())

    def is_under_way(self) -> bool:
        """Whether the run could be continued from here."""
        return _is_under_way(self.path)

    def make_again(self) -> bool:
        """Make the folder again, if somebody has removed it under way, and return whether that was so.

        Raises:
            CommandFailed: It cannot be made, or is another process's by now.
        """
        if self.lock.is_held():
            return False
        self.path.mkdir(parents=True, exist_ok=True)
        self.lock.acquire()
        if self.is_under_way():
            raise CommandFailed(f"{self.path} belongs to another run by now")
        self.begin()
        return True

    def forget_state(self) -> None:
        """Delete what continuing the run would need, once the run has left its files."""
        # The run is over with the first of them: a kill between these lines leaves nothing to continue.
        (self.state / beginning.FILE_NAME).unlink(missing_ok=True)
        shutil.rmtree(self.state, ignore_errors=True)


@contextmanager
def create(out: Path, config: RunConfig) -> Iterator[RunFolder]:
    """Make the folder of a new run, and own it.

    Raises:
        OSError, CommandFailed: It cannot be made; it names the file.
    """
    path = naming.claim(out, config)
    with ExitStack() as claimed:
        claimed.callback(shutil.rmtree, path, ignore_errors=True)  # if it comes to nothing
        with _owned(path) as lock:
            folder = RunFolder(path, Beginning.of(path.name, config), lock)
            folder.begin()
            claimed.pop_all()
            yield folder


@contextmanager
def reopen(path: Path) -> Iterator[RunFolder]:
    """Own the folder of a run that was interrupted.

    Raises:
        CommandFailed: There is no such run, another process works on it, or what it was begun with cannot be trusted.
    """
    if not _is_under_way(path):
        raise CommandFailed(
            f"there is no run in {path} that could be continued; --out names the folder that holds the runs"
        )
    with _owned(path) as lock:
        begun = beginning.read(path / _STATE / beginning.FILE_NAME, path.name)
        beginning.check_input(path / _INPUT, begun)
        atomic.remove_unfinished(path)
        yield RunFolder(path, begun, lock)


def is_finished(path: Path) -> bool:
    """Whether the run in a folder has left its files, and nothing has to be done.

    Raises:
        CommandFailed: It is over, but its champion.json cannot be trusted.
    """
    file = path / CHAMPION
    if _is_under_way(path) or not file.is_file():
        return False
    try:
        champion = Champion.parse(json_file.read_path(file))
    except InputRefused as error:
        raise CommandFailed(f"{file} is not what a run leaves, and nothing else is kept of the run") from error
    if champion.run_id != path.name:
        raise CommandFailed(f"{file} is of another run, {champion.run_id}")
    shutil.rmtree(path / _STATE, ignore_errors=True)  # a kill may have left a part of it
    return True


def _is_under_way(path: Path) -> bool:
    return (path / _STATE / beginning.FILE_NAME).exists()


@contextmanager
def _owned(path: Path) -> Iterator[Lock]:
    lock = Lock(path / _STATE / _LOCK, path)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()
