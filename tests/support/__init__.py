"""Helpers that several test folders share: starting the command, and small runs in the embedded cloud."""
