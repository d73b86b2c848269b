"""The store that these tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.stores import aws_in_memory, make_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.storage.run_store import RunStore


@pytest.fixture
def aws() -> Iterator[None]:
    """In-memory AWS services, empty."""
    with aws_in_memory():
        yield


@pytest.fixture
def store(aws: None) -> RunStore:  # noqa: ARG001 - the services must be there first
    """Return a store on the template's tables and a bucket."""
    return make_store()
