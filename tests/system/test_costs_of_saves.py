"""What an estimate counts of saves, against a real run that makes one after every generation."""

from __future__ import annotations

from tests.system.metered_runs import ALWAYS, WHOLE, assert_counted, assert_stored, compare, open_metered


def test_saves_are_counted_one_by_one() -> None:
    """Each is a request, and a look at whether the epoch is over; they expire sooner than what is stored besides."""
    with open_metered(ALWAYS) as opened:
        saved = compare(opened, "whole", WHOLE)
    assert saved.meter.saves == WHOLE["islands"] * WHOLE["stop"]["max_epochs"] * WHOLE["generations_per_epoch"]
    assert_counted(saved)
    assert_stored(saved)
