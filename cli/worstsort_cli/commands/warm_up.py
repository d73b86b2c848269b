"""`worstsort warm-up`: compile ahead what runs need."""

from __future__ import annotations

import logging

import click

from worstsort.genetic import PRESETS
from worstsort.gosort import TARGETS
from worstsort.machine_code.compilation import available
from worstsort.runs.fitted_presets import representations
from worstsort_cli import options
from worstsort_cli.errors import CommandFailed
from worstsort_cli.output import console, print_json, print_line
from worstsort_cli.target_option import TargetName


@click.command("warm-up")
@click.option(
    "--target", "targets", type=TargetName(), metavar="NAME", multiple=True,
    help="Only what runs of this target need; may be given several times.  [default: all targets]",
)  # fmt: skip
@options.as_json
def warm_up(targets: tuple[str, ...], *, as_json: bool) -> None:
    """Compile the counters of targets ahead of the first run.

    A run compiles what it needs by itself, once on a machine, in some ten seconds. After this no run waits for it.
    Where it is kept: in the folder that NUMBA_CACHE_DIR names, else beside the package or in your cache folder.

    \b
    Examples:
      worstsort warm-up
      worstsort warm-up --target go1.24 --target slices.SortStableFunc
    """  # noqa: D301 - see main
    if not available():
        raise CommandFailed("there is nothing to compile: Numba is not installed, or NUMBA_DISABLE_JIT is set")
    from worstsort.worker.warm_up import LOG, compile_together, needed  # noqa: PLC0415 - Numba belongs to an extra

    progress = console(stderr=as_json)
    told = logging.Handler()
    told.emit = lambda record: print_line(record.getMessage(), progress)  # type: ignore[method-assign]
    LOG.addHandler(told)
    LOG.setLevel(logging.INFO)
    compiled = {}
    try:
        for name in dict.fromkeys(targets or TARGETS):
            kinds = {kind for preset in PRESETS for kind in representations(name, preset)}
            compiled[name] = compile_together(name, needed(name, kinds))
            if not compiled[name]:
                print_line(f"the counters of {name} were compiled before", progress)
    finally:
        LOG.removeHandler(told)
    if as_json:
        print_json({"compiled": compiled})
