"""The portal spider: fetches what each portal's survey asks for, and hands it what came.

survey.next -> request -> (archived) -> parse  -> survey.read      so many at once as the portal's hosts bear
                                     -> failed -> survey.missed
a page with no list in it, but scripts that fetch -> itself again, in the browser      (render = "auto")
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.browser import find_browser
from archive.capture.exchange import Original
from archive.reports.text import PageText, decode, names_a_file, read_page
from crawler.discovery.cms.answer import FORM
from crawler.discovery.frontier import DETAILS, FILES, Candidate
from crawler.discovery.learned import learned
from crawler.discovery.listing import Source
from crawler.discovery.revisiting import Known, known_details, known_lists, payload_of
from crawler.discovery.scripts import fetches
from crawler.discovery.survey import MARKUP, Survey
from crawler.discovery.verdict import Verdict
from crawler.fetching.flags import BODY_CUT, RENDERED, TRUNCATED
from crawler.portals.registry import Portal
from crawler.spiders.job import JobSpider

LISTS = (*MARKUP, "text/xml", "application/xml", "application/json", "text/javascript", "text/plain")
PRIORITIES = {"attachment": -1, "requisite": -2}
AT_ONCE = 2
"""Requests under way for each that a portal's hosts bear: more would be asked in the order of an older frontier."""


@dataclass(slots=True, kw_only=True)
class Lane:
    """A portal's survey and how many of its requests are under way."""

    portal: Portal
    survey: Survey
    mapped: bool = False
    finished: bool = False
    under_way: int = 0


