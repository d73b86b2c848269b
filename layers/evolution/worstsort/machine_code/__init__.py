"""How Numba turns loops into machine code that is kept on disk, for the counters and for the operators."""
