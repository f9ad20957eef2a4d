"""The misbehaviours, a page each: a path of the tables at the end, and the function that answers there.

WHOLE     a message that has an end            CUT       a message that begins and breaks off
ENDLESS   a message that does not stop         FAILING   no HTTP message at all
"""

import gzip
import random
import socket
import struct
import zlib
from collections.abc import Callable, Iterator

from tests.conformance.reply import Reply

Page = Callable[[Reply], None]
Coding = Callable[[bytes], bytes]

OK = b"HTTP/1.1 200 OK"
HTML = b"Content-Type: text/html; charset=utf-8"
SURPLUS = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray"


def prose(path: str) -> bytes:
    """The text of the page at `path`: another for every path, so that no page repeats another's payload."""
    return f'<!doctype html><meta charset="utf-8"><title>{path}</title>{f"<p>{path} 的正文" * 40}\n'.encode()


def noise(length: int) -> Iterator[bytes]:
    """`length` incompressible bytes, the same every time, in pieces."""
    source = random.Random(20240131)
    return (source.randbytes(min(65536, length - at)) for at in range(0, length, 65536))


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def _text(body: bytes, *lines: bytes) -> Page:
    def page(reply: Reply) -> None:
        reply.head(OK, *lines, b"Content-Length: %d" % len(body))
        reply.body(body)

    return page


def _whole(*lines: bytes, status: bytes = OK, coding: Coding = bytes, eol: bytes = b"\r\n") -> Page:
    def page(reply: Reply) -> None:
        body = coding(prose(reply.path))
        reply.send(eol.join((status, *lines, b"Content-Length: %d" % len(body), b"", b"")))
        reply.body(body)

    return page


def _bare(*lines: bytes) -> Page:
    return lambda reply: reply.head(*lines)


def _chunked(*lines: bytes, coding: Coding = bytes, size: int = 700, extension: bytes = b"", end: bytes = b"") -> Page:
    def page(reply: Reply) -> None:
        reply.head(OK, HTML, *lines, b"Transfer-Encoding: chunked")
        for piece in _pieces(coding(prose(reply.path)), size):
            reply.body(b"%X%s\r\n%s\r\n" % (len(piece), extension, piece))
        reply.body(b"0\r\n" + end + b"\r\n")

    return page


def _until_close(*lines: bytes) -> Page:
    def page(reply: Reply) -> None:
        reply.head(*lines, HTML)
        reply.body(prose(reply.path))
        reply.closing = True

    return page


def _after(*interim: bytes) -> Page:
    def page(reply: Reply) -> None:
        reply.inform(*interim)
        _whole(HTML)(reply)

    return page


def _conditional(reply: Reply) -> None:
    known = reply.asks(b'if-none-match: "v1"')
    (_bare(b"HTTP/1.1 304 Not Modified", b'ETag: "v1"') if known else _whole(HTML, b'ETag: "v1"'))(reply)


def _cookie_wall(reply: Reply) -> None:
    wall = _whole(HTML, b"Location: /cookie-wall", b"Set-Cookie: pass=1; Path=/", status=b"HTTP/1.1 302 Found")
    (_whole(HTML) if reply.asks(b"pass=1") else wall)(reply)


def _drip(reply: Reply) -> None:
    body = prose(reply.path)[:40]
    reply.head(OK, HTML, b"Content-Length: %d" % len(body))
    for piece in _pieces(body, 1):
        reply.pause()
        reply.body(piece)


def _big(reply: Reply) -> None:
    reply.head(OK, b"Content-Type: application/octet-stream", b"Content-Length: %d" % reply.big_bytes)
    for piece in noise(reply.big_bytes):
        reply.body(piece)


def _surplus(reply: Reply) -> None:
    body = prose(reply.path)
    reply.head(OK, HTML, b"Content-Length: %d" % len(body))
    reply.body(body, surplus=SURPLUS)
    reply.closing = True


def _index(reply: Reply) -> None:
    names = sorted(WHOLE.keys() - {"/", "/robots.txt"})
    links = "".join(f'<li><a href="{name}">{name}</a>' for name in names)
    _text(f'<!doctype html><meta charset="utf-8"><title>index</title><ul>{links}</ul>\n'.encode(), HTML)(reply)


def _cut(*lines: bytes, body: bytes) -> Page:
    def page(reply: Reply) -> None:
        reply.head(OK, HTML, *lines)
        reply.body(body)
        reply.closing = True

    return page


def _endless(reply: Reply) -> None:
    reply.head(OK, HTML)
    reply.closing = True
    while reply.method != b"HEAD":
        reply.body(prose(reply.path))


def _hang(reply: Reply) -> None:
    reply.closing = True
    reply.peer.recv(1)


