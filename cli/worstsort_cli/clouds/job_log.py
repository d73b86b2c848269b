"""What the islands of a run log, as CloudWatch Logs has it, of an embedded cloud or a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort_cli.files.run_folder.log import LogLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort_cli.clouds.deployment import Deployment

_OUTPUT = "JobLogGroupName"
"""The stack's output that names the log group; stacks that were deployed before it was one have none."""

_OVERLAP_MS = 30_000
"""How far back each look goes: a line may come into the log after a later one of another island."""


class JobLog:
    """The log of a run's islands, read from a moment on, each line once."""

    def __init__(self, deployment: Deployment, run_id: str, since_ms: int = 0) -> None:
        self._deployment, self._run_id, self._since_ms = deployment, run_id, since_ms
        self._seen: dict[str, int] = {}

    def new_lines(self) -> list[LogLine]:
        """Return the lines that have come since the last call, in the order of their times."""
        if _OUTPUT not in self._deployment.outputs:
            return []
        found = [event for event in self._events() if event["eventId"] not in self._seen]
        self._seen |= {event["eventId"]: event["timestamp"] for event in found}
        newest = max(self._seen.values(), default=self._since_ms)
        self._since_ms = max(self._since_ms, newest - _OVERLAP_MS)
        self._seen = {event: at_ms for event, at_ms in self._seen.items() if at_ms >= self._since_ms}
        lines = [LogLine.of(event["timestamp"], event["message"].rstrip("\n")) for event in found]
        return sorted(lines, key=lambda line: line.at_ms)

    def _events(self) -> Iterator[dict[str, Any]]:
        logs = self._deployment.client("logs")
        request = {
            "logGroupName": self._deployment.outputs[_OUTPUT],
            "filterPattern": f'"{self._run_id}"',
            "startTime": self._since_ms,
        }
        while True:
            answer = logs.filter_log_events(**request)
            yield from answer["events"]
            if not answer.get("nextToken"):
                return
            request["nextToken"] = answer["nextToken"]
