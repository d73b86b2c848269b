"""The report of a real run, in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.support.executions import Started, start
from tests.system.browser import CHROMIUM, DRIVER, Browser, browser
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort_embedded import EmbeddedCloud

pytestmark = [
    pytest.mark.xdist_group("cli-report"),
    pytest.mark.skipif(CHROMIUM is None or DRIVER is None, reason="chromium and chromedriver are not installed"),
]

PHONE, DESK = (390, 844), (1100, 900)
CHARTS = ("convergence", "champion", "scaling", "effort")


@pytest.fixture(scope="module")
def finished(cloud: EmbeddedCloud) -> Started:
    """Finish a run of three islands."""
    execution = start(cloud, "reported", islands=3, stop={"max_epochs": 3})
    assert execution.wait()["status"] == "SUCCEEDED"
    return execution


@pytest.fixture(scope="module")
def page(finished: Started, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page that the command writes."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in finished.cloud.environment.items():
            patch.setenv(name, value)
        result = CliRunner().invoke(main, ["report", finished.run_id, "-o", str(path), "--json"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["bytes"] == path.stat().st_size < 300_000
    return path


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Start one browser for all tests of this file."""
    with browser() as window:
        yield window


def test_finishing_the_run_left_the_same_page_and_a_go_test_in_the_bucket(finished: Started, page: Path) -> None:
    """The pages are equal byte for byte."""
    s3, bucket = finished.cloud.client("s3"), finished.cloud.outputs["BucketName"]

    def read(name: str) -> Any:
        return s3.get_object(Bucket=bucket, Key=f"runs/{finished.run_id}/{name}")

    assert read("report.html")["Body"].read() == page.read_bytes()
    assert read("report.html")["ContentType"].startswith("text/html")
    champion = json.loads(read("champion.json")["Body"].read())
    assert f"want {champion['comparisons']}" in read("champion_test.go")["Body"].read().decode()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("screen", [PHONE, DESK])
def test_it_loads_without_an_error_and_draws_every_chart(
    chromium: Browser, page: Path, screen: tuple[int, int], *, dark: bool
) -> None:
    """On a phone and on a desktop, in dark and light mode, without sideways scrolling."""
    chromium.emulate(dark=dark, width=screen[0], height=screen[1])
    chromium.open(page)
    for chart in CHARTS:
        assert pixels(chromium, chart) > 300, chart
    assert chromium.run("return document.documentElement.scrollWidth <= innerWidth")
    paper = chromium.run("return getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)")
    assert chromium.errors() == []


def pixels(chromium: Browser, chart: str) -> int:
    """Count the pixels of a chart's canvas that are drawn on."""
    return int(
        chromium.run(
            "const c = document.querySelector(`#${arguments[0]} canvas`);"
            "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            "let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i]) n++; return n",
            chart,
        )
    )


@pytest.mark.parametrize(
    ("chart", "said"),
    [("convergence", "generation "), ("champion", "position "), ("scaling", "n = "), ("effort", " evaluations: best ")],
)
def test_pointing_at_a_chart_shows_its_values(chromium: Browser, page: Path, chart: str, said: str) -> None:
    """The values are below the chart, where screen readers and touch screens find them too."""
    chromium.emulate(dark=False, width=DESK[0], height=DESK[1])
    chromium.open(page)
    told = f"return document.getElementById('{chart}-values').textContent"
    before = chromium.run(told)
    chromium.point(f"#{chart} .u-over", 0.5, 0.5)
    assert said in chromium.run(told)
    assert chromium.run(told) != before


def test_arrow_keys_walk_along_the_champion(chromium: Browser, page: Path) -> None:
    """They start at its first integer."""
    chromium.open(page)
    for _ in range(3):
        chromium.press("#champion", "ArrowRight")
    ranks = chromium.run("return JSON.parse(document.getElementById('data').textContent).ranks")
    told = chromium.run("return document.getElementById('champion-values').textContent")
    assert told == f"position 2: rank {ranks[2]} of 30"


def test_the_champion_can_be_zoomed_by_buttons(chromium: Browser, page: Path) -> None:
    """On a phone, nothing can be dragged."""
    chromium.open(page)
    before = chromium.run("return document.querySelector('#champion canvas').toDataURL()")
    chromium.run("document.querySelector('[aria-label=\"zoom in\"]').click()")
    chromium.run("return new Promise(done => setTimeout(done, 50))")
    assert chromium.run("return document.querySelector('#champion canvas').toDataURL()") != before


def test_everything_drawn_is_also_described(chromium: Browser, page: Path) -> None:
    """Each chart has a name, the figures are in tables, and the page has a language, a title and headings."""
    chromium.open(page)
    for chart in CHARTS:
        assert len(chromium.run(f"return document.getElementById('{chart}').getAttribute('aria-label')")) > 20
    assert chromium.run("return document.querySelectorAll('#convergence-table tbody tr').length") > 5
    assert chromium.run("return document.documentElement.lang") == "en"
    assert chromium.run("return document.title")
    assert chromium.run("return [...document.querySelectorAll('button')].every(b => b.getAttribute('aria-label'))")


def test_a_reader_without_scripts_sees_pictures(page: Path) -> None:
    """The page has pictures of the convergence and of the champion."""
    text = page.read_text()
    assert text.count("<noscript><svg") == 2
