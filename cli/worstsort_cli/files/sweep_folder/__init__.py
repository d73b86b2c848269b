"""The folder of a sweep: many runs, of which each is as far as its own folder says.

sweep.json          what is swept, and every run of it with its configuration; written once, before the first run begins
lock                locked by the one process that works on the sweep; a crash releases it
RUN/                the folder of each run, as `worstsort run` has it
"""
