"""Cooling: what becomes of a host that answers with a wall, and of what was to be asked of it.

    open --a wall--> cooled, for NIANBAO_COOL_SECONDS      nothing is asked of it; what waits, waits with the scheduler
    cooled --time--> on trial, one request at a time       first the one that met the wall
    on trial --an answer--> open
    on trial --a wall--> once more, in a browser           where the portal may be rendered and there is one
    ... --a wall--> that request has failed                and the host is closed, unless it had answered others in
                                                           this run: then the next request is its second trial,
                                                           and the one after that its last

A host that answers others after one request had failed denies addresses, not us: from then on each fails alone, until
as many in a row do. One problem row says that a host is a wall, one what failed, one how much was not asked for (I9).

Each answer's verdict stands in `request.meta["verdict"]`; the home page that it is judged by is the one that answered
in this run. Captures asked for by hand (`nianbao save`) get the verdict, and no second try.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.http import Response
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from archive.browser import find_browser
from crawler.discovery.glance import Answer, Fingerprint, fingerprint_of
from crawler.discovery.verdict import Verdict, judge
from crawler.errors import Cooled, HostClosed, Refused
from crawler.fetching.flags import TRUNCATED
from crawler.fetching.halt import TICK, Halt
from crawler.fetching.politeness import is_for_robots, is_robots
from crawler.job import Job

FIRST = 1_000_000
"""Added to the priority of what is to be the host's trial: it knows the wall already."""
RENDER_SECONDS = 120.0
"""More than a page in the browser takes: its host is on trial for so long."""
STRIKES_MOST = 3
"""So many requests in a row that met the wall close a host that had answered others: fewer may be a folder's."""
FILES = {"attachment", "requisite"}


@dataclass(slots=True, kw_only=True)
class Host:
    """`until` is when the next request may go out, None while it is open; `behind` says that a browser got through."""

    until: float | None = None
    strikes: int = 0
    denials: int = 0
    told: bool = False
    answered: bool = False
    lenient: bool = False
    behind: bool = False
    closed: bool = False


