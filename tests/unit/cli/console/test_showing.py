"""What a page's address asks the reader for, and what it leaves to be understood."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from flask import Flask

from worstsort_cli.console.showing import showing
from worstsort_cli.console.sources.carried import After, Chosen, Part

if TYPE_CHECKING:
    from worstsort_cli.console.reader import Reader

LAST = Chosen("r", "")
"""The last execution of the run."""


class Executions:
    """Answers each question with what it was asked."""

    def __init__(self) -> None:
        self.asked: tuple[Any, ...] = ()

    def __getattr__(self, name: str) -> Any:
        def ask(*given: Any) -> dict[str, Any]:
            self.asked = (name, *given)
            return {}

        return ask


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("machine", ("machine", LAST)),
        ("machine?execution=e", ("machine", Chosen("r", "e"))),
        ("states/S", ("state", LAST, "S", Part(0, 20))),
        ("states/S?offset=3&limit=4", ("state", LAST, "S", Part(3, 4))),
        ("events", ("events", LAST, "", "", Part(0, 100))),
        ("events?text=t&state=S", ("events", LAST, "t", "S", Part(0, 100))),
        ("epochs", ("epochs", LAST)),
        ("epochs/2", ("epoch", LAST, 2, Part(0, 100))),
        ("epochs/2/islands/1/log", ("log", LAST, 2, 1, None, None)),
        ("epochs/2/islands/1/log?attempt=0", ("log", LAST, 2, 1, 0, None)),
        ("epochs/2/islands/1/log?stream=s&next=n", ("log", LAST, 2, 1, None, After("s", "n"))),
        ("epochs/2/islands/1/log?stream=s", ("log", LAST, 2, 1, None, None)),
    ],
)
def test_what_an_address_leaves_out_is_the_last_and_the_first(path: str, asked: tuple[Any, ...]) -> None:
    """The last execution and attempt, and the first part of a list."""
    executions = Executions()
    app = Flask("test")
    app.register_blueprint(
        showing(
            cast("Reader", SimpleNamespace(executions=executions, carried=lambda _place: executions)), read_only=False
        )
    )
    assert app.test_client().get(f"/api/runs/cloud/r/{path}").status_code == 200
    assert executions.asked == asked
