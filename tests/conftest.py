"""What holds for all tests."""

from __future__ import annotations

import signal
import threading

# Tests press Ctrl-C. A shell that runs them in the background ignores SIGINT, and what they start would inherit that.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
