"""What a finished run leaves for its user: a page to look at, pictures, and a test for Go programmers."""
