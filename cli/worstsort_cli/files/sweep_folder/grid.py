"""Which runs a sweep has: every combination of the settings that it varies, with every seed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files import run_input
from worstsort_cli.files.run_folder import naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from worstsort.runs.config import RunConfig

MAX_RUNS = 10_000
"""Runs of one sweep: more than that is a slip of the pen, and its manifest would have megabytes."""

_RANGE = re.compile(r"([0-9]{1,19})(?:-([0-9]{1,19}))?")
_FIELD = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")

_SEEDS_ALLOWED = f"integers and ranges such as 1-20 or 1,5,7-9, each seed once, at most {MAX_RUNS:,}"
_SET_ALLOWED = "FIELD=VALUE[,VALUE...], with a field of a run's configuration such as population or stop.max_epochs"

_PROBLEM = ("target", "size")
"""Fields that say which problem is solved; what solves it is called by the others."""


@dataclass(frozen=True)
class PlannedRun:
    """A run of a sweep.

    Attributes:
        run_id: Its id, made from its configuration.
        configuration: What it shares with the runs of other seeds, e.g. "population=32".
        settings: The fields that the sweep varies, and their values here.
        config: All of its configuration.
    """

    run_id: str
    configuration: str
    settings: Mapping[str, Any]
    config: RunConfig


def configurations(runs: Iterable[PlannedRun]) -> list[tuple[RunConfig, int]]:
    """Return a configuration of each kind, whatever its seed, and how many runs have it."""
    kinds: dict[str, list[RunConfig]] = {}
    for run in runs:
        kinds.setdefault(json.dumps(dict(run.settings)), []).append(run.config)
    return [(configs[0], len(configs)) for configs in kinds.values()]


def seeds_of(text: str) -> list[int]:
    """Return the seeds that are meant by text such as "1-20" or "1,5,7-9".

    Raises:
        InputRefused: It is not of this form, or names a seed twice.
    """
    seeds: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part.strip())
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not 0 <= last - first < MAX_RUNS:
            raise InputRefused([Problem("--seeds", text, _SEEDS_ALLOWED)])
        seeds += range(first, last + 1)
    if len(set(seeds)) < len(seeds):
        raise InputRefused([Problem("--seeds", text, _SEEDS_ALLOWED)])
    return seeds


def settings_of(given: Iterable[str]) -> dict[str, list[Any]]:
    """Return fields and the values that they are to have, from texts such as "population=32,64".

    Values are read as JSON where they are JSON, and as names otherwise.

    Raises:
        InputRefused: A text is not of this form, or names a field or a value twice, or the seed.
    """
    settings: dict[str, list[Any]] = {}
    problems: list[Problem] = []
    for text in given:
        field, _, values = text.partition("=")
        if not _FIELD.fullmatch(field) or not all(part.strip() for part in values.split(",")):
            problems.append(Problem("--set", text, _SET_ALLOWED))
        elif field == "seed":
            problems.append(Problem("--set", text, "any field but seed: --seeds names those"))
        elif field in settings:
            problems.append(Problem("--set", text, f"each field once: --set {field}=VALUE,VALUE"))
        else:
            settings[field] = [_value(part.strip()) for part in values.split(",")]
    if problems:
        raise InputRefused(problems)
    return settings


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def plan(raw: Mapping[str, Any], seeds: Sequence[int], settings: Mapping[str, Sequence[Any]]) -> list[PlannedRun]:
    """Plan every run of a sweep, seed by seed, so that all configurations come equally far.

    Args:
        raw: The input of a run, which all of them share.
        seeds: The seeds.
        settings: Fields and their values.

    Raises:
        InputRefused: A run is not allowed, or is planned twice; each field is named once.
    """
    wanted = len(seeds) * len(list(product(*settings.values())))
    if wanted > MAX_RUNS:
        raise InputRefused([Problem("--set", f"{wanted:,} runs", f"at most {MAX_RUNS:,} together with --seeds")])
    planned: dict[str, PlannedRun] = {}
    problems: dict[str, Problem] = {}
    for chosen in _chosen(seeds, settings):
        try:
            run = _planned(raw, chosen)
        except InputRefused as refused:
            problems |= {str(problem): problem for problem in refused.problems}
            continue
        if run.run_id in planned:
            same = planned[run.run_id].settings
            allowed = f"each configuration once: this one is that of {_told(same) or 'another'}"
            problems.setdefault(_told(run.settings), Problem("--set", _told(run.settings), allowed))
        planned[run.run_id] = run
    if problems:
        raise InputRefused(list(problems.values()))
    return list(planned.values())


def _chosen(seeds: Sequence[int], settings: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    for seed, *values in product(seeds, *settings.values()):
        yield dict(zip(settings, values, strict=True)) | {"seed": seed}


def _planned(raw: Mapping[str, Any], chosen: Mapping[str, Any]) -> PlannedRun:
    content = dict(raw)
    for field, value in chosen.items():
        owner, _, name = field.partition(".")
        if not name:
            content[owner] = value
        else:
            within = content.get(owner) or {}
            content[owner] = within | {name: value} if isinstance(within, dict) else within
    config = run_input.parse(content)
    run_input.check_memory(config)
    settings = {field: value for field, value in chosen.items() if field != "seed"}
    label = _told({field: value for field, value in settings.items() if field not in _PROBLEM}) or config.preset
    return PlannedRun(naming.name_of(config), label, settings, config)


def _told(settings: Mapping[str, Any]) -> str:
    return ", ".join(f"{field}={_text(value)}" for field, value in settings.items())


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
