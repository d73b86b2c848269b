"""What a run costs: prices, the resources that it uses, and the estimate made from both."""
