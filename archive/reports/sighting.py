"""From a capture to a sighting: is what was fetched a report, and whose?

a page        is recognised by what it says             -> published at its own URL
a file        whose link is titled as a report, on a     -> published at the page that links it, be it behind
              page that is no report itself                 redirects

Where neither says whose or of which year, the labels of the columns that led there do: the words of the links to them,
as the catalog has them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from archive.index.catalog import Row
from archive.index.entity import HttpHead
from archive.index.schema import captures, publications
from archive.reports.publication import Sighting
from archive.reports.recognition import NotAReport, Report, Site, explain, recognise
from archive.reports.text import PageText, read_page
from archive.reports.title import TitleReading, recognise_file

PAGE_MOST = 8 << 20
URL_MOST = 2000  # a longer one is no address that anybody fetches, and more than an index holds
MOVED = (301, 302, 303, 307, 308)
PAGES = {"text/html", "application/xhtml+xml", "unk"}
COLUMNS_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """`holder` is the capture whose record holds the payload: itself, or the original that a revisit names."""

    row: Row
    holder: Row
    head: HttpHead
    body: bytes
    fields: dict[str, str]


def is_page(head: HttpHead) -> bool:
    return head.status == 200 and head.media_type.lower() in PAGES


def site_of(fields: dict[str, str]) -> Site:
    """What the capture's metadata record says of its portal."""
    aggregator = fields.get("aggregator") == "true"
    return Site(portal=fields["portal"], name=fields.get("portalName", ""), aggregator=aggregator)


def sight(connection: Connection, captured: Captured) -> Sighting | None:
    return _page(connection, captured) if is_page(captured.head) else _file(connection, captured)


def explained(connection: Connection, captured: Captured) -> tuple[str, ...]:
    """Why the capture is taken for a report or is not: a line each step, the outcome last."""
    row, site = captured.row, site_of(captured.fields)
    trail = _columns(connection, row["found_in"])
    if is_page(captured.head):
        return explain(_read(captured), site=site, anchor=row["anchor"], trail=trail)
    steps = (f"file: linked as {row['anchor'] or 'nothing'}", *([f"columns: {' < '.join(trail)}"] if trail else []))
    match _read_file(connection, captured):
        case (reading, page):
            return (*steps, f"organ: {reading.organ}", f"year: {reading.year}", f"a report, published at {page}")
        case NotAReport(reason=reason):
            return (*steps, f"not a report: {reason}")


def _read(captured: Captured) -> PageText:
    return read_page(captured.body, content_type=captured.head.content_type, url=captured.row["url"])


def _page(connection: Connection, captured: Captured) -> Sighting | None:
    row, site, page = captured.row, site_of(captured.fields), _read(captured)
    found = recognise(page, site=site, anchor=row["anchor"])
    if row["found_in"] and (isinstance(found, NotAReport) or "organ-not-in-title" in found.flags):
        found = recognise(page, site=site, anchor=row["anchor"], trail=_columns(connection, row["found_in"]))
    match found:
        case NotAReport():
            return None
        case Report() as report:
            return Sighting(
                **_shared(connection, captured, row["url"]),
                organ=report.organ,
                organ_as_written=report.organ_as_written,
                within=report.within,
                year=report.year,
                title=report.title,
                charset=page.charset,
                published=report.published.isoformat() if report.published else None,
                text_digest=report.text_digest,
                flags=report.flags,
                attachments=tuple(dict.fromkeys(link.url for link in report.attachments if len(link.url) <= URL_MOST)),
            )


def _columns(connection: Connection, url: str | None) -> tuple[str, ...]:
    """The labels of the columns from this one upwards. A pager's page has its number for a label."""
    labels: list[str] = []
    seen: set[str] = set()
    while url and url not in seen and len(seen) < COLUMNS_MOST:
        seen.add(url)
        linked = select(captures.c.anchor, captures.c.found_in).where(captures.c.url == url, captures.c.anchor != "")
        link = connection.execute(linked.order_by(captures.c.date.desc()).limit(1)).first()
        labels += [link.anchor] if link else []
        url = link.found_in if link else None
    return tuple(labels)


def _read_file(connection: Connection, captured: Captured) -> tuple[TitleReading, str] | NotAReport:
    """What the link to the file says that it is, and the page with the link."""
    row, site = captured.row, site_of(captured.fields)
    page = _linking_page(connection, row["via"]) if row["anchor"] and row["via"] else None
    if page is None:
        return NotAReport(reason="no link names the file")
    if _is_report_page(connection, page):
        return NotAReport(reason="the file is attached to a report")
    reading = recognise_file(row["anchor"], site=site, trail=_columns(connection, row["found_in"]))
    return reading if isinstance(reading, NotAReport) else (reading, page)


def _file(connection: Connection, captured: Captured) -> Sighting | None:
    row, read = captured.row, _read_file(connection, captured)
    if isinstance(read, NotAReport):
        return None
    reading, page = read
    return Sighting(
        **_shared(connection, captured, page),
        organ=reading.organ,
        organ_as_written=reading.organ_as_written,
        within=reading.within,
        year=reading.year,
        title=reading.title,
        charset=None,
        published=None,
        text_digest=row["digest"],
        flags=("attachment-only",),
        attachments=(row["url"],),
    )


def _linking_page(connection: Connection, via: str, *, hops: int = 5) -> str:
    """The page with the link: a redirected file has the address that redirected as its `via`."""
    redirect = select(captures.c.via).where(captures.c.url == via, captures.c.status.in_(MOVED))
    before = connection.scalar(redirect.order_by(captures.c.date.desc()).limit(1))
    return _linking_page(connection, before, hops=hops - 1) if before and hops else via


def _is_report_page(connection: Connection, url: str) -> bool:
    """Whether the page is a report by its own words; a list that only links files has publications of those files."""
    own = select(publications.c.report).where(publications.c.url == url, publications.c.media_type.in_(PAGES))
    return connection.execute(own).first() is not None


def _shared(connection: Connection, captured: Captured, url: str) -> dict[str, Any]:
    row = captured.row
    later = select(captures.c.record_id).where(captures.c.url == row["url"], captures.c.date > row["date"])
    return {
        "url": url,
        "site": site_of(captured.fields),
        "media_type": captured.head.media_type,
        "captured_at": row["date"],
        "overtaken": connection.execute(later.limit(1)).first() is not None,
        "record_id": captured.holder["record_id"],
        "digest": row["digest"],
        "length": captured.holder["payload_length"],
    }
