"""The embedded cloud: the SAM template on one machine, without an account and without Docker."""

from worstsort_embedded.cloud import EmbeddedCloud
from worstsort_embedded.errors import EmbeddedCloudError

__all__ = ["EmbeddedCloud", "EmbeddedCloudError"]
