"""The console in a real Chromium, before a real embedded cloud."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.support.command import ROOT
from tests.support.console import kill_a_worker
from tests.support.elsewhere import elsewhere
from tests.support.executions import start
from tests.support.patience import patience
from tests.system.browser import Browser, browser, needs_browser
from tests.system.console_page import Page
from worstsort_cli.clouds.deployment import Deployment
from worstsort_cli.console import opening, server
from worstsort_cli.console.reader import Reader
from worstsort_cli.console.readings.overview import Query
from worstsort_cli.console.sources.carried import Chosen, Part
from worstsort_cli.console.sources.cloud import Cloud
from worstsort_cli.errors import CommandFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.executions import Served
    from worstsort_cli.console.server import Address
    from worstsort_embedded import EmbeddedCloud

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),  # whole runs, on a machine that others use, too
    pytest.mark.xdist_group("console"),
    needs_browser,
]

AXE = ROOT / "tests" / "engine" / "node_modules" / "axe-core" / "axe.min.js"
SCREENS = [(width, dark) for width in (1280, 390) for dark in (False, True)]
LONG = {"stall_generations": 0, "stop": {"max_epochs": 2000}}


class Place(NamedTuple):
    """A cloud, and where a console of it is."""

    cloud: Served
    address: Address


@pytest.fixture(scope="module", params=["here", "stack"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Serve a console of a cloud in this process, or of a stack by its name, at the endpoint of another process."""
    with ExitStack() as open_:
        if request.param == "here":
            cloud: Served = request.getfixturevalue("cloud")
            reader = opening.of_deployment(Deployment(cloud.outputs, cloud.client), tmp_path_factory.mktemp("runs"))
        else:
            cloud = open_.enter_context(elsewhere(tmp_path_factory.mktemp("state")))
            set_ = open_.enter_context(pytest.MonkeyPatch.context()).setenv
            for name, value in cloud.environment.items():
                set_(name, value)
            reader = opening.of_stack("worstsort", poll_seconds=2.0)
        yield Place(cloud, open_.enter_context(server.serving(reader, 0)))


HERE = pytest.mark.parametrize("place", ["here"], indirect=True)
"""For what does not depend on where the cloud is."""


@pytest.fixture
def address(place: Place) -> Address:
    """Return where the console is."""
    return place.address


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """Start one browser for all tests of this file."""
    with browser() as found:
        yield found


@pytest.fixture
def page(window: Browser, address: Address) -> Page:
    """Open the console."""
    return Page(window, address)


@pytest.fixture(scope="module")
def finished(place: Place) -> str:
    """Finish a run of three islands, and return its id."""
    execution = start(place.cloud, "finished", islands=3, stop={"max_epochs": 2})
    assert execution.wait(patience(120))["status"] == "SUCCEEDED"
    return execution.run_id


def test_a_run_is_started_watched_stopped_and_resumed_to_its_end(page: Page) -> None:
    """From the form, through its states, its epochs and a job's log, to its champion on the leaderboard."""
    page.show("start")
    for name, value in {
        "name": "by-hand", "target": "go1.12", "size": "30", "preset": "classic", "population": "40", "islands": "2",
        "generations_per_epoch": "3", "stop.max_epochs": "40",
    }.items():  # fmt: skip
        page.enter(name, value)
    page.press_button("Estimate cost and time")
    page.shows("cost at worst")
    page.press_button("Start")
    page.until("location.pathname === '/runs/cloud/by-hand'")
    page.until("document.querySelector('[data-state=EvolveIslands].running, [data-state=EvolveIslands].succeeded')")
    page.click("#tab-epochs")
    page.until("document.querySelectorAll('.strip button').length >= 2")
    page.press_button("Stop")
    page.until("document.querySelector('h1 .badge.aborted')")
    page.press_button("Resume")
    page.until("document.querySelector('h1 .badge.running')")
    page.click("[aria-label='log of island 1']")
    page.until("document.querySelector('.lines li')")
    title = "document.querySelector('.log h3').textContent"
    read = page.window.run(f"return {title}")
    page.until("document.querySelector('h1 .badge.succeeded')")
    assert page.window.run(f"return {title}") == read, "the log of the epoch that was chosen"
    page.press_button("Follow the newest epoch")
    page.until("document.querySelector('.strip button:last-child[aria-pressed=true]')")
    page.until("document.querySelectorAll('.files a').length === 4")
    page.click("#tab-convergence")
    page.until("document.querySelector('.chart canvas') && document.querySelector('.picture').naturalWidth > 0")
    page.show("leaderboard")
    page.shows("by-hand")
    assert page.window.errors() == []


