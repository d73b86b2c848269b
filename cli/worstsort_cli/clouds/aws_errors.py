"""What went wrong between a person and AWS, in plain words, with what to do. botocore is loaded when this is used."""

from __future__ import annotations

import os
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidProxiesConfigError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    SSOError,
    TokenRetrievalError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_RENEW = "renew them, for example with `aws sso login`"
_REGION = "AWS_DEFAULT_REGION or `aws configure set region NAME` names one"

_BY_CODE: Mapping[tuple[str, ...], str] = {
    ("ExpiredToken", "ExpiredTokenException", "RequestExpired"): f"the AWS credentials have expired; {_RENEW}",
    (
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "AuthFailure",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
    ): "AWS does not accept the credentials; `aws sts get-caller-identity` shows which are used and whether they work",
    ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"): (
        "these AWS credentials lack a permission; ask for it, or choose others with AWS_PROFILE"
    ),
    (
        "OptInRequired",
    ): "the account has not enabled this region or service; enable it in the console, or choose another",
    ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException"): (
        "AWS has refused further calls for a moment; try again"
    ),
}
"""What a person can do about an error code that AWS may give to any call (the services' "Common Errors")."""

_BY_CLASS: tuple[tuple[type[BotoCoreError] | tuple[type[BotoCoreError], ...], str], ...] = (
    (
        ProfileNotFound,
        "there is no such AWS profile; AWS_PROFILE names it, and `aws configure list-profiles` lists them",
    ),
    (ConfigParseError, "the AWS configuration cannot be read; correct the file"),
    ((SSOError, TokenRetrievalError), f"the AWS sign-on cannot be used; {_RENEW}"),
    (NoCredentialsError, "no AWS credentials were found; `aws configure` stores some, or AWS_PROFILE names a profile"),
    (PartialCredentialsError, "the AWS credentials are incomplete; `aws configure` stores both keys"),
    (CredentialRetrievalError, f"the AWS credentials cannot be fetched; {_RENEW}"),
    (NoRegionError, f"no AWS region is set; {_REGION}"),
    (InvalidRegionError, f"there is no such AWS region; {_REGION}"),
    (
        (InvalidProxiesConfigError, ProxyConnectionError),
        "the proxy cannot be used; HTTPS_PROXY and HTTP_PROXY name it, and NO_PROXY what does without it",
    ),
    (
        (EndpointConnectionError, ConnectTimeoutError, HTTPClientError),
        f"AWS cannot be reached; see whether there is a network and whether the region exists ({_REGION})",
    ),
)
"""What a person can do about an error that comes before any answer of AWS, the first that applies."""


def explain(error: Exception) -> str:
    """Return what a person is told about an error of botocore's: what to do, and the error's own words."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        words = next((said for codes, said in _BY_CODE.items() if code in codes), "AWS refused a call")
        return f"{words}: {error}"
    words = next((said for kinds, said in _BY_CLASS if isinstance(error, kinds)), "AWS cannot be used")
    return f"{words}: {error}"


def explain_settings(error: OSError | ValueError) -> str:
    """Return what a person is told about AWS settings that botocore fails on with an error of Python's."""
    if isinstance(error, JSONDecodeError):
        return (
            "the program that credential_process names does not print credentials as JSON; correct it in ~/.aws/config"
        )
    if isinstance(error, OSError):
        return (
            f"a program or file that the AWS settings name cannot be used ({error}); see credential_process and "
            "web_identity_token_file in ~/.aws/config, and AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CA_BUNDLE"
        )
    return (
        f"an AWS setting is not what it has to be ({error}); see AWS_ENDPOINT_URL, AWS_DEFAULT_REGION and ~/.aws/config"
    )


def no_such_stack(name: str, region: str | None) -> str:
    """Return what a person is told who has named a stack that is not there."""
    where = os.environ.get("AWS_ENDPOINT_URL") or f"region {region}"
    return f"there is no stack {name!r} in {where}; {_REGION}, and `make deploy` creates a stack"


def is_missing_stack(error: Any) -> bool:
    """Return whether CloudFormation has answered that there is no such stack, or never can be one of that name."""
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ValidationError"
