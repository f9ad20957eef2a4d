"""The wire: the download handler, which keeps request and response as they crossed it, byte for byte (I2), or hands
a request whose meta says `render` to the browser.

    WireHandler -> WireAgent -> pool -> WireProtocol   request(): writes through the tape
                       |                               dataReceived(): onto the tape, then to the parser
                       +-- the request's tape travels in its URI object, which Twisted hands through unchanged,
                           on a second try over a fresh connection too

Built on what Scrapy's `HTTP11DownloadHandler` uses itself (its lenient protocol and factory, its pool). Scrapy's
Response is made from the parsed message as always; the exchange for the archive travels in `request.meta["exchange"]`.
"""

import hashlib
import ipaddress
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _RequestBodyProducer,
)
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers as TxHeaders

from archive.capture.exchange import Digest, Exchange, Truncation
from archive.errors import SpoolError
from crawler.fetching.flags import BODY_CUT, TRUNCATED
from crawler.fetching.rendering import Rendering
from crawler.fetching.tape import Tape, TapedTransport

HEADER_LINE_MOST = 1 << 18
KEPT_ALIVE = 16
"""Connections kept for a host: a portal's own `concurrency` bounds the requests under way."""


class WireHandler(HTTP11DownloadHandler):
    """Gives a Response for every message whose head arrived. One that was cut short (by time, size or the server) is
    flagged `truncated`; the body that a spider sees ends at NIANBAO_BODY_IN_MEMORY, flagged `body-cut`."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = _WireFactory
        self._pool.maxPersistentPerHost = KEPT_ALIVE
        self._spool = Path(crawler.settings["NIANBAO_SPOOL"])
        self._in_memory = crawler.settings.getint("NIANBAO_BODY_IN_MEMORY")

    async def download_request(self, request: Request) -> Response:
        crawler: Any = self._crawler
        crawler.spider.job.permit(request.url)
        return await self._render(request) or await self._download(request)

    async def _render(self, request: Request) -> Response | None:
        if not request.meta.get("render"):
            return None
        crawler: Any = self._crawler
        rendered: Response | None = await crawler.get_extension(Rendering).render(request)
        return rendered

    async def _download(self, request: Request) -> Response:
        tape = Tape(spool=self._spool)
        with ExitStack() as held:
            held.callback(tape.close)
            response, body = await self._fetch(request, tape)
            if tape.error:
                raise SpoolError(f"spool {self._spool}: cannot hold {request.url}: {tape.error.strerror}")
            request.meta["exchange"] = _exchange(request, response, tape, body)
            held.pop_all()  # the exchange's now: the archiving middleware closes it
        return _scrapy_response(request, response, tape, body)

    async def _fetch(self, request: Request, tape: Tape) -> tuple[Any, "_Body"]:
        from twisted.internet import reactor

        limits = request.meta.get
        timeout = limits("download_timeout") or self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        body = _Body(most=limits("download_maxsize", self._default_maxsize), in_memory=self._in_memory)
        agent = _WireAgent(reactor, self._contextFactory, connectTimeout=timeout, pool=self._pool)
        agent.tape = tape
        asked = agent.request(*_parts(request))
        clock = reactor.callLater(timeout, lambda: body.cut("time") or asked.cancel())
        try:
            with wrap_twisted_exceptions():
                response = await maybe_deferred_to_future(asked)
                if response.length != 0:  # deliverBody would wait for ever for a body that cannot come
                    response.deliverBody(body)
                    if not clock.active():  # it ran out between head and body, when there was nothing to stop
                        body.cut("time")
                    await maybe_deferred_to_future(body.done)
        except CannotResolveHostError:
            reactor.nameResolver.explain(urlsplit(request.url).hostname)
            raise
        finally:
            if clock.active():
                clock.cancel()
        return response, body


def _parts(request: Request) -> tuple[bytes, bytes, TxHeaders, Any]:
    url = request.url.partition("#")[0].encode("ascii")
    body = _RequestBodyProducer(request.body) if request.body else None
    return request.method.encode(), url, TxHeaders(request.headers), body


class _WireAgent(Agent):
    tape: Tape

    def _requestWithEndpoint(self, key: Any, endpoint: Any, method: Any, parsed_uri: Any, *rest: Any) -> Any:  # noqa: N802
        parsed_uri.tape = self.tape
        return super()._requestWithEndpoint(key, endpoint, method, parsed_uri, *rest)


class _WireProtocol(_LenientHTTP11ClientProtocol):
    _tape: Tape | None = None

    def request(self, request: Any) -> Any:
        tape = self._tape = request._parsedURI.tape
        tape.rewind()
        # The class's own: sent again, the request would go through the tape of its first connection too.
        write_to = type(request).writeTo
        request.writeTo = lambda transport: write_to(request, TapedTransport(transport, tape))
        answer = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = HEADER_LINE_MOST  # Twisted's own 16 KiB is less than some portals' cookies
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        if self._tape:
            if not self._tape.length:  # not when the request is written: the TLS handshake may be still under way
                _describe_connection(self.transport, self._tape)
            self._tape.received(data)
        super().dataReceived(data)

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        if self._tape:
            self._tape.surplus = len(rest)
            self._tape = None  # what comes now belongs to no exchange
        super()._finishResponse(rest)


class _WireFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _: Any) -> _WireProtocol:  # noqa: N802
        return _WireProtocol(self._quiescentCallback)


def _describe_connection(transport: Any, tape: Tape) -> None:
    tape.ip_address = transport.getPeer().host
    connection = transport.getHandle()
    if hasattr(connection, "get_cipher_name"):
        version = connection.get_protocol_version_name().lower().replace("v", "/")
        tape.protocols, tape.cipher = ("http/1.1", version), connection.get_cipher_name()


class _Body(Protocol):
    """Takes the transfer-decoded body: digests all of it, keeps its beginning for the spider."""

    def __init__(self, *, most: int, in_memory: int) -> None:
        self.done: Deferred[None] = Deferred()
        self.seen = bytearray()
        self.length = 0
        self.truncated: Truncation | None = None
        self._sha256 = hashlib.sha256()
        self._most, self._in_memory = most, in_memory

    @property
    def digest(self) -> Digest:
        return Digest(f"sha256:{self._sha256.hexdigest()}")

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        # Also what was buffered when the body was cut: it is on the tape, so it belongs to the payload.
        self._sha256.update(data)
        self.length += len(data)
        self.seen += data[: max(0, self._in_memory - len(self.seen))]
        if self._most and self.length > self._most and not self.truncated:
            self.cut("length")

    def cut(self, why: Truncation) -> bool:
        """Ends the body here; False if it has not begun, or has ended."""
        if self.transport is None or self.done.called:
            return False
        self.truncated = why
        self.transport._producer.abortConnection()
        if not self.done.called:  # aborting may have ended it already
            self.done.callback(None)
        return True

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if self.done.called:
            return
        # A body that ends with its connection may be whole: nothing in HTTP/1.0 says otherwise.
        if not self.truncated and not reason.check(ResponseDone, PotentialDataLoss):
            self.truncated = "disconnect"
        self.done.callback(None)


def _exchange(request: Request, response: Any, tape: Tape, body: _Body) -> Exchange:
    start = tape.final_start()
    tape.response.seek(0)
    return Exchange(
        url=request.url.partition("#")[0],
        at=tape.at,
        status=response.code,
        request=bytes(tape.request),
        response=tape.response,
        response_start=start,
        response_length=tape.length - tape.surplus - start,
        interim=tape.response.read(start),
        payload_digest=body.digest,
        payload_length=body.length,
        truncated=body.truncated,
        ip_address=tape.ip_address,
        protocols=tape.protocols,
        cipher=tape.cipher,
        milliseconds=int((datetime.now(UTC) - tape.at).total_seconds() * 1000),
    )


def _scrapy_response(request: Request, response: Any, tape: Tape, body: _Body) -> Response:
    flags = [TRUNCATED, body.truncated] if body.truncated else []
    if body.length > len(body.seen):
        flags.append(BODY_CUT)
    name, major, minor = response.version
    return make_response(
        url=request.url.partition("#")[0],
        status=response.code,
        headers=Headers(response.headers.getAllRawHeaders()),
        body=bytes(body.seen),
        flags=flags,
        ip_address=ipaddress.ip_address(tape.ip_address or 0),
        protocol=f"{name.decode()}/{major}.{minor}",
    )
