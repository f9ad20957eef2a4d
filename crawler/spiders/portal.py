"""The portal spider: from home and known columns over lists and pages to reports, their files and their requisites.

home, column, other  --judged links-->  column | other | report | attachment
report               ------------------->  its attachments, its requisites
home, column         --no list in it, but scripts that fetch-->  itself again, in the browser      (render = "auto")
"""

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from archive.browser import find_browser
from archive.config import load_config
from archive.reports.recognition import NotAReport, Report, Site, recognise
from archive.reports.text import decode, names_a_file, read_page
from crawler.discovery.cms import hanweb, trs
from crawler.discovery.columns import Judgement, judge
from crawler.discovery.frontier import Frontier
from crawler.discovery.links import Link, links_of, requisites_of
from crawler.discovery.revisiting import Known, known_details
from crawler.discovery.scripts import fetches
from crawler.errors import Refused, Unrendered
from crawler.fetching.flags import BODY_CUT, RENDERED, TRUNCATED
from crawler.job import Job, Options, open_job
from crawler.portals.registry import Portal, load_registry, select

ATTACHED = Judgement(role="attachment", priority=95, hops=0)
NEEDED = Judgement(role="requisite", priority=10, hops=0)
DETAILS = {"report", "attachment"}
FILES = {"attachment", "requisite"}
PAGES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a request comes from and what it is thought to be; archived as the capture's facts."""

    portal: Portal
    role: str
    priority: int
    via: str = ""
    anchor: str = ""
    column: str = ""
    hops: int = 0


class JobSpider(Spider):
    """A spider of one job. `scrapy crawl` gives it no job: then it opens one itself and closes it at the end."""

    job: Job
    bounded = True

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not hasattr(spider, "job"):
            spider._open_job(crawler, getattr(spider, "portals", ""))
        crawler.signals.connect(spider.broke, signals.spider_error)
        return spider

    def _open_job(self, crawler: Any, ids: str) -> None:
        config, held = load_config(os.environ, Path.cwd()), ExitStack()
        portals = select(load_registry(config.portals), [one for one in ids.split(",") if one])
        self.job = held.enter_context(open_job(config, portals, Options()))
        crawler.signals.connect(held.close, signals.spider_closed, weak=False)

    def broke(self, failure: Failure, response: Response) -> None:
        """A fault of ours while reading a page: the page is kept, the run goes on, the fault does not stay hidden."""
        detail = f"{failure.type.__name__}: {failure.value}"
        self.job.problem("fault", detail, url=response.url, portal=self.job.portal_id(response.url))
        self.logger.error("cannot read %s\n%s", response.url, failure.getTraceback())

    def failed(self, failure: Failure) -> None:
        """Each failed request is a problem; what a middleware refused is one already."""
        request, error = failure.request, failure.value
        portal = self.job.portal_id(request.url)
        if isinstance(error, HttpError):
            status = error.response.status
            self.job.problem("http-status", f"the server answered {status}", url=request.url, portal=portal)
        elif isinstance(error, IgnoreRequest) and not isinstance(error, Refused):
            self.job.problem("ignored", str(error), url=request.url, portal=portal)
        elif isinstance(error, Unrendered):
            self.job.problem("unrendered", str(error), url=request.url, portal=portal)
        elif not isinstance(error, Refused):
            detail = f"{type(error).__name__}: {error}"
            self.job.problem("unreachable", detail, url=request.url, portal=portal)


