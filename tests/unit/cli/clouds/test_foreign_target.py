"""Which foreign sorts a deployment can play is known before anything is spent."""

from __future__ import annotations

from typing import Any

import pytest

from worstsort.foreign.library import Library
from worstsort.runs.config import RunConfig
from worstsort.runs.errors import InputRefused
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.clouds.foreign_target import check_target

Described = dict[str, Any]
Parameters = dict[str, str]

ARM: Parameters = {}
X86: Parameters = {"Architecture": "X86_64"}
"""Parameters of stacks; ARM64 is what they have by default."""


def check(parameters: Parameters, *, embedded: bool = False, **described: Any) -> None:
    """Check a library for a deployment."""
    library = Library.model_validate({
        "kind": "lib", "file": "my.so", "symbol": "sort", "convention": "sort", "sha256": "0" * 64,
        "machine": "aarch64", "needed": ["libc.so.6 GLIBC_2.17"], **described,
    })  # fmt: skip
    config = RunConfig.parse({"target": library.name, "foreign": library.model_dump()})
    check_target(Deployment({}, lambda _: None, parameters, embedded=embedded), config)


@pytest.mark.parametrize(
    ("parameters", "described", "why"),
    [
        (ARM, {"machine": "x86_64"}, "a library for aarch64"),
        (X86, {"machine": "x86_64"}, "its functions ARM64"),
        (X86, {}, "the stack's jobs are X86_64"),
        (ARM, {"needed": ["libm.so.6 GLIBC_2.27", "libc.so.6 GLIBC_2.35"]}, r"at most glibc 2\.34.* needs GLIBC_2\.35"),
        (ARM, {"needed": ["libstdc++.so.6 GLIBCXX_3.4"]}, r"needs libstdc\+\+\.so\.6: link it statically"),
        (ARM, {"kind": "libc"}, "another C library"),
        (ARM, {"kind": "cmd"}, "no cloud has the program"),
    ],
)
def test_a_stack_refuses_what_it_cannot_play(parameters: Parameters, described: Described, why: str) -> None:
    """The message says what is allowed, and what was given."""
    with pytest.raises(InputRefused, match=why):
        check(parameters, **described)


@pytest.mark.parametrize(
    ("parameters", "described"),
    [
        (ARM, {}),
        (ARM, {"needed": ["libc.so.6 GLIBC_2.34", "libm.so.6"]}),
        (ARM, {"kind": "wasm", "machine": "wasm32", "needed": []}),
        (X86, {"kind": "wasm", "machine": "wasm32", "needed": []}),
    ],
)
def test_a_stack_takes_what_both_of_its_parts_can_play(parameters: Parameters, described: Described) -> None:
    """Its jobs and its functions: a library for their machine, or WebAssembly on any."""
    check(parameters, **described)


@pytest.mark.parametrize("kind", ["lib", "libc", "wasm"])
def test_the_embedded_cloud_plays_what_this_machine_plays(kind: str) -> None:
    """Whatever it needs: it has been played here already."""
    check(ARM, embedded=True, kind=kind, machine="x86_64", needed=["libstdc++.so.6 GLIBCXX_3.4.40"])


def test_the_embedded_cloud_has_no_program_either() -> None:
    """It may outlive the folder that a command is started in."""
    with pytest.raises(InputRefused, match="worstsort run"):
        check(ARM, embedded=True, kind="cmd")
