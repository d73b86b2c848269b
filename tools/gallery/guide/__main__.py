"""Draws the pictures of docs/guide: python -m tools.gallery.guide [FOLDER]."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.gallery.guide import breeding, running, sorting

FOLDER = Path(__file__).parents[3] / "docs" / "guide"


def pictures() -> dict[str, str]:
    """Return every picture as SVG, by the name of its file; the same each time."""
    drawn = (
        breeding.chromosome, sorting.questions, breeding.selection, breeding.crossover, breeding.mutation,
        breeding.survivors, running.islands, sorting.gas, running.states, running.streams, sorting.meeting,
    )  # fmt: skip
    return {f"{draw.__name__}.svg": draw().svg() for draw in drawn} | {"scaling.svg": running.scaling()}


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in pictures().items():
        (folder / name).write_text(picture, encoding="utf-8")
        print(folder / name)


if __name__ == "__main__":
    main()
