"""The curves of a long run, which is read in portions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.foreign.targets import open_target
from worstsort.runs.config import RunConfig
from worstsort.runs.records import GenerationRecord, RunRecord
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console.readings.convergence import AllBaselines, Convergence, drawn_series
from worstsort_cli.console.readings.portions import FIRST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

PER_EPOCH = 20


def a_run(epochs: int, islands: int = 100) -> RunRecord:
    """Return a run after some epochs, each generation of which took 10 evaluations and was better by one."""
    config = RunConfig.parse({
        "target": "go1.12", "size": 100, "islands": islands, "generations_per_epoch": PER_EPOCH,
        "stop": {"max_epochs": 900},
    })  # fmt: skip
    last = epochs * PER_EPOCH
    return RunRecord(
        run_id="long", config=config, execution_arn="a", started_at="2026-01-01T00:00:00+00:00", code_version="c",
        epoch=epochs, generations=last, evaluations=10 * (last + 1), best=last, best_island=0, best_generation=last,
    )  # fmt: skip


class CountingStore:
    """A store that has every generation and no series, and counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def some_generations(self, run_id: str, wanted: Sequence[int]) -> list[GenerationRecord]:
        """Return generations."""
        self.asked += wanted
        fields: dict[str, Any] = {"run_id": run_id, "island": 0, "mean": 0.5, "evaluations": 10}
        return [GenerationRecord(generation=number, comparisons=number, **fields) for number in wanted]

    def some_series(self, _run_id: str, _wanted: Sequence[tuple[int, int]]) -> list[Any]:
        """Return nothing: they have expired."""
        return []


def reading(store: CountingStore, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    """Return a deployment that has this store."""
    deployment = Deployment({}, lambda _name: None)
    monkeypatch.setattr(Deployment, "store", store)
    return deployment


def test_the_first_answer_has_the_whole_shape_and_takes_one_portion(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the beginning to the very end, with exact figures there."""
    store, run = CountingStore(), a_run(900)
    found = Convergence().read(reading(store, monkeypatch), run)
    assert len(store.asked) == FIRST
    assert (found["generation"][0], found["generation"][-1]) == (0, 18_000)
    assert (found["best"][-1], found["evaluations"][-1]) == (run.best, run.evaluations)
    assert not found["whole"]


def test_a_long_run_is_read_to_its_end_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many generations it has; what has expired is not asked for again and again."""
    store, run, curves = CountingStore(), a_run(900), Convergence()
    deployment = reading(store, monkeypatch)
    found = curves.read(deployment, run)
    while not found["whole"]:
        found = curves.read(deployment, run)
    read = len(store.asked)
    assert found["every"] == 16
    assert read == len(set(store.asked)) == 18_000 // 16 + 1
    assert len(drawn_series(run)) <= 13 * 130
    curves.read(deployment, run)
    assert len(store.asked) == read


def test_what_is_new_of_a_run_costs_no_more_than_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more epoch of a long run: its last generation, and one for every 16."""
    store, curves = CountingStore(), Convergence()
    deployment = reading(store, monkeypatch)
    while not curves.read(deployment, a_run(900))["whole"]:
        pass
    before = len(store.asked)
    curves.read(deployment, a_run(901))
    assert len(store.asked) - before <= 3


def test_a_short_run_is_drawn_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generation by generation, with the evaluations of each."""
    found = Convergence().read(reading(CountingStore(), monkeypatch), a_run(2))
    assert found["generation"] == list(range(41))
    assert found["evaluations"] == [10 * (number + 1) for number in range(41)]
    assert found["whole"]
    assert found["every"] == 1


def test_a_run_without_a_closed_epoch_has_no_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is asked for."""
    store = CountingStore()
    assert Convergence().read(reading(store, monkeypatch), a_run(0))["generation"] == []
    assert store.asked == []


def test_the_adversary_is_called_by_what_it_leads_to() -> None:
    """Antiquicksort's input exists for our sorts only; of others the worst of fixed games is shown."""
    fields = {"size": 20, "representation": "decisions", "population": 2}
    names = {"antiquicksort": "go1.12", "fixed games": open_target("libc:qsort_r").name}
    for name, target in names.items():
        assert AllBaselines().of(RunConfig.model_validate(fields | {"target": target}))["adversary"] == name
