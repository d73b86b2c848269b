"""Pictures for the documentation, made by the project's own code from real runs."""
