"""Where runs are found: a cloud, or a folder of this machine. Each keeps what it has read for a while."""
