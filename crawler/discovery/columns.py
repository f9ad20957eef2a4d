"""Columns: which links lead towards reports. One judgement a link: its role, how much it promises, and why.

report      its words are a report's title                                                100
attachment  the same, and the link is a file
column      by name or path a column of reports; on one: its years, its bodies, frames     80, 70
other       the way there: 政务公开, 信息公开                                               50, less with each step
            a body's own pages, columns of unknown name                                   30, 20: guesses
"""

import re
from dataclasses import dataclass

from archive.reports.organ import looks_like_organ
from archive.reports.recognition import NotAReport, Site, recognise_title
from crawler.discovery.canonical import twin_of
from crawler.discovery.links import Link
from crawler.discovery.vocabulary import Evidence, column_evidence

INSIDE = re.compile(r"(?:(?:19|20)\d\d年?(?:度|年度)?|更多.{0,4}|more)", re.IGNORECASE)
CUT = re.compile(r"信息公.{0,12}(?:\.{2,}|…+)$")
ABOUT = re.compile(r"interpretation|notice|school|template")
"""Of the reasons why words are no report's title: those of pages that are about reports."""
SAME = {"frame", "refresh"}
"""What is not another page but this one, shown in parts or on its way."""
PASSED = {"pager", "crumb", "footer"}
"""Where links lead back, on through the list, or off the portal."""
UNKNOWN = {"reports": 26, "towards": 24, "home": 16}
"""What a column of unknown name promises, by the standing of the page that links it."""
SURE, PERHAPS, GUESSED = 80, 65, 40
LABEL_MOST = 14
"""Characters of a column's name; what is longer is an article's title."""
DEPTH = 4
"""How many steps from home or from a column of reports a page may be that is neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """Where a link stands. `standing` is what its page is: `home`, `reports` (a column of reports), `towards` (the way
    there) or `unknown`; `hops` the steps from home or from the last column of reports; `label` the page's name."""

    site: Site
    standing: str
    hops: int = 0
    label: str = ""
    home: str = ""
    paged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`role` is empty for what is not followed. `kind` names links that fare alike, `standing` the page led to."""

    role: str
    score: int = 0
    kind: str = ""
    standing: str = "unknown"
    hops: int = 0
    reasons: tuple[str, ...] = ()


def judge(link: Link, place: Standpoint) -> Judgement:
    if twin := twin_of(link.url, home=place.home):
        return _refused(f"a twin or no page: {twin}")
    named = recognise_title(link.text, site=place.site, column=place.label if place.standing == "reports" else None)
    if not isinstance(named, NotAReport):
        role = "attachment" if link.is_file else "report"
        return _followed(role, 100, "title", place, f"title of a report: {named.organ} {named.year}")
    if link.is_file:
        return _refused(f"a file, and its {named.reason}")
    if ABOUT.search(named.reason):
        return _refused(named.reason)
    if place.paged and link.position == "pager":
        return _refused("a pager's link: its list is read page by page")
    return _by_name(link, place) or _on_reports(link, place) or _guess(link, place) or _refused(named.reason)


def _by_name(link: Link, place: Standpoint) -> Judgement | None:
    if CUT.search(link.text):
        return _followed("report", 75, "cut short", place, "perhaps a report's title, cut short")
    evidence = column_evidence(link.text, link.url)
    if evidence.verdict == "reports":
        return _column(link, place, evidence)
    if evidence.verdict == "other":
        return _refused(*evidence.reasons)
    if evidence.verdict == "towards" and place.hops < DEPTH:
        return _followed("other", 50 - 4 * place.hops, "towards", place, *evidence.reasons, standing="towards")
    return None


def _column(link: Link, place: Standpoint, evidence: Evidence) -> Judgement:
    """Columns of reports within one another, or frames, go on for ever on some portals: then it is a guess."""
    inside = place.standing == "reports" or link.tag in SAME
    hops = place.hops + 1 if inside else 0
    score = GUESSED if hops > DEPTH else SURE if evidence.sure else PERHAPS
    return Judgement(
        role="column", score=score, kind="reports", standing="reports", hops=hops, reasons=evidence.reasons
    )


def _on_reports(link: Link, place: Standpoint) -> Judgement | None:
    """A column of reports has its years, its bodies, its frames below it."""
    if place.standing != "reports" or place.hops >= DEPTH:
        return None
    if link.tag in SAME:
        return _followed("column", 75, "frame", place, "a frame of a column of reports", standing="reports")
    if INSIDE.fullmatch(link.text) or looks_like_organ(link.text):
        return _followed("column", 70, "inside", place, f"on a column of reports: {link.text}", standing="reports")
    return None


def _guess(link: Link, place: Standpoint) -> Judgement | None:
    if place.site.aggregator:
        return _of_aggregator(link, place)
    if place.hops >= DEPTH or not _may_be_column(link):
        return None
    if link.tag in SAME:
        return _followed("other", 45, "frame", place, "a frame of the page", standing=place.standing)
    if looks_like_organ(link.text):
        return _followed("other", 32 - 4 * place.hops, "body", place, f"a body's own pages: {link.text}")
    score = UNKNOWN.get(place.standing, 6) - 4 * place.hops
    return _followed("other", score, "unknown", place, f"a column of unknown name: {link.text}")


def _may_be_column(link: Link) -> bool:
    plain = not link.row and link.position not in PASSED and len(link.text) <= LABEL_MOST
    return plain and bool(link.text or link.tag in SAME)


def _of_aggregator(link: Link, place: Standpoint) -> Judgement | None:
    """An aggregator names no columns of reports: each list that its home page links may hold copies."""
    if place.hops or not link.text:
        return None
    return _followed("column", 65, "aggregator", place, "a list of an aggregator")


def _followed(
    role: str, score: int, kind: str, place: Standpoint, *reasons: str, standing: str = "unknown"
) -> Judgement:
    return Judgement(role=role, score=score, kind=kind, standing=standing, hops=place.hops + 1, reasons=reasons)


def _refused(*reasons: str) -> Judgement:
    return Judgement(role="", reasons=reasons)
