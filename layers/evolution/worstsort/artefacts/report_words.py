"""What the report says in words and in tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from worstsort.artefacts import fragments
from worstsort.artefacts.fragments import Bar, duration, share, times
from worstsort.runs.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_ROWS = 25
"""Rows of a table of generations."""

SPOT_VCPU_HOUR_DOLLARS = 0.0145
"""What an hour of a vCPU costs on Spot, as `worstsort estimate` has it; what a run costs besides is not in it."""

_LEAST_DOLLARS = 0.01
"""Less is not told apart."""


def headline(data: dict[str, Any]) -> str:
    """Say the fact."""
    champion = data["champion"]
    return f"{champion['sort']} makes {champion['comparisons']:,} comparisons on these {champion['size']:,} integers"


def lead(data: dict[str, Any]) -> str:
    """Say what that is compared with, and how the run stands."""
    run, champion = data["run"], data["champion"]
    said = []
    if champion["optimal"]:
        items = "distinct integers" if champion["kind"] == "distinct" else "integers"
        said.append(f"No {champion['size']:,} {items} take more: this input is proven optimal.")
    if run["status"] == "RUNNING":
        said.append(f"The run continues; {counted(run['epoch'], 'epoch')} closed so far.")
    else:
        said.append(f"The run has ended: {run['reason']}." if run["reason"] else "The run has ended.")
    return " ".join(said)


def facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the figures that matter most, each with what it says."""
    champion = data["champion"]
    rows = [
        ("comparisons", f"{champion['comparisons']:,}"),
        ("of what random input takes", times(champion["comparisons"], champion["random_mean"])),
    ]
    if champion["optimal"]:
        rows.append(("no input of this kind takes more", champion["assessment"]))
    elif champion["assessment"]:
        rows.append(("of the proven bound", champion["assessment"]))
    else:
        rows.append((f"of {champion['adversary']}", times(champion["comparisons"], champion["antiquicksort"])))
    return rows


def _adversary(champion: dict[str, Any]) -> str:
    return "McIlroy's adversary" if champion["adversary"] == "antiquicksort" else "the worst of 40"


def scale(data: dict[str, Any]) -> list[Bar]:
    """Return the champion between what it is compared with, as bars."""
    champion = data["champion"]
    bound, found = champion["upper_bound"], champion["comparisons"]
    known = data["scaling"]["known"][-1] or 0
    most = max(found, champion["antiquicksort"], champion["random_mean"], known, bound or 0)
    rows = [
        ("random input", champion["random_mean"], "the mean of a sample", "random"),
        (champion["adversary"], champion["antiquicksort"], _adversary(champion), "antiquicksort"),
        ("this champion", found, f"{times(found, champion['antiquicksort'])} {champion['adversary']}", "own"),
    ]
    if known and not champion["optimal"]:
        rows.append(("best known", known, "built, or found by long searches", "known"))
    if bound:
        rows.append(("proven bound", bound, "no such input takes more", "limit"))
    return [Bar(name, count / most, f"{count:,}", note, kind) for name, count, note, kind in rows]


