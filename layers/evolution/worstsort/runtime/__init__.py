"""What a process learns from its environment, and how it logs, traces and measures."""
