"""The animation of the guide, in a real browser."""

from __future__ import annotations

from tests.support.command import ROOT
from tests.system.browser import browser, needs_browser

pytestmark = needs_browser

TALLER_TO_THE_RIGHT = """
const moved = document.getAnimations();
moved.forEach((one) => { one.pause(); one.currentTime = one.effect.getTiming().duration * arguments[0]; });
const bars = [...document.querySelectorAll("rect.run")].map((bar) => bar.getBoundingClientRect());
return [bars.slice(0, 24), bars.slice(24)].map((list) => {
  list.sort((a, b) => a.x - b.x);
  return list.every((bar, i) => i === 0 || bar.height > list[i - 1].height);
});
"""


def test_both_lists_end_in_order_and_the_random_one_long_before_the_champion() -> None:
    """By their places at the beginning, in the middle and at the end."""
    with browser() as window:
        window.open(ROOT / "docs/guide/meeting.svg")
        assert [window.run(TALLER_TO_THE_RIGHT, share) for share in (0.0, 0.5, 0.99)] == [
            [False, False],
            [True, False],
            [True, True],
        ]
