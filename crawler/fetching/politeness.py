"""Politeness: what may be asked of a host, and how often.

    request -> in the portal's scope? -> allowed by robots.txt? -> its host no wall? -> within its budget?
            -> the host's delay -> network

Each refusal is a problem row (I9). robots.txt as RFC 9309 says: an unreachable one or a server error (5xx) means that
nothing may be fetched, "not found" (4xx) that all may; Crawl-delay can only raise the portal's own delay.
"""

from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.reports.charset import decode
from archive.reports.sighting import URL_MOST
from crawler.discovery.sitemap import sitemaps_in
from crawler.errors import HostClosed, Refused
from crawler.fetching.flags import TRUNCATED
from crawler.job import Job
from crawler.portals.registry import Portal

DELAY_LEAST = 0.001
"""Without any delay Scrapy starts all that is queued for a host at once: it counts a request only when it runs."""

DELAY_MOST = 120.0
"""A host that asks for a longer Crawl-delay is not crawled at all, and a problem says so: a run has to end."""


def is_robots(url: str) -> bool:
    return urlsplit(url).path == "/robots.txt"


def is_for_robots(url: str) -> bool:
    """robots.txt and sitemaps: to deny these is a habit of servers, and no wall before all else."""
    path = urlsplit(url).path.lower()
    return is_robots(url) or ("sitemap" in path.rpartition("/")[2] and path.endswith((".xml", ".xml.gz", ".txt")))


class ScopeMiddleware:
    """The portals' scope and pace, for every request: a spider's, a redirect's, one for robots.txt."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> "ScopeMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        job: Job = self._crawler.spider.job
        if len(request.url) > URL_MOST:
            job.problem("url-too-long", f"{len(request.url)} characters, {URL_MOST} at most", url=request.url[:200])
            raise Refused(f"URL of {len(request.url)} characters")
        place = urlsplit(request.url)
        request.meta["download_slot"] = slot = place.netloc
        portal = job.portal_of(request.url)
        if portal is None:
            if self._crawler.spider.bounded:
                job.problem("out-of-scope", "not a host of any portal of this run", url=request.url)
                raise Refused(f"out of scope: {request.url}")
            return
        pace = {"delay": portal.delay or DELAY_LEAST, "concurrency": portal.concurrency, "jitter": 0.0}
        self._crawler.engine.downloader.per_slot_settings.setdefault(slot, pace)


class BudgetMiddleware:
    """Each portal's budget of pages, spent by what is really asked for: so it stands behind all that may hold a
    request back."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._exhausted: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any) -> "BudgetMiddleware":
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        job: Job = self._crawler.spider.job
        if portal := job.portal_of(request.url):
            self._spend(job, portal)

    def _spend(self, job: Job, portal: Portal) -> None:
        if job.is_spent(portal):
            if portal.id not in self._exhausted:
                self._exhausted.add(portal.id)
                job.problem("budget", f"stopped at {job.most_pages(portal)} pages", portal=portal.id)
            raise Refused(f"budget of {portal.id} is spent")
        job.pages[portal.id] += 1


class RobotsMiddleware(RobotsTxtMiddleware):
    crawler: Any

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._closed: set[str] = set()

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._close(netloc, "robots-unreachable", f"it answers {response.status}")
        elif response.status >= 400:
            response = response.replace(body=b"")
        self._note_sitemaps(response)
        await super()._parse_robots(response, netloc, request)

    def _note_sitemaps(self, response: Response) -> None:
        job: Job = self.crawler.spider.job
        if portal := job.portal_id(response.url):
            job.sitemaps[portal] += sitemaps_in(decode(response.body, None)[0], base=response.url)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if not isinstance(exc, HostClosed):  # then each request to come is counted where the host was closed
            self._close(netloc, "robots-unreachable", str(exc) or type(exc).__name__)
        super()._robots_error(exc, netloc)

    def _close(self, netloc: str, kind: str, why: str) -> None:
        self._closed.add(netloc)
        job: Job = self.crawler.spider.job
        detail = f"robots.txt of {netloc}: {why}; nothing is fetched there"
        job.problem(kind, detail, portal=job.portal_id(f"http://{netloc}/"))

    def process_request_2(self, rp: Any, request: Request) -> None:
        job: Job = self.crawler.spider.job
        netloc = urlsplit(request.url).netloc
        if netloc in self._closed:
            raise Refused(f"robots.txt of {netloc} closes it")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as exc:
            job.problem("robots", "disallowed by robots.txt", url=request.url, portal=job.portal_id(request.url))
            raise Refused(str(exc)) from exc
        self._slow_down(rp, netloc)

    def _slow_down(self, rp: Any, netloc: str) -> None:
        wanted = float(rp.rp.crawl_delay(self._robotstxt_useragent) or 0) if rp else 0.0
        if wanted > DELAY_MOST:
            self._close(netloc, "crawl-delay", f"it asks for {wanted:g} s between requests, {DELAY_MOST:g} at most")
            raise Refused(f"Crawl-delay of {netloc}")
        pace = self.crawler.engine.downloader.per_slot_settings.get(netloc)
        if pace and wanted > pace["delay"]:
            pace["delay"] = wanted
            if slot := self.crawler.engine.downloader.slots.get(netloc):
                slot.delay = wanted


class RetryTruncated(RetryMiddleware):
    """Asks again for what the network cut short; a body that our own limit cut is as whole as it will ever be."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002  # Scrapy's signature
        if TRUNCATED in response.flags and "length" not in response.flags:
            return self._retry(request, f"truncated: {response.flags[-1]}") or response
        return super().process_response(request, response)
