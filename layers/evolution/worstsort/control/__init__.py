"""What the state machine's functions decide: plan a run, follow its executions, end jobs, explain failures."""
