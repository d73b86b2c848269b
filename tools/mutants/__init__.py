"""Mutation testing: put one small fault at a time into a copy of the code base, and see whether the tests notice.

`make mutants` draws a sample by a seed, so that a sample can be repeated and nobody chooses what is tried.
"""
