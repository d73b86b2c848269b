"""How many epochs fit into the history of one execution of the state machine."""

from __future__ import annotations

MAX_HISTORY_EVENTS = 20_000
"""History events that an execution may take: Step Functions ends it at 25,000."""

EVENTS_PER_EPOCH = 20
"""Measured 15 (submit and wait 6, close 5, two choices 4); the rest is room for retries."""

EVENTS_OUTSIDE_EPOCHS = 400
"""Preparing, seeding in 40 chunks, finishing."""

MAX_EPOCHS_PER_EXECUTION = (MAX_HISTORY_EVENTS - EVENTS_OUTSIDE_EPOCHS) // EVENTS_PER_EPOCH
"""Epochs that fit into an execution's history."""
