"""How Numba turns the sorts into machine code, keeps it on disk, and runs it on several threads."""
