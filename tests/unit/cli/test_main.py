"""From errors to messages and exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest
from botocore.exceptions import EndpointConnectionError

from worstsort.gosort import InvalidInput, UnknownTarget
from worstsort.runs.errors import InputRefused, Problem, RunNotFound
from worstsort_cli.errors import CommandFailed
from worstsort_cli.main import explain


@pytest.mark.parametrize(
    ("error", "message", "code"),
    [
        (
            InputRefused([Problem("size", 0, "2 or more"), Problem("seed", -1, "0 or more")]),
            "input refused:\n  size: given 0, allowed: 2 or more\n  seed: given -1, allowed: 0 or more",
            2,
        ),
        (InvalidInput("no integer"), "error: no integer", 2),
        (UnknownTarget("'x'", "one of a, b"), "error: unknown target 'x': it must be one of a, b", 2),
        (CommandFailed("no cloud"), "error: no cloud", 1),
        (FileNotFoundError("no file"), "error: no file", 1),
        (
            EndpointConnectionError(endpoint_url="http://x"),
            (
                "error: AWS cannot be reached; see whether there is a network and whether the region exists "
                "(AWS_DEFAULT_REGION or `aws configure set region NAME` names one): "
                'Could not connect to the endpoint URL: "http://x"'
            ),
            1,
        ),
        (MemoryError(), "error: there is not enough memory; close what takes some, or see `ulimit -v`", 1),
        (KeyError("x"), "error: unexpected KeyError: 'x'; --debug shows where", 1),
    ],
)
def test_an_error_becomes_a_message_and_an_exit_code(error: Exception, message: str, code: int) -> None:
    """2 if the input was at fault, 1 otherwise."""
    assert explain(error) == (message, code)


def test_a_run_that_is_not_there_is_a_failure() -> None:
    """The command was well formed."""
    assert explain(RunNotFound("r"))[1] == 1


def test_only_a_file_of_the_user_is_refused_for_its_bytes() -> None:
    """A UnicodeDecodeError from anywhere else is not the input's fault."""
    message, code = explain(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
    assert "unexpected UnicodeDecodeError" in message
    assert code == 1


def test_count_starts_without_what_only_runs_need() -> None:
    """A command of a tenth of a second does not import the AWS clients or Pydantic, which take three."""
    code = "import sys, worstsort_cli.main, worstsort_cli.commands.count; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert {"botocore", "pydantic", "moto"}.isdisjoint(modules)
