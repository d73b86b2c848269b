"""What a local run was begun with: its configuration, and the code that evolves it."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worstsort.runs.code_version import code_version, evolution_version
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign, CheckpointMissing, InputRefused
from worstsort.storage import archive
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, json_file
from worstsort_cli.files.run_folder import copies
from worstsort_cli.project import layer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = 1
"""Version of the layout below; a file of another version is refused, naming both."""

FILE_NAME = "run.npz"

_START_AGAIN = "The same seed gives the same run: start it again"


@dataclass(frozen=True)
class Beginning:
    """What a run was begun with.

    Attributes:
        run_id: The run.
        config: What it was asked for.
        code: The `code_version` that began it, for people.
        evolution: The `evolution_version` that began it.
    """

    run_id: str
    config: RunConfig
    code: str
    evolution: str

    @classmethod
    def of(cls, run_id: str, config: RunConfig) -> Beginning:
        """Return the beginning of a run that begins now."""
        return cls(run_id, config, code_version(layer()), evolution_version(layer()))

    def to_bytes(self) -> bytes:
        """Return it in the format of everything that is kept."""
        content = {"config": self.config.model_dump(mode="json"), "code": self.code, "evolution": self.evolution}
        return archive.pack(_header(self.run_id) | content, {})

    def input_json(self) -> bytes:
        """Return the configuration in the form that `--input` reads."""
        return json.dumps(self.config.model_dump(mode="json"), indent=2).encode() + b"\n"


def read(path: Path, run_id: str) -> Beginning:
    """Read what a run was begun with.

    Raises:
        CommandFailed: Neither the file nor its copy can be trusted and is of this run, or other code wrote it, which
            evolves otherwise.
    """
    try:
        header = copies.read(path, _parser(run_id), [])
    except (CheckpointCorrupt, CheckpointForeign, CheckpointMissing) as error:
        raise CommandFailed(f"run {run_id} cannot be continued: {copies.describe(error)}. {_START_AGAIN}") from error
    _check_code(run_id, header)
    return _of_header(run_id, header)


def look_into(path: Path, run_id: str) -> Beginning | None:
    """Return what a run was begun with, by whatever code, and change nothing; None if that cannot be read."""
    header = copies.look_into(path, _parser(run_id))
    with suppress(InputRefused):  # a configuration of another version
        return None if header is None else _of_header(run_id, header)
    return None


def _parser(run_id: str) -> Callable[[bytes, str], dict[str, Any]]:
    def parse(body: bytes, key: str) -> dict[str, Any]:
        header, _ = archive.unpack(body, key, ())
        archive.expect(header, key, **_header(run_id))
        return header

    return parse


def _of_header(run_id: str, header: dict[str, Any]) -> Beginning:
    return Beginning(run_id, RunConfig.parse(header["config"]), header["code"], header["evolution"])


def check_input(path: Path, beginning: Beginning) -> None:
    """Check that the configuration that people see is the one that the run was begun with; write it if it is gone.

    Raises:
        CommandFailed: It is another one, or none.
    """
    if not path.exists():
        atomic.write(path, beginning.input_json())
        return
    differences = _differences_from(path, beginning)
    if differences:
        raise CommandFailed(
            f"{path} is not what run {beginning.run_id} was begun with, by its {FILE_NAME} ({'; '.join(differences)}). "
            f"To run what it says now, start another run with --input {path}; to continue this one, delete it, and "
            "--resume writes it again"
        )


def _differences_from(path: Path, beginning: Beginning) -> list[str]:
    try:
        seen = RunConfig.parse(json_file.read_kept(path))
    except InputRefused as error:
        return [str(problem) for problem in error.problems]
    except OSError as error:
        return [f"it cannot be read: {error.strerror}"]
    return _differences(beginning.config.model_dump(), seen.model_dump())


def _check_code(run_id: str, header: dict[str, Any]) -> None:
    if header["evolution"] != evolution_version(layer()):
        raise CommandFailed(
            f"run {run_id} was begun by worstsort {header['code']}, and this is {code_version(layer())}, which evolves "
            f"otherwise: the run would be neither's. Continue it with the former. {_START_AGAIN} with this one"
        )


def _differences(before: dict[str, Any], now: dict[str, Any], prefix: str = "") -> list[str]:
    """Return the fields in which two configurations differ, with both values."""
    found = []
    for name, value in before.items():
        if isinstance(value, dict):
            found += _differences(value, now[name], f"{prefix}{name}.")
        elif value != now[name]:
            found.append(f"{prefix}{name}: {value!r} became {now[name]!r}")
    return found


def _header(run_id: str) -> dict[str, str | int]:
    return {"schema": SCHEMA, "kind": "run", "run_id": run_id}
