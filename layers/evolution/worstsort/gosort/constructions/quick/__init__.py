"""Builds the inputs that cost Go 1.12's quicksort most, from its last step back to its first.

A `plan` says how large the parts of each segment are. A `base` is the segment that the last partition leaves, in an
order that costs heapsort or insertion sort as much as any. `steps` undo the partitions and the choices of their pivots,
and `chains` search for ways to undo them all at full cost.
"""
