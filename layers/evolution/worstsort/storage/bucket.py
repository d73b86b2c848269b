"""One S3 bucket: objects that are written once or in turn, and that are not believed unless their checksum matches."""

from __future__ import annotations

import base64
import hashlib
import random
import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from worstsort.runs.errors import CheckpointCorrupt, CheckpointMissing, StoreUnavailable
from worstsort.storage.retry import CHANGED, CUT_SHORT, ask, error_code

_SERVICE = "S3"

_READS = 4
"""Attempts at reading an object: the client's own retries end where the body begins."""

_MISSING = {"404", "NoSuchKey", "NotFound"}
_REFUSED = {"PreconditionFailed", "ConditionalRequestConflict", *_MISSING}


@dataclass(frozen=True)
class Stored:
    """An object's version, and the metadata it was stored with."""

    etag: str
    metadata: dict[str, str]


class Bucket:
    """Every method raises StoreUnavailable when S3 is out of reach."""

    def __init__(self, name: str, s3: Any, patience: float = 0.0) -> None:
        """`patience` is for how many seconds it is asked again when it is out of reach."""
        self._name, self._s3, self._ask = name, s3, partial(ask, _SERVICE, patience)

    def put(self, key: str, body: bytes, content_type: str) -> None:
        """Write an object, whatever is there."""
        request = {"Bucket": self._name, "Key": key, "Body": body, "ContentType": content_type} | _checksums(body)
        self._ask(self._s3.put_object, **request)

    def put_after(self, etag: str | None, key: str, body: bytes, kind: str, **metadata: str) -> str | None:
        """Write an object if it still is of this version; None if it is not.

        Args:
            etag: of the version that is replaced, None if there must be none.
            key: where.
            body: what.
            kind: the value of its tag `kind`, by which the bucket's lifecycle rules know it.
            metadata: to store with it.

        Returns:
            The ETag of the new version.
        """
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        stored = {"Bucket": self._name, "Key": key, "Body": body, "Tagging": f"kind={kind}"} | _checksums(body)
        stored["Metadata"] |= metadata
        try:
            answer = self._ask(self._s3.put_object, **condition, **stored)
        except ClientError as error:
            if error_code(error) not in _REFUSED:
                raise
            return None
        return str(answer["ETag"])

    def find(self, key: str) -> Stored | None:
        """What is known of an object without reading it, or None if there is none."""
        try:
            answer = self._ask(self._s3.head_object, Bucket=self._name, Key=key)
        except ClientError as error:
            if error_code(error) not in _MISSING:
                raise
            return None
        return Stored(answer["ETag"], answer["Metadata"])

    def get(self, key: str) -> tuple[bytes, Stored]:
        """Read an object, again if it does not arrive whole.

        Raises:
            CheckpointMissing: there is none.
            CheckpointCorrupt: its bytes do not match the checksum that they were stored with.
        """
        failure: Exception = CheckpointMissing(key)
        for attempt in range(_READS):
            if attempt:
                time.sleep(random.uniform(0, 0.1 * 4 ** (attempt - 1)))  # noqa: S311 - nothing secret, full jitter
            try:
                return self._get(key)
            except CUT_SHORT as error:
                failure = StoreUnavailable(_SERVICE, str(error))
            except CheckpointCorrupt as error:
                failure = error
        raise failure

    def delete(self, key: str) -> None:
        """Delete an object, if there is one."""
        self._ask(self._s3.delete_object, Bucket=self._name, Key=key)

    def _get(self, key: str) -> tuple[bytes, Stored]:
        try:
            answer = self._ask(self._s3.get_object, Bucket=self._name, Key=key)
        except ClientError as error:
            if error_code(error) not in _MISSING:
                raise
            raise CheckpointMissing(key) from error
        why = "its bytes do not match the checksum they were stored with"
        try:
            body: bytes = answer["Body"].read()
        except CHANGED as error:
            raise CheckpointCorrupt(key, why) from error
        if answer["Metadata"].get("sha256") != hashlib.sha256(body).hexdigest():
            raise CheckpointCorrupt(key, why)
        return body, Stored(answer["ETag"], answer["Metadata"])


def _checksums(body: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(body)
    encoded = base64.b64encode(digest.digest()).decode()
    return {"ChecksumSHA256": encoded, "Metadata": {"sha256": digest.hexdigest()}}
