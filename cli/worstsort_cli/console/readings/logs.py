"""A job's log, a page at a time and on from where a reader is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort.plain_text import visible_lines
from worstsort_cli.files.run_folder.log import LogLine
from worstsort_cli.show.log_line import in_words

if TYPE_CHECKING:
    from worstsort_cli.clouds.deployment import Deployment

_PAGE_LINES = 500
_MAX_LINE = 4_000
"""Characters of a line that a page shows."""


def page(deployment: Deployment, stream: tuple[str, str], token: str | None) -> dict[str, Any]:
    """Return lines of a log and the token with which the next call goes on; without one, from the beginning."""
    logs, (group, name) = deployment.client("logs"), stream
    on = {"nextToken": token} if token else {}
    try:
        answer = logs.get_log_events(
            logGroupName=group, logStreamName=name, startFromHead=True, limit=_PAGE_LINES, **on
        )
    except logs.exceptions.ResourceNotFoundException:
        return {"lines": [], "next": None, "stream": name}
    lines = [shown(LogLine.of(event["timestamp"], event["message"].rstrip("\n"))) for event in answer["events"]]
    return {"lines": lines, "next": answer.get("nextForwardToken"), "stream": name}


def shown(line: LogLine) -> dict[str, str | None]:
    """Return a line as it was logged, and in words unless it is there for metrics alone."""
    words = in_words(line.at_ms, line.text, line.fields)
    return {
        "at": datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        "text": visible_lines(line.text[:_MAX_LINE]),
        "words": None if words is None else visible_lines(words[:_MAX_LINE]),
    }
