"""Tidy data: one row per run, island and generation, one column per variable.

docs/data.md documents the columns for people; a test holds it to `Row`.
"""

from __future__ import annotations

import csv
import io
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from worstsort.analysis import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from worstsort.runs.config import RunConfig
    from worstsort.runs.records import IslandSeries
    from worstsort.storage.run_store import RunStore


class Row(NamedTuple):
    """What one island had done by the end of one generation.

    Attributes:
        run: The run's id.
        configuration: What tells the run from those that it is compared with; runs that share it differ by seed.
        seed: Of the run's random streams.
        target: The sort whose comparisons are counted.
        size: Integers in the input.
        island: Counted from 0.
        generation: Counted from 0, which is the first population.
        best: The most comparisons that the island had found so far.
        mean: Of the comparisons of the population in this generation.
        evaluations: Inputs that the island had evaluated since the run began.
        seconds: That the island had evolved since the run began; within an epoch by its share of the evaluations.
        cpu_seconds: The same, of CPU time.
    """

    run: str
    configuration: str
    seed: int
    target: str
    size: int
    island: int
    generation: int
    best: int
    mean: float
    evaluations: int
    seconds: float
    cpu_seconds: float


COLUMNS = Row._fields

_PARSERS: Sequence[Callable[[str], Any]] = (
    str, str, cells.count, str, cells.count, cells.count, cells.count, cells.count, cells.measure, cells.count,
    cells.measure, cells.measure,
)  # fmt: skip
"""What reads a cell of each column."""


class NotTidy(ValueError):
    """Text is not a table as `to_csv` writes it."""


def rows_of_run(store: RunStore, run_id: str) -> Iterator[Row]:
    """Read what the islands of a recorded run have done in its closed epochs.

    Args:
        store: Where it is recorded.
        run_id: The run.

    Raises:
        RunNotFound: There is no such run.
        EpochIncomplete: The details of an epoch are gone: a deployment keeps them as long as populations.
    """
    run = store.run(run_id)
    epochs = [store.series(run_id, run.config.islands, epoch + 1) for epoch in range(run.epoch)]
    return rows(run_id, run.config, [series for epoch in epochs for series in epoch])


def rows(run_id: str, config: RunConfig, series: Iterable[IslandSeries]) -> Iterator[Row]:
    """Make the rows of a run.

    Args:
        run_id: The run.
        config: What it was asked for.
        series: What its islands recorded, in any order.

    Yields:
        Rows, island by island, in the order of the generations; their configuration is the preset.
    """
    ordered = sorted(series, key=lambda epoch: (epoch.island, epoch.epoch))
    for island, epochs in groupby(ordered, key=lambda epoch: epoch.island):
        for entry in _island(epochs):
            yield Row(run_id, config.preset, config.seed, config.target, config.size, island, *entry)


def _island(epochs: Iterable[IslandSeries]) -> Iterator[tuple[int, int, float, int, float, float]]:
    """Add up an island's epochs: generation, best so far, mean, and totals of evaluations, seconds and CPU seconds."""
    best, evaluations, seconds, cpu_seconds = 0, 0, 0.0, 0.0
    for epoch in epochs:
        spent = list(accumulate(epoch.generation_evaluations))
        for index, so_far in enumerate(spent):
            best, share = max(best, epoch.best[index]), so_far / (spent[-1] or 1)
            elapsed = (round(seconds + share * epoch.seconds, 4), round(cpu_seconds + share * epoch.cpu_seconds, 4))
            yield epoch.first_generation + index, best, epoch.mean[index], evaluations + so_far, *elapsed
        evaluations, seconds = evaluations + sum(epoch.generation_evaluations), seconds + epoch.seconds
        cpu_seconds += epoch.cpu_seconds


def to_csv(content: Iterable[Row], settings: Mapping[str, Mapping[str, object]] | None = None) -> str:
    """Write rows as CSV.

    Args:
        content: The rows.
        settings: By configuration, fields and their values that get a column each, as those that a sweep varies.
    """
    extra = list(dict.fromkeys(name for fields in (settings or {}).values() for name in fields))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*COLUMNS, *extra])
    for row in content:
        own = (settings or {}).get(row.configuration, {})
        writer.writerow([*row, *(own.get(name) for name in extra)])
    return file.getvalue()


def from_csv(text: str) -> list[Row]:
    """Read rows; columns beyond those of `Row` are left out.

    Raises:
        NotTidy: It says which line is not as it should be.
    """
    table = csv.reader(io.StringIO(text))
    try:
        if tuple(next(table, ()))[: len(COLUMNS)] != COLUMNS:
            raise NotTidy(f"the first line does not begin with the columns {','.join(COLUMNS)}")
        return [_row(row, number) for number, row in enumerate(table, start=2)]
    except csv.Error as error:
        raise NotTidy(f"it is no table: {error}") from error


def _row(row: Sequence[str], line: int) -> Row:
    try:
        return Row(*(parse(cell) for parse, cell in zip(_PARSERS, row[: len(_PARSERS)], strict=True)))
    except ValueError as error:
        raise NotTidy(f"line {line} is not a row: {error}") from error
