"""What every process of the system needs: its configuration, its logger and tracer, its metrics."""