@HERE
def test_every_view_goes_on_asking_and_every_execution_can_be_chosen(
    window: Browser, place: Place, tmp_path: Path
) -> None:
    """While a run goes on, and of a run that was stopped and resumed twice."""
    often = Cloud(lambda: Deployment(place.cloud.outputs, place.cloud.client), None, poll_seconds=0.2)
    start(place.cloud, "watched", **LONG)
    with server.serving(Reader(often, tmp_path), 0) as address:
        page = Page(window, address)
        for view, asked in {
            "": r"/runs\?", "runs/cloud/watched": "/machine$", "runs/cloud/watched?state=EvolveIslands": "/states/",
            "runs/cloud/watched?tab=convergence": "/convergence$", "runs/cloud/watched?tab=events": r"/events\?",
            "compare?runs=cloud:watched,cloud:watched": "/convergence$", "runs/cloud/watched?tab=epochs": "/epochs$",
        }.items():  # fmt: skip
            page.show(view)
            requests = "performance.getEntriesByType('resource').filter(e => new RegExp(arguments[0]).test(e.name))"
            page.until(f"{requests}.length >= 3", asked)
        for executions in (2, 3):
            page.press_button("Stop")
            page.until("document.querySelector('h1 .badge.aborted')")
            page.press_button("Resume")
            page.until("document.querySelectorAll('[aria-label=execution] option').length === arguments[0]", executions)
            page.until("document.querySelectorAll('.strip button').length >= 2")
        page.press_button("Stop")
        page.until("document.querySelector('h1 .badge.aborted')")


def test_a_view_without_an_answer_says_that_it_loads(page: Page, finished: str) -> None:
    """Not that there is nothing; what is found by no champion is not said to be missing."""
    page.show(f"runs/cloud/{finished}")
    page.until("document.querySelector('h1 .badge.succeeded')")
    page.window.run("window.fetch = () => new Promise(() => {})")
    tabs = (f"#tab-{tab}" for tab in ("convergence", "epochs", "events", "machine"))
    for view in (*tabs, "[data-page=leaderboard]", "[data-page=runs]"):
        page.click(view)
        assert "Loading…" in page.text(), view
        assert "There " not in page.text(), view
    page.show("leaderboard")
    page.until("document.querySelector('tbody tr')")
    page.window.run("const find = document.querySelector('input[type=search]'); find.value = 'nonesuch';"
                    "find.dispatchEvent(new Event('input'))")  # fmt: skip
    page.shows("No champion is like this.")


def test_a_refused_form_says_why_beside_each_field_and_starts_nothing(page: Page) -> None:
    """As soon as it is filled in, in the words of the command."""
    page.show("start")
    page.enter("size", "1")
    page.enter("target", "bogosort")
    page.until("document.querySelectorAll('[aria-invalid=true]').length === 2")
    said = page.window.run("return document.getElementById('field-size-error').textContent")
    assert said == "given 1, allowed: an integer from 2 to 100000"
    assert "heapsort" in page.window.run("return document.getElementById('field-target-error').textContent")


def test_a_state_shows_what_it_was_given_and_what_it_returned(page: Page, finished: str) -> None:
    """By an address that can be sent to somebody else."""
    page.show(f"runs/cloud/{finished}?state=CloseEpoch")
    page.until("document.querySelectorAll('.visits li').length === 2")
    assert '"epoch": 2' in page.window.run("return document.querySelector('.visits pre').textContent")
    page.press_button("Its events")
    page.shows("LambdaFunctionScheduled" if "LambdaFunctionScheduled" in page.text() else "TaskScheduled")


def test_a_job_is_found_by_its_address(page: Page, finished: str) -> None:
    """With its log open, in words; the lines as they were logged are a click away."""
    page.show(f"runs/cloud/{finished}?tab=epochs&epoch=1&island=2")
    page.shows("Log of island 2, epoch 1")
    page.until("document.querySelector('.lines').innerText.includes('island 2  epoch 1  evolving')")
    assert "CloudWatchMetrics" not in page.text()
    page.click(".log input")
    page.shows("CloudWatchMetrics")
    assert page.window.run("return document.querySelectorAll('.track .bar.succeeded').length") == 3
    assert page.window.run("return document.querySelector('.strip [aria-pressed=true]').title").startswith("epoch 1: ")


