"""The epochs, islands and attempts of a run on this machine, as the log in its folder tells them.

Each attempt at an island's epoch begins with a line that says so, and one that ends well says that, too. An attempt
that was killed says nothing: that it has ended is known by the next one, or by a run that does not go on.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from worstsort_cli.console.readings import jobs
from worstsort_cli.console.readings.logs import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worstsort_cli.files.run_folder.log import LogLine, RunLog

_MAX_BYTES = 2_000_000
"""What one reading takes of a log: some 5,000 lines, in a few hundredths of a second."""

_TOKEN = re.compile(r"[0-9]{1,18}")
"""Where a reading ended: an offset that a file can have."""

_BEGUN, _ENDED = "evolving", "evolved"
"""What an island logs at the beginning and at the end of an attempt."""


@dataclass
class _Attempt:
    started_ms: int
    last_ms: int
    succeeded: bool = False
    best: int | None = None


@dataclass
class _Epoch:
    first_ms: int
    offset: int
    last_ms: int = 0
    islands: dict[int, list[_Attempt]] = field(default_factory=dict)


class Logged:
    """What a run's log says, read on from where the last reading ended.

    Args:
        log: The log.

    Attributes:
        whole: Whether it was read to its end.
        read: How many lines were.
    """

    def __init__(self, log: RunLog) -> None:
        self._log = log
        self._epochs: dict[int, _Epoch] = {}
        self._offset = 0
        self.whole, self.read = True, 0
        self._lock = threading.Lock()  # one thread reads on while others answer

    def read_on(self) -> None:
        """Take in what is new, or the next part of much."""
        before = self._offset
        lines, self._offset = self._log.read_on(before, _MAX_BYTES)
        with self._lock:
            self.whole = self._offset - before < _MAX_BYTES // 2
            self.read += len(lines)
            for line in lines:
                self._take(line, before)

    def epochs(self, now: datetime, *, running: bool) -> list[dict[str, Any]]:
        """Return the epochs in their order, as those of an execution are told."""
        with self._lock:
            last = max(self._epochs, default=0)
            return [
                self._epoch_row(number, epoch, now, under_way=running and number == last)
                for number, epoch in sorted(self._epochs.items())
            ]

    def islands(
        self, number: int, islands: Iterable[int], now: datetime, *, running: bool
    ) -> list[dict[str, Any]] | None:
        """Return what islands have done in an epoch, as jobs are told; None if the log says nothing of it."""
        with self._lock:
            epoch = self._epochs.get(number)
            if epoch is None:
                return None
            under_way = running and number == max(self._epochs)
            rows = [_island(island, epoch, now, under_way=under_way) for island in islands]
        jobs.mark_stragglers(rows)
        return rows

    def lines(self, number: int, island: int, token: str | None) -> dict[str, Any]:
        """Return lines that an island has logged in an epoch, and the token with which the next call goes on."""
        epoch = self._epochs.get(number)
        start = int(token) if token and _TOKEN.fullmatch(token) else epoch.offset if epoch else 0
        lines, end = self._log.read_on(start, _MAX_BYTES)
        own = [line for line in lines if (line.fields.get("epoch"), line.island) == (number, island)]
        return {"lines": [shown(line) for line in own], "next": str(end)}

    def has_ended(self, number: int, island: int) -> bool:
        """Return whether an island has evolved in an epoch."""
        epoch = self._epochs.get(number)
        return epoch is not None and any(attempt.succeeded for attempt in epoch.islands.get(island, ()))

    def _take(self, line: LogLine, offset: int) -> None:
        number, island = line.fields.get("epoch"), line.island
        if number is None or island is None:
            return
        epoch = self._epochs.setdefault(number, _Epoch(line.at_ms, offset))
        epoch.last_ms = max(epoch.last_ms, line.at_ms)
        attempts, message = epoch.islands.setdefault(island, []), line.fields.get("message")
        if message == _BEGUN or not attempts:
            attempts.append(_Attempt(line.at_ms, line.at_ms))
        attempts[-1].last_ms = line.at_ms
        if message == _ENDED:
            attempts[-1].succeeded = True
        attempts[-1].best = line.fields.get("best", attempts[-1].best)

    def _epoch_row(self, number: int, epoch: _Epoch, now: datetime, *, under_way: bool) -> dict[str, Any]:
        succeeded = all(attempts[-1].succeeded for attempts in epoch.islands.values())
        status = "running" if under_way else "succeeded" if succeeded else "aborted"
        end = now.timestamp() * 1000 if under_way else epoch.last_ms
        return {
            "epoch": number,
            "job": None,
            "state": "",
            "status": status,
            "entered_at": _moment(epoch.first_ms),
            "left_at": None if under_way else _moment(epoch.last_ms),
            "seconds": round(max(0.0, end - epoch.first_ms) / 1000, 3),
            "error": "",
        }


def _island(island: int, epoch: _Epoch, now: datetime, *, under_way: bool) -> dict[str, Any]:
    attempts = epoch.islands.get(island, [])
    rows = []
    for index, attempt in enumerate(attempts):
        goes_on = under_way and index == len(attempts) - 1 and not attempt.succeeded
        end = now.timestamp() * 1000 if goes_on else attempt.last_ms
        rows.append(
            {
                "started_at": _moment(attempt.started_ms),
                "stopped_at": None if goes_on else _moment(attempt.last_ms),
                "seconds": round(max(0.0, end - attempt.started_ms) / 1000, 3),
                "exit_code": 0 if attempt.succeeded else None,
                "reason": "" if attempt.succeeded or goes_on else "it ended without a result",
            }
        )
    done = bool(attempts) and attempts[-1].succeeded
    return {
        "island": island,
        "status": "SUCCEEDED" if done else ("RUNNING" if attempts else "RUNNABLE") if under_way else "ABORTED",
        "reason": "",
        "created_at": _moment(epoch.first_ms),
        "attempts": rows,
        "seconds": sum(row["seconds"] for row in rows) if rows else None,
        "best": attempts[-1].best if attempts else None,
        "evaluations": None,
        "finished": None,
    }


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
