"""Screenshots of reports of four real runs: python -m tools.gallery.report [FOLDER].

The runs are a small one, one of 1,000 integers on 8 islands, one that was interrupted and resumed, and one whose
champion is proven optimal. Those that are not in FOLDER/runs yet are run there, which takes some minutes. Each page is
photographed at the width of a desk and of a phone, light and dark; FOLDER/index.html shows them side by side. FOLDER is
build/gallery unless given. A run keeps the page that it left: delete it to see what a page is like by now. Needs
chromium and chromedriver.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from html import escape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from tests.system.browser import CHROMIUM, DRIVER, browser

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[2]
WIDTHS_PIXELS = (1280, 390)
"""A desk's and a phone's."""


@dataclass(frozen=True)
class Subject:
    """A run to report on.

    Attributes:
        name: Of its folder and its pictures.
        title: What it shows.
        options: For `worstsort run`.
        interrupt_after: The words in its output at which it is interrupted, to be resumed; none if it is not.
    """

    name: str
    title: str
    options: tuple[str, ...]
    interrupt_after: str = ""


SUBJECTS = (
    Subject("small", "100 integers on Go 1.24 and newer", ("--target", "go1.24", "--size", "100")),
    Subject(
        "islands",
        "1,000 integers on 8 islands, Go 1.12 to 1.18",
        ("--target", "go1.12", "--size", "1000", "--islands", "8", "--max-epochs", "4", "--generations-per-epoch", "5"),
    ),
    Subject(
        "resumed",
        "Interrupted in its fourth epoch, and resumed",
        ("--target", "go1.24", "--size", "60", "--max-epochs", "6"),
        interrupt_after="epoch 3/",
    ),
    Subject("optimal", "A proven optimum", ("--target", "go1.12", "--size", "10", "--max-epochs", "3")),
)


def main() -> None:
    """Make what is missing, and photograph everything."""
    if not (CHROMIUM and DRIVER):
        raise SystemExit("chromium and chromedriver are needed")
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "gallery").resolve()
    pages = {subject: report_of(subject, folder / "runs" / subject.name) for subject in SUBJECTS}
    photograph(pages, folder)
    (folder / "index.html").write_text(index(SUBJECTS), encoding="utf-8")
    print(folder / "index.html")


def report_of(subject: Subject, folder: Path) -> Path:
    """Return the report of a run, which is run unless it is there."""
    if not list(folder.glob("*/report.html")):
        command = [str(Path(sys.executable).parent / "worstsort"), "run", "--out", str(folder)]
        if subject.interrupt_after:
            run_id = interrupted([*command, *subject.options], subject.interrupt_after)
            subprocess.run([*command, "--resume", run_id], check=True, cwd=ROOT)
        else:
            subprocess.run([*command, *subject.options], check=True, cwd=ROOT)
    return next(folder.glob("*/report.html"))


def interrupted(command: list[str], words: str) -> str:
    """Run a command until it says certain words, end it in order as Ctrl-C does, and return the id of its run."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        for line in running.stdout or ():
            print(line, end="", flush=True)
            if words in line:
                running.terminate()
    out = Path(command[command.index("--out") + 1])
    return next(path.name for path in out.iterdir() if path.is_dir() and not path.name.startswith("."))


def photograph(pages: dict[Subject, Path], folder: Path) -> None:
    """Photograph each page whole: <name>-<width>-<light or dark>.png."""
    with browser() as window:
        for subject, page in pages.items():
            for width, dark in product(WIDTHS_PIXELS, (False, True)):
                window.emulate(dark=dark, width=width, height=900)
                window.open(page)
                (folder / picture_name(subject, width, dark=dark)).write_bytes(window.photograph())


def picture_name(subject: Subject, width: int, *, dark: bool) -> str:
    """Return the name of a picture's file."""
    return f"report-{subject.name}-{width}-{'dark' if dark else 'light'}.png"


def index(subjects: Sequence[Subject]) -> str:
    """Return a page with all pictures."""
    sections = (f"<h2>{escape(subject.title)}</h2><p>{''.join(_images(subject))}</p>" for subject in subjects)
    style = "body{font:16px system-ui;margin:2rem}img{height:40rem;margin:.5rem;border:1px solid #8c959f}"
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Reports</title><style>{style}</style>'
    return f"{head}{''.join(sections)}</html>\n"


def _images(subject: Subject) -> Iterator[str]:
    for width, dark in product(WIDTHS_PIXELS, (False, True)):
        name = picture_name(subject, width, dark=dark)
        alternative = f"{subject.title}: {width} pixels wide, {'dark' if dark else 'light'}"
        yield f'<a href="{name}"><img src="{name}" alt="{escape(alternative)}"></a>'


if __name__ == "__main__":
    main()
