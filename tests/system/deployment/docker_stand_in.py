"""A stand-in for Docker that refuses what Docker refuses: bad names, missing images, a push without a login.

It builds nothing. What it pushes is put into ECR, so that the deployment's own questions are answered by the service.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import boto3

_NAME = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(rf"(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?{_NAME}(?:/{_NAME})*(?::[\w][\w.-]{{0,127}})?")
"""The grammar of image names: distribution/reference, after which Docker says "invalid reference format"."""

_BUILD_OPTIONS = {"--network", "--progress", "--platform", "--build-arg", "--file", "--tag"}


def main(arguments: list[str]) -> str:
    """Do what a docker command does, and return what it prints; a refusal ends the program as Docker's does."""
    with (_state() / "calls").open("a") as calls:
        calls.write(json.dumps(["docker", *arguments]) + "\n")
    if os.environ.get("DOCKER_FAILS") == arguments[0]:
        sys.exit(f"Cannot connect to the Docker daemon: {arguments[0]} failed")
    commands = {"version": _version, "build": _build, "login": _login, "tag": _tag, "push": _push}
    return commands[arguments[0]](arguments[1:])


def _version(arguments: list[str]) -> str:
    assert arguments == ["--format", "{{.Server.Version}}"], arguments
    return "28.2.2"


def _build(arguments: list[str]) -> str:
    *options, context = arguments
    pairs = list(zip(options[::2], options[1::2], strict=True))
    assert {option for option, _ in pairs} <= _BUILD_OPTIONS, pairs
    given = dict(pairs)
    assert (Path(context) / Path(given["--file"]).relative_to(context)).is_file()
    assert re.fullmatch(r"linux/(arm64|amd64)", given["--platform"])
    assert _checked(given["--build-arg"].partition("=")[2].partition("@")[0])
    _remember("images", _checked(given["--tag"]), given["--platform"])
    return "built"


def _login(arguments: list[str]) -> str:
    assert arguments[:3] == ["--username", "AWS", "--password-stdin"], arguments
    assert sys.stdin.read().strip(), "Error: Password Empty"
    _remember("logins", _checked(arguments[3]), "AWS")
    return "Login Succeeded"


def _tag(arguments: list[str]) -> str:
    source, target = map(_checked, arguments)
    _remember("images", target, _known("images", source))
    return ""


def _push(arguments: list[str]) -> str:
    (name,) = map(_checked, arguments)
    platform = _known("images", name)
    registry, _, rest = name.partition("/")
    _known("logins", registry)
    repository, _, tag = rest.rpartition(":")
    media = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": media, "config": {"platform": platform}, "layers": [], "tag": tag}
    ecr = boto3.client("ecr")
    ecr.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=tag)
    return f"{tag}: pushed"


def _checked(reference: str) -> str:
    if not _REFERENCE.fullmatch(reference):
        sys.exit(f'invalid reference format: "{reference}" (repository name must be lowercase)')
    return reference


def _state() -> Path:
    return Path(os.environ["DOCKER_STATE"])


def _remember(kind: str, name: str, value: Any) -> None:
    path = _state() / kind
    known = json.loads(path.read_text()) if path.exists() else {}
    path.write_text(json.dumps(known | {name: value}))


def _known(kind: str, name: str) -> Any:
    path = _state() / kind
    known = json.loads(path.read_text()) if path.exists() else {}
    if name not in known:
        sys.exit(f"Error response from daemon: No such {kind.removesuffix('s')}: {name}")
    return known[name]


if __name__ == "__main__":
    print(main(sys.argv[1:]))
