"""Each page does what its path says, and the journal has what a client got, byte for byte."""

import gzip
import hashlib
import http.client
import os
import re
import socket
import ssl
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.conformance.misbehaving import Exchange, MisbehavingServer, payload
from tests.conformance.pages import SURPLUS, noise, prose


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with MisbehavingServer(big_bytes=300_000, drip_seconds=0.001) as running:
        yield running


def ask(path: str, *lines: str, method: str = "GET") -> bytes:
    fields = (f"{method} {path} HTTP/1.1", "Host: loopback", *lines, "", "")
    return "\r\n".join(fields).encode()


def dial(server: MisbehavingServer) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    if not server.certificate:
        return plain
    trust = ssl.create_default_context(cadata=server.certificate.decode())
    return trust.wrap_socket(plain, server_hostname="localhost")


def converse(server: MisbehavingServer, request: bytes) -> tuple[bytes, Exchange]:
    """All that the server sends until it closes, and what it has in its journal about it."""
    with dial(server) as peer:
        peer.sendall(request)
        got = b"".join(iter(lambda: peer.recv(65536), b""))
    return got, next(reversed(server.journal))


def get(server: MisbehavingServer, path: str, *lines: str, method: str = "GET") -> tuple[bytes, Exchange]:
    return converse(server, ask(path, "Connection: close", *lines, method=method))


@pytest.mark.parametrize("path", MisbehavingServer.pages)
def test_journal_has_what_the_client_sent_and_got(server: MisbehavingServer, path: str) -> None:
    request = ask(path, "Connection: close")
    got, exchange = converse(server, request)
    assert (exchange.path, exchange.received, exchange.tls) == (path, request, False)
    assert exchange.sent + exchange.surplus == got
    assert (exchange.length, exchange.sha256) == (len(exchange.sent), hashlib.sha256(exchange.sent).hexdigest())
    assert exchange.sent.startswith(exchange.interim + b"HTTP/1.")


# http.client takes the 103 for the answer.
@pytest.mark.parametrize("path", sorted({*MisbehavingServer.pages} - {*MisbehavingServer.pages_cut, "/early-hints"}))
def test_payload_is_what_http_client_reads(server: MisbehavingServer, path: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
        client.request("GET", path, headers={"Connection": "close"})
        body = client.getresponse().read()
    assert payload(server.journal[-1].sent) == body


@pytest.mark.parametrize("path", sorted({*MisbehavingServer.pages} - {"/continue", "/early-hints"}))
def test_head_ends_with_the_header_section(server: MisbehavingServer, path: str) -> None:
    got, exchange = get(server, path, method="HEAD")
    assert got == exchange.sent
    assert payload(got, method="HEAD") == b""
    assert got.partition(b"\n\n" if path == "/lf-only" else b"\r\n\r\n")[2] == b""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/mixed-case", b"\r\ncOnTeNt-tYpE: text/html; charset=utf-8\r\nx-lower: 1\r\nX-UPPER: 2\r\n"),
        ("/repeated", b"Set-Cookie: b=2\r\nX-Between: 1\r\nSet-Cookie: a=1\r\nset-cookie: b=3\r\n"),
        ("/reason-gbk", b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\n"),
        ("/reason-empty", b"HTTP/1.1 200 \r\n"),
        ("/reason-missing", b"HTTP/1.1 200\r\n"),
        ("/header-utf8", b"X-Title: \xe5\xb9\xb4\xe5\xba\xa6"),
        ("/header-gbk", b"X-Title: \xc4\xea\xb6\xc8"),
        ("/header-latin1", b"X-Title: r\xe9sum\xe9\r\n"),
        ("/header-no-colon", b"\r\nthis line has none\r\nX-After: 1\r\n"),
        ("/header-folded", b"X-Folded: one\r\n two\r\n\tthree\r\nX-After: 1\r\n"),
        ("/lf-only", b"HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nContent-Length: "),
        ("/wrong-type", b"Content-Type: image/png\r\n"),
        ("/chunked-extensions", b'2BC;name="a;b"\r\n<!doctype'),
        ("/chunked-extensions", b"\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n"),
        ("/chunked-bytewise", b"\r\n\r\n1\r\n<\r\n1\r\n!\r\n1\r\nd\r\n"),
        ("/http10", b"HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<!doctype"),
        ("/empty", b"\r\nContent-Length: 0\r\n\r\n"),
        ("/204", b"HTTP/1.1 204 No Content\r\n"),
        ("/304", b"HTTP/1.1 304 Not Modified\r\n"),
        ("/307", b"HTTP/1.1 307 Temporary Redirect\r\nContent-Type: text/html; charset=utf-8\r\nLocation: /plain\r\n"),
        ("/410", b"HTTP/1.1 410 Gone\r\n"),
        ("/503", b"HTTP/1.1 503 Service Unavailable\r\n"),
        ("/unheard-of", b"HTTP/1.1 404 Not Found\r\n"),
    ],
)
def test_page_says_what_its_path_promises(server: MisbehavingServer, path: str, words: bytes) -> None:
    got, _ = get(server, path)
    assert words in got


