"""The folder of a local run, which holds all that is needed to continue the run, and in the end what the run found.

input.json          the configuration, in the form that `--input` reads
state/              while the run is under way; all in the format of `worstsort.storage.archive`, but for the lock:
  lock                locked by the one process that may write here; a crash releases it
  run.npz             what the run was begun with; the run is under way for as long as this or its copy exists
  island-I-E.npz      the populations of the last two epochs that closed
  epoch-E.npz         the records of each epoch; its presence means that the copy of the epoch is complete
  copy-of-...         a second copy of run.npz and of each epoch's records, each of which the run could not do without
log.jsonl           what its islands have logged, for `worstsort logs`
champion.json ...   the files that the run leaves for its user, written once it has succeeded
"""
