"""Players of small C sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import foreign_sorts
from tests.support.remains import nothing_left
from worstsort.foreign.address import CONVENTIONS, SORT, parse
from worstsort.foreign.library import identify, read
from worstsort.foreign.limits import Limits
from worstsort.foreign.player import LibraryPlayer
from worstsort.foreign.playing import compiled
from worstsort.foreign.playing.child import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SHORT_LIMITS = Limits(silent_cpu_seconds=0.5, silent_seconds=3.0, memory_bytes=128 * 2**20)
"""Enough for small sorts, on a busy machine too."""


@pytest.fixture(scope="session")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the library of sorts that break the rules."""
    return foreign_sorts.build("bad", tmp_path_factory.mktemp("bad"))


@pytest.fixture(scope="session")
def sorts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the library of sorts whose growth is known."""
    return foreign_sorts.build("sorts", tmp_path_factory.mktemp("sorts"))


@pytest.fixture
def leaves_nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Fail a test that leaves anything, once its players are closed; ask for it first."""
    compiled.prepare(CONVENTIONS.index(SORT))  # which opens what stays open
    with nothing_left(tmp_path_factory.mktemp("temporary")):
        yield


@pytest.fixture
def player() -> Iterator[Callable[[str], LibraryPlayer]]:
    """Make players of addresses, and end them with the test."""
    made = []

    def make(address: str) -> LibraryPlayer:
        found = parse(address)
        content = None if found.is_libc else read(found.path, address)
        made.append(LibraryPlayer(Code(identify(found), content, address), SHORT_LIMITS))
        return made[-1]

    yield make
    for one in made:
        one.close()
