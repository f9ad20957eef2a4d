"""A survey walked over a sample portal in memory: each candidate is answered by the site itself, no network between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from archive.reports.charset import decode
from archive.reports.text import read_page
from crawler.demo.site import Page, Request, Site
from crawler.discovery.frontier import FILES, Candidate
from crawler.discovery.listing import Source
from crawler.discovery.survey import MARKUP, Survey
from crawler.portals.registry import Portal

NOW = datetime(2024, 6, 1, tzinfo=UTC)
REDIRECTS_MOST = 5


@dataclass(slots=True)
class Walk:
    """`asked` are the requests in their order, `reports` the URLs that were recognised, `notes` the problems."""

    site: Site
    asked: list[Candidate] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, kind: str, detail: str, url: str) -> None:
        self.notes.append((kind, detail, url))

    def urls(self, *roles: str) -> list[str]:
        return [one.url for one in self.asked if not roles or one.role in roles]

    @property
    def pages(self) -> int:
        return sum(one.role != "requisite" for one in self.asked)


def portal_of(site: Site, *columns: str) -> Portal:
    home = site.base + "/"
    return Portal(id=site.id, name=site.name, home=home, columns=columns, aggregator=site.aggregator)


def survey_of(walk: Walk, *columns: str) -> Survey:
    return Survey(portal=portal_of(walk.site, *columns), note=walk.note, now=NOW)


def walked(walk: Walk, survey: Survey, *, gone: Callable[[str], bool] = lambda _: False) -> Walk:
    survey.begin()
    while candidate := survey.next(idle=True):
        walk.asked.append(candidate)
        url, page = _answer(walk.site, candidate)
        if page.status != 200 or gone(url):
            survey.missed(candidate)
        elif candidate.role not in FILES:
            _read(walk, survey, candidate, url, page)
    return walk


def _answer(site: Site, candidate: Candidate) -> tuple[str, Page]:
    url = candidate.url
    for _ in range(REDIRECTS_MOST):
        page = site.answer(_request(candidate, url))
        if page.status >= 500:  # once more, as a crawl asks
            page = site.answer(_request(candidate, url))
        location = next((value for name, value in page.headers if name == "Location"), None)
        if location is None:
            break
        url = urljoin(url, location)
    return url, page


def _request(candidate: Candidate, url: str) -> Request:
    place, ask = urlsplit(url), candidate.ask
    sent = {name.lower(): value for name, value in (ask.headers if ask else ())}
    if ask and ask.body:
        sent.setdefault("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
    target = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
    body = ask.body.encode() if ask else b""
    return Request(
        method=ask.method if ask else "GET", target=target, headers=sent | {"referer": candidate.via}, body=body
    )


def _read(walk: Walk, survey: Survey, candidate: Candidate, url: str, page: Page) -> None:
    media_type = page.media_type.partition(";")[0].strip()
    text, charset = decode(page.body, page.media_type)
    source = Source(url=url, text=text, media_type=media_type, charset=charset, asked=candidate.ask)
    shown = read_page(page.body, content_type=page.media_type, url=url) if media_type in MARKUP else None
    reading = survey.read(source, shown, candidate)
    if reading.report:
        walk.reports.add(url)
    if reading.refusal:
        walk.note("unrecognised", reading.refusal, url)


def found_and_missed(walk: Walk, forms: Sequence[str] = ("text/html",)) -> tuple[set[str], set[str]]:
    """What was recognised that should not be, and what should be and was not."""
    expected = {one.url for one in walk.site.expected() if one.media_type in forms}
    return walk.reports - expected, expected - walk.reports
