"""What tests in several folders share: how the command is started, and a run in the embedded cloud."""
