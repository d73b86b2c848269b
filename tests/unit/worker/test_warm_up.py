"""What is compiled before workers need it."""

from __future__ import annotations

import os
import runpy
import sys
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support.command import ROOT
from worstsort.genetic import PRESETS, REPRESENTATIONS
from worstsort.gosort import TARGETS
from worstsort.gosort.constructions.plans import SHUFFLES
from worstsort.machine_code import announcements
from worstsort.runs.config import RunConfig
from worstsort.runs.fitted_presets import representations
from worstsort.worker.warm_up import compile_together, expect, needed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("preset", PRESETS)
def test_any_run_can_be_expected(preset: str) -> None:
    """Whatever its size, a small one like it is evolved, which loads its counters."""
    expect(RunConfig.parse({"preset": preset, "size": 500, "islands": 16}).model_dump(mode="json"))


def test_an_image_is_built_with_all_that_any_run_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the Dockerfile starts it: for each target, each preset evolves and each representation is scored."""
    assert "python -m worstsort.worker.warm_up" in (ROOT / "batch_worker" / "Dockerfile").read_text()
    evolved: list[tuple[str, str]] = []
    scored: list[tuple[str, str]] = []

    def begin(config: RunConfig, island: int) -> SimpleNamespace:
        genomes = np.zeros((config.population, config.size), np.int32)
        genomes.flags.writeable = False
        return SimpleNamespace(island=island, genomes=genomes)

    def score(config: RunConfig, _threads: int) -> Callable[[Any], None]:
        def note(genomes: Any) -> None:
            assert genomes.flags.writeable
            scored.append((config.target, config.representation))

        return note

    def evolve(state: Any, config: RunConfig, _fitness: Any, generations: int) -> None:
        assert (state.island, generations) == (0, 1)
        evolved.append((config.target, config.preset))

    monkeypatch.setattr("worstsort.genetic.evolve_island", evolve)
    for name, stand_in in {"first_state": begin, "algorithm": lambda config: config, "fitness": score}.items():
        monkeypatch.setattr(f"worstsort.runs.composition.{name}", stand_in)
    monkeypatch.delitem(sys.modules, "worstsort.worker.warm_up")
    runpy.run_module("worstsort.worker.warm_up", run_name="__main__")
    assert sorted(evolved) == sorted((target, preset) for target in TARGETS for preset in PRESETS)
    wanted = [(target, name) for target in TARGETS for name in REPRESENTATIONS if name != "plan" or target in SHUFFLES]
    assert sorted(scored) == sorted(wanted)


def test_what_is_missing_is_made_once_and_each_in_a_process_of_its_own(tmp_path: Path) -> None:
    """As many at once as there are processors; what is there is only read."""
    made = [tmp_path / name for name in ("first", "second", "third")]

    def make(path: Path) -> None:
        if not path.exists():
            announcements.announce(path.name)
            path.write_text(str(os.getpid()))

    calls = [partial(make, path) for path in made]
    assert compile_together("go1.12", calls[:1]) == 1
    assert compile_together("go1.12", calls) == 2
    assert len({path.read_text() for path in made}) == 3
    assert compile_together("go1.12", calls) == 0


def test_a_fork_that_fails_leaves_its_kernel_to_whoever_needs_it(tmp_path: Path) -> None:
    """The others are made all the same."""

    def fail() -> None:
        announcements.announce("failing")
        raise ValueError

    def make() -> None:
        if not (tmp_path / "made").exists():
            announcements.announce("made")
            (tmp_path / "made").touch()

    assert compile_together("go1.12", [fail, make]) == 2
    assert (tmp_path / "made").exists()


@pytest.mark.parametrize("target", TARGETS)
def test_all_that_the_presets_need_of_a_target_is_compiled_together(target: str) -> None:
    """Whatever a run's size and values: each kind of chromosome that its preset has for it, and lists."""
    for preset in PRESETS:
        given: dict[str, Any] = {"target": target, "preset": preset}
        runs: list[dict[str, Any]] = [given | {"size": size} for size in (2, 12, 40, 100, 1000, 9000)]
        runs += [given | {"values": "distinct"}] if preset != "classic" else []
        kinds = {RunConfig.parse(run).representation for run in runs}
        assert kinds == representations(target, preset)
        names = {call.args[1] for call in needed(target, kinds)}  # type: ignore[attr-defined]
        wanted = {"values" if kind == "permutation" else kind for kind in kinds | {"values"}}
        assert names == wanted | ({"refined plan"} if "plan" in kinds else set())
