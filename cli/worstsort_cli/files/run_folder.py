"""The folder in which a run's files are kept on this machine."""

from __future__ import annotations

import hashlib
import json
from itertools import count
from typing import TYPE_CHECKING

from worstsort.runs.config import RunConfig
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, json_file

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.storage.run_store import RunStore

_INPUT, _CHAMPION = "input.json", "champion.json"
_DIGEST_CHARACTERS = 6


def describe(config: RunConfig) -> str:
    """Return how the id of a run begins that is not named by its user: with what distinguishes it from others."""
    return f"{config.target.replace('.', '_')}-n{config.size}-{config.preset}-seed{config.seed}"


def free_run_id(out: Path, config: RunConfig) -> str:
    """Return an id that says what the run is, and that no run in this folder has yet.

    In an empty folder the same configuration always gets the same id, so that runs can be compared byte for byte.
    """
    digest = hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:_DIGEST_CHARACTERS]
    name, number = f"{describe(config)}-{digest}", count(2)
    run_id = name
    while (out / run_id).exists():
        run_id = f"{name}-{next(number)}"
    return run_id


def begin(folder: Path, config: RunConfig) -> None:
    """Create the folder, and keep the configuration in it in the form that `--input` reads."""
    folder.mkdir(parents=True)
    atomic.write(folder / _INPUT, (json.dumps(config.model_dump(mode="json"), indent=2) + "\n").encode())


def configuration(folder: Path) -> RunConfig:
    """Return the configuration that the run was begun with.

    Raises:
        CommandFailed: There is no run in this folder.
    """
    path = folder / _INPUT
    if not path.is_file():
        raise CommandFailed(f"there is no run in {folder}; --out names the folder that holds the runs")
    return RunConfig.parse(json_file.parse(path.read_bytes(), str(path)))


def is_finished(folder: Path) -> bool:
    """Whether the run has left its champion."""
    return (folder / _CHAMPION).exists()


def fetch_artefacts(store: RunStore, run_id: str, folder: Path) -> None:
    """Copy the files that the run has left in the bucket, the champion last; its populations stay there."""
    for name in sorted(store.artefacts.names(run_id), key=_CHAMPION.__eq__):
        atomic.write(folder / name, store.artefacts.get(run_id, name))
