"""The sorts themselves, one module each, transcribed from Go; `*_steps` and `*_fast` hold the fast form of a sort."""