class CoolingMiddleware:
    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._seconds = crawler.settings.getfloat("NIANBAO_COOL_SECONDS")
        self._hosts: dict[str, Host] = {}
        self._homes: dict[str, Fingerprint] = {}
        self._left_out: Counter[str] = Counter()
        self._first_left_out: dict[str, str] = {}
        crawler.signals.connect(self._ended, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "CoolingMiddleware":
        return cls(crawler)

    @property
    def _job(self) -> Job:
        job: Job = self._crawler.spider.job
        return job

    @property
    def _halt(self) -> Halt:
        halt: Halt = self._crawler.get_extension(Halt)
        return halt

    def holds(self, netloc: str) -> bool:
        """Whether requests to this host are to wait."""
        host = self._hosts.get(netloc)
        return host is not None and not host.closed and host.until is not None and time.monotonic() < host.until

    def lets_out(self, request: Request) -> None:
        """Told of each request that no longer waits. A cooled host's is its trial: the others wait on, for as long as
        its outcome may take, and not for ever."""
        host = self._hosts.get(_netloc(request))
        if host and not host.closed and host.until is not None and not request.meta.get("trial"):
            request.meta["trial"] = True
            self._hold(host, self._seconds)

    def process_request(self, request: Request) -> Request | None:
        host = self._hosts.get(_netloc(request))
        if host is None:
            return None
        if host.closed:
            self._leave_out(request)
        if request.meta.get("trial"):
            return None
        if self.holds(_netloc(request)) and not is_robots(request.url):
            return _again(request)
        if host.behind and self._may_render(request):
            request.meta["render"] = True
        return None

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        verdict = request.meta["verdict"] = self._judge(request, response)
        if not self._crawler.spider.bounded or TRUNCATED in response.flags:
            return response  # of what was cut short, nothing can be told before it is asked for again
        host = self._hosts.setdefault(_netloc(request), Host())
        if verdict.is_block and (verdict.kind == "challenge" or not is_for_robots(request.url)):
            return await self._walled(host, request, verdict)
        host.answered |= verdict.is_content and not is_robots(request.url)
        for url in (request.url, *request.meta.get("redirect_urls", ())):
            self._answers(urlsplit(url).netloc, request)
        if verdict.kind == "shell" and self._may_render(request):
            return _again(request, render=True)
        return response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        host = self._hosts.get(_netloc(request))
        if isinstance(exception, Cooled):
            if portal := self._job.portal_of(request.url):
                self._job.pages[portal.id] -= 1  # it was not asked for
            return _again(request)
        if host and request.meta.get("trial") and request.meta.get("render"):
            self._strike(host)
        return None

    def _judge(self, request: Request, response: Response) -> Verdict:
        asked = request.meta.get("redirect_urls", [request.url])[0]
        portal = self._job.portal_of(asked)
        answer = Answer(
            asked=asked,
            url=response.url,
            status=response.status,
            headers=_headers(response),
            body=response.body,
            home=request.meta.get("role") == "home",
        )
        verdict = judge(answer, self._homes.get(portal.id) if portal else None)
        if portal and answer.home and verdict.is_content and answer.is_page:
            self._homes.setdefault(portal.id, fingerprint_of(answer))
        return verdict

    def _answers(self, netloc: str, request: Request) -> None:
        """A redirect is an answer too, and what it led to another."""
        host = self._hosts.get(netloc)
        if host is None:
            return
        host.denials = 0
        if host.until is None or not request.meta.get("trial"):
            return  # on its way before the wall was met
        host.lenient |= host.strikes > 0
        host.behind |= bool(request.meta.get("render"))
        host.until, host.strikes = None, 0
        self._wake()

    async def _walled(self, host: Host, request: Request, verdict: Verdict) -> Request:
        if host.closed:
            self._leave_out(request)
        if host.until is None and self._is_denied_alone(host, request, verdict):
            self._give_up(host, request, verdict)
        tries = request.meta["walls"] = request.meta.get("walls", 0) + 1
        if tries == 1 and not host.strikes:
            self._cool(host, request, verdict)
        elif verdict.may_render and not host.strikes and self._may_render(request):
            self._hold(host, RENDER_SECONDS)
            return _again(request, render=True, trial=True)
        else:
            self._strike(host)
            self._give_up(host, request, verdict)
        if not is_robots(request.url):
            return _again(request, priority=FIRST)
        await self._over(host)  # it does not come from the scheduler, and what does waits for it
        if self._halt.is_called:
            raise Refused(f"the run ends: {request.url} is not asked for again")
        return _again(request, trial=True)

    def _is_denied_alone(self, host: Host, request: Request, verdict: Verdict) -> bool:
        if host.behind and not request.meta.get("render"):
            return True
        host.denials += 1
        return host.lenient and verdict.kind == "blocked" and host.denials < STRIKES_MOST

    def _cool(self, host: Host, request: Request, verdict: Verdict) -> None:
        if host.until is None:
            host.lenient = False
            self._hold(host, self._seconds)
            self._send_back(_netloc(request))
        if not host.told:
            host.told = True
            detail = (
                f"{_netloc(request)} answers {verdict.detail}: left alone for {self._seconds:g} s, then asked again"
            )
            self._problem(verdict.kind, detail, request.url)

    def _strike(self, host: Host) -> None:
        host.strikes += 1
        host.closed = not host.answered or host.strikes >= STRIKES_MOST
        host.until = time.monotonic()
        self._wake()

    def _give_up(self, host: Host, request: Request, verdict: Verdict) -> NoReturn:
        how = ", in a browser too" if request.meta.get("render") else ""
        closed = f"; nothing more is asked of {_netloc(request)}" if host.closed else ""
        self._problem("walled", f"{verdict.detail}{how}{closed}", request.url)
        raise (HostClosed if host.closed else Refused)(f"{request.url} is behind a wall")

    def _leave_out(self, request: Request) -> NoReturn:
        netloc = _netloc(request)
        self._left_out[netloc] += 1
        self._first_left_out.setdefault(netloc, request.url)
        raise HostClosed(f"{netloc} is a wall: {request.url} is left out")

    def _may_render(self, request: Request) -> bool:
        portal = self._job.portal_of(request.url)
        meta = request.meta
        barred = meta.get("render") or meta.get("role") in FILES
        barred = barred or request.method != "GET" or "X-Requested-With" in request.headers
        wanted = portal is not None and portal.render != "never" and not barred
        return wanted and self._browser is not None

    @cached_property
    def _browser(self) -> Path | None:
        return find_browser(self._job.config.browser)

    def _hold(self, host: Host, seconds: float) -> None:
        host.until = time.monotonic() + seconds
        call_later(seconds, self._wake)

    async def _over(self, host: Host) -> None:
        while host.until is not None and time.monotonic() < host.until and not self._halt.is_called:  # noqa: ASYNC110
            await asyncio.sleep(min(TICK, self._seconds))

    def _wake(self) -> None:
        if slot := self._crawler.engine._slot:
            slot.nextcall.schedule()

    def _send_back(self, netloc: str) -> None:
        """What waits for its turn with the downloader waits with the scheduler instead, and takes up no room there."""
        slot = self._crawler.engine.downloader.slots.get(netloc)
        while slot and slot.queue:
            request, waiting = slot.queue.popleft()
            waiting.errback(Failure(Cooled(f"{netloc} is left alone: {request.url} waits")))

    def _problem(self, kind: str, detail: str, url: str) -> None:
        self._job.problem(kind, detail, url=url, portal=self._job.portal_id(url))

    def _ended(self) -> None:
        for netloc, count in self._left_out.items():
            first = self._first_left_out[netloc]
            self._problem("left-out", f"{count} addresses of {netloc} were left out, as it is a wall", first)


def _again(request: Request, *, priority: int = 0, **meta: object) -> Request:
    """From its beginning: where redirects led may be the wall's own page."""
    led = request.meta.get("redirect_urls", [request.url])
    kept = {name: value for name, value in request.meta.items() if name != "trial" and not name.startswith("redirect_")}
    higher = request.priority + priority
    return request.replace(url=led[0], meta={**kept, **meta}, priority=higher, dont_filter=True)


def _netloc(request: Request) -> str:
    return urlsplit(request.url).netloc


def _headers(response: Response) -> dict[str, str]:
    """The DOM of a rendered page is not what its headers spoke of, but its status and cookies are its server's."""
    pairs = response.headers.items()
    return {name.decode("latin-1").lower(): b", ".join(values).decode("latin-1") for name, values in pairs}
