"""The console: pages on loopback that show runs and act on them, through the same AWS calls for every kind of cloud."""
