"""What runs and sweeps have recorded, wherever it is, as tidy data under names that tell configurations apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worstsort.analysis import tidy
from worstsort.runs.errors import InputRefused, Problem
from worstsort.runs.run_id import check_run_id
from worstsort_cli.clouds import lookup
from worstsort_cli.clouds.deployment import connect
from worstsort_cli.clouds.this_machine import DEFAULT_SWEEPS, folder_of_runs
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import json_file, regular
from worstsort_cli.files.run_folder import finished, local_runs
from worstsort_cli.files.sweep_folder import manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from worstsort.analysis.tidy import Row
    from worstsort_cli.clouds.deployment import Deployment

_PROBLEM = ("target", "size", "seed")
"""Fields that say which problem is solved and with which random numbers, not how; they have columns anyway."""


@dataclass(frozen=True)
class Recorded:
    """A run's data.

    Attributes:
        run_id: The run.
        configuration: What it shares with the runs of other seeds, None until it is compared with others.
        settings: The fields that its sweep varies, and their values.
        config: Its configuration, flat: fields of `stop` and `tuning` are named with a dot.
        rows: What its islands did.
    """

    run_id: str
    configuration: str | None
    settings: Mapping[str, Any]
    config: Mapping[str, Any]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Data:
    """The data of some runs, and the settings that belong to each of their configurations.

    Attributes:
        rows: Of all runs.
        settings: By configuration, the fields that a sweep varies.
        missing: How many runs of sweeps have not ended, and are left out.
    """

    rows: Sequence[Row]
    settings: Mapping[str, Mapping[str, Any]]
    missing: int


def read(names: Sequence[str], folder: Path | None, stack: str | None) -> Data:
    """Read the data of runs and sweeps.

    Args:
        names: Each a folder of a run or a sweep, the name of a sweep in ./sweeps, or a run's id; by default the newest
            run.
        folder: The folder that holds the runs, if it is named.
        stack: The stack that has the runs, if it is named.

    Raises:
        CommandFailed: Something is not found, or has no data yet.
        InputRefused: A run is named twice, or two have the same configuration and seed, or a file is damaged.
    """
    sweeps = {name: sweep for name in names if (sweep := _sweep(name)) is not None}
    runs = [name for name in names if name not in sweeps]
    found = _alone(_runs(runs, folder, stack)) if runs or not names else []
    missing = 0
    for sweep in sweeps.values():
        ended = [run for run in sweep.runs if sweep.is_done(run)]
        missing += len(sweep.runs) - len(ended)
        prefix = f"{sweep.name}: " if len(names) > 1 else ""
        for run in ended:
            settings = {field: value for field, value in run.settings.items() if field not in _PROBLEM}
            found.append(_of_folder(sweep.folder_of(run), f"{prefix}{run.configuration}", settings))
    if not found:
        raise CommandFailed("none of the runs has ended yet")
    _refuse_repeated(found)
    rows = [row._replace(configuration=run.configuration or "") for run in found for row in run.rows]
    return Data(rows, {run.configuration or "": run.settings for run in found}, missing)


def _sweep(name: str) -> manifest.Sweep | None:
    for path in (Path(name), DEFAULT_SWEEPS / name):
        if (path / manifest.FILE_NAME).exists():
            return manifest.read(path)
    return None


def _runs(names: Sequence[str], folder: Path | None, stack: str | None) -> list[Recorded]:
    """Return runs by their folders or ids, by default the newest."""
    folders = {name: Path(name) for name in names if (Path(name) / finished.CHAMPION).exists()}
    ids = [name for name in names if name not in folders]
    found = [_of_folder(path) for path in folders.values()]
    if ids or not names:
        here = folder_of_runs(folder, stack)
        if here and (unknown := [name for name in ids if not (here / name).exists()]):
            raise CommandFailed(
                f"there is neither a run {unknown[0]} in {here} nor a sweep of this name in {DEFAULT_SWEEPS}"
            )
        found += _runs_here(here, ids) if here else _runs_in_cloud(connect(stack), ids)
    return found


def _runs_here(here: Path, ids: Sequence[str]) -> list[Recorded]:
    return [_of_folder(here / local_runs.find(here, run_id).run_id) for run_id in (ids or (None,))]


def _runs_in_cloud(deployment: Deployment, ids: Sequence[str]) -> list[Recorded]:
    return [_of_cloud(deployment, run_id) for run_id in ids or [lookup.latest(deployment).run_id]]


def _of_folder(path: Path, configuration: str | None = None, settings: Mapping[str, Any] | None = None) -> Recorded:
    """Read the data that a run of this machine has left."""
    file = path / finished.DATA
    try:
        rows = tidy.from_csv(regular.read(file).decode())
        config = json_file.read_kept(path / finished.INPUT)
    except FileNotFoundError as error:
        raise CommandFailed(
            f"run {path.name} has no {Path(error.filename).name}: it has not ended yet, or an earlier version made it; "
            "the same configuration gives the same run, which --again runs once more"
        ) from error
    except OSError as error:
        raise CommandFailed(f"{error.filename} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputRefused([Problem(str(file), str(error), "a table as a run leaves it")]) from error
    if not rows or not isinstance(config, dict):
        raise InputRefused([Problem(str(path), "no rows", "what a run leaves that has succeeded")])
    return Recorded(path.name, configuration, settings or {}, _flat(config), rows)


def _of_cloud(deployment: Deployment, run_id: str) -> Recorded:
    """Read the data of a run, finished or not, from what a cloud keeps of it."""
    check_run_id(run_id, "RUN")
    rows = list(tidy.rows_of_run(deployment.store, run_id))
    if not rows:
        raise CommandFailed(f"run {run_id} has no data yet: none of its epochs has closed")
    config = deployment.store.run(run_id).config.model_dump(mode="json")
    return Recorded(run_id, None, {}, _flat(config), rows)


def _alone(runs: Sequence[Recorded]) -> list[Recorded]:
    """Call runs that belong to no sweep by their preset, and by what else tells runs of that preset apart."""
    by_preset: dict[tuple[Any, ...], list[Recorded]] = {}
    for run in runs:
        by_preset.setdefault(tuple(run.config.get(name) for name in ("preset", "target", "size")), []).append(run)
    unlike = {name for same in by_preset.values() for name in _unlike(same)}
    return [
        Recorded(run.run_id, _called(run, unlike), run.settings, run.config, run.rows)
        for same in by_preset.values()
        for run in same
    ]


def _unlike(runs: Iterable[Recorded]) -> list[str]:
    """Return the fields in which configurations differ, but for the problem and the seed."""
    configs = [run.config for run in runs]
    fields = dict.fromkeys(name for config in configs for name in config)
    return [name for name in fields if name not in _PROBLEM and len({str(c.get(name)) for c in configs}) > 1]


def _called(run: Recorded, unlike: set[str]) -> str:
    told = [f"{name}={value}" for name, value in run.config.items() if name in unlike and name != "preset"]
    return ", ".join([str(run.config.get("preset")), *told])


def _flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in config.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def _refuse_repeated(runs: Iterable[Recorded]) -> None:
    """Refuse runs that would count twice and are one: the same configuration and seed give the same run."""
    seen: dict[tuple[Any, ...], str] = {}
    for run in runs:
        first = run.rows[0]
        key = (run.configuration, first.target, first.size, first.seed)
        if key in seen:
            allowed = f"runs that differ by configuration or seed: {seen[key]} has the same"
            raise InputRefused([Problem("RUN", run.run_id, allowed)])
        seen[key] = run.run_id
