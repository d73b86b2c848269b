"""The report's convergence as a static picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.artefacts.pictures import BLUE, GREEN, GREY, ORANGE, Axis, Line, lines_svg

if TYPE_CHECKING:
    from collections.abc import Sequence


def convergence_svg(data: dict[str, Any]) -> str:
    """Draw the best by generation, over all islands and for each, with the baselines.

    Args:
        data: As `report_data` returns it.
    """
    curves, champion = data["convergence"], data["champion"]
    generations = curves["generation"]
    ends = [generations[0], generations[-1]]
    islands = [Line("", GREY, *_known(generations, values), thin=True) for values in curves["islands"].values()]
    bound, number = champion["upper_bound"], data["run"]["islands"]
    bounds = [Line("upper bound", GREY, ends, [bound] * 2, dashed=True)] if champion["upper_bound_drawn"] else []
    best = "best" if number == 1 else f"best of {number} islands"
    title = f"{champion['sort']}, {champion['size']:,} integers: {best}"
    return lines_svg(
        title,
        "generation",
        "comparisons",
        [
            *islands,
            *bounds,
            Line("random input", GREEN, ends, [champion["random_mean"]] * 2, dashed=True),
            Line(champion["adversary"], ORANGE, ends, [champion["antiquicksort"]] * 2, dashed=True),
            Line("best so far", BLUE, generations, curves["best"]),
        ],
        x_axis=Axis.LOG_FROM_ZERO if data["steep"] else Axis.LINEAR,
    )


def _known(xs: Sequence[float], ys: Sequence[float | None]) -> tuple[list[float], list[float]]:
    pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None]
    return [x for x, _ in pairs], [y for _, y in pairs]
