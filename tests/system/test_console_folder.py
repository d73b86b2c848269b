"""A run of `worstsort run` in the console, while it goes on and an island of it is killed."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.command import COMMAND
from tests.support.console import no_cloud
from tests.support.patience import patience
from tests.system.browser import browser, needs_browser
from tests.system.console_page import Page
from worstsort_cli.console import server
from worstsort_cli.console.reader import Reader
from worstsort_cli.files.run_folder.log import FILE_NAME, RunLog

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("console-folder"),
    needs_browser,
]


ENDLESS = {
    "target": "go1.12", "size": 300, "preset": "classic", "islands": 2, "population": 1000,
    "generations_per_epoch": 500, "stall_generations": 0, "stop": {"max_epochs": 100_000},
}  # fmt: skip


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run two islands in a folder until the test is over."""
    (tmp_path / "endless.json").write_text(json.dumps(ENDLESS))
    command = [*COMMAND, "run", "--input", str(tmp_path / "endless.json"), "--name", "here", "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(patience(60))


def kill_an_island(log: RunLog) -> int:
    """End a process that has logged that it evolves an island, and nothing since; return the epoch that it is in."""
    end = time.monotonic() + patience(120)
    while True:
        assert time.monotonic() < end, "no island was found evolving"
        said = [line.fields for line in log.read() if line.island is not None]
        if said and said[-1]["message"] == "evolving":
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(said[-1]["pid"])
                if process.status() != psutil.STATUS_ZOMBIE:
                    process.kill()
                    return int(said[-1]["epoch"])
        time.sleep(0.05)


def test_a_run_on_this_machine_is_watched_as_it_goes_on(running: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """Its epochs, an island that is killed and tried again, its log, its curves and its best input; then its end."""
    with browser() as window, server.serving(Reader(no_cloud(), tmp_path), 0) as address:
        page = Page(window, address)
        page.until("document.querySelector(\"a[href='/runs/folder/here']\")")
        page.show("runs/folder/here")
        page.until("document.querySelector('h1 .badge.running')")
        epoch = kill_an_island(RunLog(tmp_path / "here" / FILE_NAME))
        page.show(f"runs/folder/here?tab=epochs&epoch={epoch}")
        page.until("document.querySelectorAll('.track .bar.failed').length === 1")
        page.until("document.querySelectorAll('.track .bar.succeeded').length === 2")
        page.shows("1 retried")
        page.click("[aria-label='log of island 0']")
        page.until("document.querySelector('.lines').innerText.includes('island 0  epoch')")
        page.click("#tab-convergence")
        page.until("document.querySelector('.chart canvas') && document.querySelector('.picture').naturalWidth > 0")
        running.terminate()
        running.wait(patience(60))
        page.until("document.querySelector('h1 .badge.aborted')")
        assert window.errors() == []
