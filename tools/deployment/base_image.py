"""Looks up the digest of the base image at its registry, and writes it into the file that the build reads.

usage: base_image     PYTHON_IMAGE may name another image than the Dockerfile's.

With the digest, the same sources give the same image until it is looked up again; without the file the build takes
whatever the tag names on that day.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from tools.deployment.errors import DeploymentFailed
from tools.deployment.image import BASE_IMAGE_FILE, PLATFORMS, ROOT, dockerfile_base

_INDEXES = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
"""The media types of a list of images, one per platform: its digest is that of the image on all of them."""

_DOCKER_HUB = "registry-1.docker.io"
_LOOPBACK = {"localhost", "127.0.0.1"}
"""Registries that may be asked without TLS, as Docker does too."""

_TIMEOUT_SECONDS = 30
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Reference:
    """The name of an image, in parts."""

    registry: str
    repository: str
    tag: str

    @classmethod
    def parse(cls, name: str) -> Reference:
        """Return the parts of a name without a digest; a name without a registry is one of Docker Hub."""
        first, slash, rest = name.partition("/")
        if not slash or not ({".", ":"} & set(first) or first == "localhost"):
            first, rest = _DOCKER_HUB, name if slash else f"library/{name}"
        repository, _, tag = rest.partition(":")
        return cls(first, repository, tag or "latest")

    @property
    def manifest(self) -> str:
        """The address of its list of images."""
        scheme = "http" if self.registry.partition(":")[0] in _LOOPBACK else "https"
        return f"{scheme}://{self.registry}/v2/{self.repository}/manifests/{self.tag}"


def look_up(name: str) -> str:
    """Return the digest that an image has at its registry now.

    Raises:
        DeploymentFailed: The registry cannot be reached or has no such image, or the image lacks a platform.
    """
    if "@" in name:
        raise DeploymentFailed(f"given {name!r}, which has a digest already")
    answer = _ask_with_token(Reference.parse(name))
    digest = "sha256:" + hashlib.sha256(answer.body).hexdigest()
    if answer.digest not in (None, digest):
        raise DeploymentFailed(f"the registry calls {name} {answer.digest}, but what it sent is {digest}")
    platforms = {
        f"{entry['platform']['os']}/{entry['platform']['architecture']}"
        for entry in json.loads(answer.body).get("manifests", [])
    }
    if missing := set(PLATFORMS.values()) - platforms:
        raise DeploymentFailed(f"{name} is not for {', '.join(sorted(missing))}; it is for {sorted(platforms)}")
    return digest


def main() -> int:
    """Look the base image up and write it down."""
    name = os.environ.get("PYTHON_IMAGE") or dockerfile_base()
    try:
        kept = f"{name}@{look_up(name)}"
    except DeploymentFailed as error:
        print(f"error: {error}; {BASE_IMAGE_FILE} is as it was", file=sys.stderr)
        return 1
    (ROOT / BASE_IMAGE_FILE).write_text(f"{kept}\n")
    print(f"{BASE_IMAGE_FILE}: {kept}")
    return 0


@dataclass(frozen=True)
class _Answer:
    body: bytes
    digest: str | None


def _ask_with_token(reference: Reference) -> _Answer:
    try:
        return _ask(reference.manifest)
    except urllib.error.HTTPError as error:
        challenge = error.headers.get("WWW-Authenticate", "")
        if error.code != 401 or not challenge.startswith("Bearer "):
            raise DeploymentFailed(f"{reference.manifest}: {error}") from error
    parts = dict(_CHALLENGE.findall(challenge))
    given = {"service": parts.get("service", ""), "scope": parts.get("scope", "")}
    try:
        said = json.loads(_ask(f"{parts['realm']}?{urllib.parse.urlencode(given)}").body)
        return _ask(reference.manifest, said.get("token") or said["access_token"])
    except (urllib.error.HTTPError, KeyError) as error:
        raise DeploymentFailed(f"{reference.manifest}: {error}") from error


def _ask(address: str, token: str | None = None) -> _Answer:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise DeploymentFailed(f"{address} is not asked, since it is not protected by TLS")
    headers = {"Accept": _INDEXES} | ({"Authorization": f"Bearer {token}"} if token else {})
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - the scheme is checked above
    opener: Any = urllib.request.urlopen
    try:
        with opener(request, timeout=_TIMEOUT_SECONDS) as answer:
            return _Answer(answer.read(), answer.headers.get("Docker-Content-Digest"))
    except urllib.error.HTTPError:
        raise
    except OSError as error:
        raise DeploymentFailed(f"{parts.hostname} cannot be reached: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
