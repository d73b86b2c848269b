"""Archives: what is packed comes back, and the digest is over all of it."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from worstsort.runs.errors import CheckpointCorrupt, CheckpointForeign
from worstsort.storage import archive

HEADER = {"run_id": "r", "island": 3}
ARRAYS: dict[str, Any] = {
    "small": np.arange(6, dtype=np.int16).reshape(2, 3),
    "empty": np.zeros(0, dtype=np.int32),
    "large": np.array([2**62, -1]),
}
PACKED = archive.pack(HEADER, ARRAYS)


def unsealed(header: bytes, **arrays: Any) -> bytes:
    """Return an npz file with that header, as somebody else might write it."""
    buffer = io.BytesIO()
    np.savez(buffer, header=np.frombuffer(header, dtype=np.uint8), **arrays)
    return buffer.getvalue()


def test_header_and_arrays_come_back_as_they_were() -> None:
    """With their types and shapes, an empty array too, and the seal is taken off."""
    header, arrays = archive.unpack(PACKED, "key", ARRAYS)
    assert header == HEADER
    assert set(arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        assert (arrays[name].dtype, arrays[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(arrays[name], array)


def test_equal_contents_are_equal_bytes_and_equal_digests() -> None:
    """Whatever the order of names, and however arrays lie in memory."""
    turned = dict(reversed(HEADER.items()))
    strided = {name: np.repeat(array, 2, axis=-1)[..., ::2] for name, array in reversed(ARRAYS.items())}
    assert archive.pack(dict(turned), ARRAYS) == PACKED
    assert archive.digest(turned, strided) == archive.digest(HEADER, ARRAYS)


@pytest.mark.parametrize(
    ("header", "arrays"),
    [
        pytest.param(HEADER | {"island": 4}, ARRAYS, id="header"),
        pytest.param(HEADER | {"more": 0}, ARRAYS, id="one more entry"),
        pytest.param(HEADER, ARRAYS | {"small": ARRAYS["small"].reshape(3, 2)}, id="shape"),
        pytest.param(HEADER, ARRAYS | {"small": ARRAYS["small"].view(np.uint16)}, id="type"),
        pytest.param(HEADER, ARRAYS | {"large": ARRAYS["large"][::-1]}, id="order"),
        pytest.param(HEADER, {**ARRAYS, "small": ARRAYS["empty"], "empty": ARRAYS["small"]}, id="names"),
    ],
)
def test_the_digest_is_over_everything(header: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Names, types, shapes and values."""
    assert archive.digest(header, arrays) != archive.digest(HEADER, ARRAYS)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"", "not a readable npz file", id="empty"),
        pytest.param(archive.pack(HEADER, {"small": ARRAYS["small"]}), "not a readable npz file", id="array missing"),
        pytest.param(unsealed(b"[1]", **ARRAYS), "header is not a JSON object", id="header is a list"),
        pytest.param(unsealed(b"{", **ARRAYS), "not a readable npz file", id="header is not JSON"),
        pytest.param(unsealed(json.dumps(HEADER).encode(), **ARRAYS), "checksum does not match", id="no seal"),
        pytest.param(
            unsealed(json.dumps(HEADER | {"sha256": "0" * 64}).encode(), **ARRAYS), "checksum does not match", id="seal"
        ),
    ],
)
def test_what_was_not_packed_here_is_refused_with_its_key_and_why(body: bytes, why: str) -> None:
    """Whatever it is, the error is the same."""
    with pytest.raises(CheckpointCorrupt, match=rf"some/key.*{why}"):
        archive.unpack(body, "some/key", ARRAYS)


def test_a_header_that_says_otherwise_is_foreign() -> None:
    """The error has what was expected and what was found, of the entries that were asked for."""
    archive.expect(HEADER, "some/key", island=3)
    with pytest.raises(CheckpointForeign, match=r"some/key.*expected island 4, epoch 1.* island 3, epoch None"):
        archive.expect(HEADER, "some/key", island=4, epoch=1)
