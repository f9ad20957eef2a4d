"""Waiting for what another process does: as short as it takes, and never for ever."""

import threading
import time
from collections.abc import Callable


def until(true: Callable[[], object], *, seconds: float = 60) -> None:
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not true():
        assert time.monotonic() < deadline
        pause.wait(0.02)
