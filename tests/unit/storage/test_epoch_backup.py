"""The records of a closed epoch as a file."""

from __future__ import annotations

import pytest

from worstsort.runs.config import RunConfig
from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign
from worstsort.runs.records import EpochRecord, IslandSeries, RunRecord
from worstsort.storage import keys
from worstsort.storage.epoch_backup import EpochBackup
from worstsort.storage.items import to_item

EPOCH = 2

RUN = RunRecord(
    run_id="r", config=RunConfig.parse({"preset": "classic", "size": 12, "islands": 2}), epoch=EPOCH,
    execution_arn="arn", started_at="2026-01-01", code_version="1", best=9, best_island=1, best_generation=0,
    reason="stopped",
)  # fmt: skip

CLOSED = EpochRecord(
    run_id="r", epoch=EPOCH, best=9, best_island=1, best_generation=0, generations=4, evaluations=80, seconds=0.5,
    stall_epochs=2, decision="continue", reason="",
)  # fmt: skip

SERIES = [
    IslandSeries(
        run_id="r", island=island, epoch=EPOCH, first_generation=3, best=[8, 9], mean=[7.25, 8.0],
        generation_evaluations=[20, 20], best_fitness=9, best_generation=4, seconds=0.25, cpu_seconds=0.125,
        digest=f"digest of {island}", pid=7,
    )
    for island in (1, 0)
]  # fmt: skip

ITEMS = [
    to_item(CLOSED, sk=keys.epoch_sk(EPOCH)),
    *(to_item(series, sk=keys.island_sk(series.island, EPOCH)) for series in SERIES),
]
BODY = EpochBackup(RUN, ITEMS).to_bytes("e1")


def read(body: bytes = BODY, *, run_id: str = "r", epoch: int = EPOCH, evolution: str = "e1") -> EpochBackup:
    """Read a backup as the continued run would."""
    return EpochBackup.from_bytes(body, "some/file", run_id=run_id, epoch=epoch, evolution=evolution)


def test_the_records_of_two_islands_come_back_as_they_were() -> None:
    """The run's record, the closed epoch and each island's series."""
    again = read()
    assert (again.run, again.items) == (RUN, ITEMS)
    assert again.to_bytes("e1") == BODY


def test_each_islands_population_is_known_by_its_digest() -> None:
    """By the island, whatever the order of the items; other records have none."""
    assert read().population_digests() == {0: "digest of 0", 1: "digest of 1"}
    assert EpochBackup(RUN, ITEMS[:1]).population_digests() == {}


@pytest.mark.parametrize("wrong", [{"run_id": "q"}, {"epoch": 1}, {"evolution": "e2"}])
def test_a_backup_of_something_else_is_refused(wrong: dict[str, object]) -> None:
    """Of another run or epoch, or of code that evolves otherwise; the error names the file."""
    ((name, value),) = wrong.items()
    with pytest.raises(CheckpointForeign, match=rf"some/file.*expected .*{name} {value}"):
        read(**wrong)  # type: ignore[arg-type]


def test_a_damaged_backup_is_refused() -> None:
    """The error names the file."""
    with pytest.raises(CheckpointCorrupt, match="some/file"):
        read(BODY[:-1])
