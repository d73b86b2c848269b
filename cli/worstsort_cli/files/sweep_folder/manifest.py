"""The manifest of a sweep, and the right to work on it."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from worstsort.runs.code_version import code_version, evolution_version
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort.runs.refusals import problems_of
from worstsort.runs.run_id import check_run_id
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, json_file
from worstsort_cli.files.run_folder.finished import CHAMPION
from worstsort_cli.files.run_folder.folder import is_finished
from worstsort_cli.files.run_folder.lock import Lock
from worstsort_cli.files.sweep_folder.grid import PlannedRun
from worstsort_cli.project import layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SCHEMA = 1
"""Version of the manifest; one of another version is refused."""

FILE_NAME = "sweep.json"

_LOCK = "lock"
_DIGEST_CHARACTERS = 6


class _Run(BaseModel):
    """A run, as the manifest has it."""

    model_config = ConfigDict(strict=True, extra="forbid")

    run_id: str
    configuration: str
    settings: dict[str, Any]
    config: dict[str, Any]


class _Manifest(BaseModel):
    """The content of sweep.json."""

    model_config = ConfigDict(strict=True, extra="forbid")

    version: Literal[1]
    code: str
    evolution: str
    stack: str | None
    runs: list[_Run]


@dataclass(frozen=True)
class Sweep:
    """A sweep that has begun.

    Attributes:
        path: Its folder.
        stack: The deployed stack that it runs on, None for this machine.
        code: The `code_version` that began it, for people.
        evolution: The `evolution_version` that began it.
        runs: All of its runs, in the order in which they begin.
    """

    path: Path
    stack: str | None
    code: str
    evolution: str
    runs: Sequence[PlannedRun]

    @property
    def name(self) -> str:
        """What it is called: its folder's name."""
        return self.path.name

    def folder_of(self, run: PlannedRun) -> Path:
        """Return the folder of one of its runs."""
        return self.path / run.run_id

    def is_done(self, run: PlannedRun) -> bool:
        """Whether a run has left its files.

        Raises:
            CommandFailed: They are damaged.
        """
        path = self.folder_of(run)
        # Files of a stack can be copied again, whatever state a copy is in; champion.json is the last of them.
        return (path / CHAMPION).exists() if self.stack else is_finished(path)

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Work on it as the only process that does.

        Raises:
            CommandFailed: Another one does, or other code began the sweep, whose runs this one would not go on with.
        """
        if self.evolution != evolution_version(layer()):
            raise CommandFailed(
                f"sweep {self.name} was begun by worstsort {self.code}, and this is {code_version(layer())}, which "
                "evolves otherwise: its runs could not be compared. Go on with the former, or begin another with --name"
            )
        lock = Lock(self.path / _LOCK, self.path)
        lock.acquire()
        try:
            yield
        finally:
            lock.release()


def name_of(runs: Sequence[PlannedRun]) -> str:
    """Return what a sweep is called that is not named by its user: the same runs, the same name."""
    digest = hashlib.sha256("\n".join(run.run_id for run in runs).encode()).hexdigest()[:_DIGEST_CHARACTERS]
    fields = [field.replace(".", "_") for field in runs[0].settings] or ["seeds"]
    return "-".join([*fields, f"{len(runs)}runs", digest])


def begin(path: Path, runs: Sequence[PlannedRun], stack: str | None) -> Sweep:
    """Begin a sweep in a folder, or go on with the same one that has begun there.

    Raises:
        CommandFailed: The folder has another sweep, or cannot be written.
        InputRefused: What is there is no manifest.
    """
    if (path / FILE_NAME).exists():
        begun = read(path)
        if [run.config for run in begun.runs] != [run.config for run in runs] or begun.stack != stack:
            raise CommandFailed(f"{path} has another sweep, of {len(begun.runs):,} runs; --name names another folder")
        return begun
    sweep = Sweep(path, stack, code_version(layer()), evolution_version(layer()), runs)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandFailed(f"{path} cannot be made ({error.strerror}); --out names another folder") from error
    atomic.write(path / FILE_NAME, _to_bytes(sweep))
    return sweep


def read(path: Path) -> Sweep:
    """Read what a sweep has begun with.

    Raises:
        CommandFailed: There is none in the folder.
        InputRefused: It is not as a sweep leaves it; it names the field, what was given and what is allowed.
    """
    file = path / FILE_NAME
    try:
        content = json_file.read_kept(file)
    except OSError as error:
        raise CommandFailed(f"there is no sweep in {path}: {file} cannot be read ({error.strerror})") from error
    try:
        found = _Manifest.model_validate(content)
    except ValidationError as error:
        raise InputRefused(problems_of(_Manifest, error)) from error
    runs = [_planned(run) for run in found.runs]
    return Sweep(path, found.stack, found.code, found.evolution, runs)


def _planned(run: _Run) -> PlannedRun:
    check_run_id(run.run_id, "run_id")  # a folder is named after it
    return PlannedRun(run.run_id, run.configuration, run.settings, RunConfig.parse(run.config))


def _to_bytes(sweep: Sweep) -> bytes:
    runs = [
        {
            "run_id": run.run_id,
            "configuration": run.configuration,
            "settings": dict(run.settings),
            "config": run.config.model_dump(mode="json"),
        }
        for run in sweep.runs
    ]
    content = {"version": SCHEMA, "code": sweep.code, "evolution": sweep.evolution, "stack": sweep.stack, "runs": runs}
    return json.dumps(content, indent=1).encode() + b"\n"
