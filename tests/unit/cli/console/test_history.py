"""What is made of the events that Step Functions tells of an execution."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from worstsort_cli.console.readings.history import History

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + timedelta(seconds=100)


def event(number: int, kind: str, before: int, **details: Any) -> dict[str, Any]:
    """Return an event, a second after the one before it."""
    made = {"id": number, "type": kind, "previousEventId": before, "timestamp": START + timedelta(seconds=number)}
    return made | ({"someEventDetails": details} if details else {})


def entered(number: int, state: str, before: int) -> dict[str, Any]:
    """Return the entry of a state."""
    return event(number, "TaskStateEntered", before, name=state, input='{"epoch": 1}')


def left(number: int, state: str, before: int) -> dict[str, Any]:
    """Return the exit of a state."""
    return event(number, "TaskStateExited", before, name=state, output="{}")


def of(*events: dict[str, Any]) -> History:
    """Take events in."""
    history = History()
    history.take(events)
    return history


def test_a_state_counts_its_visits_and_adds_up_their_time() -> None:
    """Of all times that it was entered and left."""
    history = of(entered(1, "A", 0), left(3, "A", 1), entered(4, "A", 3), left(9, "A", 4))
    state = history.states(NOW)["A"]
    assert (state["count"], state["seconds"], state["status"]) == (2, 7.0, "succeeded")


def test_a_state_that_was_not_left_runs_until_now() -> None:
    """Its time goes on."""
    state = of(entered(1, "A", 0)).states(NOW)["A"]
    assert (state["status"], state["running"], state["seconds"]) == ("running", 1, 99.0)


def test_a_state_that_succeeds_after_an_error_was_retried() -> None:
    """It counts as succeeded, and shows what went wrong on the way."""
    history = of(
        entered(1, "A", 0), event(2, "TaskScheduled", 1, resourceType="lambda"),
        event(3, "TaskFailed", 2, error="Lambda.Unknown", cause="gone"),
        event(4, "TaskScheduled", 3, resourceType="lambda"),
        event(5, "TaskSucceeded", 4, output="{}"), left(6, "A", 5),
    )  # fmt: skip
    state = history.states(NOW)["A"]
    assert (state["status"], state["retries"], state["failures"]) == ("succeeded", 1, 0)
    found = history.visits_of("A", 0, 10, NOW)
    (visit,) = found["visits"]
    assert (visit["error"], visit["attempts"], found["total"]) == ("Lambda.Unknown: gone", 2, 1)


def test_an_error_that_the_machine_caught_is_told_from_one_that_ended_it() -> None:
    """After the first the execution goes on, after the second nothing does."""
    failing = (entered(1, "A", 0), event(2, "TaskFailed", 1, error="E", cause="c"))
    assert of(*failing, left(3, "A", 2)).states(NOW)["A"]["status"] == "caught"
    assert of(*failing, event(3, "ExecutionFailed", 2, error="E")).states(NOW)["A"]["status"] == "failed"


def test_what_was_under_way_when_an_execution_was_stopped_is_aborted() -> None:
    """It does not run on in the picture."""
    state = of(entered(1, "A", 0), event(2, "ExecutionAborted", 0, cause="stopped")).states(NOW)["A"]
    assert (state["status"], state["running"], state["seconds"]) == ("aborted", 0, 1.0)


def test_states_within_a_map_are_told_apart_from_the_map() -> None:
    """The map is left although the event before belongs to a state within it."""
    history = of(
        event(1, "MapStateEntered", 0, name="M", input="[]"), event(2, "MapIterationStarted", 1, name="M", index=0),
        entered(3, "A", 2), event(4, "MapIterationStarted", 1, name="M", index=1), entered(5, "A", 4),
        left(6, "A", 3), left(7, "A", 5), event(8, "MapIterationSucceeded", 7, name="M", index=1),
        event(9, "MapStateSucceeded", 8), event(10, "MapStateExited", 9, name="M", output="[]"),
    )  # fmt: skip
    states = history.states(NOW)
    assert (states["M"]["count"], states["M"]["status"], states["M"]["seconds"]) == (1, "succeeded", 9.0)
    assert (states["A"]["count"], states["A"]["status"], states["A"]["seconds"]) == (2, "succeeded", 5.0)


def test_events_that_come_twice_count_once() -> None:
    """The last page of a history is read again and again."""
    history = of(entered(1, "A", 0), left(2, "A", 1))
    history.take([entered(1, "A", 0), left(2, "A", 1), entered(3, "B", 2)])
    assert [visit.state for visit in history.visits] == ["A", "B"]
    assert len(history.events) == 3


def test_events_are_found_by_type_by_text_and_by_state() -> None:
    """The last first, a page at a time."""
    history = of(entered(1, "A", 0), event(2, "TaskFailed", 1, error="Odd"), left(3, "A", 2), entered(4, "B", 3))

    def ids(text: str = "", state: str = "", offset: int = 0, limit: int = 10) -> list[int]:
        return [found["id"] for found in history.events_page(text, state, offset, limit)["events"]]

    assert ids() == [4, 3, 2, 1]
    assert ids("failed") == [2]
    assert ids("odd") == [2]
    assert ids(state="B") == [4]
    assert ids(offset=1, limit=2) == [3, 2]


def test_text_from_outside_is_made_visible_and_cut_off() -> None:
    """Control characters and marks that turn the direction of text do nothing on a page, either."""
    history = of(entered(1, "A", 0), event(2, "TaskFailed", 1, error="\u202eE", cause="x" * 30_000))
    (visit,) = history.visits_of("A", 0, 10, NOW)["visits"]
    assert visit["error"].startswith("\\u202eE: xxx")
    assert visit["error"].endswith("(cut off; 30,004 characters)")