def tiles(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what the search took: two full rows of four."""
    run, champion = data["run"], data["champion"]
    machines = run["machines"]
    cost = (
        f"{'about ' if run['cpu_is_estimated'] else ''}{duration(run['cpu_seconds'])}"
        if run["cpu_seconds"]
        else "unknown"
    )
    return [
        ("duration", _took(run)),
        ("machine", machines[0] if len(machines) == 1 else f"{len(machines)} kinds" if machines else "unknown"),
        ("cost: processor time", cost),
        ("as Spot on AWS", _price(run["cpu_seconds"])),
        ("islands", f"{run['islands']:,}"),
        ("generations", f"{champion['generations']:,}"),
        ("evaluations", f"{champion['evaluations']:,}"),
        ("found", f"island {champion['found_by']}, generation {champion['found_in']:,}"),
    ]


def _price(cpu_seconds: float) -> str:
    """Return what processor time costs on AWS, roughly: a vCPU there is not one of here."""
    dollars = cpu_seconds / 3600 * SPOT_VCPU_HOUR_DOLLARS
    return "unknown" if not cpu_seconds else "under $0.01" if dollars < _LEAST_DOLLARS else f"about ${dollars:,.2f}"


def convergence(data: dict[str, Any]) -> str:
    """Describe the climb."""
    run, champion, curves = data["run"], data["champion"], data["convergence"]
    if curves["best"][0] == curves["best"][-1]:
        return (
            f"The first population had the best input already, with {champion['comparisons']:,} comparisons; "
            f"{counted(champion['generations'], 'generation')} found none that takes more."
        )
    drawn = len(curves["islands"])
    some = f"; {drawn} of {run['islands']} are drawn" if drawn < run["islands"] else ""
    return (
        f"The best input so far, generation by generation: from {curves['best'][0]:,} to {champion['comparisons']:,} "
        f"comparisons, found by island {champion['found_by']} in generation {champion['found_in']:,}. "
        f"Each thin line is one island{some}. Point at the chart, or touch it, for values."
    )


def convergence_rows(data: dict[str, Any]) -> list[list[str]]:
    """Return an even share of the generations as rows of a table."""
    curves = data["convergence"]
    count = len(curves["generation"])
    most = min(count, _MAX_ROWS)
    picked = sorted({round(i * (count - 1) / max(1, most - 1)) for i in range(most)})
    return [
        [
            f"{curves['generation'][i]:,}",
            f"{curves['best'][i]:,}",
            f"{curves['mean'][i]:,.1f}",
            f"{curves['evaluations'][i]:,}",
        ]
        for i in picked
    ]


def champion(data: dict[str, Any]) -> str:
    """Describe the picture of the champion."""
    coloured = ", coloured by what the sort does with it" if data["roles"] else ""
    return (
        f"Each dot is one integer{coloured}: its position in the input, and its rank among all of them. Drag across "
        "the picture to zoom in, double-click to see all of it; on the keyboard, the arrow keys move along the input."
    )


def scaling(data: dict[str, Any]) -> str:
    """Describe how the counts grow."""
    has_bound = any(bound is not None for bound in data["scaling"]["bound"])
    limit = " The highest line is the proven bound, which no input exceeds." if has_bound else ""
    return (
        "Comparisons divided by n log\N{SUBSCRIPT TWO} n, which is what a good sort needs, up to a constant. A curve "
        f"that rises to the right grows faster than that; the dot is this run's champion.{limit}"
    )


def scaling_table(data: dict[str, Any]) -> str:
    """Return the counts at each size, without columns of which nothing is known."""
    counts = data["scaling"]
    columns = [
        ("n log\N{SUBSCRIPT TWO} n", "n_log_n"),
        ("random", "random"),
        (data["champion"]["adversary"], "antiquicksort"),
        ("construction", "constructed"),
        ("best known", "known"),
        ("proven bound", "bound"),
    ]
    shown = [(name, counts[key]) for name, key in columns if any(count is not None for count in counts[key])]
    rows = [
        [f"{size:,}", *("" if column[i] is None else f"{column[i]:,}" for _, column in shown)]
        for i, size in enumerate(counts["sizes"])
    ]
    return fragments.table(["n", *(name for name, _ in shown)], rows)


def effort(data: dict[str, Any]) -> str:
    """Say when the evaluations were worth it."""
    spent, rows = _spent(data["phases"]), data["phases"]
    early, late = share(rows[0]["evaluations"], spent), share(rows[-1]["evaluations"], spent)
    return (
        f"Of {counted(data['champion']['evaluations'], 'evaluation')}, {early} brought the first half of the "
        f"improvement, and {late} came after the best was found."
    )


def effort_bars(data: dict[str, Any]) -> list[Bar]:
    """Return the phases of the run as bars, without those that took nothing."""
    spent = _spent(data["phases"])
    return [
        Bar(
            phase["name"],
            phase["evaluations"] / spent,
            share(phase["evaluations"], spent),
            f"{counted(phase['evaluations'], 'evaluation')}, until generation {phase['until_generation']:,}: "
            f"best {phase['best']:,}",
        )
        for phase in data["phases"]
        if phase["evaluations"]
    ]


def version(data: dict[str, Any]) -> str:
    """Say what made the page."""
    run = data["run"]
    return f"Made with worstsort {run['code_version']}; started {run['started_at'][:16].replace('T', ' ')} UTC."


def _spent(rows: Sequence[dict[str, Any]]) -> int:
    return sum(row["evaluations"] for row in rows) or 1


def _took(run: dict[str, Any]) -> str:
    """Return how long a run took from its start to its end."""
    if not run["finished_at"]:
        return "not ended"
    try:
        begun, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
        return duration(max(0.0, (ended - begun).total_seconds()))
    except (ValueError, TypeError):
        return "unknown"
