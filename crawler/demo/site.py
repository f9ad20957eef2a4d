"""A sample portal as values: what it is asked, what it answers, and what a crawl ought to find there.

A site maps targets (path and query) to pages; a path without its query stands for all its queries. Where an answer
depends on the request, a function stands in the page's place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from urllib.parse import parse_qsl, urlsplit

from crawler.demo.report import Report


class Framing(Enum):
    """How the end of a body is told."""

    LENGTH = "Content-Length"
    CHUNKED = "chunks, gzip'd for a client that accepts it"
    CLOSE = "HTTP/1.0: the connection closes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """Of the query and of a form in the body; the form wins."""
        return dict(parse_qsl(urlsplit(self.target).query) + parse_qsl(self.body.decode("utf-8", "replace")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    body: bytes = b""
    status: int = 200
    media_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    framing: Framing = Framing.LENGTH
    etag: str | None = None


Answer = Callable[[Request], Page]

Row = tuple[str, str, str]
"""Path, title and date, as a list prints them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The truth a crawl is compared with: one publication of one report."""

    portal: str
    organ: str
    organ_as_written: str
    year: int
    title: str
    url: str
    published: date | None
    media_type: str
    copy_of: str | None = None
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A report as one site publishes it; `path` and `attachments` begin at that site's root."""

    report: Report
    path: str
    published: date | None
    organ_as_written: str = ""
    form: str = "{organ}{year}年政府信息公开工作年度报告"
    attachments: tuple[str, ...] = ()
    copy_of: str | None = None

    @property
    def written(self) -> str:
        return self.organ_as_written or self.report.organ

    @property
    def title(self) -> str:
        return self.form.format(organ=self.written, year=self.report.year)

    @property
    def row(self) -> Row:
        return self.path, self.title, str(self.published or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`added`, `edited` and `withdrawn` are the paths that differ from the day before. `way` is what no crawl can do
    without beside reports and their files: home, columns, each page of their lists; a posted one as `PATH BODY`."""

    id: str
    name: str
    base: str
    pages: Mapping[str, Page | Answer]
    missing: Page
    publications: tuple[Publication, ...] = ()
    columns: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    aggregator: bool = False
    forbidden: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    def answer(self, request: Request) -> Page:
        found = self.pages.get(request.target) or self.pages.get(urlsplit(request.target).path, self.missing)
        page = found if isinstance(found, Page) else _asked(found, request)
        if page.etag and request.headers.get("if-none-match") == page.etag:
            return Page(status=304, etag=page.etag)
        return page

    def expected(self) -> tuple[Expected, ...]:
        return tuple(self._expected(publication) for publication in self.publications)

    def _expected(self, publication: Publication) -> Expected:
        return Expected(
            portal=self.id,
            organ=publication.report.organ,
            organ_as_written=publication.written,
            year=publication.report.year,
            title=publication.title,
            url=self.base + publication.path,
            published=publication.published,
            media_type="text/html",
            copy_of=publication.copy_of,
            attachments=tuple(self.base + path for path in publication.attachments),
        )


def _asked(answer: Answer, request: Request) -> Page:
    try:
        return answer(request)
    except ValueError:  # a parameter that should be a number
        return Page(status=400)


def redirect(location: str) -> Page:
    return Page(status=302, headers=(("Location", location),))
