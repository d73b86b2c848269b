"""The list of all runs: what a cloud has recorded, and what is in the folder of this machine's runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from worstsort.gosort import InvalidInput, UnknownTarget, find_target
from worstsort.plain_text import visible
from worstsort.runs.status import Status
from worstsort_cli.clouds.status import of_record
from worstsort_cli.costs.capacity import Capacity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from worstsort.runs.records import RunRecord
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.console.readings.bounds import Bounds

CLOUD, FOLDER = "cloud", "folder"
"""Where a run is: in the cloud that the console reads, or in the folder of this machine's runs."""

SORTS = ("started_at", "run_id", "status", "target", "size", "best", "epoch", "evaluations")
"""What the list can be sorted by; a leading "-" means the other way round."""

MAX_PAGE = 200
"""Runs, events, or visits of a state, in one answer."""


class Placed(NamedTuple):
    """A run and where it is."""

    place: str
    run: RunRecord


@dataclass(frozen=True)
class Query:
    """What of the list is asked for.

    Attributes:
        text: Part of the run's id, its target or its preset; empty for all.
        status: A state of runs; empty for all.
        sort: One of `SORTS`, with "-" for the largest first.
        offset: Runs to skip.
        limit: Runs to return.
    """

    text: str = ""
    status: str = ""
    sort: str = "-started_at"
    offset: int = 0
    limit: int = 50


def select(runs: Iterable[Placed], query: Query) -> tuple[list[Placed], int]:
    """Return the runs that are asked for, and how many there would be without offset and limit."""
    text = query.text.lower()
    found = [
        placed for placed in runs
        if (not query.status or placed.run.status.value == query.status) and _mentions(placed.run, text)
    ]  # fmt: skip
    field = query.sort.lstrip("-")
    found.sort(key=lambda placed: (*_key(placed.run, field), placed.run.run_id), reverse=query.sort.startswith("-"))
    return found[query.offset : query.offset + query.limit], len(found)


def row(placed: Placed, bounds: Bounds, given: Capacity, now: datetime) -> dict[str, Any]:
    """Return what a page shows of one run."""
    place, run = placed
    config, status = run.config, of_record(run, now, given)
    judged = bounds.judge(run.best, config.target, config.size, config.values)
    running = run.status == Status.RUNNING
    left = status.elapsed_seconds * (status.max_epochs - run.epoch) / run.epoch if running and run.epoch else None
    return {
        "id": run.run_id,
        "place": place,
        "status": run.status.value,
        "reason": visible(" ".join((run.reason or "").split())),
        "target": config.target,
        "sort": title(config.target),
        "size": config.size,
        "values": config.values,
        "preset": config.preset,
        "islands": config.islands,
        "population": config.population,
        "seed": config.seed,
        "best": run.best,
        "bound": judged.bound,
        "share": judged.share,
        "optimal": judged.optimal,
        "settled": judged.settled,
        "epoch": run.epoch,
        "max_epochs": status.max_epochs,
        "generations": run.generations,
        "evaluations": run.evaluations,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "elapsed_seconds": round(status.elapsed_seconds, 1),
        "left_seconds": None if left is None else round(left, 1),
        "dollars": round(status.dollars, 6),
    }


def title(target: str) -> str:
    """Return the name of a sort for people; of one that is not known here, the name that it was recorded under."""
    try:
        return find_target(target).title
    except (UnknownTarget, InvalidInput):
        return target


def given_by(deployment: Deployment | None) -> Capacity:
    """Return what runs are given, for their cost: by a stack, or by default."""
    return Capacity.of_stack(deployment.parameters if deployment else {})


def _mentions(run: RunRecord, text: str) -> bool:
    return not text or any(
        text in said.lower() for said in (run.run_id, run.config.target, run.config.preset, title(run.config.target))
    )


def _key(run: RunRecord, field: str) -> tuple[Any, ...]:
    value = getattr(run.config if field in {"target", "size"} else run, field)
    return (value is not None, value if value is not None else 0)
