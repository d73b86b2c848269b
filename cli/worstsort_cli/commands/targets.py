"""`worstsort targets`: the sorts, by the names that Go programmers call them."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import click

from worstsort.gosort import ALIASES, TARGETS
from worstsort.gosort.go_calls import FUNCTIONS, SORT
from worstsort.gosort.go_releases import OLDEST_CHECKED_MINOR, parse_releases
from worstsort_cli import options
from worstsort_cli.output import print_file, print_json, print_line, print_table

if TYPE_CHECKING:
    from worstsort.gosort import Target
    from worstsort.gosort.go_calls import GoFunction
    from worstsort.gosort.go_releases import Releases

_RANGES = [target.versions for target in TARGETS.values() if target.function == SORT]
"""The releases between which sort.Sort changed."""


@click.command()
@click.option("--header", is_flag=True, help="Print worstsort.h, for a sort of your own in a library.")
@options.as_json
def targets(*, header: bool, as_json: bool) -> None:
    """List the sorts that can be a target.

    A target can be called by its name, a release of Go, a function of Go's library, or both. A release alone means its
    sort.Sort, a function alone the newest release whose sorts were checked. Any other sort is a target, too, by the
    library that it is in: ./libmysort.so:my_sort, or libc:qsort (docs/any-sort.md).

    \b
    Examples:
      worstsort targets
      worstsort run --target slices.Sort
      worstsort count --target go1.22:sort.Stable input.json
      worstsort targets --header > worstsort.h
    """  # noqa: D301 - see main
    if header:
        print_file(resources.files("worstsort.foreign").joinpath("worstsort.h").read_bytes())
        return
    if as_json:
        print_json([_as_json(target) for target in TARGETS.values()])
        return
    print_table(("what you call", "since", *_RANGES), map(_row, FUNCTIONS.values()))
    for target in TARGETS.values():
        names = " or ".join([target.name, *(alias for alias, name in ALIASES.items() if name == target.name)])
        print_line("")
        print_line(f"{names}: {target.title}", style="bold")
        print_line(f"  source    {target.source or 'not given'}")
        print_line(f"  verified  {target.evidence or 'not by this project'}")


def _row(function: GoFunction) -> tuple[str, ...]:
    """Return the targets that a function means, by the releases of Go."""
    since = "before Go 1.12" if function.since == OLDEST_CHECKED_MINOR else f"Go 1.{function.since}"
    return (function.name, since, *(_target(function, parse_releases(versions)) for versions in _RANGES))


def _target(function: GoFunction, releases: Releases) -> str:
    minor = max(function.since, releases.first)
    found = (
        target.name for target in TARGETS.values() if target.function == function.sort and minor in target.releases
    )
    return next(found) if minor in releases else ""


def _counts(target: Target, function: GoFunction) -> bool:
    """Say whether some release has both the function and the target's sort."""
    return target.function == function.sort and target.releases.last >= function.since


def _as_json(target: Target) -> dict[str, Any]:
    functions = [
        {"name": function.name, "since": f"go1.{function.since}", "evidence": function.evidence}
        for function in FUNCTIONS.values() if _counts(target, function)
    ]  # fmt: skip
    return {
        "target": target.name,
        "title": target.title,
        "aliases": [alias for alias, name in ALIASES.items() if name == target.name],
        "functions": functions,
        "versions": target.versions,
        "source": target.source,
        "evidence": target.evidence,
    }
