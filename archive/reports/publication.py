"""A publication: one report as it stands at one URL. Several publications of one report have one canonical among them.

    sighting (a capture recognised as a report) -> publication row, per (URL, report) -> relation to the canonical one

A row shows the newest content seen at its URL; the same content again changes nothing, nor does what was captured
before something that is known already (a crash or a lost lease can bring a segment in late). Who is canonical depends
on the set of publications alone, never on the order in which they were found: any portal before an aggregator, then
the one published first, then the one first captured, then the smaller URL.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, insert, select, update

from archive.index.catalog import Row, fetched_file
from archive.index.schema import attachments, publications
from archive.reports.recognition import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """`record_id`, `digest` and `length` are of the `response` that holds the payload, wherever that was fetched.
    `overtaken`: a later capture of the same URL is in the catalog already."""

    url: str
    site: Site
    organ: str
    organ_as_written: str
    within: str
    year: int
    title: str
    media_type: str
    charset: str | None
    published: str | None
    captured_at: str
    overtaken: bool
    record_id: str
    digest: str
    length: int
    text_digest: str
    flags: Sequence[str]
    attachments: tuple[str, ...]


def report_id(organ: str, year: int, within: str) -> str:
    return hashlib.sha256(f"{organ}\n{year}\n{within}".encode()).hexdigest()[:24]


def _report_of(connection: Connection, sighting: Sighting) -> str:
    """Which report this is: its organ and year, and nothing of where it was found.

    Districts of one name stand in several cities (鼓楼区 in four). A publication that does not say in which belongs to
    the only one known; where two are known it stays a report of its own, for nothing different is merged (I6).
    """
    same = and_(publications.c.organ == sighting.organ, publications.c.year == sighting.year)
    rows = connection.execute(
        select(publications.c.report, publications.c.url, publications.c.within).where(same)
    ).all()
    places: dict[str, set[str]] = {}
    for row in rows:
        if row.url == sighting.url:
            return str(row.report)
        places.setdefault(row.report, set()).add(row.within)
    named = [report for report, within in places.items() if sighting.within and sighting.within in within]
    open_to = [report for report, within in places.items() if not sighting.within or within == {""}]
    fitting = named or open_to
    if len(fitting) == 1:
        return fitting[0]
    return report_id(sighting.organ, sighting.year, sighting.url if fitting else sighting.within)


def see(connection: Connection, sighting: Sighting) -> str:
    """Records a sighting; gives the report's id."""
    report = _report_of(connection, sighting)
    place = and_(publications.c.url == sighting.url, publications.c.report == report)
    known = connection.execute(select(publications.c.text_digest, publications.c.version).where(place)).first()
    if known is None:
        first = {"first_captured_at": sighting.captured_at, "version": 1, "canonical": False, "status": "published"}
        values = {**_content(sighting), **first, "url": sighting.url, "report": report}
        connection.execute(insert(publications).values(**values, pending=True))
    elif sighting.overtaken:
        return report
    elif known.text_digest != sighting.text_digest or _links(connection, sighting.url, report) != sighting.attachments:
        values = {**_content(sighting), "version": known.version + 1, "pending": True}
        connection.execute(update(publications).where(place).values(values))
    else:
        return report
    _link(connection, sighting, report)
    return report


def _links(connection: Connection, page: str, report: str) -> tuple[str, ...]:
    linked = and_(attachments.c.page == page, attachments.c.report == report)
    return tuple(connection.scalars(select(attachments.c.url).where(linked).order_by(attachments.c.position)))


def _link(connection: Connection, sighting: Sighting, report: str) -> None:
    linked = and_(attachments.c.page == sighting.url, attachments.c.report == report)
    connection.execute(delete(attachments).where(linked))
    place = {"page": sighting.url, "report": report}
    rows = [{**place, "position": position, "url": url} for position, url in enumerate(sighting.attachments)]
    if rows:
        connection.execute(insert(attachments), rows)


def _content(sighting: Sighting) -> Row:
    return {
        "portal": sighting.site.portal,
        "aggregator": sighting.site.aggregator,
        "organ": sighting.organ,
        "organ_as_written": sighting.organ_as_written,
        "within": sighting.within,
        "year": sighting.year,
        "title": sighting.title,
        "media_type": sighting.media_type,
        "charset": sighting.charset,
        "published": sighting.published,
        "captured_at": sighting.captured_at,
        "record_id": sighting.record_id,
        "digest": sighting.digest,
        "length": sighting.length,
        "text_digest": sighting.text_digest,
        "flags": list(sighting.flags),
    }


def linking(connection: Connection, url: str) -> list[str]:
    """The reports whose pages link this URL as an attachment."""
    return sorted(set(connection.scalars(select(attachments.c.report).where(attachments.c.url == url))))


def relate(connection: Connection, report: str) -> list[Row]:
    """Brings the report's rows up to date among themselves; gives them with their attachments, the canonical first."""
    question = select(publications).where(publications.c.report == report)
    rows = [dict(row) for row in connection.execute(question).mappings()]
    rows.sort(key=_standing)
    canonical = rows[0]
    for row in rows:
        files = _fetch_state(connection, row["url"], report)
        row["pending"] = row["pending"] and any(one["digest"] is None for one in files)
        row["canonical"] = row is canonical
        row["duplicate_of"] = None if row is canonical else canonical["url"]
        row["relation"] = None if row is canonical else _relation(row, canonical)
        place = and_(publications.c.url == row["url"], publications.c.report == report)
        connection.execute(update(publications).where(place).values(row))
        row["attachments"] = files
    return rows


def _standing(row: Row) -> tuple[bool, str, str, str]:
    return row["aggregator"], row["published"] or "9999", row["first_captured_at"], row["url"]


def _relation(row: Row, canonical: Row) -> str:
    if row["text_digest"] == canonical["text_digest"]:
        return "identical"
    return "masked" if "masked" in row["flags"] else "near"


def _fetch_state(connection: Connection, page: str, report: str) -> list[Row]:
    linked = and_(attachments.c.page == page, attachments.c.report == report)
    question = select(attachments).where(linked).order_by(attachments.c.position)
    rows = [dict(row) for row in connection.execute(question).mappings()]
    for row in rows:
        if capture := fetched_file(connection, row["url"]):
            row["media_type"], row["digest"] = capture["media_type"], capture["digest"]
            row["record_id"] = capture["revisit_of"] or capture["record_id"]
            this = and_(linked, attachments.c.position == row["position"])
            connection.execute(update(attachments).where(this).values(row))
    return rows


def stop_waiting(connection: Connection, portals: Sequence[str]) -> list[str]:
    """A run over these portals is over: what was not fetched by now will not come. Gives the reports concerned."""
    waiting = and_(publications.c.portal.in_(portals), publications.c.pending)
    reports = sorted(set(connection.scalars(select(publications.c.report).where(waiting))))
    connection.execute(update(publications).where(waiting).values(pending=False))
    return reports
