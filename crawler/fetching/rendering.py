"""Rendering: from a request that wants the browser to the Response that the spider sees, the DOM as its body.

The browser starts with the first such request and ends with the spider; a run without one never loads Playwright. The
page's exchanges travel in `request.meta`: its document's as "exchange", all others as "requisites".
"""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.http import Headers, Response

from archive.browser import find_browser
from crawler.errors import AddressRefused, Unrendered
from crawler.fetching.address_guard import refusal
from crawler.fetching.flags import RENDERED, TRUNCATED
from crawler.fetching.hop import Hop, is_page
from crawler.fetching.politeness import is_robots
from crawler.fetching.transcript import CODED, exchange_of, fields_of
from crawler.job import Job

if TYPE_CHECKING:  # a run that renders nothing does not load Playwright
    from crawler.fetching.browser import Browser, Visit


class Rendering:
    """The run's one browser, for http and https alike."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._browser: Browser | None = None
        self._opening = asyncio.Lock()
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Any) -> "Rendering":
        return cls(crawler)

    @property
    def _job(self) -> Job:
        job: Job = self._crawler.spider.job
        return job

    async def render(self, request: Request) -> Response | None:
        """None where the address holds no page after all, but a file: that is to be fetched without the browser.

        Raises Unrendered, AddressRefused, SpoolError.
        """
        browser = await self._open()
        visit = await browser.visit(request, follows=self._follows, problem=self._problem)
        self._crawler.stats.inc_value("nianbao/rendered")
        self._tell_of_refusals(browser, visit)
        document = visit.document
        # of robots.txt behind a wall that lets a browser through, the file's own bytes are what is wanted
        shown = document and (visit.redirected or _is_page(document) or is_robots(request.url))
        page = document if shown else None
        self._write_down(request, browser, visit, page)
        if page and _is_page(page) and not visit.redirected and not visit.renditions:
            self._problem("unrendered", visit.error or "the browser could not show it", page.url)
        if page:
            return _response(page, visit)
        if document:
            return None
        raise _failure(request, browser, visit)

    async def _open(self) -> "Browser":
        async with self._opening:
            if self._browser is None:
                from crawler.fetching.browser import Browser

                executable = find_browser(self._job.config.browser)
                if executable is None:
                    raise Unrendered("there is no browser")
                browser = Browser(self._crawler, executable)
                await browser.open()
                self._browser = browser
        return self._browser

    async def _closed(self) -> None:
        if self._browser:
            await self._browser.close()

    def _follows(self, url: str) -> bool:
        return not self._crawler.spider.bounded or self._job.portal_of(url) is not None

    def _problem(self, kind: str, detail: str, url: str) -> None:
        self._job.problem(kind, detail, url=url, portal=self._job.portal_id(url))

    def _write_down(self, request: Request, browser: "Browser", visit: "Visit", page: Hop | None) -> None:
        spool = Path(self._crawler.settings["NIANBAO_SPOOL"])
        requisites = request.meta["requisites"] = []
        for hop in visit.hops:
            exchange = exchange_of(hop, browser=browser.version, spool=spool, doorway=browser.doorway)
            if hop is page:
                request.meta["exchange"] = replace(exchange, renditions=tuple(visit.renditions))
            else:
                requisites.append(exchange)

    def _tell_of_refusals(self, browser: "Browser", visit: "Visit") -> None:
        for hop in visit.requisites:
            host = urlsplit(hop.url).hostname or ""
            if address := browser.doorway.refused.get(host):
                self._problem("address-refused", refusal(host, address), hop.url)


def _failure(request: Request, browser: "Browser", visit: "Visit") -> Exception:
    host = urlsplit(request.url).hostname or ""
    if address := browser.doorway.refused.get(host):
        return AddressRefused(refusal(host, address))
    return Unrendered(visit.error or "no document came")


def _is_page(document: Hop) -> bool:
    kinds = (value for name, value in fields_of(document) if name.lower() == "content-type")
    return is_page(next(kinds, ""))


def _response(page: Hop, visit: "Visit") -> Response:
    """With the DOM as body; what is no page, and a page of which none could be had, is read as it came."""
    dom = next((each for each in visit.renditions if each.kind == "dom" and _is_page(page)), None)
    headers = Headers([(name, value) for name, value in fields_of(page) if name.lower() not in CODED])
    if dom:
        headers["Content-Type"] = dom.media_type
    body = dom.data if dom else page.body
    flags = [RENDERED] if visit.redirected or body is not None else [RENDERED, TRUNCATED, visit.error or "no body"]
    return Response(page.url, status=page.status, headers=headers, body=body or b"", flags=flags)
