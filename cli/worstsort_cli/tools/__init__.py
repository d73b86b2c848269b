"""What commands do with an input: find real Go, recount, compare with random inputs, simplify."""
