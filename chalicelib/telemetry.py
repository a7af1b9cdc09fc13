"""Trace ids, and the operator's log."""

import logging
import os
import time

log = logging.getLogger("afterchat")


def new_trace_id() -> str:
    """32 hex digits of which the first 8 are the time in seconds, as X-Ray wants them."""
    return f"{int(time.time()):08x}{os.urandom(12).hex()}"
