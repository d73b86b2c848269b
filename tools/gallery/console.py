"""Pictures of the console for the documents: python -m tools.gallery.console.

Serves an embedded cloud and a console of it, evolves two small runs, and photographs the pages while a third is under
way. Takes some minutes, and needs chromium and chromedriver.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.system.browser import Browser, browser
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console import opening, server
from worstsort_embedded import EmbeddedCloud

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
WIDTH, HEIGHT = 1280, 860
"""In pixels."""

MAX_SECONDS = 600

FINISHED: dict[str, dict[str, Any]] = {
    "median-of-three": {"target": "go1.12", "size": 100, "islands": 4, "stop": {"max_epochs": 12}},
    "classic-100": {"target": "go1.12", "preset": "classic", "size": 100, "islands": 4, "stop": {"max_epochs": 12}},
}
UNDER_WAY: dict[str, Any] = {"target": "go1.24", "size": 200, "islands": 6, "stop": {"max_epochs": 200}}

PICTURES = {
    "console-runs": ("", "tbody tr:nth-child(3)"),
    "console-run": ("runs/cloud/classic-100?state=CloseEpoch", ".visits li:nth-child(5)"),
    "console-epochs": ("runs/cloud/classic-100?tab=epochs&epoch=12&island=1", ".lines li"),
    "console-convergence": ("runs/cloud/classic-100?tab=convergence", ".chart canvas"),
}
"""Files, each with the address that it shows and an element that is there when the page is drawn."""


def main() -> None:
    """Write the pictures into docs/images."""
    with EmbeddedCloud(ROOT) as cloud, tempfile.TemporaryDirectory() as empty, browser() as window:
        for name, given in FINISHED.items():
            _wait(cloud, _start(cloud, name, given))
        _start(cloud, "under-way", UNDER_WAY)
        reader = opening.of_deployment(Deployment(cloud.outputs, cloud.client), Path(empty))
        with server.serving(reader, 0) as address:
            window.emulate(dark=False, width=WIDTH, height=HEIGHT)
            window.visit(address.url)
            for name, (path, ready) in PICTURES.items():
                window.visit(address.base + path)
                _until(window, ready)
                (IMAGES / f"{name}.png").write_bytes(window.photograph())
                print(f"docs/images/{name}.png")


def _start(cloud: EmbeddedCloud, name: str, given: dict[str, Any]) -> str:
    machine = cloud.outputs["StateMachineArn"]
    started = cloud.client("stepfunctions").start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))
    return str(started["executionArn"])


def _wait(cloud: EmbeddedCloud, arn: str) -> None:
    stepfunctions, end = cloud.client("stepfunctions"), time.monotonic() + MAX_SECONDS
    while (status := stepfunctions.describe_execution(executionArn=arn)["status"]) == "RUNNING":
        if time.monotonic() > end:
            raise TimeoutError(arn)
        time.sleep(0.5)
    if status != "SUCCEEDED":
        raise ValueError(f"{arn} {status.lower()}")


def _until(window: Browser, selector: str) -> None:
    end = time.monotonic() + MAX_SECONDS
    while not window.run("return Boolean(document.querySelector(arguments[0]))", selector):
        if time.monotonic() > end:
            raise TimeoutError(selector)
        time.sleep(0.2)
    time.sleep(5)  # for the bounds, which are computed beside the first answer


if __name__ == "__main__":
    main()
