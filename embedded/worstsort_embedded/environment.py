"""Environment variables: of AWS clients, of child processes, and of this process while a cloud is open."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ACCESS_KEY = "embedded"
"""The credentials of the cloud's clients, as key id and as secret: moto takes any."""

_NO_PROXY = dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1")
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


def client_environment(endpoint_url: str, region: str) -> dict[str, str]:
    """Return the environment variables that point any AWS client to this cloud, and to nothing else."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **_NO_PROXY,
    }


def child_environment(client: Mapping[str, str]) -> dict[str, str]:
    """Return every child process's variables: a few of this process's, and those of a client of the cloud."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ} | dict(client)


@contextmanager
def process_environment(port: int, region: str) -> Iterator[None]:
    """Set the environment variables that moto and samtranslator read in this process."""
    variables = {"MOTO_PORT": str(port), "AWS_DEFAULT_REGION": region, **_NO_PROXY}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
