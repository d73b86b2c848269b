"""Where runs happen: the embedded cloud or a deployed stack, its executions and their status."""