class PortalSpider(JobSpider):
    name = "portal"

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.idle, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        self._unrendered: set[str] = set()
        self._browser = find_browser(self.job.config.browser)
        self._lanes = {portal.id: self._open_lane(portal) for portal in self.job.portals}
        for lane in self._lanes.values():
            for request in self._depart(lane):
                yield request

    def idle(self) -> None:
        """A fault in `parse` leaves its portal with nothing under way and something to do."""
        requests = [request for lane in self._lanes.values() for request in self._depart(lane)]
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _open_lane(self, portal: Portal) -> Lane:
        if portal.render == "always":
            self._has_browser(portal)
        survey = self._survey(portal)
        survey.begin()
        return Lane(portal=portal, survey=survey)

    def _survey(self, portal: Portal) -> Survey:
        """With what earlier runs know of the portal; `--full` is as if there were none."""
        survey = Survey(
            portal=portal,
            note=partial(self._note, portal),
            now=datetime.now(UTC),
            refresh=self.job.options.refresh,
        )
        if not self.job.options.full:
            with self.job.stores.catalog.reading() as connection:
                survey.details = known_details(connection, [portal.id])
                survey.lists = known_lists(connection, [portal.id])
                survey.learned = learned(connection, [portal.id])[portal.id]
        return survey

    def _note(self, portal: Portal, kind: str, detail: str, url: str) -> None:
        self.job.problem(kind, detail, url=url, portal=portal.id)

    def _depart(self, lane: Lane) -> Iterator[Request]:
        while lane.under_way < AT_ONCE * lane.portal.concurrency:
            candidate = lane.survey.next(idle=not lane.under_way)
            if candidate is None:
                self._finish(lane)
                return
            always = lane.portal.render == "always" and self._browser is not None
            yield self._request(lane, candidate, render=always and _is_for_reading(candidate))

    def _finish(self, lane: Lane) -> None:
        """Once nothing is under way. A portal whose budget was spent was not looked through."""
        if lane.under_way or lane.finished:
            return
        lane.finished = True
        for space, kind, count in lane.survey.frontier.traps.refused():
            self._note(lane.portal, "trap", f"{kind}: {count} links into it were not followed", space)
        if lane.survey.explored and not self.job.is_spent(lane.portal):
            self.job.explored[lane.portal.id] = lane.survey.explored

    def _request(self, lane: Lane, candidate: Candidate, *, render: bool) -> Request:
        lane.under_way += 1
        self.job.asked[lane.portal.id] += 1
        known = None if render or candidate.ask else lane.survey.known(candidate)
        ask = candidate.ask
        return Request(
            candidate.url,
            method=ask.method if ask else "GET",
            body=ask.body if ask else "",
            callback=self.parse,
            errback=self.lost,
            headers=_headers(candidate, known),
            priority=PRIORITIES.get(candidate.role, 0),
            dont_filter=True,  # the frontier has seen to it
            meta={
                "role": candidate.role,
                "via": candidate.via,
                "anchor": candidate.anchor,
                "column": candidate.column,
                "portal": lane.portal.id,
                "candidate": candidate,
                "original": known.original if known else None,
                "render": render,
            },
        )

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        lane, asked = self._landed(response.meta)
        yield from self._read(lane, response, asked)
        yield from self._depart(lane)

    def lost(self, failure: Failure) -> Iterator[Request]:
        self.failed(failure)
        lane, asked = self._landed(failure.request.meta)
        lane.survey.missed(asked)
        yield from self._depart(lane)

    def _landed(self, meta: dict[str, Any]) -> tuple[Lane, Candidate]:
        lane = self._lanes[meta["portal"]]
        lane.under_way -= 1
        return lane, meta["candidate"]

    def _read(self, lane: Lane, response: Response, asked: Candidate) -> Iterator[Request]:
        verdict: Verdict | None = response.meta.get("verdict")
        if TRUNCATED in response.flags:
            self._note(lane.portal, "truncated", f"cut short: {response.flags[-1]}", response.url)
            lane.survey.missed(asked)
        elif response.status == 304:
            yield from self._read_again(lane, response, asked)
        elif verdict and not (verdict.is_content or verdict.kind == "shell"):
            if asked.standing != "sitemap":
                self._note(lane.portal, verdict.kind, verdict.detail, asked.url)
            lane.survey.missed(asked)
        else:
            yield from self._read_page(lane, response, asked)

    def _read_again(self, lane: Lane, response: Response, asked: Candidate) -> Iterator[Request]:
        """A list that has not changed is read as it was kept: what it leads to may have."""
        original: Original | None = response.meta["original"]
        if asked.role in DETAILS | FILES or original is None:
            return
        body, content_type = payload_of(self.job.stores, original)
        again = response.replace(status=200, body=body)
        again.headers["Content-Type"] = content_type
        yield from self._read_page(lane, again, asked)

    def _read_page(self, lane: Lane, response: Response, asked: Candidate) -> Iterator[Request]:
        if not lane.mapped:
            lane.mapped = True
            lane.survey.take_sitemaps(self.job.sitemaps[lane.portal.id])
        if asked.standing == "sitemap":
            lane.survey.read_sitemap(response.body, _content_type(response), asked)
        elif asked.role not in FILES and _is_list(response):
            yield from self._read_list(lane, response, asked)

    def _read_list(self, lane: Lane, response: Response, asked: Candidate) -> Iterator[Request]:
        text, charset = decode(response.body, _content_type(response))
        source = Source(url=response.url, text=text, media_type=_media_type(response), charset=charset, asked=asked.ask)
        reading = lane.survey.read(source, self._page(lane.portal, response), asked)
        if reading.report:
            self.job.reports[lane.portal.id] += 1
            if RENDERED not in response.flags:  # the browser asked for them already
                lane.survey.take_requisites(source, asked)
        elif not reading.led_on and self._needs_browser(lane.portal, source, asked, response):
            yield self._request(lane, asked, render=True)
        elif reading.refusal:
            self._note(lane.portal, "unrecognised", f"linked as a report, but {reading.refusal}", response.url)

    def _page(self, portal: Portal, response: Response) -> PageText | None:
        if _media_type(response) not in MARKUP:
            return None
        page = read_page(response.body, content_type=_content_type(response), url=response.url)
        if page.truncated or BODY_CUT in response.flags:
            self._note(portal, "oversized", "only the beginning of the page was searched for links", response.url)
        return page

    def _needs_browser(self, portal: Portal, source: Source, asked: Candidate, response: Response) -> bool:
        """A page that leads nowhere: its scripts may fetch the list, or the report."""
        bare = portal.render == "auto" and asked.role in {"home", "column", "report"} and asked.ask is None
        bare = bare and RENDERED not in response.flags
        return bare and fetches(source.text) and self._has_browser(portal)

    def _has_browser(self, portal: Portal) -> bool:
        if self._browser is None and portal.id not in self._unrendered:
            self._unrendered.add(portal.id)
            detail = "no browser was found, NIANBAO_BROWSER names none: its pages are read without their scripts' work"
            self.job.problem("no-browser", detail, portal=portal.id)
            self.logger.warning("%s: %s", portal.id, detail)
        return self._browser is not None


def _is_for_reading(candidate: Candidate) -> bool:
    """Whether a reader would have it in a window: no file, no sitemap, nothing that only a script asks for."""
    scripted = candidate.ask is not None and (candidate.ask.method != "GET" or candidate.ask.headers)
    return candidate.role not in FILES and candidate.standing != "sitemap" and not scripted


def _headers(candidate: Candidate, known: Known | None) -> dict[str, str]:
    asked = candidate.ask
    headers = dict(asked.headers) if asked else {}
    if asked:
        headers.setdefault("Referer", candidate.via)
    if asked and asked.body:
        headers.setdefault(*FORM)
    return headers | (known.conditions() if known else {})


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"text/html").decode("latin-1")


def _media_type(response: Response) -> str:
    return _content_type(response).partition(";")[0].strip().lower()


def _is_list(response: Response) -> bool:
    return _media_type(response) in LISTS and not names_a_file(response.url)
