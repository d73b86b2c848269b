"""What a process of the embedded cloud imports, when, and at what price."""
