"""The leaderboard, and the pictures of champions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worstsort.artefacts.known_counts import best_known
from worstsort.artefacts.pictures import champion_svg
from worstsort.runs.composition import best_list
from worstsort_cli.console.readings.overview import title

if TYPE_CHECKING:
    from worstsort.runs.records import ChampionRecord, RunRecord
    from worstsort_cli.clouds.deployment import Deployment
    from worstsort_cli.console.readings.bounds import Bounds


def rows(records: list[tuple[str, ChampionRecord]], bounds: Bounds) -> list[dict[str, Any]]:
    """Return what the page shows of champions, the best of each family first."""
    ordered = sorted(records, key=lambda placed: (placed[1].family, -placed[1].fitness, placed[1].found_at))
    ranks: dict[str, int] = {}
    shown = []
    for place, record in ordered:
        ranks[record.family] = ranks.get(record.family, 0) + 1
        judged = bounds.judge(record.fitness, record.target, record.size, record.values)
        fields = ("run_id", "target", "size", "values", "fitness", "preset", "seed", "random_mean", "antiquicksort",
                  "found_at")  # fmt: skip
        known = best_known(record.size, record.target, record.values)
        shown.append(
            {name: getattr(record, name) for name in fields}
            | {"place": place, "rank": ranks[record.family], "sort": title(record.target), "best_known": known}
            | judged._asdict()
        )
    return shown


def picture(deployment: Deployment, run: RunRecord) -> str | None:
    """Draw the best input of a run in a cloud as SVG; None before its first epoch has closed."""
    closed = deployment.store.last_epoch(run)
    if closed is None:
        return None
    state = deployment.store.populations.checkpoint(run.run_id, closed.best_island, closed.epoch).state
    return champion_svg(best_list(run.config, state), run.config.target, closed.best)
