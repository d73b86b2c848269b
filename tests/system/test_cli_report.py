"""The report of a real run, in a real browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tests.support.command import ROOT
from tests.support.executions import Started, start
from tests.system.browser import Browser, browser, needs_browser
from tests.unit.artefacts.test_report_data import a_run, report_of
from worstsort.artefacts import report
from worstsort_cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worstsort_embedded import EmbeddedCloud

pytestmark = [
    pytest.mark.xdist_group("cli-report"),
    needs_browser,
]

PHONE, DESK = (390, 844), (1100, 900)
AXE = ROOT / "tests" / "engine" / "node_modules" / "axe-core" / "axe.min.js"
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


def test_a_run_that_improved_nothing_draws_the_rest(chromium: Browser, tmp_path: Path) -> None:
    """Nothing stands where its evaluations would have gone, and nothing fails for that."""
    path = tmp_path / "report.html"
    path.write_text(report.page(report_of(a_run(), [200, 200, 200])))
    chromium.emulate(dark=False, width=DESK[0], height=DESK[1])
    chromium.open(path)
    assert all(pixels(chromium, chart) > 300 for chart in CHARTS if chart != "effort")
    assert chromium.run("return document.getElementById('effort')") is None
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
def test_pointing_at_a_chart_shows_its_values_there(chromium: Browser, page: Path, chart: str, said: str) -> None:
    """Beside the pointer, and in a line that screen readers announce."""
    chromium.emulate(dark=False, width=DESK[0], height=DESK[1])
    chromium.open(page)
    chromium.point(f"#{chart} .u-over", 0.5, 0.5)
    assert said in chromium.run(f"return document.getElementById('{chart}-values').textContent")
    tip = chromium.run("const t = document.querySelector('.tip'); return t.hidden ? '' : t.textContent")
    assert said in tip
    far = chromium.run(
        "const t = document.querySelector('.tip').getBoundingClientRect();"
        f"const o = document.querySelector('#{chart} .u-over').getBoundingClientRect();"
        "const [x, y] = [o.x + o.width / 2, o.y + o.height / 2];"
        "return Math.max(t.left - x, x - t.right, t.top - y, y - t.bottom)"
    )
    assert far < 40, "pixels from the pointer to the tip"


def test_touching_a_chart_shows_its_values(chromium: Browser, page: Path) -> None:
    """A finger that moves along it reads it."""
    chromium.emulate(dark=False, width=PHONE[0], height=PHONE[1])
    chromium.open(page)
    chromium.touch("#convergence .u-over", 0.3, 0.5)
    assert "generation " in chromium.run("return document.querySelector('.tip').textContent")
    assert chromium.run("return !document.querySelector('.tip').hidden")


@pytest.mark.parametrize("picture", [".trees rect", ".timeline rect[data-say]"])
def test_pointing_at_a_block_says_what_it_is(chromium: Browser, page: Path, picture: str) -> None:
    """A segment of the recursion, an epoch of an island."""
    chromium.emulate(dark=False, width=DESK[0], height=DESK[1])
    chromium.open(page)
    chromium.point(picture, 0.5, 0.5)
    tip = chromium.run("const t = document.querySelector('.tip'); return t.hidden ? '' : t.textContent")
    assert "comparisons" in tip or "epoch 1" in tip


@pytest.mark.parametrize("screen", [PHONE, DESK])
def test_bars_have_lengths(chromium: Browser, page: Path, screen: tuple[int, int]) -> None:
    """On a phone, too, the longest one takes most of the width, and nothing is cut off."""
    chromium.emulate(dark=False, width=screen[0], height=screen[1])
    chromium.open(page)
    widths = chromium.run("return [...document.querySelectorAll('.bar')].map(b => b.getBoundingClientRect().width)")
    assert max(widths) > screen[0] * 0.45
    assert chromium.run(
        "return [...document.querySelectorAll('.bars span')].every(s => s.getBoundingClientRect().right <= innerWidth)"
    )


def test_what_is_not_reached_is_never_said_to_be(chromium: Browser, page: Path) -> None:
    """The shares and ratios at the pointer are rounded down."""
    chromium.open(page)
    shares = chromium.run("return [[9966, 10000], [99999, 100000], [7, 7]].map(([a, b]) => Charts.percent(a, b))")
    assert shares == ["99.6 %", "99.9 %", "100.0 %"]
    ratios = chromium.run("return [[1999, 2000], [2378, 640.2]].map(([a, b]) => Charts.times(a, b))")
    assert ratios == [f"{ratio} \N{MULTIPLICATION SIGN}" for ratio in ("0.99", "3.71")]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("screen", [PHONE, DESK])
def test_axe_finds_nothing_that_keeps_anyone_out(
    chromium: Browser, page: Path, screen: tuple[int, int], *, dark: bool
) -> None:
    """None of axe-core's rules is broken."""
    chromium.emulate(dark=dark, width=screen[0], height=screen[1])
    chromium.open(page)
    chromium.run("document.querySelectorAll('details').forEach(d => { d.open = true })")
    chromium.run(AXE.read_text() + ";window.axe = axe")
    found = chromium.run("return axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    assert found == []


def test_the_champion_can_be_copied_and_saved(chromium: Browser, page: Path, finished: Started) -> None:
    """As the files that the run leaves, exactly."""
    chromium.open(page)
    names = chromium.run(
        "return [...document.querySelectorAll('.offer button')].map(b => b.getAttribute('aria-label'))"
    )
    assert names[:4] == ["Copy Go test", "Save champion_test.go", "Copy list", "Save champion.txt"]
    files = chromium.run("return JSON.parse(document.getElementById('data').textContent).files")
    s3, bucket = finished.cloud.client("s3"), finished.cloud.outputs["BucketName"]
    for name in ("champion.json", "champion_test.go", "history.csv"):
        left = s3.get_object(Bucket=bucket, Key=f"runs/{finished.run_id}/{name}")["Body"].read().decode()
        assert files[name] == left, name
    saved = chromium.run(
        "let kept; URL.createObjectURL = (blob) => { kept = blob; return ''; };"
        "HTMLAnchorElement.prototype.click = () => {};"
        "document.querySelector('[aria-label=\"Save champion.txt\"]').click(); return kept.text();"
    )
    assert json.loads(saved) == json.loads(files["champion.json"])["values"]


def test_a_printed_page_keeps_its_recipe_and_drops_what_cannot_be_used(chromium: Browser, page: Path) -> None:
    """The whole configuration, on paper's colours; no buttons."""
    chromium.emulate(dark=True, width=DESK[0], height=DESK[1], medium="print")
    chromium.open(page)
    assert chromium.run("const c = document.getElementById('config'); return c.scrollHeight <= c.clientHeight + 1")
    assert chromium.run("return [...document.querySelectorAll('button')].every(b => b.offsetParent === null)")
    assert chromium.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert chromium.run("return [...document.querySelectorAll('h2')].every(h => h.offsetParent !== null)")
    chromium.emulate(dark=False, width=DESK[0], height=DESK[1])


def test_arrow_keys_walk_along_the_champion(chromium: Browser, page: Path) -> None:
    """They start at its first integer."""
    chromium.open(page)
    for _ in range(3):
        chromium.press("#champion", "ArrowRight")
    ranks = chromium.run("return JSON.parse(document.getElementById('data').textContent).ranks")
    told = chromium.run("return document.getElementById('champion-values').textContent")
    assert told.startswith(f"position 2: rank {ranks[2]} of 30; ")


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
    assert chromium.run("return document.querySelectorAll('section table tbody tr').length") > 5
    assert chromium.run("return document.documentElement.lang") == "en"
    assert chromium.run("return document.title")
    assert chromium.run("return [...document.querySelectorAll('button')].every(b => b.getAttribute('aria-label'))")


def test_a_reader_without_scripts_sees_pictures(page: Path) -> None:
    """The page has pictures of the convergence and of the champion."""
    text = page.read_text()
    assert text.count("<noscript><svg") == 2
    assert text.count(' height="1"') > 10, "blocks of the recursion and of the timeline"
