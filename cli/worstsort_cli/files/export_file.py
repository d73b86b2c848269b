"""Writing an input in one of the formats, to a file or standard output, and the options that say so."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from worstsort_cli.errors import CommandFailed
from worstsort_cli.files import atomic, c_test, regular
from worstsort_cli.files.formats import FORMATS, go_test
from worstsort_cli.files.go_package import PackageName, beside
from worstsort_cli.files.output_file import OUTPUT_FILE
from worstsort_cli.output import console, print_file, print_line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from worstsort_cli.files.sort_input import SortInput

    Command = TypeVar("Command", bound=Callable[..., Any])

_GO_TEST = "_test.go"

_C_TEST = "c-test"

MADE_HERE = b"made by Worstsort."
"""What every Go file says that is written here."""

_FORMS = {
    "go": "A Go file with a test and a benchmark, for any package.",
    "json": "A bare JSON array.",
    "csv": "Two columns, position and value.",
    "npy": "A NumPy file.",
    "c": "A C header.",
    _C_TEST: "A test in C of a sort in a library: a .c file, and its values.",
    "svg": "A picture, value against position.",
}
"""The formats, and what their options say."""

_OPTIONS = (
    *(
        click.option(f"--{form}", f"form_{form.replace('-', '_')}", is_flag=True, help=said)
        for form, said in _FORMS.items()
    ),
    click.option(
        "--package",
        type=PackageName(),
        metavar="NAME",
        help="The package of the Go file.  [default: that of the Go files beside it, or worstcase]",
    ),
    click.option("--output", "-o", type=OUTPUT_FILE, help="The file to write.  [default: standard output]"),
)


def format_options(command: Command) -> Command:
    """Add the options that choose a format, of which there may be one, and a file."""

    @wraps(command)
    def with_form(**given: Any) -> Any:
        chosen = [form for form in _FORMS if given.pop(f"form_{form.replace('-', '_')}")]
        if len(chosen) > 1:
            raise click.UsageError(f"choose one format, not {' and '.join(f'--{form}' for form in chosen)}")
        return command(form=chosen[0] if chosen else None, **given)

    decorated: Any = with_form
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return cast("Command", decorated)


def check_options(form: str, package: str | None, output: Path | None) -> None:
    """Refuse options that do not go together, before any work.

    Raises:
        UsageError: They do not.
    """
    if package is not None and form != "go":
        raise click.UsageError("--package is for the Go file: add --go")
    if form == _C_TEST and (output is None or not c_test.is_name(output)):
        raise click.UsageError("--c-test makes two files: name the first with -o, such as -o champion_test.c")
    if form == "npy" and output is None and console().is_terminal:
        raise click.UsageError("a NumPy file is not text for a terminal: name a file with -o")


def write(source: SortInput, form: str, package: str | None, output: Path | None) -> None:
    """Write an input to a file, or else to standard output."""
    if output is None:
        print_file(FORMATS[form](source) if package is None else go_test(source, package).render().encode())
        return
    contents = _files(source, form, output, package)
    for path, content in contents.items():
        atomic.write(path, content)
        print_line(f"{path}: {len(content):,} bytes")


def _files(source: SortInput, form: str, output: Path, package: str | None) -> dict[Path, bytes]:
    if form == "go":
        return _go_files(source, output, package)
    if form == _C_TEST:
        return {output.with_suffix(ending): content for ending, content in c_test.render(source, output.stem).items()}
    return {output: FORMATS[form](source)}


def _go_files(source: SortInput, output: Path, package: str | None) -> dict[Path, bytes]:
    """Return the Go file, and the one that goes with it if package slices has the sort too.

    Raises:
        CommandFailed: In the place of the second file there is one from elsewhere.
    """
    test = go_test(source, package or beside(output))
    contents = {output: test.render().encode()}
    slices = test.render_slices()
    if slices is not None and output.name.endswith(_GO_TEST):
        second = output.with_name(output.name.removesuffix(_GO_TEST) + "_slices" + _GO_TEST)
        if second.exists() and not _is_made_here(second):
            reason = "goes with it and was not made by Worstsort: choose another name for -o"
            raise CommandFailed(f"{output} was not written: {second} {reason}")
        contents[second] = slices.encode()
    return contents


def _is_made_here(path: Path) -> bool:
    """Whether a file is one that may be replaced; what cannot be read is none."""
    try:
        return MADE_HERE in regular.read(path)
    except OSError:
        return False
