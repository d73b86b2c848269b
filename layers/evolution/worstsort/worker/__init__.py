"""The evolution of one island for one epoch, as a Batch job does it."""
