"""How a request is read: which call it makes, and with what."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from worstsort_embedded.strict.gate import understood

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.parametrize("query", ["", "partNumber=1&uploadId=u"])
def test_data_that_is_stored_is_no_part_of_the_call(query: str) -> None:
    """No limit concerns it, and it may be of any size; where it goes is read all the same."""
    builder = EnvironBuilder(
        path="/bucket/key",
        query_string=query,
        method="PUT",
        base_url="http://127.0.0.1",
        data=b"stored",
        headers=Headers({"Authorization": SIGNED.format("s3")}),
    )
    call, region = understood(builder.get_environ())
    assert call is not None
    assert (call.service, call.operation, region) == ("s3", "UploadPart" if query else "PutObject", "eu-west-1")
    assert (call.parameters["Bucket"], call.parameters["Key"]) == ("bucket", "key")
    assert "Body" not in call.parameters
