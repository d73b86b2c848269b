"""Static pictures: their axes, bands and labels."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from worstsort.artefacts.pictures import BLUE, HEIGHT, WIDTH, Axis, Line, champion_svg, lines_svg, powers

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    """Return all texts of a picture."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - it is our own


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.1, 60, [0.1, 1, 10]),
        (10_000, 60_000, [10_000, 20_000, 50_000]),
        (104, 10_400, [1_000, 10_000]),
        (3, 4, []),
        (5, 5, [5]),
    ],
)
def test_a_logarithmic_axis_has_numbers_at_powers_of_ten(low: float, high: float, expected: list[float]) -> None:
    """And at twice and five times them, where there would be fewer than two."""
    assert powers(low, high) == pytest.approx(expected)


def test_equal_factors_are_equal_lengths_on_a_logarithmic_axis() -> None:
    """In both directions."""
    svg = lines_svg("t", "x", "y", [Line("a", BLUE, [1, 10, 100], [5, 50, 500])], x_axis=Axis.LOG, y_axis=Axis.LOG)
    found = re.search(r'<polyline points="([^"]+)"', svg)
    assert found
    points = [tuple(map(float, point.split(","))) for point in found[1].split()]
    assert points[1][0] - points[0][0] == pytest.approx(points[2][0] - points[1][0], abs=0.2)
    assert points[1][1] - points[0][1] == pytest.approx(points[2][1] - points[1][1], abs=0.2)


def test_an_axis_from_zero_shows_zero() -> None:
    """Generation 0 has a place on a logarithmic axis."""
    svg = lines_svg("t", "x", "y", [Line("a", BLUE, [0, 100], [1, 2])], x_axis=Axis.LOG_FROM_ZERO)
    assert {"0", "1", "10", "100"} <= set(words(svg))


def test_an_axis_of_few_integers_names_each_once() -> None:
    """And one of fractions names them."""
    assert [word for word in words(champion_svg([3, 1, 2], "go1.24", 3)) if word.isdigit()] == ["0", "1", "2"] * 2
    assert "0.2" in words(lines_svg("t", "x", "y", [Line("a", BLUE, [0.0, 1.0], [1, 2])]))


def test_labels_beside_leave_each_other_room() -> None:
    """Within the picture, even where all lines end at one point."""
    lines = [Line(f"line {i}", BLUE, [0, 1], [5, 5.001 * (i == 0)]) for i in range(9)]
    svg = lines_svg("t", "x", "y", lines, beside=True)
    ends = [
        (float(text.attrib["x"]), float(text.attrib["y"]))
        for text in ET.fromstring(svg).iter(f"{SVG}text")  # noqa: S314 - it is our own
        if (text.text or "").startswith("line")
    ]
    heights = sorted(y for _, y in ends)
    assert len(heights) == 9
    assert min(after - before for before, after in pairwise(heights)) >= 14.9
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in ends)


def test_a_band_is_shaded_around_its_line() -> None:
    """And the axis holds it."""
    svg = lines_svg("t", "x", "y", [Line("a", BLUE, [0, 1], [5, 5], band=([1, 1], [900, 900]))])
    assert svg.count("<polygon") == 1
    assert "500" in words(svg)
