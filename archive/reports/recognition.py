"""Is a captured page a report, whose, and of which year?

    titles (meta, heading, <title>, first lines, anchor) ── refuse ──▶ NotAReport
             │ name a report, or are silent
             ▼
    article: error, list, template, empty ───────────────────────────▶ NotAReport
             │ has the text, the tables, or the files
             ▼
    year   title, else the period its figures cover, else the year its first sentences name
    organ  title, else label, source, breadcrumb, column, signature, else the portal itself

A silent title is made up for only by an article that has the statutory tables and says which year they cover. Nothing
is ever taken from the URL. Pure: the same page gives the same answer, so a better recogniser can be run over the whole
archive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from archive.reports import evidence
from archive.reports.division import place_of
from archive.reports.organ import Organ, Site, home_of, looks_like_organ, organ_of, organ_of_site
from archive.reports.published import published
from archive.reports.text import Link, PageText, normal_form, text_digest
from archive.reports.title import SILENT, Named, NotAReport, TitleReading, read_title, recognise_title

__all__ = ["NotAReport", "Report", "Site", "TitleReading", "recognise", "recognise_title"]

_ENOUGH_TEXT = 200
_LONG_TEXT = 800
_LISTED_ENOUGH = 3
_LONGEST_TITLE = 60
_SENTENCE = re.compile("[\uff0c,。;\uff1b]")
_TABLES_SINCE = 2019
_ORGAN_METAS = ("contentsource", "author")
_ORGAN_LABELS = ("发布机构", "公开主体", "发文机关", "发文机构", "发布单位")
_SOURCES = ("信息来源", "文章来源", "来源")


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


def recognise(page: PageText, *, site: Site, anchor: str | None) -> Report | NotAReport:
    """`anchor`: the words of the link that led here; they count where the page itself has no title to go by."""
    text = normal_form(page.body)
    named = _named(page, text, anchor)
    if named == SILENT and evidence.is_statutory(text) and not evidence.is_circular(text):
        named = Named(title=page.heading or page.title, organ=None, year=evidence.period(text))
    if isinstance(named, NotAReport):
        return named
    refusal = _refused_by_article(page, text, named)
    if refusal is not None:
        return refusal
    year = named.year or evidence.period(text) or evidence.year_named(text)
    if year is None:
        return NotAReport(reason="no year named")
    organ = _organ(page, text, named, site)
    return NotAReport(reason="no organ named") if organ is None else _report(page, text, named, organ, year)


def _named(page: PageText, text: str, anchor: str | None) -> Named | NotAReport:
    """What the article itself is titled outranks the <title>, which may be the site's, and both outrank the anchor."""
    column = _column(page)
    undated: Named | None = None
    for title in _titles(page):
        reading = read_title(title, column=column)
        if isinstance(reading, NotAReport):
            if reading != SILENT and undated is None:
                return reading
        elif reading.year is not None:
            return reading
        else:
            undated = undated or reading
    passing = _named_in_passing(page, text, anchor, column)
    return undated or SILENT if passing is None or (undated and passing.year is None) else passing


def _titles(page: PageText) -> Iterator[str]:
    yield from (page.metas.get("articletitle", ""), page.heading, page.title)
    yield from (page.labelled.get(label, "") for label in ("信息名称", "标题", "名称"))


def _named_in_passing(page: PageText, text: str, anchor: str | None, column: str | None) -> Named | None:
    """The article's first lines often repeat its title; on a list they are titles of other pages and files."""
    lines = [] if page.listed >= _LISTED_ENOUGH else page.body.split("\n", 3)[:3]
    others = {link.text for link in page.links}
    titles = [
        line for line in lines if len(line) <= _LONGEST_TITLE and line not in others and not _SENTENCE.search(line)
    ]
    if anchor and (evidence.is_statutory(text) or evidence.is_free_form(text)):
        titles.append(anchor)  # else a link that now leads to the home page would make that the report
    readings = (read_title(title, column=column) for title in titles)
    return next((reading for reading in readings if isinstance(reading, Named)), None)


def _column(page: PageText) -> str | None:
    return page.metas.get("columntype") or page.metas.get("columnname") or "".join(page.breadcrumb[-1:]) or None


def _refused_by_article(page: PageText, text: str, named: Named) -> NotAReport | None:
    if evidence.has_tables(text):
        return NotAReport(reason="page is a template of reports") if evidence.is_template(text) else None
    if evidence.is_error(text):
        return NotAReport(reason="page is an error or maintenance notice")
    left = normal_form(evidence.prose(page.body))
    titled = named.year is not None and named.organ is not None
    if not titled and len(left) < 2 * _ENOUGH_TEXT and max(page.listed, _report_files(page)) >= _LISTED_ENOUGH:
        return NotAReport(reason="page lists reports")
    if len(left) >= _ENOUGH_TEXT and (named.year is not None or evidence.is_free_form(text)):
        return NotAReport(reason="page is a template of reports") if evidence.is_template(text) else None
    if named.year is not None and (page.links or page.images):
        return None
    return NotAReport(reason="page has no report in it")


def _report_files(page: PageText) -> int:
    return len({link.text for link in page.links if isinstance(read_title(link.text), Named)})


def _organ(page: PageText, text: str, named: Named, site: Site) -> Organ | None:
    home = home_of(site) if not site.aggregator else place_of(evidence.district(text))
    written = named.organ or next((one for one in _organs_around(page, site) if looks_like_organ(one)), None)
    if written is not None:
        return organ_of(written, home)
    return organ_of_site(site)


def _organs_around(page: PageText, site: Site) -> Iterator[str]:
    """An aggregator's own source, path and columns say nothing of the organ."""
    yield from (page.labelled.get(label, "") for label in _ORGAN_LABELS)
    if not site.aggregator:
        yield from (page.metas.get(name, "") for name in _ORGAN_METAS)
        yield from (page.labelled.get(label, "") for label in _SOURCES)
        yield from reversed(page.breadcrumb)
        yield page.metas.get("columnname", "")
    yield evidence.signature(page.body) or ""


def _report(page: PageText, text: str, named: Named, organ: Organ, year: int) -> Report:
    return Report(
        organ=organ.name,
        organ_as_written=organ.written,
        within=organ.within,
        year=year,
        title=named.title,
        published=published(page, year=year),
        body=page.body,
        text_digest=text_digest(page.body),
        attachments=page.links,
        flags=tuple(_flags(page, text, named, year)),
    )


def _flags(page: PageText, text: str, named: Named, year: int) -> Iterator[str]:
    if evidence.period(text) not in {None, year}:
        yield "year-disagrees"
    if evidence.is_masked(text):
        yield "masked"
    if evidence.is_repeated(page.body):
        yield "body-repeated"
    if len(text) < _ENOUGH_TEXT + len(named.title) and page.links:
        yield "attachment-only"
    elif year >= _TABLES_SINCE and not evidence.has_tables(text):
        yield from _without_tables(page, text)
    if named.organ is None:
        yield "organ-not-in-title"
    if page.truncated:
        yield "truncated"


def _without_tables(page: PageText, text: str) -> Iterator[str]:
    if page.images:
        yield "tables-as-images"
    elif len(text) >= _LONG_TEXT:
        yield "tables-missing"
