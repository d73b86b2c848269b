"""Sorts that are not transcribed: any library as a target, played in a process of its own.

Nothing of a foreign sort is ever loaded into the process that asks: it forks a child, shares memory with it and watches
it. So a sort that crashes, hangs or writes where it should not is found out, and harms nobody.
"""
