"""What holds for all tests."""

from __future__ import annotations

import signal
import threading

# Tests press Ctrl-C and close terminals. A shell that runs them in the background ignores SIGINT, and nohup SIGHUP, and
# what they start would inherit that. A handler, though, is forgotten by what is started, which begins with the default.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda *_: None)
