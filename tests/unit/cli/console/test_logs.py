"""Lines of a log, as the console shows them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console.readings import logs

EVENTS: list[dict[str, Any]] = [
    {"timestamp": 1_767_225_600_123, "message": '{"message": "evolving", "run_id": "r", "island": 0, "epoch": 2}\n'},
    {"timestamp": 1_767_225_601_000, "message": "no \x1b[31mJSON\n"},
]


class Missing(Exception):
    """There is no such log."""


class Logs:
    """CloudWatch Logs with one stream, in two pages."""

    exceptions = SimpleNamespace(ResourceNotFoundException=Missing)

    def get_log_events(self, **request: Any) -> dict[str, Any]:
        """Return the lines that come after a token."""
        assert (request["logGroupName"], request["startFromHead"]) == ("/jobs", True)
        if request["logStreamName"] != "job/1":
            raise Missing
        rest = EVENTS[1:] if request.get("nextToken") == "one" else EVENTS[:1]
        return {"events": rest, "nextForwardToken": "one"}


def page(name: str, token: str | None) -> dict[str, Any]:
    """Return lines of a stream."""
    return logs.page(Deployment({}, lambda _name: Logs()), ("/jobs", name), token)


def test_a_log_is_read_from_its_beginning_and_from_where_the_last_page_ended() -> None:
    """Each line has its time, its text without what cannot be seen, and what it says in words."""
    first, second = page("job/1", None), page("job/1", "one")
    assert (first["next"], first["stream"]) == ("one", "job/1")
    (line,) = first["lines"]
    assert (line["at"], line["text"]) == ("2026-01-01T00:00:00.123+00:00", str(EVENTS[0]["message"]).rstrip())
    assert "evolving" in line["words"]
    assert [(line["at"], line["text"]) for line in second["lines"]] == [
        ("2026-01-01T00:00:01.000+00:00", "no \\x1b[31mJSON")
    ]


def test_a_log_that_does_not_exist_is_empty() -> None:
    """A job that waits has none yet."""
    assert page("job/2", None) == {"lines": [], "next": None, "stream": "job/2"}