def test_the_report_is_shown_in_a_frame_that_cannot_reach_the_console(page: Page, finished: str) -> None:
    """It has an origin of its own, and draws its charts all the same."""
    page.show(f"runs/cloud/{finished}?tab=report")
    page.until("document.querySelector('iframe')")
    assert page.window.run("return document.querySelector('iframe').getAttribute('sandbox')") == "allow-scripts"
    assert page.window.run("return document.querySelector('iframe').contentDocument") is None


def test_runs_are_compared_side_by_side(page: Page, place: Place, finished: str) -> None:
    """Chosen in the list; only where their configurations differ is said."""
    assert start(place.cloud, "other", seed=7, stop={"max_epochs": 1}).wait(patience(120))["status"] == "SUCCEEDED"
    page.show("")
    for run in (finished, "other"):
        page.click(f"[aria-label='compare {run}']")
    page.press_button("Compare")
    page.shows("Figures, and where the configurations differ")
    page.until("document.querySelectorAll('tbody tr').length > 5")
    rows = page.window.run("return [...document.querySelectorAll('tbody th')].map(cell => cell.textContent)")
    assert {"seed", "islands", "stop.max_epochs"} <= set(rows)
    assert "population" not in rows


def test_an_island_that_is_killed_is_seen_to_be_retried(page: Page, place: Place) -> None:
    """The timeline has a bar for each attempt, the first with how it ended."""
    start(
        place.cloud,
        "killed",
        size=300,
        population=1000,
        generations_per_epoch=500,
        stall_generations=0,
        stop={"max_epochs": 500},
    )
    epoch = kill_a_worker("killed")
    page.show(f"runs/cloud/killed?tab=epochs&epoch={epoch}")
    page.until("document.querySelectorAll('.track .bar.failed').length === 1")
    page.until("document.querySelectorAll('.track .bar.succeeded').length === 2")
    assert "exit code 137" in page.window.run("return document.querySelector('.track .bar.failed').title")
    page.shows("1 retried")
    page.press_button("Stop")
    page.until("document.querySelector('h1 .badge.aborted')")


def test_states_and_tabs_are_reached_by_the_keyboard(page: Page, finished: str) -> None:
    """Arrow keys go along the tabs; Enter opens a state."""
    page.show(f"runs/cloud/{finished}")
    page.until("document.querySelector('[data-state=FinishRun]')")
    page.window.press("[data-state=FinishRun]", "Enter")
    page.until("document.querySelector('.side h2').textContent === 'FinishRun'")
    page.window.press("#tab-machine", "ArrowRight")
    page.until("document.activeElement.id === 'tab-epochs' && location.search.includes('tab=epochs')")


