"""The store that these tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from tests.support.stores import make_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worstsort.storage.run_store import RunStore


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In-memory AWS services, empty."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def store(aws: None) -> RunStore:  # noqa: ARG001 - the services must be there first
    """Return a store on the template's tables and a bucket."""
    return make_store()
