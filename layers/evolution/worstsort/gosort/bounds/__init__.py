"""How many comparisons a sort can make at most: proven upper bounds, and exact maxima for small sizes."""
