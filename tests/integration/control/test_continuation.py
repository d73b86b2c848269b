"""A run that continues in another execution stays one run, with one owner at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from worstsort.control.executions import Continuation, owners, run_of
from worstsort.control.plan import Plan, continue_run, prepare, resume
from worstsort.runs.errors import InputRefused
from worstsort.runs.status import Status

if TYPE_CHECKING:
    from worstsort.storage.run_store import RunStore

INPUT = {"preset": "classic", "size": 20, "population": 20, "epochs_per_execution": 3, "stop": {"max_epochs": 7}}
FIRST, SECOND, THIRD = "arn:r", "arn:r-2", "arn:r-3"


def begin(store: RunStore) -> Plan:
    """Prepare a run that takes three executions."""
    return prepare(store, "r", INPUT, FIRST, "2026-01-01T00:00:00Z")


def handed(after: str = FIRST, part: int = 2) -> Continuation:
    """Return what one execution passes to the next."""
    return Continuation(continues="r", part=part, after=after)


def test_an_execution_knows_its_last_epoch(store: RunStore) -> None:
    """It gets as many epochs as the configuration allows, counted from its first one."""
    plan = begin(store)
    assert (plan.part, plan.epoch, plan.until) == (1, 1, 3)


def test_the_next_execution_takes_the_run_over(store: RunStore) -> None:
    """It owns the record, and a second delivery gets the same plan."""
    begin(store)
    plans = [continue_run(store, handed(), SECOND) for _ in range(2)]
    assert plans[0] == plans[1]
    assert (plans[0].start, plans[0].part) == ("evolve", 2)
    assert (store.run("r").execution_arn, store.run("r").part) == (SECOND, 2)


def test_an_execution_that_has_handed_over_cannot_end_the_run(store: RunStore) -> None:
    """Its late failure is not the run's failure."""
    begin(store)
    continue_run(store, handed(), SECOND)
    assert not store.end_run("r", FIRST, Status.FAILED, "late", "now")
    assert store.run("r").status is Status.RUNNING


def test_a_run_that_was_aborted_during_the_handover_is_not_taken_over(store: RunStore) -> None:
    """The abort wins."""
    begin(store)
    store.end_run("r", FIRST, Status.ABORTED, "stopped", "now")
    with pytest.raises(InputRefused, match="a run that its last execution hands over"):
        continue_run(store, handed(), SECOND)


def test_only_the_owner_hands_a_run_over(store: RunStore) -> None:
    """An execution of an earlier part, or an unknown run, is refused."""
    begin(store)
    continue_run(store, handed(), SECOND)
    for wrong in (handed(FIRST, 3), Continuation(continues="nobody", part=2, after=FIRST)):
        with pytest.raises(InputRefused):
            continue_run(store, wrong, THIRD)


def test_a_lost_answer_does_not_lose_the_run(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The retried write is refused because it was done; the execution owns the run all the same."""
    begin(store)
    for operation in ("hand_over_run", "reopen_run"):
        done = getattr(store, operation)
        monkeypatch.setattr(store, operation, lambda *given, done=done: done(*given) and done(*given))
    assert continue_run(store, handed(), SECOND).part == 2
    store.end_run("r", SECOND, Status.FAILED, "whatever", "now")
    assert resume(store, {"resume": "r"}, THIRD, lambda _: Status.RUNNING).part == 3
    assert (store.run("r").execution_arn, store.run("r").status) == (THIRD, Status.RUNNING)


def test_a_resumed_run_gets_names_that_are_unused(store: RunStore) -> None:
    """Even if the next execution failed before it could take over."""
    begin(store)
    store.end_run("r", FIRST, Status.FAILED, "the next execution could not start", "now")
    assert resume(store, {"resume": "r"}, "arn:again", lambda _: Status.RUNNING).part == 2
    assert store.run("r").part == 2


def test_a_name_that_would_become_too_long_is_refused(store: RunStore) -> None:
    """Nothing is recorded; a run of one execution may have such a name."""
    name = "n" * 79
    with pytest.raises(InputRefused, match="at most 78 characters, as the run takes 3 executions"):
        prepare(store, name, INPUT, FIRST, "now")
    prepare(store, name, INPUT | {"stop": {"max_epochs": 3}}, FIRST, "now")


@pytest.mark.parametrize("part", [1, "two", None])
def test_an_input_that_no_execution_would_give_is_refused(part: Any) -> None:
    """People resume runs; only executions continue them."""
    with pytest.raises(InputRefused, match="use resume"):
        Continuation.of({"continues": "r", "part": part, "after": FIRST})


def test_other_inputs_ask_for_no_continuation() -> None:
    """An input of any type without `continues` is no continuation."""
    inputs: list[Any] = [{}, {"size": 5}, [], None, "continues"]
    assert [Continuation.of(given) for given in inputs] == [None] * 5


def test_the_run_of_an_execution_is_known_from_its_input() -> None:
    """Until it has taken over, the previous execution may still own the run."""
    given = json.dumps({"continues": "r", "part": 2, "after": FIRST})
    assert run_of("r-2", given) == "r"
    assert owners(SECOND, given) == [SECOND, FIRST]
    assert owners(SECOND, None) == [SECOND]
    assert owners(SECOND, "{") == [SECOND]


def test_a_redriven_execution_gets_its_run_back(store: RunStore) -> None:
    """The record that the abort closed is reopened; another execution's run is left alone."""
    begin(store)
    store.end_run("r", FIRST, Status.ABORTED, "stopped", "now")
    assert not store.restore_run("r", SECOND)
    assert store.restore_run("r", FIRST)
    assert store.end_run("r", FIRST, Status.SUCCEEDED, "done", "later")
