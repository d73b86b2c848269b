"""Which version of an object was read or written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """One version of an object: its ETag and the metadata it was stored with."""

    etag: str
    metadata: dict[str, str]
