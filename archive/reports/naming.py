"""What a page calls itself: the title that names its report, and where on the page that stands.

    ArticleTitle, heading, <title>, 信息名称   the article's own; one with a year outranks one without
    first lines, anchor                        where those are silent or undated
    an organ, a year                           title enough in a column of reports, for an article that is one
    nothing                                    made up for by statutory tables and the period they cover

A title that names something else about reports (a notice, an interpretation) refuses whatever stands below it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.reports import evidence
from archive.reports.column import says_reports
from archive.reports.text import PageText
from archive.reports.title import SILENT, Named, NotAReport, read_bare, read_title

_LISTED_ENOUGH = 3
_LONGEST_LINE = 60
_SENTENCE = re.compile("[\uff0c,。;\uff1b]")
_TITLES = ("信息名称", "标题", "名称")
_KINDS = ("体裁分类", "主题分类", "公开类别")
_NOT_THE_REPORT = re.compile(r"通知|说明|解读|图解|格式|模板|范文|办法|规定|答记者问|培训|指南|制度|函〔")


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """`by` says where the title stands: `heading`, `anchor`, `article`. `bare`: it names no report by itself."""

    named: Named
    by: str
    bare: bool = False


def titled(page: PageText, text: str, *, anchor: str | None, trail: Sequence[str]) -> Titled | NotAReport:
    """`trail`: the labels of the columns that led here, the nearest first."""
    columns = tuple(columns_of(page, trail))
    found = _by_title(page, columns)
    if isinstance(found, NotAReport) and found != SILENT:
        return found
    if isinstance(found, Titled) and found.named.year is not None:
        return found
    passing = _in_passing(page, text, anchor, columns)
    if isinstance(found, Titled):
        return passing if passing is not None and passing.named.year is not None else found
    return passing or _by_article(page, text, columns) or SILENT


def columns_of(page: PageText, trail: Sequence[str]) -> Iterator[str]:
    """The labels of the columns that the page stands in, the nearest first."""
    yield from filter(None, (page.metas.get("columntype"), page.metas.get("columnname")))
    yield from filter(None, (page.labelled.get(label) for label in _KINDS))
    yield from reversed(page.breadcrumb)
    yield from trail


def titles(page: PageText) -> Iterator[tuple[str, str]]:
    """Where it stands, and the title."""
    yield "ArticleTitle", page.metas.get("articletitle", "")
    yield "heading", page.heading
    yield "<title>", page.title
    yield from ((label, page.labelled.get(label, "")) for label in _TITLES)


def _by_title(page: PageText, columns: Sequence[str]) -> Titled | NotAReport:
    """What the article itself is titled outranks the <title>, which may be the site's."""
    undated: Titled | None = None
    for by, title in titles(page):
        reading = read_title(title, trail=columns)
        if isinstance(reading, Named):
            if reading.year is not None:
                return Titled(named=reading, by=by)
            undated = undated or Titled(named=reading, by=by)
        elif reading != SILENT and undated is None:
            return reading
    return undated or SILENT


def _in_passing(page: PageText, text: str, anchor: str | None, columns: Sequence[str]) -> Titled | None:
    """The article's first lines often repeat its title; on a list they are titles of other pages and files."""
    lines = [] if page.listed >= _LISTED_ENOUGH else page.body.split("\n", 3)[:3]
    others = {link.text for link in page.links}
    passing = [
        ("first lines", line)
        for line in lines
        if len(line) <= _LONGEST_LINE and line not in others and not _SENTENCE.search(line)
    ]
    if anchor and (evidence.is_of_report(text) or (any(map(says_reports, columns)) and _holds_report(page, text))):
        passing.append(("anchor", anchor))  # else a link that now leads to the home page would make that the report
    readings = ((by, read_title(title, trail=columns)) for by, title in passing)
    return next((Titled(named=named, by=by) for by, named in readings if isinstance(named, Named)), None)


def _by_article(page: PageText, text: str, columns: Sequence[str]) -> Titled | None:
    """A title that says nothing of a report: 浑南区国资局, 2023年, 正文."""
    in_column = any(map(says_reports, columns))
    in_form = evidence.is_statutory(text) or evidence.has_sections(text)
    if not in_column and not in_form:
        return None
    if evidence.is_circular(text) or any(_NOT_THE_REPORT.search(title) for _, title in titles(page)):
        return None
    bare = next((named for _, title in titles(page) if isinstance(named := read_bare(title), Named)), None)
    if in_column and bare is not None and _holds_report(page, text):
        return Titled(named=bare, by="column and article", bare=True)
    if not in_form and not (evidence.is_of_report(text) and evidence.period(text)):
        return None
    organ = bare.organ if bare is not None else None
    return Titled(
        named=Named(title=page.heading or page.title, organ=organ, year=evidence.period(text)), by="article", bare=True
    )


def _holds_report(page: PageText, text: str) -> bool:
    carried = bool(page.links or page.images) and page.listed < _LISTED_ENOUGH
    return evidence.is_of_report(text) or (carried and len(page.links) < _LISTED_ENOUGH)
