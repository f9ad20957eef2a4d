"""Serves sites on loopback sockets over HTTP/1.1, and notes every request in a journal.

One event loop in one thread speaks for all sites. A hit stands in the journal before its answer leaves, so whoever has
read an answer finds its hit; when `serving` ends, every connection is closed and the thread has ended.
"""

import asyncio
import contextlib
import gzip
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

from crawler.demo.site import Framing, Page, Request, Site

CHUNK_BYTES = 1400
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    portal: str
    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    at: datetime


def encode(page: Page, request: Request) -> bytes:
    """The answer as it goes over the wire. 304 and HEAD have the headers of the page and no body."""
    packed = page.framing is Framing.CHUNKED and "gzip" in request.headers.get("accept-encoding", "")
    body = gzip.compress(page.body, mtime=0) if packed else page.body
    head = "\r\n".join((_status_line(page), *(f"{name}: {value}" for name, value in _headers(page, packed, len(body)))))
    without_body = request.method == "HEAD" or page.status == 304
    return f"{head}\r\n\r\n".encode("latin-1") + (b"" if without_body else _framed(body, page.framing))


def _status_line(page: Page) -> str:
    version = "HTTP/1.0" if page.framing is Framing.CLOSE else "HTTP/1.1"
    return f"{version} {page.status} {HTTPStatus(page.status).phrase}"


def _headers(page: Page, packed: bool, length: int) -> Iterator[tuple[str, str]]:
    yield "Server", "nginx"
    if page.status != 304:
        yield "Content-Type", page.media_type
    yield from page.headers
    if page.etag:
        yield "ETag", page.etag
    if packed:
        yield "Content-Encoding", "gzip"
    if page.framing is Framing.CHUNKED:
        yield from (("Vary", "Accept-Encoding"), ("Transfer-Encoding", "chunked"))
    elif page.framing is Framing.CLOSE:
        yield "Connection", "close"
    elif page.status != 304:
        yield "Content-Length", str(length)


def _framed(body: bytes, framing: Framing) -> bytes:
    if framing is not Framing.CHUNKED:
        return body
    chunks = [body[start : start + CHUNK_BYTES] for start in range(0, len(body), CHUNK_BYTES)]
    return b"".join(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" for chunk in (*chunks, b""))


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """None when the client has closed, or says what is no HTTP."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head[:-4].split("\r\n")
        method, target, _ = line.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
        return None
    return Request(method=method, target=target, headers=headers, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """One site's side of its conversations."""

    site: Site
    journal: list[Hit]
    latency: float
    conversations: set[asyncio.Task[None]] = field(default_factory=set)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  asyncio calls this in a task of its own
        self.conversations.add(task)
        try:
            with contextlib.suppress(OSError):  # a client may hang up in the middle of an answer
                await self._answer_all(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()  # a client that does not read must not hold up the end
        finally:
            self.conversations.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer_all(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        keep = True
        while keep and (request := await read_request(reader)):
            await asyncio.sleep(self.latency)
            page = self.site.answer(request)
            self._note(request, page)
            writer.write(encode(page, request))
            await writer.drain()
            keep = page.framing is not Framing.CLOSE and request.headers.get("connection", "").lower() != "close"

    def _note(self, request: Request, page: Page) -> None:
        self.journal.append(
            Hit(
                portal=self.site.id,
                method=request.method,
                path=request.target,
                headers=request.headers,
                status=page.status,
                at=datetime.now(UTC),
            )
        )

    async def close(self) -> None:
        for task in self.conversations:
            task.cancel()
        await asyncio.gather(*self.conversations, return_exceptions=True)


@contextlib.contextmanager
def serving(doors: Sequence[tuple[socket.socket, Listener]]) -> Iterator[None]:
    """Listens on sockets already bound, since a site's pages name its port."""
    with _loop_in_thread() as run:
        servers = [run(asyncio.start_server(listener.talk, sock=door)) for door, listener in doors]
        try:
            yield
        finally:
            for server in servers:
                run(_close(server))
            for _, listener in doors:
                run(listener.close())


async def _close(server: asyncio.Server) -> None:
    server.close()


@contextlib.contextmanager
def _loop_in_thread() -> Iterator[Callable[[Coroutine[Any, Any, T]], T]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="sample portals")
    thread.start()
    try:
        yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
