"""A page that compares configurations: what their runs found, how sure the differences are, and how long goals took."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Any

import numpy as np

from worstsort.analysis.runtimes import distribution, goals
from worstsort.artefacts.pictures import BLUE, GREEN, GREY, ORANGE, PURPLE, Axis, Line, lines_svg
from worstsort.artefacts.self_contained import asset, render
from worstsort.gosort import find_target
from worstsort.plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from worstsort.analysis.comparison import Group, Problem
    from worstsort.analysis.runtimes import Curve

_POINTS = 200
"""Numbers of evaluations at which curves are drawn, in equal ratios."""

_NO_TESTS = '<tr><td colspan="6">There is one configuration only.</td></tr>'

_COLOURS = (BLUE, ORANGE, GREEN, PURPLE, GREY)


def comparison_page(problems: Sequence[Problem], title: str) -> str:
    """Render the page: one HTML file that needs no network.

    Args:
        problems: At least one, as `compare` makes them.
        title: What is compared.
    """
    data = [problem_data(problem) for problem in problems]
    sections = "".join(map(_section, range(len(data)), problems, data))
    return render(
        "comparison",
        {"title": visible(title), "problems": data},
        {"title": escape(visible(title)), "sections": sections},
    )


def problem_data(problem: Problem) -> dict[str, Any]:
    """Compute the figures of a problem as plain data; curves have one value per number of evaluations, None before any.

    Returns:
        A document whose `groups` are in the order of the problem's.
    """
    runs = [run for group in problem.groups for run in group.runs]
    times = _times(runs)
    wanted = goals(runs)
    return {
        "target": problem.target,
        "sort": find_target(problem.target).title,
        "size": problem.size,
        "goal": problem.goal,
        "goals": [wanted[0], wanted[-1], len(wanted)],
        "evaluations": [int(time) for time in times],
        "groups": [
            _group(group, times, wanted, problem.goal) | _running_time(time)
            for group, time in zip(problem.groups, problem.running_times(), strict=True)
        ],
        "pairs": [
            {
                "first": visible(pair.first),
                "second": visible(pair.second),
                "u": pair.test.u,
                "p": pair.test.p,
                "corrected_p": pair.corrected_p if pair.enough else None,
                "a12": pair.test.a12,
                "exact": pair.test.exact,
                "verdict": visible(pair.verdict),
            }
            for pair in problem.pairs
        ],
    }


def _times(runs: Sequence[Curve]) -> NDArray[np.int64]:
    """Return the numbers of evaluations at which curves are drawn: from the first that any run reports to the last."""
    first, last = min(run.evaluations[0] for run in runs), max(run.evaluations[-1] for run in runs)
    return np.unique(np.round(np.geomspace(max(1, first), max(1, last), _POINTS)).astype(np.int64))


def _group(group: Group, times: NDArray[np.int64], wanted: Sequence[int], goal: int) -> dict[str, Any]:
    curves = np.array([[_or_nan(run.best_at(time)) for time in times] for run in group.runs])
    known = ~np.isnan(curves).any(axis=0)
    quartiles = np.percentile(curves[:, known], [25, 50, 75], axis=0)
    low, median, high = (_spread(values, known) for values in quartiles)
    return {
        "configuration": visible(group.configuration),
        "summary": group.summary._asdict(),
        "low": low,
        "median": median,
        "high": high,
        "to_goal": _shares(distribution(group.runs, [goal]), times),
        "ecdf": _shares(distribution(group.runs, wanted), times),
    }


def _or_nan(value: int | None) -> float:
    return np.nan if value is None else float(value)


def _spread(values: NDArray[np.float64], known: NDArray[np.bool_]) -> list[float | None]:
    """Put values in the places where they are known, None elsewhere."""
    rest = iter(values.tolist())
    return [next(rest) if one else None for one in known]


def _shares(steps: tuple[list[int], list[float]], times: NDArray[np.int64]) -> list[float]:
    """Return the share that was reached by each time."""
    reached, shares = steps
    places = np.searchsorted(reached, times, side="right") - 1
    return [shares[place] if place >= 0 else 0.0 for place in places]


def _running_time(time: Any) -> dict[str, Any]:
    return {"reached": time.reached, "median_time": time.median, "expected_time": time.expected}


def _section(index: int, problem: Problem, data: dict[str, Any]) -> str:
    """Render a problem's section; its charts have a static picture for readers without scripts."""
    name = f"{find_target(problem.target).title}, {problem.size:,} integers"
    static = lines_svg(f"{name}: median best", "evaluations", "comparisons", _static(data), x_axis=Axis.LOG)
    return Template(asset("comparison_section.html")).substitute(
        index=index,
        name=escape(name),
        goal=f"{problem.goal:,}",
        goals=len(goals([run for group in problem.groups for run in group.runs])),
        summaries="".join(_summary_row(group, one) for group, one in zip(problem.groups, data["groups"], strict=True)),
        tests="".join(map(_test_row, data["pairs"]))
        or '<tr><td colspan="6">There is one configuration only.</td></tr>',
        static=static,
    )


def _static(data: dict[str, Any]) -> list[Line]:
    """Return the medians with their quartiles as lines, those beyond the colours dashed."""
    lines = []
    for index, group in enumerate(data["groups"]):
        curves = (data["evaluations"], group["median"], group["low"], group["high"])
        xs, ys, low, high = zip(*(point for point in zip(*curves, strict=True) if None not in point), strict=True)
        colour, dashed = _COLOURS[index % len(_COLOURS)], index >= len(_COLOURS)
        lines.append(Line(group["configuration"], colour, xs, ys, dashed=dashed, band=(low, high)))
    return lines


def _summary_row(group: Group, data: dict[str, Any]) -> str:
    summary = group.summary
    five = (summary.least, summary.low, summary.median, summary.high, summary.most)
    times = (data["median_time"], data["expected_time"])
    cells = [
        f"{summary.runs:,}",
        *(f"{value:,.0f}" for value in five),
        f"{data['reached']} of {summary.runs}",
        *("" if time is None else f"{time:,.0f}" for time in times),
    ]
    return _row(group.configuration, cells)


def _test_row(pair: dict[str, Any]) -> str:
    corrected = "" if pair["corrected_p"] is None else f"{pair['corrected_p']:.2g}"
    cells = [f"{pair['a12']:.2f}", f"{pair['u']:g}", f"{pair['p']:.2g}", corrected, pair["verdict"]]
    return _row(f"{pair['first']} against {pair['second']}", cells)


def _row(name: str, cells: Sequence[str]) -> str:
    return (
        f'<tr><th scope="row">{escape(visible(name))}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )
