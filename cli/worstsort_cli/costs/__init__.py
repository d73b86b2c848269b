"""Prices, the resources that a run uses, and the estimate made of both."""
