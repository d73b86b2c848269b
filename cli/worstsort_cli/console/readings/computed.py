"""Values that take seconds to compute and never change: computed once, beside the answers."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Key = TypeVar("Key", bound="Hashable")
Value = TypeVar("Value")


class Computed(Generic[Key, Value]):
    """A function's values, each None until it is computed; one thread computes them in the order of asking.

    Args:
        compute: The function.
    """

    def __init__(self, compute: Callable[[Key], Value]) -> None:
        self._compute = compute
        self._known: dict[Key, Value] = {}
        self._asked: set[Key] = set()
        self._wanted: queue.SimpleQueue[Key] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def get(self, key: Key) -> Value | None:
        """Return a value, or None while it is not computed."""
        with self._lock:
            if key not in self._asked:
                self._asked.add(key)
                self._wanted.put(key)
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="computing", daemon=True)
                    self._thread.start()
            return self._known.get(key)

    def _work(self) -> None:
        while True:
            key = self._wanted.get()
            self._known[key] = self._compute(key)
