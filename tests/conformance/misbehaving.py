"""A loopback web server that does, a page each, what servers should not do and do; it journals every byte.

    with MisbehavingServer(tls=False) as server:
        fetch(server.url("/gzip"))
        server.journal  # one Exchange for every request, in the order the requests came

It speaks raw sockets, a thread a connection, and imports nothing of the product; nor does `payload`, a reading of HTTP
messages of its own, with which the product's may be compared.
"""

import ipaddress
import re
import socket
import ssl
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import ClassVar, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conformance.pages import ABSENT, CUT, ENDLESS, FAILING, WHOLE
from tests.conformance.reply import Exchange, Reply

__all__ = ["Exchange", "MisbehavingServer", "payload"]

PAGES = WHOLE | CUT | ENDLESS | FAILING


class MisbehavingServer:
    """Every path of `pages` gives a response in finite time, though those of `pages_cut` break it off.

    Those of `pages_failing` give none, and those of `pages_endless` do not stop while the client stays. `certificate`
    is what a TLS client may trust, PEM. A `legacy` server knows no TLS but 1.0. `connections` counts those that came.
    """

    pages: ClassVar[list[str]] = [*WHOLE, *CUT]
    pages_cut: ClassVar[list[str]] = [*CUT]
    pages_endless: ClassVar[list[str]] = [*ENDLESS]
    pages_failing: ClassVar[list[str]] = [*FAILING]

    def __init__(
        self, *, tls: bool = False, legacy: bool = False, big_bytes: int = 8 << 20, drip_seconds: float = 0.02
    ) -> None:
        self.big_bytes = big_bytes
        self.drip_seconds = drip_seconds
        self.certificate, key = _self_signed() if tls else (b"", b"")
        self._context = _context(self.certificate + key, legacy=legacy) if tls else None
        self._stopping = threading.Event()
        self._replies: list[Reply] = []
        self._peers: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @property
    def journal(self) -> list[Exchange]:
        return [reply.exchange() for reply in self._replies]

    @property
    def connections(self) -> int:
        return len(self._peers)

    def url(self, path: str) -> str:
        return f"{'https' if self._context else 'http'}://127.0.0.1:{self.port}{path}"

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopping.set()
        # The acceptor first: once it is gone, no connection can join those that are shut down next.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for peer in self._peers:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):
            for connection in count(1):
                peer, _ = self._listener.accept()
                # Without it Nagle's delay would join what the bytewise and the dripping page send apart.
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if self._context:
                    peer = self._context.wrap_socket(peer, server_side=True, do_handshake_on_connect=False)
                self._peers.append(peer)
                self._start(self._serve, peer, connection)

    def _serve(self, peer: socket.socket, connection: int) -> None:
        with closing(peer), suppress(OSError):
            if isinstance(peer, ssl.SSLSocket):
                peer.do_handshake()
            for received in _requests(peer):
                reply = self._reply(peer, connection, received)
                if reply.closing or reply.asks(b"connection: close") or reply.asks(b" http/1.0\r\n"):
                    break
            _take_leave(peer)

    def _reply(self, peer: socket.socket, connection: int, received: bytes) -> Reply:
        def pause() -> object:
            return self._stopping.wait(self.drip_seconds)

        reply = Reply(peer=peer, connection=connection, received=received, big_bytes=self.big_bytes, pause=pause)
        self._replies.append(reply)
        PAGES.get(reply.path, ABSENT)(reply)
        return reply


def _requests(peer: socket.socket) -> Iterator[bytes]:
    """The requests of one connection, each as its bytes came; it ends where the client goes."""
    waiting = b""
    while True:
        while (end := _request_end(waiting)) is None:
            if not (piece := peer.recv(65536)):
                return
            waiting += piece
        yield waiting[:end]
        waiting = waiting[end:]


def _request_end(waiting: bytes) -> int | None:
    if (blank := waiting.find(b"\r\n\r\n")) < 0:
        return None
    length = re.search(rb"(?i)\r\ncontent-length:\s*(\d+)", waiting[:blank])
    end = blank + 4 + (int(length[1]) if length else 0)
    return end if len(waiting) >= end else None


def _take_leave(peer: socket.socket) -> None:
    """Ends TLS as it should be ended: what misbehaves here is HTTP."""
    if isinstance(peer, ssl.SSLSocket):
        peer.settimeout(1)
        with suppress(ValueError):  # the server's end has taken the session away already
            peer.unwrap()


def payload(sent: bytes, *, method: str = "GET") -> bytes:
    """The body of the final response in `sent`: transfer coding undone, content coding not, as far as it got."""
    head, body = _final_message(sent)
    status = int(head.split(None, 2)[1])
    if method == "HEAD" or status in {204, 304}:
        return b""
    fields = dict(re.findall(rb"(?m)^([^\s:]+)[ \t]*:[ \t]*(.*?)\s*$", head.lower()))
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return b"".join(_chunks(body))
    return body[: int(fields.get(b"content-length", len(body)))]


def _final_message(sent: bytes) -> tuple[bytes, bytes]:
    head, body = (*re.split(rb"\r?\n\r?\n", sent, maxsplit=1), b"")[:2]
    interim = re.match(rb"HTTP/1\.\d 1(?!01)\d\d", head)
    return _final_message(body) if interim else (head, body)


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while (eol := body.find(b"\n", at)) >= 0 and (size := int(body[at:eol].partition(b";")[0], 16)):
        yield body[eol + 1 : eol + 1 + size]
        at = body.find(b"\n", eol + 1 + size) + 1 or len(body)


def _self_signed() -> tuple[bytes, bytes]:
    """A certificate for loopback and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def _context(chain: bytes, *, legacy: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if legacy:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # TLS 1.0 is signed over SHA-1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "chain.pem")
        file.write_bytes(chain)
        context.load_cert_chain(file)
    return context
