"""Files that commands read and write: inputs, configurations, exports, and the folder of a local run."""
