"""The pictures of docs/guide, drawn from what the project's own code does."""
