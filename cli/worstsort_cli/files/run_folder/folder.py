"""A run's folder in the hands of the one process that works on the run."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic
from worstsort_cli.files.run_folder import beginning, copies, finished, kept_target, log, naming
from worstsort_cli.files.run_folder.beginning import Beginning
from worstsort_cli.files.run_folder.lock import Lock
from worstsort_cli.files.run_folder.log import RunLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort.runs.config import RunConfig

STATE, LOCK = "state", "lock"


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
        return self.path / STATE

    @property
    def log(self) -> RunLog:
        """What its islands have logged."""
        return RunLog(self.path / log.FILE_NAME)

    def begin(self) -> None:
        """Write what the run is begun with, all of it or nothing."""
        try:
            kept_target.keep(self.state, self.beginning.config)
            copies.write(self.state / beginning.FILE_NAME, self.beginning.to_bytes())
            atomic.write(self.path / finished.INPUT, self.beginning.input_json())
        except BaseException:
            self._end()
            raise

    def is_under_way(self) -> bool:
        """Whether the run could be continued from here."""
        return is_under_way_in(self.path)

    def make_again(self) -> bool:
        """Make the folder again, if somebody has removed it under way, and return whether that was so.

        Raises:
            CommandFailed: It cannot be made, or is another process's by now.
        """
        if self.lock.is_held():
            return False
        self.path.mkdir(parents=True, exist_ok=True)
        self.lock.acquire()
        with ExitStack() as refused:
            refused.callback(self.lock.release)  # or the next call would take the folder for this run's
            if self.is_under_way():
                raise CommandFailed(f"{self.path} belongs to another run by now")
            self.begin()
            refused.pop_all()
        return True

    def forget_state(self) -> None:
        """Delete what continuing the run would need, once the run has left its files."""
        # The run is over when both are gone: a kill before leaves all of it, and one after nothing to continue.
        self._end()
        shutil.rmtree(self.state, ignore_errors=True)

    def _end(self) -> None:
        file = self.state / beginning.FILE_NAME
        copies.remove(copies.copy_of(file))
        copies.remove(file)


@contextmanager
def create(out: Path, config: RunConfig, name: str | None = None) -> Iterator[RunFolder]:
    """Make the folder of a new run, named as given or after its configuration, and own it.

    Raises:
        OSError, CommandFailed: It cannot be made; it names the file.
    """
    path = naming.claim(out, config, name)
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
    if not is_under_way_in(path):
        raise CommandFailed(
            f"there is no run in {path} that could be continued; --out names the folder that holds the runs"
        )
    with _owned(path) as lock:
        begun = beginning.read(path / STATE / beginning.FILE_NAME, path.name)
        beginning.check_input(path / finished.INPUT, begun)
        atomic.remove_unfinished(path)
        kept_target.pick_up(path / STATE, begun.config)
        yield RunFolder(path, begun, lock)


def is_finished(path: Path) -> bool:
    """Whether the run in a folder has left its files, and nothing has to be done.

    Raises:
        CommandFailed: It is over, but what it left is damaged.
    """
    if is_under_way_in(path) or not finished.has_left_files(path):
        return False
    finished.check(path)
    shutil.rmtree(path / STATE, ignore_errors=True)  # a kill may have left a part of it
    return True


def is_under_way_in(path: Path) -> bool:
    """Whether the run in a folder could be continued."""
    return copies.exists(path / STATE / beginning.FILE_NAME)


@contextmanager
def _owned(path: Path) -> Iterator[Lock]:
    lock = Lock(path / STATE / LOCK, path)
    lock.acquire()
    try:
        yield lock
    finally:
        lock.release()
