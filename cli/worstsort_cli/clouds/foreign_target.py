"""Hands a run's foreign target to the deployment that plays it, if it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.foreign.elf import version_key
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files import foreign_input

if TYPE_CHECKING:
    from worstsort.foreign.library import Library
    from worstsort.runs.config import RunConfig
    from worstsort.storage.run_store import RunStore
    from worstsort_cli.clouds.deployment import Deployment


NEWEST_GLIBC = (2, 34)
"""What a library may ask for in a stack: FinishRun has the older C library of the two that play it. The Lambda
Developer Guide's table of Python runtimes has "Python 3.13 | python3.13 | Amazon Linux 2023", and the user guide of
that, on core toolchain packages, "glibc 2.34 | System C library". The worker's image is a Debian with a newer one."""

_STACKS_MACHINE = "aarch64"
"""What FinishRun, which recounts the champion, runs on: the template gives all functions `Architectures: [arm64]`."""

_EVERYWHERE = ("libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "ld-linux-aarch64.so.1")
"""Libraries of glibc, which both have."""


def check_target(deployment: Deployment, config: RunConfig) -> None:
    """Refuse a target that a deployment cannot play, before anything is spent; raises InputRefused."""
    if config.foreign is None:
        return
    why = _why_not(config.foreign, deployment)
    if why:
        raise InputRefused([Problem("target", config.target, why)])


def _why_not(library: Library, deployment: Deployment) -> str | None:
    """Return what is allowed instead, None if the target can be played."""
    if library.kind == "cmd":
        return "one of Go's sorts, a library or WebAssembly: no cloud has the program; `worstsort run` plays it here"
    if deployment.embedded or library.kind == "wasm":
        return None
    if library.kind == "libc":
        return "one of Go's sorts, a library or WebAssembly: a stack has another C library than this machine"
    return _why_not_native(library, deployment.parameters.get("Architecture", "ARM64"))


def _why_not_native(library: Library, architecture: str) -> str | None:
    """Return what is allowed instead of a library in a stack whose jobs have that architecture."""
    if library.machine != _STACKS_MACHINE or architecture != "ARM64":
        return (
            f"a library for {_STACKS_MACHINE} in a stack with Architecture=ARM64, or WebAssembly, which plays on any; "
            f"this one is for {library.machine}, the stack's jobs are {architecture}, its functions ARM64"
        )
    for file, _, version in (needed.partition(" ") for needed in library.needed):
        if file not in _EVERYWHERE:
            return f"a library that needs only glibc, or WebAssembly; this one needs {file}: link it statically"
        if tuple(version_key(version)[:2]) > NEWEST_GLIBC:
            newest = ".".join(map(str, NEWEST_GLIBC))
            return f"a library that needs at most glibc {newest}, or WebAssembly; this one needs {version}"
    return None


def put_target(store: RunStore, config: RunConfig) -> None:
    """Store a run's target under its SHA-256, unless it is there or the target is Go's."""
    content = foreign_input.content(config)
    if config.foreign is not None and content is not None:
        store.targets.put(config.foreign.sha256, content)
