"""What a sort may do to its data, and what answers its comparisons: values, or one of two adversaries."""
