"""When the console's pages ask, in a real Chromium before a console without a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.console import no_cloud
from tests.system.browser import browser, needs_browser
from tests.system.console_page import Page
from worstsort_cli.console import server
from worstsort_cli.console.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("console-asking"),
    needs_browser,
]

ASKED = "performance.getEntriesByType('resource').filter(e => e.name.includes('/api/runs'))"

POLLING = """
    const [outcomes] = arguments;
    const {poll, Refused} = await import('/assets/api.js');
    const leaving = new AbortController(), waits = [], real = window.setTimeout;
    let asked = 0;
    await new Promise(done => {
        window.setTimeout = (what, after) => { waits.push(after / 1000); return real(what, 0); };
        const ask = poll(leaving.signal, () => 2, async () => {
            const outcome = outcomes[asked];
            asked += 1;
            if (asked === outcomes.length) { leaving.abort(); done(); }
            await new Promise(later => real(later, 0));
            if (outcome === 'by hand') ask();
            if (outcome === 'yet') throw new Refused(404, {error: 'not yet', yet: true});
            if (outcome === 'refused') throw new Refused(409, {error: 'refused'});
            if (outcome === 'gone') throw new Refused(503, {error: 'gone', gone: true});
            if (outcome === 'done') { real(done, 50); return false; }
        });
    });
    window.setTimeout = real;
    leaving.abort();
    return [asked, waits];
"""
"""Lets a view's polling meet one outcome after another at once; returns how often it asked, and what it waited for."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Serve a console of nothing that asks five times a second, and open it."""
    folder = tmp_path_factory.mktemp("runs")
    with browser() as window, server.serving(Reader(no_cloud(0.2), folder), 0) as address:
        yield Page(window, address)


def polling(page: Page, *outcomes: str) -> Any:
    """Return how often a view asks that meets these outcomes, and the seconds that it waits before each.

    On a page without a view of its own, as all timers of the page are recorded.
    """
    page.show("/nothing")
    page.shows("There is nothing at this address")
    return page.window.run(f"return (async (...arguments) => {{ {POLLING} }})(arguments[0])", outcomes)


@pytest.mark.parametrize("early", ["yet", "refused"])
def test_a_page_that_asks_too_early_does_not_ask_the_more_rarely_for_that(page: Page, early: str) -> None:
    """A run that has just been started is seen as soon as it is recorded."""
    assert polling(page, early, early, early, early, "ok", "ok")[1][:4] == [2, 2, 2, 2]


def test_what_does_not_answer_is_asked_ever_more_rarely(page: Page) -> None:
    """Up to half a minute; once it answers, at the usual pace again."""
    waits = polling(page, *["gone"] * 5, "ok", "ok", "ok")[1]
    assert waits[:7] == [4, 8, 16, 30, 30, 2, 2]


def test_an_early_answer_is_not_awaited_when_something_was_done(page: Page) -> None:
    """Who has stopped a run sees the answer of a question that was asked after it."""
    asked, waits = polling(page, "by hand", "ok", "ok")
    assert (asked, waits[:1]) == (3, [2]), "the second question waited for nothing but the first answer"


def test_a_view_that_is_done_asks_no_more(page: Page) -> None:
    """As it says itself."""
    assert polling(page, "ok", "done", "ok") == [2, [2]]


def test_a_page_that_is_hidden_asks_nothing(page: Page) -> None:
    """A tab behind another one, for as long as that one asks twenty times; in front again, it goes on at once."""
    window, front = page.window, page.window.tab()
    page.show("")
    page.until(f"{ASKED}.length >= 3")
    window.run(
        "window.turns = [];"
        "document.addEventListener('visibilitychange', () => turns.push([document.hidden, performance.now()]), true)"
    )
    window.open_tab()
    page.show("")
    page.until(f"{ASKED}.length >= 20")
    window.close_tab()
    window.turn_to(front)
    page.until(f"turns.length === 2 && {ASKED}.some(e => e.startTime >= turns[1][1])")
    (hidden, from_), (shown, until) = window.run("return turns")
    asked = window.run(f"return {ASKED}.map(e => e.startTime)")
    assert (hidden, shown) == (True, False)
    assert [moment for moment in asked if from_ < moment < until] == []
