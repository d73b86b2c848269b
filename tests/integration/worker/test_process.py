"""The worker's program around an epoch: its exit code, what it says last, and its heartbeat."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from batch_worker import evolve_island
from functions.seed_populations import app as seed_populations

from tests.integration.worker.test_evolve_epoch import GIVEN
from worstsort.control.plan import prepare
from worstsort.runtime.environment import run_store
from worstsort.runtime.observability import logger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.storage.run_store import RunStore


@pytest.fixture
def interruption(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Give the program a seeded run and its environment; return what stands for its watch for SIGTERM."""
    prepare(store, "r", GIVEN, "arn:r", "2026-01-01T00:00:00Z", job_mib=2_048)
    seed_populations.seed(store, "r", range(2))
    environment = {"GENERATIONS_TABLE": "GenerationsTable", "BUCKET": "bucket", "RUN_ID": "r", "EPOCH": "1",
                   "AWS_BATCH_JOB_ARRAY_INDEX": "1"}  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    watch = SimpleNamespace(asked=threading.Event(), saver=None, heartbeat=None)
    monkeypatch.setattr(evolve_island, "Interruption", lambda: watch)
    run_store.cache_clear()
    yield watch
    run_store.cache_clear()
    logger().remove_keys(["run_id", "island", "epoch"])


def beats(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the metrics of the worker's life that were published, in order."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    return [name for line in lines for name in ("IslandsRunning", "IslandsEnded") if name in line]


def test_a_worker_evolves_its_island_and_exits_with_0(
    interruption: SimpleNamespace, store: RunStore, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one of its place in the array, with a heartbeat from the beginning to the end."""
    assert evolve_island.main() == 0
    assert store.has_evolved("r", 1, 1)
    assert not store.has_evolved("r", 0, 1)
    assert beats(capsys) == ["IslandsRunning", "IslandsEnded"]
    assert interruption.saver is not None
    assert interruption.heartbeat is not None


def test_a_worker_that_is_asked_to_end_says_what_is_saved(
    interruption: SimpleNamespace, store: RunStore, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """And exits with the code of which Batch knows that another attempt helps."""
    interruption.asked.set()
    assert evolve_island.main() == 130
    saved = store.populations.saved_progress("r", 1, 1)
    assert saved is not None
    assert saved.generation == 1
    assert caplog.messages[-1] == "interrupted: generation 1 is saved; the next attempt continues from it"
    assert caplog.records[-1].levelname == "WARNING"
    assert beats(capsys) == ["IslandsRunning", "IslandsEnded"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("RUN_ID", "nobody", "RunNotFound: No run"), ("EPOCH", "2", "CheckpointMissing: No checkpoint"),
     ("EPOCH", "first", "ValidationError: ")],
)  # fmt: skip
def test_a_worker_that_cannot_go_on_names_the_error_and_exits_with_1(
    interruption: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    name: str, value: str, said: str,
) -> None:  # fmt: skip
    """Another attempt would not help."""
    assert interruption.saver is None
    monkeypatch.setenv(name, value)
    assert evolve_island.main() == 1
    assert caplog.messages[-1].startswith(said)
    assert caplog.records[-1].levelname == "ERROR"
