"""`worstsort construct`: a bad input that is known, or a simple pattern, without a search."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from worstsort.gosort import DEFAULT_TARGET, antiquicksort, constructed, find_target
from worstsort.gosort.constructions.plans import MAX_PLANNED_SIZE, SHUFFLES
from worstsort_cli.errors import CommandFailed
from worstsort_cli.files.export_file import check_options, format_options, write
from worstsort_cli.files.sort_input import MAX_INTEGERS, SortInput
from worstsort_cli.output import console, print_line
from worstsort_cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TEETH = 8
"""How many times the sawtooth rises."""

PATTERNS: Mapping[str, Callable[[int], list[int]]] = {
    "sorted": lambda size: list(range(size)),
    "reversed": lambda size: list(range(size))[::-1],
    "equal": lambda size: [0] * size,
    "sawtooth": lambda size: [place % max(1, size // TEETH) for place in range(size)],
    "organ-pipe": lambda size: [min(place, size - 1 - place) for place in range(size)],
}


@click.command()
@target_option(f"Which sort: go1.22, slices.Sort, ... (`worstsort targets` lists them).  [default: {DEFAULT_TARGET}]")
@click.option("--size", type=click.IntRange(0, MAX_INTEGERS), required=True, help="How many integers.")
@click.option(
    "--kind",
    type=click.Choice(["known", "antiquicksort", *PATTERNS]),
    default="known",
    show_default=True,
    help="known: what costs the sort most of all that can be built. antiquicksort: McIlroy's adversary. Or a pattern.",
)
@format_options
def construct(
    target: str | None, size: int, kind: str, form: str | None, package: str | None, output: Path | None
) -> None:
    """Print an input that is bad for a sort, without a search.

    It is a JSON array unless another format is chosen. For heapsort, sort.Stable and sort.Sort of Go 1.12 to 1.18 the
    input costs as much as any of distinct items, or nearly (docs/bounds.md); for newer releases, up to 10,000 items, it
    is where the search begins. Larger ones are McIlroy's.

    \b
    Examples:
      worstsort construct --target go1.22 --size 1000 --go -o killer_test.go
      worstsort construct --target go1.15 --size 1000000 --npy -o killer.npy
      worstsort construct --size 1000 --kind organ-pipe | worstsort count --target slices.Sort
    """  # noqa: D301 - see main
    form = form or "json"
    check_options(form, package, output)
    name = find_target(target or DEFAULT_TARGET).name
    if kind == "known" and name in SHUFFLES and size > MAX_PLANNED_SIZE:
        kind = "antiquicksort"
        limit = f"nothing better is known for {name} above {MAX_PLANNED_SIZE:,} items"
        print_line(f"{limit}: this is antiquicksort's input", console(stderr=True))
    with console(stderr=True).status(f"building {size:,} integers"):
        values = _build(kind, size, name)
    write(SortInput(f"{kind}-{name}-{size}", values, name, None), form, package, output)


def _build(kind: str, size: int, target: str) -> list[int]:
    if kind in PATTERNS:
        return PATTERNS[kind](size)
    values = antiquicksort(size, target) if kind == "antiquicksort" else constructed(size, target)
    if values is None:
        raise CommandFailed(f"no construction is known for {target}: try --kind antiquicksort")
    return values
