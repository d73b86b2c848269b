"""The command that serves the console, as a user starts it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from typing import TYPE_CHECKING, Any
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from tests.support.command import COMMAND, worstsort

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Serve a console of an empty folder, where no cloud is, and return what it tells programs."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    command = [*COMMAND, "console", "--port", "0", "--in", str(tmp_path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert process.stderr.read() == "# The console is closed.\n"


def test_its_address_opens_the_pages_and_ctrl_c_closes_them(served: dict[str, Any]) -> None:
    """One JSON document on standard output, and exit code 0."""
    opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
    with opener.open(served["url"], timeout=20) as page:
        assert b"<title>Worstsort</title>" in page.read()
    with opener.open(f"{served['address']}api/runs", timeout=20) as answer:
        found = json.loads(answer.read())
    assert found["runs"] == []
    assert "worstsort up" in found["problem"]


def test_a_port_that_is_taken_is_said() -> None:
    """With the option that names another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = worstsort("console", "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == f"error: port {port} is taken; --port names another, and 0 means any free one\n"


@pytest.mark.parametrize("command", ["up", "console"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_serves_leaves_nothing_behind(
    command: str, number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is told to end, a closed terminal included: the file with a cloud's secret goes with the cloud."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    arguments = [*COMMAND, command, "--port", "0", "--json"]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())
        assert len(list((tmp_path / "state").rglob("*.json"))) == (command == "up")
        process.send_signal(number)
        assert process.wait(60) == 0
    assert list((tmp_path / "state").rglob("*.json")) == []


def test_what_serves_goes_on_when_its_terminal_is_closed_under_nohup(tmp_path: Path) -> None:
    """As a user wants who has started it so."""
    arguments = ["nohup", *COMMAND, "console", "--port", "0", "--in", str(tmp_path), "--json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGHUP)
        opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        with opener.open(told["url"], timeout=20) as page:
            assert b"<title>Worstsort</title>" in page.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
