"""What the pages show, one module for each subject: from a cloud's answers to plain data."""