def _reset(reply: Reply) -> None:
    # Lingering for no time makes the close a reset: the client gets ECONNRESET, not an end of file.
    reply.peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    reply.closing = True
    reply.peer.close()


def _garbage(reply: Reply) -> None:
    reply.send(b"\x15\x03\x01\x00\x02\x02\x46 this is not HTTP\r\n\r\n")
    reply.closing = True


WHOLE: dict[str, Page] = {
    "/": _index,
    "/robots.txt": _text(b"User-agent: *\nDisallow: /forbidden\n", b"Content-Type: text/plain"),
    "/plain": _whole(HTML),
    "/mixed-case": _whole(b"cOnTeNt-tYpE: text/html; charset=utf-8", b"x-lower: 1", b"X-UPPER: 2"),
    "/repeated": _whole(HTML, b"Set-Cookie: b=2", b"X-Between: 1", b"Set-Cookie: a=1", b"set-cookie: b=3"),
    "/reason-gbk": _whole(HTML, status=b"HTTP/1.1 200 " + "成功".encode("gbk")),
    "/reason-empty": _whole(HTML, status=b"HTTP/1.1 200 "),
    "/reason-missing": _whole(HTML, status=b"HTTP/1.1 200"),
    "/header-utf8": _whole(HTML, "X-Title: 年度报告".encode()),
    "/header-gbk": _whole(HTML, "X-Title: 年度报告".encode("gbk")),
    "/header-latin1": _whole(HTML, b"X-Title: r\xe9sum\xe9"),
    "/header-no-colon": _whole(HTML, b"this line has none", b"X-After: 1"),
    "/header-folded": _whole(HTML, b"X-Folded: one\r\n two\r\n\tthree", b"X-After: 1"),
    "/header-long": _whole(HTML, b"X-Long: " + b"0123456789" * 3072),
    "/lf-only": _whole(HTML, eol=b"\n"),
    "/gzip": _whole(HTML, b"Content-Encoding: gzip", coding=_gzip),
    "/deflate": _whole(HTML, b"Content-Encoding: deflate", coding=zlib.compress),
    "/gzip-not": _whole(HTML, b"Content-Encoding: gzip"),
    "/wrong-type": _whole(b"Content-Type: image/png"),
    "/chunked": _chunked(),
    "/chunked-bytewise": _chunked(size=1),
    "/chunked-extensions": _chunked(b"Trailer: X-Sum", extension=b';name="a;b"', end=b"X-Sum: 1\r\nX-More: 2\r\n"),
    "/chunked-gzip": _chunked(b"Content-Encoding: gzip", coding=_gzip, size=50),
    "/http10": _until_close(b"HTTP/1.0 200 OK"),
    "/until-close": _until_close(OK, b"Connection: close"),
    "/empty": _text(b"", HTML),
    "/204": _bare(b"HTTP/1.1 204 No Content", b"X-Empty: 1"),
    "/304": _bare(b"HTTP/1.1 304 Not Modified", b'ETag: "never-sent"'),
    "/conditional": _conditional,
    "/continue": _after(b"HTTP/1.1 100 Continue"),
    "/early-hints": _after(b"HTTP/1.1 103 Early Hints", b"Link: </style.css>; rel=preload; as=style"),
    "/301": _whole(HTML, b"Location: /plain", status=b"HTTP/1.1 301 Moved Permanently"),
    "/302": _whole(HTML, b"Location: /plain", status=b"HTTP/1.1 302 Found"),
    "/307": _whole(HTML, b"Location: /plain", status=b"HTTP/1.1 307 Temporary Redirect"),
    "/404": _whole(HTML, status=b"HTTP/1.1 404 Not Found"),
    "/410": _whole(HTML, status=b"HTTP/1.1 410 Gone"),
    "/500": _whole(HTML, status=b"HTTP/1.1 500 Internal Server Error"),
    "/503": _whole(HTML, b"Retry-After: 1", status=b"HTTP/1.1 503 Service Unavailable"),
    "/cookie-wall": _cookie_wall,
    "/drip": _drip,
    "/big": _big,
    "/surplus": _surplus,
}
CUT: dict[str, Page] = {
    "/cut-short": _cut(b"Content-Length: 1000", body=b"only the beginning"),
    "/cut-chunk": _cut(b"Transfer-Encoding: chunked", body=b"5\r\nwhole\r\n64\r\nonly the beginning"),
}
ENDLESS: dict[str, Page] = {"/endless": _endless}
FAILING: dict[str, Page] = {"/hang": _hang, "/reset": _reset, "/garbage": _garbage}
ABSENT = _whole(HTML, status=b"HTTP/1.1 404 Not Found")