@HERE
def test_a_stack_is_read_by_its_name_wherever_the_variables_point(
    window: Browser, cloud: EmbeddedCloud, finished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with any endpoint of AWS; a name that is none is said before anything is served."""
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandFailed, match="there is no stack 'other'"):
        opening.of_stack("other")
    with server.serving(opening.of_stack("worstsort"), 0, read_only=True) as address:
        page = Page(window, address)
        page.shows("stack worstsort, read-only")
        page.show(f"runs/cloud/{finished}")
        page.until("document.querySelector('[data-state=FinishRun].succeeded')")
        assert page.window.run("return document.querySelector('nav [data-page=start]').hidden")


def test_a_foreign_page_can_do_nothing(page: Page, place: Place, tmp_path: Path) -> None:
    """Neither read, nor act, nor show the console in a frame, although the browser has the cookie."""
    run = start(place.cloud, "attacked", **LONG)
    page.show("")
    foreign = tmp_path / "foreign.html"
    foreign.write_text("<!doctype html><title>foreign</title>")
    page.window.open(foreign)
    reached = page.window.run(
        """
        const [base] = arguments, stop = 'api/runs/cloud/attacked/stop';
        const attempt = (path, options) => fetch(base + path, {credentials: 'include', ...options})
          .then(answer => answer.status, () => 'refused');
        return Promise.all([
          attempt('api/runs'),
          attempt(stop, {method: 'POST', mode: 'no-cors', body: '{}'}),
          attempt(stop, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}),
        ]);
        """,
        page.address.base,
    )
    assert reached == ["refused"] * 3
    assert place.cloud.client("stepfunctions").describe_execution(executionArn=run.arn)["status"] == "RUNNING"
    page.show("runs/cloud/attacked")
    page.press_button("Stop")
    page.until("document.querySelector('h1 .badge.aborted')")


def test_what_a_run_says_is_shown_and_never_obeyed(page: Page, place: Place) -> None:
    """An input that somebody has started an execution with is text, in its state, in its events and in its error."""
    hostile = "<img src=x onerror='window.owned = 1'>"
    execution = start(place.cloud, "hostile", target=hostile)
    assert execution.wait(patience(120))["status"] == "FAILED"
    page.show("runs/cloud/hostile?state=PrepareRun")
    page.until("[...document.querySelectorAll('.visits pre')].some(e => e.textContent.includes(arguments[0]))", hostile)
    page.show("runs/cloud/hostile?tab=events&state=RecordFailure")
    page.until("[...document.querySelectorAll('.events pre')].some(e => e.textContent.includes('onerror'))")
    assert page.window.run("return [window.owned, document.querySelectorAll('main img').length]") == [None, 0]


def test_ten_pages_cost_as_many_calls_as_one(place: Place, finished: str, tmp_path: Path) -> None:
    """Answers are shared, for as long as they may be old: here an hour."""
    shared = Cloud(lambda: Deployment(place.cloud.outputs, place.cloud.client), None, poll_seconds=3600.0)
    reader = Reader(shared, tmp_path)
    for _ in range(10):
        reader.runs(Query())
        reader.run("cloud", finished)
        reader.executions.machine(Chosen(finished))
        reader.executions.events(Chosen(finished), "", "", Part(0, 10))
        reader.executions.epoch(Chosen(finished), 1, Part(0, 10))
        reader.convergence("cloud", finished)
    assert shared.calls() == {
        "SFN:ListExecutions": 1, "S3:ListObjectsV2": 1, "DynamoDB:BatchGetItem": 4, "DynamoDB:GetItem": 1,
        "SFN:DescribeExecution": 1, "SFN:DescribeStateMachineForExecution": 1, "SFN:GetExecutionHistory": 1,
        "Batch:DescribeJobs": 1,
    }  # fmt: skip


def test_a_page_without_the_address_of_this_start_gets_nothing(address: Address) -> None:
    """No cookie, no token: 403."""
    opener = build_opener(ProxyHandler({}))
    with pytest.raises(HTTPError) as refused:
        opener.open(Request(address.base), timeout=20)  # noqa: S310 - an address of this test
    assert refused.value.code == 403
    refused.value.close()


@HERE
@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; `make test` does it where npm is")
@pytest.mark.parametrize(("width", "dark"), SCREENS)
def test_every_page_is_accessible_and_fits(page: Page, finished: str, width: int, *, dark: bool) -> None:
    """By axe-core's rules, on a desktop and on a phone, light and dark, without sideways scrolling."""
    page.window.emulate(dark=dark, width=width, height=900)
    views = {
        "": "tbody tr", "start": ".field", "leaderboard": "tbody tr",
        f"runs/cloud/{finished}?state=CloseEpoch": ".visits li",
        f"runs/cloud/{finished}?tab=epochs&epoch=1&island=0": ".lines li",
        f"runs/cloud/{finished}?tab=convergence": ".chart canvas",
        f"runs/cloud/{finished}?tab=events": ".events li",
        f"runs/cloud/{finished}?tab=configuration": "pre",
        f"compare?runs=cloud:{finished},cloud:{finished}": "tbody tr",
    }  # fmt: skip
    found = {}
    for path, ready in views.items():
        page.show(path)
        page.until("document.querySelector(arguments[0])", ready)
        page.window.run(AXE.read_text() + "; window.axe = axe")
        shown = "v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]"
        found[path] = page.window.run(f"return axe.run(document).then(r => r.violations.map({shown}))")
        assert page.window.run("return document.documentElement.scrollWidth <= innerWidth"), path
    assert {path: violations for path, violations in found.items() if violations} == {}


def test_the_page_says_that_the_console_is_gone_and_goes_on_when_it_is_back(
    window: Browser, cloud: EmbeddedCloud, tmp_path: Path
) -> None:
    """It does not have to be loaded again, but a new start has another address."""
    reader = opening.of_deployment(Deployment(cloud.outputs, cloud.client), tmp_path)
    with ExitStack() as serving:
        address = serving.enter_context(server.serving(reader, 0))
        page = Page(window, address)
        page.shows("Runs")
        port = int(address.base.rstrip("/").rpartition(":")[2])
        serving.close()
        page.shows("The console does not answer")
        serving.enter_context(server.serving(reader, port))
        page.shows("This console has been started anew")
