"""The wire: the download handler, which keeps request and response as they crossed it, byte for byte (I2), or hands
a request whose meta says `render` to the browser.

    WireHandler -> WireAgent -> pool -> WireProtocol   request(): writes through the tape
                       |                               dataReceived(): onto the tape, then to the parser
                       +-- the request's tape travels in its URI object, which Twisted hands through unchanged,
                           on a second try over a fresh connection too

Built on what Scrapy's `HTTP11DownloadHandler` uses itself (its lenient protocol and factory, its pool). Scrapy's
Response is made from the parsed message as always; the exchange for the archive travels in `request.meta["exchange"]`.
"""

import ipaddress
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
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
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from scrapy.http import Headers, Response
from scrapy.utils._download_handlers import make_response, wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.interfaces import IHandshakeListener, ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.client import Agent
from twisted.web.http_headers import Headers as TxHeaders
from zope.interface import implementer

from archive.capture.exchange import Exchange
from archive.errors import SpoolError
from crawler.errors import HandshakeFailed, Refused
from crawler.fetching.body import Body
from crawler.fetching.flags import BODY_CUT, TRUNCATED
from crawler.fetching.rendering import Rendering
from crawler.fetching.tape import Tape, TapedTransport
from crawler.fetching.tls import Greetings, Place
from crawler.portals.registry import DEFAULT_PORTS

HEADER_LINE_MOST = 1 << 18
KEPT_ALIVE = 16
"""Connections kept for a host: a portal's own `concurrency` bounds the requests under way."""


class WireHandler(HTTP11DownloadHandler):
    """Gives a Response for every message whose head arrived. One that was cut short (by time, size or the server) is
    flagged `truncated`; the body that a spider sees ends at NIANBAO_BODY_IN_MEMORY, flagged `body-cut`."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._contextFactory = self._greetings = Greetings()
        self._pool._factory = _WireFactory
        self._pool.maxPersistentPerHost = KEPT_ALIVE
        self._spool = Path(crawler.settings["NIANBAO_SPOOL"])
        self._in_memory = crawler.settings.getint("NIANBAO_BODY_IN_MEMORY")

    async def download_request(self, request: Request) -> Response:
        self._permit(request.url)
        return await self._render(request) or await self._download(request)

    def _permit(self, url: str) -> None:
        crawler: Any = self._crawler
        crawler.spider.job.permit(url)

    async def _render(self, request: Request) -> Response | None:
        if not request.meta.get("render"):
            return None
        crawler: Any = self._crawler
        rendered: Response | None = await crawler.get_extension(Rendering).render(request)
        return rendered

    async def _download(self, request: Request) -> Response:
        tape = Tape(spool=self._spool, permit=partial(self._permit, request.url))
        with ExitStack() as held:
            held.callback(tape.close)
            response, body = await self._greet_and_fetch(request, tape)
            if tape.error:
                raise SpoolError(f"spool {self._spool}: cannot hold {request.url}: {tape.error.strerror}")
            request.meta["exchange"] = _exchange(request, response, tape, body)
            held.pop_all()  # the exchange's now: the archiving middleware closes it
        return _scrapy_response(request, response, tape, body)

    async def _greet_and_fetch(self, request: Request, tape: Tape) -> tuple[Any, Body]:
        legacy, place = self._greetings.legacy, _place(request)
        tape.legacy = place in legacy
        try:
            return await self._fetch(request, tape)
        except HandshakeFailed:
            if tape.legacy:
                raise
        legacy.add(place)
        tape.legacy = True
        try:
            return await self._fetch(request, tape)
        except HandshakeFailed:
            legacy.discard(place)
            raise

    async def _fetch(self, request: Request, tape: Tape) -> tuple[Any, Body]:
        from twisted.internet import reactor

        limits = request.meta.get
        timeout = limits("download_timeout") or self._crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        body = Body(most=limits("download_maxsize", self._default_maxsize), in_memory=self._in_memory)
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
        except (DownloadCancelledError, DownloadFailedError, DownloadTimeoutError) as exc:
            if not clock.active():
                raise DownloadTimeoutError(f"no answer within {timeout:g} s") from exc
            if tape.unmet:
                raise HandshakeFailed(f"{urlsplit(request.url).netloc} speaks no TLS with us: {tape.unmet}") from exc
            raise
        finally:
            if clock.active():
                clock.cancel()
        return response, body


def _place(request: Request) -> Place:
    place = urlsplit(request.url)
    return (place.hostname or "").encode(), place.port or DEFAULT_PORTS[place.scheme]


def _parts(request: Request) -> tuple[bytes, bytes, TxHeaders, Any]:
    url = request.url.partition("#")[0].encode("ascii")
    body = _RequestBodyProducer(request.body) if request.body else None
    return request.method.encode(), url, TxHeaders(request.headers), body


class _WireAgent(Agent):
    tape: Tape

    def _requestWithEndpoint(self, key: Any, endpoint: Any, method: Any, parsed_uri: Any, *rest: Any) -> Any:  # noqa: N802
        parsed_uri.tape = self.tape
        return super()._requestWithEndpoint(key, endpoint, method, parsed_uri, *rest)


@implementer(IHandshakeListener)
class _WireProtocol(_LenientHTTP11ClientProtocol):
    _tape: Tape | None = None
    _greeted = False

    def handshakeCompleted(self) -> None:  # noqa: N802
        self._greeted = True

    def request(self, request: Any) -> Any:
        tape = request._parsedURI.tape
        try:
            tape.permit()  # once more: connecting takes long enough for a lease to end
        except Refused:
            self.transport.abortConnection()
            raise
        self._tape = tape
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

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if self._tape and not self._greeted and ISSLTransport.providedBy(self.transport):
            self._tape.unmet = _words(reason)
        super().connectionLost(reason)


class _WireFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _: Any) -> _WireProtocol:  # noqa: N802
        return _WireProtocol(self._quiescentCallback)


def _words(reason: Failure) -> str:
    """What OpenSSL says of a handshake, else what became of the connection."""
    errors = reason.value.args[0] if reason.value.args else None
    return "; ".join(error[-1] for error in errors) if isinstance(errors, list) else reason.getErrorMessage()


def _describe_connection(transport: Any, tape: Tape) -> None:
    tape.ip_address = transport.getPeer().host
    connection = transport.getHandle()
    if hasattr(connection, "get_cipher_name"):
        version = connection.get_protocol_version_name().lower().replace("v", "/")
        named = f"{version}.0" if version == "tls/1" else version
        tape.protocols, tape.cipher = ("http/1.1", named), connection.get_cipher_name()


def _exchange(request: Request, response: Any, tape: Tape, body: Body) -> Exchange:
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
        facts={"tls": "legacy"} if tape.legacy and tape.cipher else {},
        milliseconds=int((datetime.now(UTC) - tape.at).total_seconds() * 1000),
    )


def _scrapy_response(request: Request, response: Any, tape: Tape, body: Body) -> Response:
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
