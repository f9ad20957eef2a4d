"""What listens, and for how long: sockets bound before anything starts, our server in a thread, an end to wait for.

Whoever connects to a bound socket is kept by the kernel until the server behind it takes him: so an address can be said
as soon as it is bound, and a port in use is refused before anything is begun.
"""

import errno
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

import uvicorn
from starlette.applications import Starlette

from archive.errors import ConfigError

GRACE_SECONDS = 5
# Longer than a person thinks between two clicks: the replay engine keeps its connections.
KEEP_SECONDS = 75


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """Port 0 is any free one. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=512)
    except OSError as exc:
        if exc.errno in {errno.EADDRINUSE, errno.EACCES}:
            reason = os.strerror(exc.errno)
            raise ConfigError(f"--port: {port} on {host}: {reason}; allowed: a free port, or 0 for any") from exc
        raise ConfigError(f"--host: {host!r} is wrong; allowed: an address of this machine") from exc
    with door:
        # An accepted socket inherits it. Without it an answer written in two parts waits for a delayed ACK: 40 ms.
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield door


def address(door: socket.socket) -> str:
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class Ends:
    """The first reason to stop. A signal is one; others are reported by whoever watches for them."""

    def __init__(self) -> None:
        # The one queue that may be put into from a signal's handler, whatever the thread was doing.
        self._reasons: SimpleQueue[str | None] = SimpleQueue()

    def report(self, reason: str | None) -> None:
        """None: it was asked for."""
        self._reasons.put(reason)

    def first(self) -> str | None:
        return self._reasons.get()


@contextmanager
def ends() -> Iterator[Ends]:
    told = Ends()
    before = {each: signal.signal(each, lambda *_: told.report(None)) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def serving(app: Starlette, door: socket.socket, told: Ends) -> Iterator[None]:
    """Ours, in a thread; what is under way when it ends has some seconds to finish."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=KEEP_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )

    def serve() -> None:
        server.run(sockets=[door])
        told.report("the server has ended")

    thread = threading.Thread(target=serve, name="server")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