def test_long_header_has_thirty_kilobytes(server: MisbehavingServer) -> None:
    got, _ = get(server, "/header-long")
    assert b"\r\nX-Long: " + b"0123456789" * 3072 + b"\r\n" in got


@pytest.mark.parametrize(
    ("path", "decode"),
    [
        ("/gzip", gzip.decompress),
        ("/deflate", zlib.decompress),
        ("/chunked-gzip", gzip.decompress),
        ("/gzip-not", bytes),
        ("/chunked-bytewise", bytes),
        ("/chunked-extensions", bytes),
        ("/until-close", bytes),
        ("/503", bytes),
    ],
)
def test_payload_keeps_the_content_coding_only(
    server: MisbehavingServer, path: str, decode: Callable[[bytes], bytes]
) -> None:
    _, exchange = get(server, path)
    assert decode(payload(exchange.sent)) == prose(path)


@pytest.mark.parametrize(
    ("path", "interim"),
    [
        ("/continue", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("/early-hints", b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload; as=style\r\n\r\n"),
        ("/plain", b""),
    ],
)
def test_interim_responses_come_first_and_stand_apart(server: MisbehavingServer, path: str, interim: bytes) -> None:
    got, exchange = get(server, path)
    assert exchange.interim == interim
    assert got.startswith(interim + b"HTTP/1.1 200 OK\r\n")


def test_surplus_stands_beside_the_message(server: MisbehavingServer) -> None:
    got, exchange = get(server, "/surplus")
    assert exchange.surplus == SURPLUS
    assert exchange.sent.endswith(prose("/surplus"))
    assert got.endswith(prose("/surplus") + SURPLUS)


def test_cut_messages_break_off_where_they_promised_more(server: MisbehavingServer) -> None:
    short, _ = get(server, "/cut-short")
    chunk, _ = get(server, "/cut-chunk")
    assert short.endswith(b"Content-Length: 1000\r\n\r\nonly the beginning")
    assert payload(short) == b"only the beginning"
    assert payload(chunk) == b"wholeonly the beginning"


@pytest.mark.parametrize("until", range(len(b"4\r\n0123\r\n0\r\n\r\n")))
def test_payload_goes_as_far_as_a_chunked_body_got(until: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    body = b"4\r\n0123\r\n0\r\n\r\n"[:until]
    assert payload(head + body) == b"0123"[: max(0, until - 3)]


def test_big_body_is_noise_of_the_size_asked_for(server: MisbehavingServer) -> None:
    _, exchange = get(server, "/big")
    body = b"".join(noise(300_000))
    assert payload(exchange.sent) == body
    assert len(zlib.compress(body)) > 299_000


def test_connections_are_numbered_and_reused(server: MisbehavingServer) -> None:
    before = len(server.journal)
    for paths in (["/plain", "/chunked", "/204"], ["/404"]):
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
            for path in paths:
                client.request("GET", path)
                client.getresponse().read()
    first, *same, other = [exchange.connection for exchange in server.journal[before:]]
    assert same == [first, first]
    assert other == first + 1


def test_two_requests_sent_at_once_are_two_exchanges(server: MisbehavingServer) -> None:
    asked = [ask("/plain"), ask("/gzip", "Connection: close")]
    got, _ = converse(server, b"".join(asked))
    first, second = server.journal[-2:]
    assert [first.received, second.received] == asked
    assert first.sent + second.sent == got


def test_request_body_belongs_to_the_request(server: MisbehavingServer) -> None:
    request = ask("/plain", "Content-Length: 4", "Connection: close", method="POST") + b"k=v&"
    _, exchange = converse(server, request)
    assert exchange.received == request


def test_not_modified_only_when_the_condition_is_met(server: MisbehavingServer) -> None:
    fresh, _ = get(server, "/conditional")
    known, _ = get(server, "/conditional", 'If-None-Match: "v1"')
    assert payload(fresh) == prose("/conditional")
    assert known == b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\n\r\n'


def test_cookie_wall_opens_to_its_cookie(server: MisbehavingServer) -> None:
    wall, _ = get(server, "/cookie-wall")
    passed, _ = get(server, "/cookie-wall", "Cookie: pass=1")
    assert wall.startswith(b"HTTP/1.1 302 Found\r\n")
    assert b"Location: /cookie-wall\r\nSet-Cookie: pass=1" in wall
    assert passed.startswith(b"HTTP/1.1 200 OK\r\n")


def test_index_links_every_page_that_comes_whole(server: MisbehavingServer) -> None:
    _, exchange = get(server, "/")
    linked = set(re.findall(r'href="([^"]+)"', payload(exchange.sent).decode()))
    assert linked == {*server.pages} - {"/", "/robots.txt", *server.pages_cut}


def test_endless_body_lasts_until_the_client_goes(server: MisbehavingServer) -> None:
    with dial(server) as peer:
        peer.sendall(ask("/endless"))
        got = b""
        while len(got) < 1 << 20:
            got += peer.recv(65536)
        assert server.journal[-1].sent.startswith(got)


def test_hang_says_nothing_and_does_not_hinder_the_end() -> None:
    with MisbehavingServer() as server:
        peer = dial(server)
        peer.sendall(ask("/hang"))
        peer.settimeout(0.1)
        with pytest.raises(TimeoutError):
            peer.recv(1)
        assert [(exchange.path, exchange.sent) for exchange in server.journal] == [("/hang", b"")]
    with peer:
        assert peer.recv(1) == b""


def test_reset_comes_before_any_byte(server: MisbehavingServer) -> None:
    with pytest.raises(ConnectionResetError):
        get(server, "/reset")
    assert (server.journal[-1].path, server.journal[-1].sent) == ("/reset", b"")


def test_garbage_is_no_http(server: MisbehavingServer) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as client:
        client.request("GET", "/garbage")
        with pytest.raises(http.client.BadStatusLine):
            client.getresponse()


@pytest.mark.parametrize("path", ["/plain", "/http10", "/chunked", "/cut-short", "/surplus", "/big"])
def test_tls_carries_the_same_bytes(path: str) -> None:
    with MisbehavingServer(tls=True, big_bytes=300_000) as server:
        got, exchange = get(server, path)
        assert server.url(path).startswith("https://127.0.0.1:")
    assert exchange.tls
    assert exchange.sent + exchange.surplus == got


def test_tls_reset_comes_before_any_byte() -> None:
    with MisbehavingServer(tls=True) as server, dial(server) as peer:
        peer.sendall(ask("/reset"))
        peer.setblocking(True)
        # Below TLS: before Python 3.11.9 the ssl module takes a reset for an end of file.
        with pytest.raises(ConnectionResetError):
            deque(iter(lambda: os.read(peer.fileno(), 65536), b""), maxlen=0)
        assert server.journal[-1].sent == b""
