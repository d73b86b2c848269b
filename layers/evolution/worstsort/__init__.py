"""Worstsort: evolves the inputs on which Go's sort makes the most comparisons.

`gosort` counts, `genetic` evolves, `runs` says what a run is and where it is kept.
"""

__version__ = "0.1.0"
