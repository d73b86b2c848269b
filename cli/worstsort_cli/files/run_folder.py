"""The folder in which a run's files are kept on this machine."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

from worstsort.runs.config import RunConfig
from worstsort.storage import keys
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import json_file

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort_cli.clouds.deployment import Deployment

_INPUT = "input.json"


def free_run_id(out: Path, config: RunConfig) -> str:
    """A name that says what the run is, and that no run in this folder has yet.

    The same configuration gets the same name in a fresh folder, so that its files can be compared byte for byte.
    """
    digest = hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:6]
    name = f"{config.target.replace('.', '_')}-n{config.size}-{config.preset}-seed{config.seed}-{digest}"
    taken = (f"{name}-{number}" for number in range(2, 10_000))
    return next(one for one in (name, *taken) if not (out / one).exists())


def begin(folder: Path, config: RunConfig) -> None:
    """Make the folder and keep what was asked for in it, ready to be given to `--input` again."""
    folder.mkdir(parents=True)
    write(folder / _INPUT, (json.dumps(config.model_dump(mode="json"), indent=2) + "\n").encode())


def write(path: Path, body: bytes) -> None:
    """Write a file that is there whole or not at all, even after a power cut."""
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def configuration(folder: Path) -> RunConfig:
    """What was asked for when the run began.

    Raises:
        CommandFailed: there is no run in this folder.
    """
    path = folder / _INPUT
    if not path.is_file():
        raise CommandFailed(f"there is no run in {folder}; --out names the folder in which runs are kept")
    return RunConfig.parse(json_file.parse(path.read_bytes(), str(path)))


def is_finished(folder: Path) -> bool:
    """Whether the run has left its champion."""
    return (folder / "champion.json").exists()


def fetch_artefacts(deployment: Deployment, run_id: str, folder: Path) -> list[Path]:
    """Copy what the run left in the bucket, populations aside; returns the files."""
    s3, bucket, prefix = deployment.client("s3"), deployment.outputs["BucketName"], keys.run_prefix(run_id)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    files = []
    for item in (one for page in pages for one in page.get("Contents", [])):
        path = folder / item["Key"].removeprefix(prefix)
        path.write_bytes(s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read())
        files.append(path)
    return sorted(files)
