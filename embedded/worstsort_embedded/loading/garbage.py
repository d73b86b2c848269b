"""When Python looks for garbage: not while a million objects are made that stay."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collecting_later() -> Iterator[None]:
    """Look for no garbage now, and never among what there is at the end.

    Searching all of moto again and again takes a second at its start, and another when the process ends; forks that are
    made later go on sharing the memory of what is never searched.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if enabled:
            gc.enable()
