"""The operators of the genetic algorithm, one concept per module; each draws its randomness from streams."""
