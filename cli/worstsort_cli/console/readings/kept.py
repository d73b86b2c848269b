"""Answers that are kept for a while, so that pages neither wait for AWS nor ask it more often than they need."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")
Key = TypeVar("Key", bound="Hashable")

_MAX_AGES = 10
"""After so many times its age an answer is too old to be shown while it is read again, as after a laptop's sleep."""

_PAUSE_PER_READ = 4
"""A reading that takes long is taken the more rarely: so many times its own duration passes between two of them."""


@dataclass(frozen=True)
class Answer(Generic[Value]):
    """What was read.

    Attributes:
        value: It.
        taken_at: By the clock of the reading, in seconds.
        seconds: How long reading took.
        changes: How many changes had been made to what is read when the reading began.
    """

    value: Value
    taken_at: float
    seconds: float
    changes: int


class Kept(Generic[Value]):
    """One reading: the first is waited for, later ones are taken beside the answers, one at a time.

    Args:
        read: Takes the reading; given the last one, or None.
        max_age_seconds: How old an answer may be before the next reading is taken.
        clock: Tells seconds that only go on.
        is_part: Whether an answer is a part of what there is, so that the next one is to be taken at once.
    """

    def __init__(
        self,
        read: Callable[[Value | None], Value],
        max_age_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        is_part: Callable[[Value], bool] = lambda _value: False,
    ) -> None:
        self._read, self._max_age, self._clock, self._is_part = read, max_age_seconds, clock, is_part
        self._answer: Answer[Value] | None = None
        self._changes = 0
        self._reading = threading.Lock()

    def get(self) -> Answer[Value]:
        """Return the last answer; raises what the reading raises, if it had to be waited for."""
        answer = self._answer
        if answer is None or self._is_outdated(answer):
            with self._reading:
                return self._again(answer)
        if self._is_due(answer) and self._reading.acquire(blocking=False):
            threading.Thread(target=self._beside, args=(answer,), name="reading", daemon=True).start()
        return answer

    def forget(self) -> None:
        """Let nobody have an answer any more whose reading began before now, as after something was changed."""
        self._changes += 1

    def _is_outdated(self, answer: Answer[Value]) -> bool:
        changed = answer.changes != self._changes
        return changed or self._age(answer) > _MAX_AGES * max(self._max_age, answer.seconds)

    def _is_due(self, answer: Answer[Value]) -> bool:
        is_old = self._age(answer) > max(self._max_age, _PAUSE_PER_READ * answer.seconds)
        return is_old or self._is_part(answer.value)

    def _age(self, answer: Answer[Value]) -> float:
        return self._clock() - answer.taken_at

    def _again(self, known: Answer[Value] | None) -> Answer[Value]:
        found = self._answer
        if found is not None and found is not known and not self._is_outdated(found):
            return found  # another thread has read it while this one waited
        started, changes = self._clock(), self._changes
        value = self._read(None if found is None else found.value)
        self._answer = Answer(value, self._clock(), self._clock() - started, changes)
        return self._answer

    def _beside(self, known: Answer[Value]) -> None:
        try:
            self._again(known)
        except Exception:  # noqa: BLE001 - the next one who asks waits for a reading, and is told
            self._answer = None
        finally:
            self._reading.release()


class KeptEach(Generic[Key, Value]):
    """A reading for each key, of which the ones that were asked for last are kept.

    Args:
        make: Makes the reading of a key.
        most: How many are kept.
    """

    def __init__(self, make: Callable[[Key], Kept[Value]], most: int) -> None:
        self._make, self._most = make, most
        self._all: OrderedDict[Key, Kept[Value]] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def of_reading(cls, read: Callable[[Key], Value], max_age_seconds: float, most: int) -> Self:
        """Keep readings that need nothing of the last one."""
        return cls(lambda key: Kept(lambda _last: read(key), max_age_seconds), most)

    def of(self, key: Key) -> Kept[Value]:
        """Return the reading of a key."""
        with self._lock:
            found = self._all.pop(key, None) or self._make(key)
            self._all[key] = found
            while len(self._all) > self._most:
                self._all.popitem(last=False)
            return found
