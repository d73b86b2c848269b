"""The deployed system on one machine: moto for the AWS services, real processes for functions and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort_embedded.errors import EmbeddedCloudError

if TYPE_CHECKING:
    from worstsort_embedded.cloud import EmbeddedCloud

__all__ = ["EmbeddedCloud", "EmbeddedCloudError"]


def __getattr__(name: str) -> Any:
    """Import the cloud when it is first used: moto takes a second, and clients of a served cloud need none of it."""
    if name != "EmbeddedCloud":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from worstsort_embedded.loading.imports import imported_quickly  # noqa: PLC0415 - see above

    with imported_quickly():
        from worstsort_embedded.cloud import EmbeddedCloud  # noqa: PLC0415 - see above
    globals()[name] = EmbeddedCloud
    return EmbeddedCloud
