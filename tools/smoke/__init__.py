"""Trying a deployed stack, `make smoke`: three runs, two of them disturbed, and whether anybody was told."""
