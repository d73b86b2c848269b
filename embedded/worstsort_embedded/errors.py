"""What can go wrong in the embedded cloud itself."""

from __future__ import annotations


class EmbeddedCloudError(Exception):
    """The embedded cloud cannot do what it was asked; the message says what to do."""
