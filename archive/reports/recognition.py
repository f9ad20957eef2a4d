"""Is a captured page a report, whose, and of which year?

    naming   titles (metas, heading, <title>, first lines, anchor) ── refuse ──▶ NotAReport
                 │ name a report, or are silent in a column of reports
                 ▼
    year     title, period, anchor, files, first sentences, column
    article  error, list, guide, template, empty ─────────────────────────────▶ NotAReport
                 │ has the text, the tables, or the files
                 ▼
    author   title, labels, source, breadcrumb, columns, article, portal ── none ──▶ NotAReport

A silent title is made up for only by an article that has the statutory tables and says which year they cover, or that
stands in a column of reports. Nothing is ever taken from the URL. Pure: the same page gives the same answer, so a
better recogniser can be run over the whole archive.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.reports.article import flags, kinds, refusal
from archive.reports.author import Author, author
from archive.reports.naming import Titled, titled
from archive.reports.organ import Site
from archive.reports.published import published
from archive.reports.script import plain
from archive.reports.text import Link, PageText, normal_form, text_digest
from archive.reports.title import NotAReport, TitleReading, recognise_title
from archive.reports.year import Year, year_of

__all__ = ["NotAReport", "Report", "Site", "TitleReading", "explain", "recognise", "recognise_title"]

_NO_YEAR = NotAReport(reason="no year named")
_NO_ORGAN = NotAReport(reason="no organ named")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`organ` is canonical (see `archive.reports.organ`); `within` the province or city above it, as far as known."""

    organ: str
    organ_as_written: str
    within: str = ""
    year: int
    title: str
    published: date | None
    body: str
    text_digest: str
    attachments: tuple[Link, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How far recognition came; `outcome` is what stopped it."""

    text: str
    titled: Titled | None = None
    year: Year | None = None
    author: Author | None = None
    outcome: NotAReport | None = None


def recognise(page: PageText, *, site: Site, anchor: str | None, trail: Sequence[str] = ()) -> Report | NotAReport:
    """`anchor`: the words of the link that led here; they count where the page itself has no title to go by. `trail`:
    the labels of the columns that led to it, the nearest first; they count after all that the page says."""
    reading = _read(page, site, anchor, trail)
    if reading.titled is None or reading.year is None or reading.author is None:
        return reading.outcome or _NO_YEAR
    return reading.outcome or _report(page, reading.text, reading.titled, reading.author, reading.year)


def explain(page: PageText, *, site: Site, anchor: str | None, trail: Sequence[str] = ()) -> tuple[str, ...]:
    """The steps that `recognise` took, a line each, in its order; the last is the outcome."""
    reading = _read(page, site, anchor, trail)
    steps = [f"portal: {site.name or site.portal}{', an aggregator' if site.aggregator else ''}"]
    if anchor:
        steps.append(f"link: {anchor}")
    if trail:
        steps.append(f"columns: {' < '.join(trail)}")
    if reading.titled is not None:
        steps.append(f"title: {reading.titled.named.title}, by {reading.titled.by}")
    steps.append(f"article: {', '.join(kinds(page, reading.text)) or 'nothing of a report'}")
    if reading.year is not None:
        steps.append(f"year: {reading.year.number}, by {reading.year.by}")
    if reading.author is not None:
        steps.append(f"organ: {reading.author.organ.name}, by {reading.author.by}")
    steps.append(f"not a report: {reading.outcome.reason}" if reading.outcome else "a report")
    return tuple(steps)


def _read(page: PageText, site: Site, anchor: str | None, trail: Sequence[str]) -> _Reading:
    text = normal_form(page.body)
    text = plain(text) if "開" in text else text
    title = titled(page, text, anchor=anchor, trail=trail)
    if isinstance(title, NotAReport):
        return _Reading(text=text, outcome=title)
    year = year_of(page, text, title.named, anchor=anchor, trail=trail)
    refused = refusal(page, text, title.named, year=year.number if year else None)
    if refused is not None or year is None:
        return _Reading(text=text, titled=title, year=year, outcome=refused or _NO_YEAR)
    whose = author(page, text, title, site=site, trail=trail)
    return _Reading(text=text, titled=title, year=year, author=whose, outcome=None if whose else _NO_ORGAN)


def _report(page: PageText, text: str, title: Titled, whose: Author, year: Year) -> Report:
    flagged = tuple(flags(page, text, title.named, year.number))
    # Around a file there is no text but the template's, and a new template is no new report.
    own = "\n".join((title.named.title, *(link.text for link in page.links)))
    return Report(
        organ=whose.organ.name,
        organ_as_written=whose.organ.written,
        within=whose.organ.within,
        year=year.number,
        title=title.named.title,
        published=published(page, year=year.number),
        body=page.body,
        text_digest=text_digest(own if "attachment-only" in flagged else page.body),
        attachments=page.links,
        flags=flagged,
    )
