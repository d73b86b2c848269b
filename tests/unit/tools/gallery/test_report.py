"""The gallery of reports: which runs it shows, and how one is interrupted for it."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from tools.gallery.report import SUBJECTS, WIDTHS_PIXELS, index, interrupted

if TYPE_CHECKING:
    from pathlib import Path


def test_every_picture_is_shown_with_a_text_alternative() -> None:
    """Each run at each width, light and dark."""
    images: list[dict[str, str | None]] = []

    class Images(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "img":
                images.append(dict(attrs))

    Images().feed(index(SUBJECTS))
    assert len({image["src"] for image in images}) == len(SUBJECTS) * len(WIDTHS_PIXELS) * 2
    assert len({image["alt"] for image in images}) == len(images)


def test_a_run_is_interrupted_where_its_output_says_so(tmp_path: Path) -> None:
    """It ends as it ends for a user, and the run that it leaves is named."""
    program = (
        "import pathlib, sys, time\n"
        "pathlib.Path(sys.argv[2], 'a-run').mkdir()\n"
        "for epoch in range(1, 1000):\n"
        "    pathlib.Path(sys.argv[2], 'a-run', f'{epoch}').touch()\n"
        "    print(f'epoch {epoch}/', flush=True)\n"
        "    time.sleep(0.05)\n"
    )
    out = tmp_path / "runs"
    out.mkdir()
    (out / ".lock").mkdir()
    assert interrupted([sys.executable, "-c", program, "--out", str(out)], "epoch 3/") == "a-run"
    assert 3 <= len(list((out / "a-run").iterdir())) < 999
