"""The served embedded cloud: where `worstsort up` leaves what its clients need, for this user only."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from worstsort_cli.errors import CommandFailed, FileNotWritten
from worstsort_cli.files import atomic, regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_PORT = 4566
"""Where `worstsort up` serves unless it is told otherwise."""

_ACCESS_KEY = "embedded"
"""The access key id among the variables of an embedded cloud, which no account of AWS has."""

_ENDPOINT = re.compile(r"http://(localhost|127\.0\.0\.1):[0-9]{1,5}/?")
"""The address of an embedded cloud, which is on this machine."""

_NEEDED = ("AWS_ENDPOINT_URL", "AWS_SECRET_ACCESS_KEY")


@dataclass(frozen=True)
class Access:
    """What a client of an embedded cloud needs: its address and the secret access key of this start."""

    endpoint: str
    secret: str


def folder() -> Path:
    """Return the folder of the user's served clouds, by the XDG convention for state."""
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if Path(state).is_absolute() else Path("~/.local/state").expanduser()) / "worstsort" / "up"


def file_of(port: int) -> Path:
    """Return the file of the cloud that is served on a port."""
    return folder() / f"{port}.json"


@contextmanager
def published(environment: Mapping[str, str]) -> Iterator[Path]:
    """Keep a cloud's variables in a file that only this user can read, for as long as the context lasts.

    Raises:
        CommandFailed: The file cannot be written.
    """
    path = file_of(urlsplit(environment["AWS_ENDPOINT_URL"]).port or 80)
    content = json.dumps({"environment": dict(environment), "pid": os.getpid()}).encode()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        atomic.write(path, content, private=True)
    except (FileNotWritten, OSError) as error:
        raise CommandFailed(
            f"{path} cannot be written ({error.strerror}); XDG_STATE_HOME names another folder"
        ) from error
    try:
        yield path
    finally:
        with suppress(OSError):
            if regular.read(path) == content:  # else a later start on this port has written its own
                path.unlink()


def is_any() -> bool:
    """Whether an embedded cloud is served, or its variables are set."""
    return _exported() is not None or any(_read(path) for path in folder().glob("*.json"))


def find() -> Access:
    """Return the served cloud that the commands without --stack use.

    That is the one whose variables, as `worstsort up` prints them, are set; else the one on the default port; else the
    only one. The user's other AWS variables count for nothing.

    Raises:
        CommandFailed: None is served, or several are and none is named.
    """
    exported = _exported()
    if exported:
        return _read(file_of(urlsplit(exported.endpoint).port or 80)) or exported
    if default := _read(file_of(DEFAULT_PORT)):
        return default
    found = [access for path in sorted(folder().glob("*.json")) if (access := _read(path))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise CommandFailed(
            "no embedded cloud is served; start one with `worstsort up` in another terminal, "
            "or name a deployed stack with --stack (`worstsort run --resume RUN` continues a run of this machine)"
        )
    endpoints = ", ".join(access.endpoint for access in found)
    raise CommandFailed(f"several embedded clouds are served ({endpoints}); set the variables that one of them printed")


def _exported() -> Access | None:
    """Return what the environment says about an embedded cloud, if its variables are those of one."""
    if os.environ.get("AWS_ACCESS_KEY_ID") != _ACCESS_KEY or not all(map(os.environ.get, _NEEDED)):
        return None
    if not _ENDPOINT.fullmatch(os.environ["AWS_ENDPOINT_URL"]):
        return None
    return Access(*(os.environ[name] for name in _NEEDED))


def _read(path: Path) -> Access | None:
    """Return what a file says, None if there is no such file of this user's, or its cloud is gone."""
    try:
        if path.stat().st_uid != os.getuid():
            return None
        kept = json.loads(regular.read(path))
        os.kill(kept["pid"], 0)
        return Access(*(kept["environment"][name] for name in _NEEDED))
    except (OSError, ValueError, LookupError, TypeError):
        return None
