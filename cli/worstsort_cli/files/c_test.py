"""An input as a test in C of the sort that it was found for: one file to compile, with the values in a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worstsort.foreign.targets import player_of
from worstsort.gosort import count_plain
from worstsort.runs.errors import InputRefused, Problem
from worstsort_cli.files.formats import c_literal, origin

if TYPE_CHECKING:
    from pathlib import Path

    from worstsort.foreign.library import Library
    from worstsort_cli.files.sort_input import SortInput

VALUES = ".inc"
"""The ending of the file with the values."""

_PER_LINE = 12

_SHAPES = {
    "sort": ("int32_t *items, size_t n, int (*less)(int32_t, int32_t, void *), void *ctx", "items, SIZE, less, &asked"),
    "nth": (
        "int32_t *items, size_t n, size_t k, int (*less)(int32_t, int32_t, void *), void *ctx",
        "items, SIZE, SIZE / 2, less, &asked",
    ),
    "qsort": (
        "void *items, size_t n, size_t width, int (*compare)(const void *, const void *)",
        "items, SIZE, sizeof *items, compare",
    ),
    "qsort_r": (
        "void *items, size_t n, size_t width, int (*compare)(const void *, const void *, void *), void *ctx",
        "items, SIZE, sizeof *items, compare_with, &asked",
    ),
}
"""The parameters of a function, and how the test calls it, by its convention."""

_TEXT = """\
/* A test of %(symbol)s, made by Worstsort. %(origin)s

   Build it with the sort, which need not be a library, and run it:
     cc -O2 -o %(stem)s %(stem)s.c mysort.c -lm && ./%(stem)s
   It fails if the sort takes more than AT_MOST times n log2 n comparisons, or does not sort; -DAT_MOST=4 changes that.
   When it was found, the input took %(comparisons)d. */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifndef AT_MOST
#define AT_MOST 5
#endif

void %(symbol)s(%(parameters)s);

static const int64_t values[] = {
#include "%(stem)s.inc"
};

enum { SIZE = sizeof values / sizeof *values };

static long long asked;

static int order(int32_t a, int32_t b) {
    asked++;
    return (values[a] > values[b]) - (values[a] < values[b]);
}
%(callback)s
int main(void) {
    static int32_t items[SIZE];
    double allowed = AT_MOST * SIZE * log2(SIZE);
    for (int32_t i = 0; i < SIZE; i++) items[i] = i;
    %(symbol)s(%(arguments)s);
    long long comparisons = asked;
    for (int32_t i = 1; i < SIZE; i++) {
        if (%(disorder)s) return printf("FAIL: item %%d is out of order\\n", i), 1;
    }
    int fails = comparisons > allowed;
    const char *word = fails ? "FAIL" : "ok";
    printf("%%s: %%lld comparisons for %%d items, allowed: %%.0f\\n", word, comparisons, SIZE, allowed);
    return fails;
}
"""

_CALLBACKS = {
    "sort": "\nstatic int less(int32_t a, int32_t b, void *ctx) { (void)ctx; return order(a, b) < 0; }\n",
    "qsort": (
        "\nstatic int compare(const void *a, const void *b) {\n"
        "    return order(*(const int32_t *)a, *(const int32_t *)b);\n}\n"
    ),
    "qsort_r": (
        "\nstatic int compare_with(const void *a, const void *b, void *ctx) {\n"
        "    (void)ctx;\n    return order(*(const int32_t *)a, *(const int32_t *)b);\n}\n"
    ),
}

_DISORDER = {
    "nth": "(i <= SIZE / 2 ? order(items[i - 1], items[SIZE / 2]) : order(items[SIZE / 2], items[i])) > 0",
}


def render(source: SortInput, stem: str) -> dict[str, bytes]:
    """Return the files of the test by their endings.

    Args:
        source: The input.
        stem: What both files are called, without an ending.

    Raises:
        InputRefused: The sort is no function that C could call, or there is nothing to sort.
    """
    library = _library(source)
    if library is None or library.kind == "cmd":
        allowed = "a sort in a library, which --target names"
        raise InputRefused([Problem(f"{source.file}: target", source.target, allowed)])
    if len(source.values) < 2:
        raise InputRefused([Problem(f"{source.file}: values", len(source.values), "at least 2")])
    parameters, arguments = _SHAPES[library.convention]
    text = _TEXT % {
        "symbol": library.symbol,
        "origin": origin(source),
        "stem": stem,
        "comparisons": count_plain(source.values, source.target),
        "parameters": parameters,
        "arguments": arguments,
        "callback": _CALLBACKS.get(library.convention, _CALLBACKS["sort"]),
        "disorder": _DISORDER.get(library.convention, "order(items[i - 1], items[i]) > 0"),
    }
    lines = [source.values[start : start + _PER_LINE] for start in range(0, len(source.values), _PER_LINE)]
    values = "".join(", ".join(map(c_literal, line)) + ",\n" for line in lines)
    return {".c": text.encode(), VALUES: values.encode()}


def is_name(output: Path) -> bool:
    """Return whether a test can be called this: a line of it includes the file beside it."""
    return output.suffix == ".c" and all(letter.isalnum() or letter in "_-." for letter in output.stem)


def _library(source: SortInput) -> Library | None:
    player = player_of(source.target)
    return player.code.library if player else None
