"""Bad inputs that are built, not searched for."""
