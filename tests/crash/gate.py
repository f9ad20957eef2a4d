"""A gate before a server: a TCP proxy that can be shut, as a network goes away, or made slow."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import BaseRequestHandler, ThreadingTCPServer


class _Proxy(ThreadingTCPServer):
    daemon_threads = True  # those that wait for a peer end with it


@dataclass(kw_only=True)
class Gate:
    """`passed` counts the pieces that went towards the server; each waits `delay` seconds."""

    server: str
    address: str = ""
    delay: float = 0.0
    passed: int = 0
    is_shut: bool = False
    _sockets: list[socket.socket] = field(default_factory=list)

    def shut(self) -> None:
        """Cuts every connection, and takes no other."""
        self.is_shut = True
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def carry(self, client: socket.socket) -> None:
        host, port = self.server.split(":")
        with suppress(OSError), socket.create_connection((host, int(port))) as server:
            self._sockets += [client, server]
            if self.is_shut:
                return
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server, forth=True)
            back.join()

    def _pump(self, source: socket.socket, target: socket.socket, *, forth: bool = False) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if forth:
                    self.passed += 1
                    threading.Event().wait(self.delay)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def gate(server: str) -> Iterator[Gate]:
    opened = Gate(server=server)

    class Carrier(BaseRequestHandler):
        def handle(self) -> None:
            opened.carry(self.request)

    with _Proxy(("127.0.0.1", 0), Carrier) as proxy:
        opened.address = f"127.0.0.1:{proxy.server_address[1]}"
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield opened
        finally:
            opened.shut()
            proxy.shutdown()
            thread.join()
