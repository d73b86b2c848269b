"""The digest of a run covers what it found, all of it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.hostile import a_champion
from worstsort.runs.config import RunConfig
from worstsort.runs.records import GenerationRecord
from worstsort.runs.results.champion import Champion
from worstsort.runs.results.digest import run_digest

if TYPE_CHECKING:
    from collections.abc import Callable

PINNED = "27e2bb84"
"""How the digest of `found()` begins, as recorded in November 2026."""

GIVEN: dict[str, Any] = {"target": "go1.12", "size": 6, "seed": 5, "representation": "answers"}
"""The run's input."""


def found() -> dict[str, Any]:
    """Return what a small run found."""
    row = {"run_id": "r", "generation": 0, "comparisons": 11, "island": 1, "mean": 9.5, "evaluations": 8}
    return {
        "config": RunConfig.parse(GIVEN),
        "generations": [GenerationRecord.model_validate(row), GenerationRecord.model_validate(row | {"generation": 1})],
        "populations": ["aa", "bb"],
        "champion": Champion.model_validate(a_champion()),
    }


def test_the_digest_is_pinned() -> None:
    """A change would make every run look as if it had been changed."""
    assert run_digest(**found())[:8] == PINNED


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(config=RunConfig.parse(GIVEN | {"seed": 6})),
        lambda it: it.update(config=RunConfig.parse(GIVEN | {"values": "distinct"})),
        lambda it: it["generations"].pop(),
        lambda it: it["generations"].reverse(),
        *(
            lambda it, name=name: it["generations"].append(it["generations"].pop().model_copy(update={name: 77}))
            for name in ("generation", "comparisons", "island", "generation_evaluations")
        ),
        lambda it: it["populations"].reverse(),
        lambda it: it["populations"].pop(),
        lambda it: it.update(champion=it["champion"].model_copy(update={"comparisons": 77})),
        lambda it: it.update(champion=it["champion"].model_copy(update={"values": it["champion"].values[::-1]})),
    ],
)
def test_whatever_was_found_changes_it(change: Callable[[dict[str, Any]], object]) -> None:
    """Each part of the configuration, of the history, of the populations and of the champion counts."""
    it = found()
    change(it)
    assert run_digest(**it) != run_digest(**found())


def test_names_and_means_do_not_change_it() -> None:
    """The same run under another name has the same digest."""
    it = found()
    it["champion"] = it["champion"].model_copy(update={"run_id": "another", "code_version": "another"})
    it["generations"] = [record.model_copy(update={"mean": 0.0}) for record in it["generations"]]
    assert run_digest(**it) == run_digest(**found())
