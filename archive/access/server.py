"""The archive's HTTP side: what replay engines and other readers ask of it.

    GET /cdx, /portal/ID/cdx     the lines of a CDX query, over all captures or one portal's (`archive.access.asked`)
    GET /portals                 whose captures there are
    GET /warc/NAME.warc.gz       a segment, or one byte range of it
    GET /health                  whether the object store and the catalog answer

It only reads. What is wrong in a request is 400, what is not there 404, a store that does not answer 503; each with one
line that says what. A segment never changes, so whoever has bytes of it may keep them. Endpoints are plain functions:
Starlette runs them in threads, where they may wait for the stores.
"""

import asyncio
import logging
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from itertools import chain, islice
from typing import BinaryIO

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from archive.access.asked import asked_output, asked_query
from archive.access.byterange import ByteRange, Unsatisfiable, asked_range
from archive.capture.segment import SEALED, object_key
from archive.errors import ArchiveError, ConfigError, NotArchived, ObjectMissing
from archive.index.captures import newest_object, portals_of
from archive.index.cdxj import CdxLine
from archive.index.query import cdx_lines
from archive.storage.objects import CHUNK, Objects
from archive.stores import Stores

LINES = 500
MEDIA_TYPES = {"cdxj": "text/x-cdxj; charset=utf-8", "json": "text/x-ndjson; charset=utf-8"}
STATUSES = {ConfigError: 400, NotArchived: 404, ObjectMissing: 404, ArchiveError: 503}
log = logging.getLogger(__name__)


def make_app(stores: Stores) -> Starlette:
    app = Starlette(
        routes=[
            Route("/cdx", cdx),
            Route("/portal/{portal}/cdx", cdx),
            Route("/portals", portals),
            Route("/warc/{file}", warc),
            Route("/health", health),
        ],
        exception_handlers=dict.fromkeys(STATUSES, refuse),
    )
    app.state.objects, app.state.catalog = stores.objects, stores.catalog
    # Asked for every range, and true for ever: an object that stands never changes.
    app.state.size_of = lru_cache(maxsize=10_000)(lambda key: _size(stores.objects, key))
    return app


def cdx(request: Request) -> Response:
    given = request.query_params
    output, query = asked_output(given), asked_query(given, portal=request.path_params.get("portal"))
    lines = cdx_lines(request.app.state.catalog, query)
    return Stream(_text(lines, output), headers={"Content-Type": MEDIA_TYPES[output]})


def portals(request: Request) -> Response:
    return JSONResponse({"portals": portals_of(request.app.state.catalog)})


def warc(request: Request) -> Response:
    file, state = request.path_params["file"], request.app.state
    key = _key(file)
    size, etag = state.size_of(key), f'"{file}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    try:
        part = asked_range(request.headers, size=size, etag=etag)
    except Unsatisfiable:
        return PlainTextResponse(f"{file} has {size} bytes\n", 416, {"Content-Range": f"bytes */{size}"})
    status, wanted = (206, part) if part else (200, ByteRange(offset=0, length=size, size=size))
    headers |= {"Content-Type": "application/gzip"} | wanted.headers(partial=part is not None)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    stream = state.objects.open(key, offset=wanted.offset, length=wanted.length)
    return Stream(_chunks(stream), status_code=status, headers=headers)


def health(request: Request) -> Response:
    """Asked of the object store is the newest segment that the catalog knows: what is listed must be there (I5)."""
    newest = newest_object(request.app.state.catalog)
    if request.app.state.objects.stat(newest or object_key("NIANBAO-20000101000000-00000-any-any")) is None and newest:
        return PlainTextResponse(f"{newest} is in the catalog and not in the object store\n", 503)
    return JSONResponse({"status": "ok"})


def refuse(_: Request, exc: Exception) -> Response:
    status = next(STATUSES[kind] for kind in type(exc).__mro__ if kind in STATUSES)
    return PlainTextResponse(f"{exc}\n", status)


def _key(file: str) -> str:
    try:
        if file.endswith(SEALED):
            return object_key(file.removesuffix(SEALED))
    except ValueError:
        pass
    raise NotArchived(f"{file!r} is no segment's name")


def _size(objects: Objects, key: str) -> int:
    found = objects.stat(key)
    if found is None:
        raise NotArchived(f"{key} is not in the archive")
    return found.size


def _chunks(stream: BinaryIO) -> Generator[bytes]:
    with closing(stream):
        while chunk := stream.read(CHUNK):
            yield chunk


def _text(lines: Generator[CdxLine], output: str) -> Generator[bytes]:
    with closing(lines):
        texts = (str(line) if output == "cdxj" else line.json() for line in lines)
        while batch := "".join(f"{text}\n" for text in islice(texts, LINES)):
            yield batch.encode()


class Stream(StreamingResponse):
    """Reads the first chunk before it promises anything, so that a store that refuses is still a status; and closes its
    source whatever happens, also when the reader goes away in the middle."""

    def __init__(self, source: Generator[bytes], *, headers: Mapping[str, str], status_code: int = 200) -> None:
        self._source = source
        first: Iterator[bytes] = iter([next(source, b"")])
        super().__init__(chain(first, source), status_code=status_code, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except ArchiveError as exc:
            # The status is sent: only a body that breaks off can say it.
            log.error("%s %s broke off: %s", scope["method"], scope["path"], exc)  # noqa: TRY400
        finally:
            # Its own thread takes it up even if this task is being cancelled.
            await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, self._source.close))
