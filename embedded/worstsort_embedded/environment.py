"""Environment variables: of AWS clients, of child processes, and of this process while a cloud is open."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REGION = "us-east-1"
"""The region of every embedded cloud; nothing depends on it."""

ACCESS_KEY = "embedded"
"""The access key id of the users of every embedded cloud; the secret that belongs to it is drawn at each start."""

_USER_SETTING = re.compile(
    r"AWS_.*|_?X_AMZN_.*|BOTO.*|.*_PROXY|MOTO_.*|FLASK_.*|WERKZEUG_.*|TEST_SERVER_MODE.*|TEST_PROXY_MODE"
    r"|INITIAL_NO_AUTH_ACTION_COUNT|SF_EXECUTION_HISTORY_TYPE|S3_IGNORE_SUBDOMAIN_BUCKETNAME|S3_UPLOAD_PART_MIN_SIZE"
    r"|DEFAULT_CONTAINER_REGISTRY",
    re.IGNORECASE,
)
"""The variables that AWS clients, moto and its web server read; MOTO_ is not the only prefix that moto has."""

_NO_FILES = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
_NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1")
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


def client_environment(endpoint_url: str, secret: str) -> dict[str, str]:
    """Return the environment variables that point any AWS client to this cloud, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
        **_NO_FILES,
        "AWS_EC2_METADATA_DISABLED": "true",
        **_NO_PROXY,
    }


def child_environment(client: Mapping[str, str]) -> dict[str, str]:
    """Return every child process's variables: a few of this process's, and those of a client of the cloud."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(client)


def without_user_settings(variables: Mapping[str, str]) -> dict[str, str]:
    """Return variables without those that configure AWS clients, proxies, moto or its web server."""
    return {name: value for name, value in variables.items() if not _USER_SETTING.fullmatch(name)}


@contextmanager
def process_environment() -> Iterator[None]:
    """Put the user's settings out of sight of moto, samtranslator and botocore in this process."""
    from botocore.loaders import Loader  # noqa: PLC0415 - who only starts children needs none of botocore

    models, Loader.CUSTOMER_DATA_PATH = Loader.CUSTOMER_DATA_PATH, os.devnull
    before = {name: value for name, value in os.environ.items() if _USER_SETTING.fullmatch(name)}
    _set(before, {"AWS_DEFAULT_REGION": REGION, **_NO_FILES, **_NO_PROXY})
    try:
        yield
    finally:
        Loader.CUSTOMER_DATA_PATH = models
        _set({name: value for name, value in os.environ.items() if _USER_SETTING.fullmatch(name)}, before)


def _set(old: Mapping[str, str], new: Mapping[str, str]) -> None:
    for name in old:
        del os.environ[name]
    os.environ.update(new)
