"""One S3 bucket: conditional writes, and reads that trust only bytes whose checksum matches."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from worstsort.runs.errors import CheckpointCorrupt, CheckpointMissing, StoreUnavailable
from worstsort.storage.answers import Answer, judge
from worstsort.storage.retry import CHECKSUM_FAILED, CONNECTION_FAILED, backoff_seconds, call_with_retries

if TYPE_CHECKING:
    from collections.abc import Iterator

_SERVICE = "S3"

_MAX_READS = 4
"""Attempts at reading an object: the client's own retries end where the body begins."""


@dataclass(frozen=True)
class Version:
    """One version of an object: its ETag and the metadata it was stored with."""

    etag: str
    metadata: dict[str, str]


class Bucket:
    """A bucket by name; every method raises StoreUnavailable when S3 is out of reach."""

    def __init__(self, name: str, s3: Any, outage_seconds: float = 0.0) -> None:
        """Repeat calls for `outage_seconds` while S3 is out of reach."""
        self._name, self._s3 = name, s3
        self._call = partial(call_with_retries, _SERVICE, outage_seconds)

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object, replacing any earlier version."""
        request = {"Bucket": self._name, "Key": key, "Body": body, "ContentType": content_type} | _checksums(body)
        self._call(self._s3.put_object, **request)

    def put_over(self, etag: str | None, key: str, body: bytes, kind: str, **metadata: str) -> str | None:
        """Write an object over the version `etag`, and over no other.

        Args:
            etag: The version to replace; None if the object must not exist yet.
            key: The object's key.
            body: Its content.
            kind: Value of the object's tag `kind`, by which the bucket's lifecycle rules recognise it.
            metadata: Metadata to store with it.

        Returns:
            The ETag of the new version, or None if the bucket holds another version and nothing was written.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        stored = {"Bucket": self._name, "Key": key, "Body": body, "Tagging": f"kind={kind}"} | _checksums(body)
        stored["Metadata"] |= metadata
        try:
            answer = self._call(self._s3.put_object, **condition, **stored)
        except ClientError as error:
            # The version to replace may have been deleted, too.
            if judge(error) not in {Answer.CONDITION_FAILED, Answer.MISSING}:
                raise
            return None
        return str(answer["ETag"])

    def version(self, key: str) -> Version | None:
        """Return the current version of an object without reading it, or None if there is no such object."""
        try:
            answer = self._call(self._s3.head_object, Bucket=self._name, Key=key)
        except ClientError as error:
            if judge(error) is not Answer.MISSING:
                raise
            return None
        return Version(answer["ETag"], answer["Metadata"])

    def get(self, key: str) -> tuple[bytes, Version]:
        """Read an object; repeat the read if the bytes do not arrive whole.

        Raises:
            CheckpointMissing: there is no such object.
            CheckpointCorrupt: its bytes do not match the checksum they were stored with.
        """
        failure: Exception = CheckpointMissing(key)
        for attempt in range(_MAX_READS):
            if attempt:
                time.sleep(backoff_seconds(attempt))
            try:
                return self._get(key)
            except CONNECTION_FAILED as error:
                failure = StoreUnavailable(_SERVICE, str(error))
            except CheckpointCorrupt as error:
                failure = error
        raise failure

    def delete(self, key: str) -> None:
        """Delete an object, if it exists."""
        self._call(self._s3.delete_object, Bucket=self._name, Key=key)

    def names(self, prefix: str) -> list[str]:
        """Return what follows `prefix` in the keys of the objects directly below it."""
        found = (item["Key"] for page in self._list(prefix) for item in page.get("Contents", []))
        return [key.removeprefix(prefix) for key in found]

    def folders(self, prefix: str) -> list[str]:
        """Return the names of the folders directly below `prefix`."""
        found = (item["Prefix"] for page in self._list(prefix) for item in page.get("CommonPrefixes", []))
        return [folder.removeprefix(prefix).rstrip("/") for folder in found]

    def _list(self, prefix: str) -> Iterator[dict[str, Any]]:
        request = {"Bucket": self._name, "Prefix": prefix, "Delimiter": "/"}
        while True:
            page = self._call(self._s3.list_objects_v2, **request)
            yield page
            if not page["IsTruncated"]:
                return
            request["ContinuationToken"] = page["NextContinuationToken"]

    def _get(self, key: str) -> tuple[bytes, Version]:
        try:
            answer = self._call(self._s3.get_object, Bucket=self._name, Key=key)
        except ClientError as error:
            if judge(error) is not Answer.MISSING:
                raise
            raise CheckpointMissing(key) from error
        why = "its bytes do not match the checksum they were stored with"
        try:
            body: bytes = answer["Body"].read()
        except CHECKSUM_FAILED as error:
            raise CheckpointCorrupt(key, why) from error
        if answer["Metadata"].get("sha256") != hashlib.sha256(body).hexdigest():
            raise CheckpointCorrupt(key, why)
        return body, Version(answer["ETag"], answer["Metadata"])


def _checksums(body: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(body)
    encoded = base64.b64encode(digest.digest()).decode()
    return {"ChecksumSHA256": encoded, "Metadata": {"sha256": digest.hexdigest()}}
