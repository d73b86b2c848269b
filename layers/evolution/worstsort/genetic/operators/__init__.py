"""The operators of the genetic algorithm, one concept per module.

An operator acts on a whole population at once, draws its randomness from the streams that it is given, and knows
nothing of the other operators. Each module begins with the type that its operators have in common.
"""
