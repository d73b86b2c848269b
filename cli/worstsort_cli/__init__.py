"""The `worstsort` command: runs, watches and looks at runs, in the embedded cloud or on a deployed stack."""
