"""What a person sees during a run and at its end."""
