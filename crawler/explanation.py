"""An explanation: why an address was or was not followed, fetched, taken for a report, tied to another, handed off.

Everything is told from the archive and by the very functions that decided: what a crawl thought of a link is asked of
its judgement again, over the pages that were kept. A better judgement may by now think otherwise; then it says so.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from archive.index.captures import list_captures
from archive.index.catalog import Row
from archive.index.reader import payload, read_bounded, read_capture, with_payload
from archive.index.schema import captures, handoffs, problems, publications, versions
from archive.reports.charset import decode
from archive.reports.sighting import PAGE_MOST, Captured, explained
from archive.reports.text import read_page
from archive.stores import Stores
from crawler.discovery.canonical import page_key, twin_of
from crawler.discovery.frontier import CERTAIN, Candidate
from crawler.discovery.listing import Source
from crawler.discovery.survey import MARKUP, Survey
from crawler.discovery.vocabulary import column_evidence
from crawler.portals.registry import Portal

LED_FROM = ("home", "column", "other")
PAGES_MOST = 400
"""Pages of the portal that are searched for links to the address, the newest first."""

KEYS = ("about", "detail")
Line = tuple[str, str]
"""What it is about, and what there is to say."""


def explain(stores: Stores, portals: Sequence[Portal], url: str) -> Iterator[Line]:
    rows = list(list_captures(stores.catalog, url=url, portal=None, run=None))
    portal = next((one for one in portals if one.owns(url)), None)
    yield from _scope(portal, url)
    yield from _links(stores, portal, url) if portal else ()
    yield from _fetches(rows)
    yield from _problems(stores, url)
    yield from _report(stores, rows, portal) if portal else ()
    yield from _publications(stores, url)


def _scope(portal: Portal | None, url: str) -> Iterator[Line]:
    if portal is None:
        yield "portal", "none of the registry owns its host: it is never asked for"
    else:
        yield "portal", f"{portal.id}, {portal.name}"
    if twin := twin_of(url):
        yield "link", f"never followed: {twin}"


def _links(stores: Stores, portal: Portal, url: str) -> Iterator[Line]:
    survey = Survey(portal=portal, note=lambda *_: None, now=datetime.now(UTC))
    key, found = page_key(url), False
    for row in _pages(stores, portal):
        for text, role, score, reasons in _judged(stores, survey, row, key):
            found = True
            yield "link", f"on {row['url']} as {text!r}: {_judgement(role, score)}: {'; '.join(reasons)}"
    if not found:
        yield "link", "on none of the portal's pages that were kept"


def _judgement(role: str, score: int) -> str:
    if not role:
        return "not followed"
    return f"{role}, {score}" if score >= CERTAIN else f"{role}, {score}: a guess, asked while guesses are allowed"


def _pages(stores: Stores, portal: Portal) -> list[Row]:
    """The newest capture of each page that links may stand on."""
    led = captures.c.role.in_(LED_FROM) & (captures.c.status == 200) & (captures.c.portal == portal.id)
    newest: dict[str, Row] = {}
    for row in stores.catalog.rows(select(captures).where(led).order_by(captures.c.date.desc())):
        if len(newest) < PAGES_MOST:
            newest.setdefault(row["url"], row)
    return list(newest.values())


def _judged(stores: Stores, survey: Survey, row: Row, key: str) -> Iterator[tuple[str, str, int, Sequence[str]]]:
    body, content_type = _payload(stores, row)
    text, charset = decode(body, content_type)
    media_type = content_type.partition(";")[0].strip().lower()
    source = Source(url=row["url"], text=text, media_type=media_type, charset=charset)
    page = read_page(body, content_type=content_type, url=row["url"]) if media_type in MARKUP else None
    for link, judgement in survey.judge(source, page, _candidate(row))[1]:
        if page_key(link.url) == key:
            yield link.text, judgement.role, judgement.score, judgement.reasons


def _candidate(row: Row) -> Candidate:
    anchor = row["anchor"] or ""
    standing = "home" if row["role"] == "home" else column_evidence(anchor, row["url"]).verdict
    return Candidate(url=row["url"], role=row["role"], score=0, label=anchor, anchor=anchor, standing=standing)


def _payload(stores: Stores, row: Row) -> tuple[bytes, str]:
    with stores.catalog.reading() as connection:
        holder = with_payload(connection, row)
    with read_capture(stores.objects, holder) as record:
        head, chunks = payload(record)
        return read_bounded(chunks, PAGE_MOST), head.content_type or "text/html"


def _fetches(rows: Sequence[Row]) -> Iterator[Line]:
    for row in rows:
        again = f", the same bytes as {row['revisit_of']}" if row["revisit_of"] else ""
        via = f", by way of {row['via']}" if row["via"] else ""
        yield "fetched", f"{row['date']} as {row['role']}: {row['status']} {row['media_type']}{again}{via}"
    if not rows:
        yield "fetched", "never"


def _problems(stores: Stores, url: str) -> Iterator[Line]:
    for row in stores.catalog.rows(select(problems).where(problems.c.url == url).order_by(problems.c.id)):
        yield "problem", f"{row['at']} {row['kind']}: {row['detail']}"


def _report(stores: Stores, rows: Sequence[Row], portal: Portal) -> Iterator[Line]:
    """Of the newest capture with content, and by today's recognition."""
    row = next((row for row in reversed(rows) if row["status"] == 200 and not row["truncated"]), None)
    if row is None:
        return
    with stores.catalog.reading() as connection:
        holder = with_payload(connection, row)
        with read_capture(stores.objects, holder) as record:
            head, chunks = payload(record)
            body = read_bounded(chunks, PAGE_MOST)
        site = {"portal": portal.id, "portalName": portal.name, "aggregator": "true" if portal.aggregator else ""}
        captured = Captured(row=row, holder=holder, head=head, body=body, fields=site)
        for step in explained(connection, captured):
            yield "report", step


def _publications(stores: Stores, url: str) -> Iterator[Line]:
    for row in stores.catalog.rows(select(publications).where(publications.c.url == url)):
        yield "publication", f"of report {row['report']}: {row['organ']} {row['year']}, version {row['version']}"
        if row["duplicate_of"]:
            yield "tied to", f"{row['duplicate_of']} ({row['relation']}): that one is canonical"
        yield from _handoffs(stores, row)


def _handoffs(stores: Stores, row: Row) -> Iterator[Line]:
    question = select(handoffs.c.id, versions.c.version, versions.c.url).join(
        versions, versions.c.handoff == handoffs.c.id
    )
    of_report = question.where(versions.c.report == row["report"]).order_by(versions.c.version)
    told = list(stores.catalog.rows(of_report))
    for one in told:
        yield "handed off", f"version {one['version']} as {one['id']}, at {one['url']}"
    if not told:
        waits = "its files are waited for until the run ends" if row["pending"] else "no message names it"
        yield "handed off", f"not yet: {waits}"
