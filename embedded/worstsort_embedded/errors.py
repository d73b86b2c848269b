"""Errors of the embedded cloud itself."""

from __future__ import annotations


class EmbeddedCloudError(Exception):
    """A request that the embedded cloud cannot fulfil; the message says what to do."""
