"""A recording: what one page of the browser exchanged with servers, told by its network events (I2).

    requestWillBeSent --redirect--> requestWillBeSent ...        one request id, a hop for each request
          ExtraInfo: headers as sent and received                in the order of the hops, before or after them
    responseReceived -> loadingFinished | loadingFailed          the last hop's answer and end

Every request is asked for permission first (`Fetch.requestPaused`): the page has bounds, its first document's redirect
is left to the crawler, which asks robots.txt and the budget about the target, and after the end nothing goes out.
"""

import asyncio
import base64
import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Error

from crawler.fetching.hop import Event, Hop

REQUESTS_MOST = 200
BYTES_MOST = 50 << 20
QUIET_SECONDS = 0.5
TICK = 0.05

Problem = Callable[[str, str, str], None]


@dataclass(kw_only=True)
class Recording:
    """`follows` says whether the page may lead its reader on to this address; `problem` notes kind, detail and URL."""

    session: CDPSession
    follows: Callable[[str], bool]
    problem: Problem
    hops: list[Hop] = field(default_factory=list)
    redirected: bool = False
    closed: bool = False
    bytes: int = 0

    def __post_init__(self) -> None:
        self._by_request: dict[str, list[Hop]] = defaultdict(list)
        self._raw_asked: dict[str, list[Event]] = defaultdict(list)
        self._raw_answers: dict[str, list[Event]] = defaultdict(list)
        self._under_way: set[str] = set()
        self._stirred = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._main = ""
        self._last_event = 0.0
        self._passed = self._documents = 0
        self._over = self._gone = False

    async def begin(self) -> None:
        heard = {
            "Network.requestWillBeSent": self._will_be_sent,
            "Network.requestWillBeSentExtraInfo": lambda event: self._raw_asked[event["requestId"]].append(event),
            "Network.responseReceived": self._received,
            "Network.responseReceivedExtraInfo": lambda event: self._raw_answers[event["requestId"]].append(event),
            "Network.dataReceived": self._data,
            "Network.loadingFinished": self._finished,
            "Network.loadingFailed": self._failed,
            "Fetch.requestPaused": self._paused,
        }
        for name, hear in heard.items():
            self.session.on(name, hear)
        self._main = (await self.session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        held = {"maxTotalBufferSize": BYTES_MOST, "maxResourceBufferSize": BYTES_MOST}
        await self.session.send("Network.enable", held)
        await self.session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        await self.session.send("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})

    async def settled(self) -> None:
        """Waits until nothing has been under way for a moment."""
        clock = asyncio.get_running_loop().time
        await self._until(lambda: not self._under_way and clock() - self._last_event >= QUIET_SECONDS)

    def stop_waiting(self) -> None:
        """The page has gone: nothing more will be heard of it."""
        self._gone = True
        self._stirred.set()

    async def end(self) -> None:
        """Lets nothing more out, waits for what is under way, and gives each hop what the network said of it."""
        self.closed = True
        await self._until(lambda: not (self._under_way or self._tasks or self._awaits_raw()))

    def pair(self) -> None:
        for request, hops in self._by_request.items():
            for hop, raw in zip(hops, self._raw_asked[request], strict=False):
                hop.raw_asked = raw
            for hop, raw in zip(hops, self._raw_answers[request], strict=False):
                hop.raw_answer = raw

    async def _until(self, done: Callable[[], bool]) -> None:
        while not (self._gone or done()):
            self._stirred.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._stirred.wait()

    def _awaits_raw(self) -> bool:
        """Raw heads may come after the end of the body."""
        return any(
            sum(hop.answer is not None and hop.answer.get("hasExtraInfo", False) for hop in hops)
            > len(self._raw_answers[request])
            for request, hops in self._by_request.items()
        )

    def _will_be_sent(self, event: Event) -> None:
        self._heard()
        before = self._by_request[event["requestId"]]
        if answer := event.get("redirectResponse"):
            before[-1].answer = {**answer, "hasExtraInfo": event["redirectHasExtraInfo"]}
            before[-1].ended, before[-1].body = event["timestamp"], b""
        hop = Hop(
            asked=event["request"],
            kind=event.get("type", "Other"),
            main=event.get("frameId") == self._main,
            at=event["wallTime"],
            started=event["timestamp"],
        )
        before.append(hop)
        self.hops.append(hop)
        self._under_way.add(event["requestId"])

    def _received(self, event: Event) -> None:
        if hops := self._by_request[event["requestId"]]:
            hops[-1].answer = {**event["response"], "hasExtraInfo": event["hasExtraInfo"]}

    def _data(self, event: Event) -> None:
        self._heard()
        self.bytes += event["dataLength"]
        if self.bytes > BYTES_MOST and not self._over:
            self._stop(f"more than {BYTES_MOST >> 20} MiB")
            self._begin(self._send("Page.stopLoading", {}))

    def _finished(self, event: Event) -> None:
        if hops := self._by_request[event["requestId"]]:
            hops[-1].ended = event["timestamp"]
            if hops[-1].answer:
                self._begin(self._read_body(event["requestId"], hops[-1]))
        self._done(event["requestId"])

    async def _read_body(self, request: str, hop: Hop) -> None:
        try:
            told = await self.session.send("Network.getResponseBody", {"requestId": request})
        except Error:  # the page went on to another, or it was too much for the browser to hold
            hop.body = None
        else:
            hop.body = base64.b64decode(told["body"]) if told["base64Encoded"] else told["body"].encode()

    def _failed(self, event: Event) -> None:
        if hops := self._by_request[event["requestId"]]:
            hops[-1].ended, hops[-1].failure = event["timestamp"], event["errorText"]
        self._done(event["requestId"])

    def _paused(self, event: Event) -> None:
        self._heard()
        if self._refuses(event):
            refused = {"requestId": event["requestId"], "errorReason": "BlockedByClient"}
            self._begin(self._send("Fetch.failRequest", refused))
        else:
            self._passed += 1
            self._begin(self._send("Fetch.continueRequest", {"requestId": event["requestId"]}))

    def _refuses(self, event: Event) -> bool:
        url: str = event["request"]["url"]
        if self.closed or self._over or not url.startswith(("http://", "https://")):
            return True
        if self._passed >= REQUESTS_MOST:
            self._stop(f"more than {REQUESTS_MOST} requests")
            return True
        if event["resourceType"] == "Document" and event["frameId"] == self._main:
            return self._refuses_document(event, url)
        return False

    def _refuses_document(self, event: Event, url: str) -> bool:
        first, self._documents = not self._documents, self._documents + 1
        if first:
            return False
        if self._documents == 2 and "redirectedRequestId" in event:
            self.redirected = True
            return True
        if not self.follows(url):
            self.problem("out-of-scope", "a rendered page leads its reader there", url)
            return True
        return False

    def _stop(self, why: str) -> None:
        if not self._over:
            self._over = True
            self.problem("page-bound", f"the page asked for {why}: the rest is left out", self.hops[0].url)

    async def _send(self, method: str, parameters: Event) -> None:
        try:
            await self.session.send(method, parameters)
        except Error:
            return  # the request, or the page, has gone meanwhile

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._stirred.set()

    def _heard(self) -> None:
        self._last_event = asyncio.get_running_loop().time()
        self._stirred.set()

    def _done(self, request: str) -> None:
        self._under_way.discard(request)
        self._heard()
