"""What a program says in one call: count, or evolve. `import worstsort` offers it, with what stands behind it."""
