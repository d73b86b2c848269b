"""What a run amounts to: its champion, where that stands among others, its history, and a digest of it all."""
