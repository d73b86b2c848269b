"""What a page of the console takes in the background, and in front: `python -m benchmarks.console_background`.

Starts a run in an embedded cloud, opens its epochs in Chromium, asked for ten times as often as otherwise, and looks at
the page's memory and at the CPU time of Chromium's renderers: behind another tab, and in front. Takes a quarter of an
hour, and needs chromium and chromedriver.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.system.browser import Browser, browser
from worstsort.runs.config import RunConfig
from worstsort_cli.clouds import acting
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console import server
from worstsort_cli.console.reader import Reader
from worstsort_cli.console.sources.cloud import Cloud
from worstsort_embedded import EmbeddedCloud

ROOT = Path(__file__).parents[1]
POLL_SECONDS = 0.2
"""A tenth of what the embedded cloud is asked at otherwise, so six minutes show as many answers as an hour."""

SECONDS = 360.0
"""How long each measurement lasts."""

RUN: dict[str, Any] = {
    "target": "go1.24", "size": 2000, "preset": "classic", "islands": 4, "population": 50, "generations_per_epoch": 5,
    "stop": {"max_epochs": 5000},
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """A page at a moment.

    Attributes:
        requests: How often it has asked, since it was loaded.
        heap: What its scripts hold after a collection, in bytes.
        elements: How many elements and texts it holds.
        busy: Seconds of CPU time of all renderers.
    """

    requests: int
    heap: int
    elements: int
    busy: float


def look(window: Browser) -> State:
    """Return how the page in front is."""
    window.command("HeapProfiler.collectGarbage", {})
    metrics = {one["name"]: one["value"] for one in window.command("Performance.getMetrics", {})["metrics"]}
    requests = int(window.run("return window.requests"))
    return State(requests, int(metrics["JSHeapUsedSize"]), int(metrics["Nodes"]), _renderers_seconds())


def _renderers_seconds() -> float:
    found = [one for one in psutil.Process().children(recursive=True) if "--type=renderer" in one.cmdline()]
    return sum(sum(one.cpu_times()[:2]) for one in found)


def row(title: str, before: State, after: State) -> str:
    """Return the line of the table."""
    heap = f"{before.heap / 1e6:.1f} | {after.heap / 1e6:.1f}"
    return (
        f"| {title} | {after.requests - before.requests:,} | {after.busy - before.busy:.1f} s | {heap} | "
        f"{before.elements:,} | {after.elements:,} |"
    )


def main() -> None:
    """Print a table with a line for each place of the page."""
    with EmbeddedCloud(ROOT) as cloud, tempfile.TemporaryDirectory() as empty, browser() as window:
        deployment = Deployment(cloud.outputs, cloud.client)
        run_id, _ = acting.start(deployment, RunConfig.parse(RUN), "watched")
        reader = Reader(Cloud(lambda: deployment, None, POLL_SECONDS), Path(empty))
        with server.serving(reader, 0) as address:
            window.emulate(dark=False, width=1280, height=900)
            window.visit(address.url)
            window.visit(f"{address.base}runs/cloud/{run_id}?tab=epochs")
            window.command("Performance.enable", {})
            window.run(
                "const fetched = window.fetch; window.requests = 0;"
                "window.fetch = (...given) => { window.requests += 1; return fetched(...given); }"
            )
            time.sleep(30)
            print("| the page | requests | CPU of renderers | MB before | MB after | nodes before | after |")
            print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
            front, before = window.tab(), look(window)
            window.open_tab()
            time.sleep(SECONDS)
            window.close_tab()
            window.turn_to(front)
            print(row(f"behind another tab for {SECONDS / 60:.0f} minutes", before, after := look(window)), flush=True)
            time.sleep(SECONDS)
            print(row(f"in front for {SECONDS / 60:.0f} minutes", after, look(window)), flush=True)
        acting.stop(deployment, run_id)


if __name__ == "__main__":
    main()
