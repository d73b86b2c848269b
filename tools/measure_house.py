"""Measure the code base: files per folder, sizes of files and functions, tests to code: `make house`."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]

PARTS = {
    "shared layer": "layers",
    "command": "cli",
    "embedded cloud": "embedded",
    "functions": "functions",
    "worker": "batch_worker",
    "benchmarks": "benchmarks",
    "tests": "tests",
}
"""The table's rows and their folders."""

CODE = ("layers", "cli", "embedded", "functions", "batch_worker")
"""The folders that tests are compared with."""


@dataclass(frozen=True)
class Sizes:
    """How long files and functions are and how full the folders, each list ascending with names."""

    files: list[tuple[int, str]]
    functions: list[tuple[int, str]]
    folders: list[tuple[int, str]]
    """The number of modules in each folder, not counting `__init__`."""

    @property
    def lines(self) -> int:
        """The number of lines in all files."""
        return sum(count for count, _ in self.files)


def measure(folder: Path) -> Sizes:
    """Return the sizes of the Python files under a folder."""
    files, functions = [], []
    folders: Counter[str] = Counter()
    for path in sorted(folder.rglob("*.py")):
        if "node_modules" in path.parts:
            continue
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        if not text:
            continue
        files.append((len(text.splitlines()), name))
        functions += [
            ((node.end_lineno or node.lineno) - node.lineno + 1, f"{name}: {node.name}")
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
        ]
        folders[path.parent.relative_to(ROOT).as_posix()] += path.name != "__init__.py"
    return Sizes(sorted(files), sorted(functions), sorted((count, name) for name, count in folders.items()))


def row(name: str, sizes: Sizes) -> str:
    """Lay out one part of the code base."""
    cells = (
        name,
        f"{len(sizes.files)}",
        f"{sizes.lines:,}",
        f"{median(count for count, _ in sizes.folders):g} / {sizes.folders[-1][0]}",
        f"{median(count for count, _ in sizes.files):g} / {sizes.files[-1][0]}",
        f"{median(count for count, _ in sizes.functions):g} / {sizes.functions[-1][0]}",
    )
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table, and what is largest."""
    measured = {name: measure(ROOT / folder) for name, folder in PARTS.items()}
    print("| part | files | lines | modules per folder | lines per file | lines per function |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, sizes in measured.items():
        print(row(name, sizes))
    code = [measured[name] for name, folder in PARTS.items() if folder in CODE]
    written, tested = sum(sizes.lines for sizes in code), measured["tests"].lines
    print("\nEach pair is the median and the maximum; a function's lines include its docstring. The tests have")
    print(f"{tested:,} lines, the code {written:,}: {tested / written:.2f} to 1. The largest outside the tests:\n")
    for what, largest in (
        ("folder", max(sizes.folders[-1] for sizes in code)),
        ("file", max(sizes.files[-1] for sizes in code)),
        ("function", max(sizes.functions[-1] for sizes in code)),
    ):
        print(f"- {what}: `{largest[1]}`, {largest[0]}")


if __name__ == "__main__":
    main()
