"""The history of a run as a file: `history.csv`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worstsort.runs.records import GenerationRecord

HISTORY_COLUMNS = ("generation", "comparisons", "island", "mean", "evaluations")
"""The fields of a record in `history.csv`, as they are stored."""


def history_csv(generations: list[GenerationRecord]) -> str:
    """Return the per-generation bests as CSV, one row per generation under a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HISTORY_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(record.model_dump() for record in generations)
    return text.getvalue()
