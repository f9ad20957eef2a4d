"""A service: a process that says on stderr what it does, and goes on until SIGTERM or SIGINT tells it to stop."""

import logging
import signal
import time
from collections.abc import Callable


def begin_service() -> Callable[[], bool]:
    """Gives what says whether it was told to stop. Its log's times are UTC."""
    logging.basicConfig(format="%(asctime)sZ %(message)s", datefmt="%Y-%m-%dT%H:%M:%S")
    logging.Formatter.converter = time.gmtime
    logging.getLogger("scheduler").setLevel(logging.INFO)
    told: list[int] = []  # no Event: setting one in a signal's handler can wait for a lock that its thread holds
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: told.append(number))
    return lambda: bool(told)
