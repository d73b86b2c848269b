"""Counting and evolving in one call each: what `import worstsort` offers to other programs."""