class PortalSpider(JobSpider):
    name = "portal"

    async def start(self) -> AsyncIterator[Request]:
        self._frontiers: dict[str, Frontier] = defaultdict(Frontier)
        self._unrendered: set[str] = set()
        self._known = self._load_known()
        self._browser = find_browser(self.job.config.browser)
        for portal in self.job.portals:
            if portal.render == "always":
                self._has_browser(portal)
        for portal in self.job.portals:
            for url in portal.seeds():
                role = "home" if url == portal.home else "column"
                for request in self._ask(url, Step(portal=portal, role=role, priority=90)):
                    yield request

    def _load_known(self) -> dict[str, Known]:
        if self.job.options.full:
            return {}
        with self.job.stores.catalog.reading() as connection:
            return known_details(connection, [portal.id for portal in self.job.portals])

    def parse(self, response: Response, **_: Any) -> Iterator[Request]:
        step: Step = response.meta["step"]
        if TRUNCATED in response.flags:
            self._problem("truncated", f"cut short: {response.flags[-1]}", response.url, step)
            return
        if response.status != 200 or not _is_page(response):
            return
        page = read_page(response.body, content_type=_content_type(response), url=response.url)
        if page.truncated or BODY_CUT in response.flags:
            self._problem("oversized", "only the beginning of the page was searched for links", response.url, step)
        match recognise(page, site=_site(step.portal), anchor=step.anchor):
            case Report() as report:
                self.job.reports[step.portal.id] += 1
                yield from self._around_report(response, step, report)
            case NotAReport(reason=reason):
                if step.role == "report":
                    self._problem("unrecognised", f"linked as a report, but {reason}", response.url, step)
                yield from self._onward(response, step)

    def _around_report(self, response: Response, step: Step, report: Report) -> Iterator[Request]:
        for link in report.attachments:
            if not step.portal.owns(link.url):
                self._problem("out-of-scope", "a report's attachment, on no host of its portal", link.url, step)
            yield from self._follow(Link(url=link.url, text=link.text), ATTACHED, step, response)
        html, charset = decode(response.body, _content_type(response))
        if RENDERED not in response.flags:  # the browser asked for them already
            for url in requisites_of(html, response.url, charset):
                yield from self._follow(Link(url=url, text=""), NEEDED, step, response)

    def _onward(self, response: Response, step: Step) -> Iterator[Request]:
        html, charset = decode(response.body, _content_type(response))
        markup = hanweb.hidden_markup(html)
        links = links_of(f"{html if _is_html(response) else ''}{markup or ''}", response.url, charset)
        site, on_column = _site(step.portal), step.role == "column"
        judged = [(link, judge(link, site=site, on_column=on_column, hops=step.hops)) for link in links]
        led_on = any(judgement and judgement.role in DETAILS for _, judgement in judged)
        for link, judgement in judged:
            for request in self._follow(link, judgement, step, response) if judgement else ():
                led_on = True
                yield request
        for request in self._further(html, markup, response, step) if on_column else ():
            led_on = True
            yield request
        if not led_on and self._needs_browser(html, response, step):
            yield self._request(response.url, step, render=True)

    def _further(self, html: str, markup: str | None, response: Response, step: Step) -> Iterator[Request]:
        further = Judgement(role="column", priority=70, hops=step.hops)
        for url in (*trs.further_pages(html, response.url), *hanweb.further_rows(markup, response.url)):
            yield from self._follow(Link(url=url, text=""), further, step, response)

    def _needs_browser(self, html: str, response: Response, step: Step) -> bool:
        """A page without a list of reports, all of whose other links were known: its scripts may fetch the list."""
        bare = step.portal.render == "auto" and step.role in {"home", "column"} and RENDERED not in response.flags
        return bare and fetches(html) and self._has_browser(step.portal)

    def _has_browser(self, portal: Portal) -> bool:
        if self._browser is None and portal.id not in self._unrendered:
            self._unrendered.add(portal.id)
            detail = "no browser was found, NIANBAO_BROWSER names none: its pages are read without their scripts' work"
            self.job.problem("no-browser", detail, portal=portal.id)
            self.logger.warning("%s: %s", portal.id, detail)
        return self._browser is not None

    def _follow(self, link: Link, judgement: Judgement, step: Step, response: Response) -> Iterator[Request]:
        if step.portal.owns(link.url):
            onward = Step(
                portal=step.portal,
                role=judgement.role,
                priority=judgement.priority,
                via=response.url,
                anchor=link.text,
                column=response.url if step.role == "column" else step.column,
                hops=judgement.hops,
            )
            yield from self._ask(link.url, onward)

    def _ask(self, url: str, step: Step) -> Iterator[Request]:
        if not self._frontiers[step.portal.id].admit(url):
            return
        known = self._known.get(url)
        if known and not self.job.options.refresh and not known.due(datetime.now(UTC)):
            return
        always = step.portal.render == "always" and step.role not in FILES and self._browser is not None
        yield self._request(url, step, known, render=always)

    def _request(self, url: str, step: Step, known: Known | None = None, *, render: bool) -> Request:
        self.job.asked[step.portal.id] += 1
        facts = {"role": step.role, "via": step.via, "anchor": step.anchor, "column": step.column}
        return Request(
            url,
            callback=self.parse,
            errback=self.failed,
            headers=known.conditions() if known and not render else None,
            priority=step.priority,
            dont_filter=True,  # the frontier has seen to it
            meta={**facts, "step": step, "original": known.original if known else None, "render": render},
        )

    def _problem(self, kind: str, detail: str, url: str, step: Step) -> None:
        self.job.problem(kind, detail, url=url, portal=step.portal.id)


def _site(portal: Portal) -> Site:
    return Site(portal=portal.id, name=portal.name, aggregator=portal.aggregator)


def _content_type(response: Response) -> str:
    return (response.headers.get("Content-Type") or b"text/html").decode("latin-1")


def _media_type(response: Response) -> str:
    return _content_type(response).partition(";")[0].strip().lower()


def _is_page(response: Response) -> bool:
    return _media_type(response) in PAGES and not names_a_file(response.url)


def _is_html(response: Response) -> bool:
    return "xml" not in _media_type(response) or "html" in _media_type(response)
