"""Files that commands read and write: inputs, configurations, exports, the folder of a local run."""
