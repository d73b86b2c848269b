"""How a foreign sort is played: the callbacks that it asks, the loops around it, and the child that runs them."""
