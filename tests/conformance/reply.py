"""One exchange on the server's side: what a page speaks through, and what the journal keeps of it.

Invariant: a byte stands in the journal before it leaves, so a client that has received it finds it there. Of an
exchange the client left early, the journal may hold more than arrived.
"""

import hashlib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

KEPT_BYTES = 32 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`sent` is the whole message, interim responses included and surplus not, as far as KEPT_BYTES.

    `length` and `sha256` (hex) are the message's, however long. `connection` counts from 1.
    """

    path: str
    received: bytes
    sent: bytes
    interim: bytes
    surplus: bytes
    length: int
    sha256: str
    connection: int
    tls: bool


@dataclass(slots=True, kw_only=True)
class Reply:
    """`pause` waits one drip of the slow page; a page that sets `closing` speaks last on its connection."""

    peer: socket.socket
    connection: int
    received: bytes
    big_bytes: int
    pause: Callable[[], object]
    sent: bytearray = field(default_factory=bytearray)
    interim: bytes = b""
    surplus: bytes = b""
    length: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    closing: bool = False

    @property
    def method(self) -> bytes:
        return self.received.split(b" ", 1)[0]

    @property
    def path(self) -> str:
        return [*self.received.split(b" ", 2), b""][1].split(b"?")[0].decode("latin-1")

    def asks(self, words: bytes) -> bool:
        return words in self.received.lower()

    def send(self, data: bytes, *, surplus: bytes = b"") -> None:
        self.sent += data[: KEPT_BYTES - len(self.sent)]
        self.length += len(data)
        self.digest.update(data)
        self.surplus += surplus
        self.peer.sendall(data + surplus)

    def inform(self, *lines: bytes) -> None:
        message = b"\r\n".join((*lines, b"", b""))
        self.interim += message
        self.send(message)

    def head(self, *lines: bytes) -> None:
        self.send(b"\r\n".join((*lines, b"", b"")))

    def body(self, data: bytes, *, surplus: bytes = b"") -> None:
        if self.method != b"HEAD":
            self.send(data, surplus=surplus)

    def exchange(self) -> Exchange:
        return Exchange(
            path=self.path,
            received=self.received,
            sent=bytes(self.sent),
            interim=self.interim,
            surplus=self.surplus,
            length=self.length,
            sha256=self.digest.hexdigest(),
            connection=self.connection,
            tls=isinstance(self.peer, ssl.SSLSocket),
        )
