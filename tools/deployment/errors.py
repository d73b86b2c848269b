"""What ends a deployment."""

from __future__ import annotations


class DeploymentFailed(Exception):
    """A deployment that cannot go on, in words for the one who started it."""
