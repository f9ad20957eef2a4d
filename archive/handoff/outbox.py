"""The outbox: turns what ingest learned of a report into versions and messages, in ingest's own transaction (I4, I5).

    relate(report) -> canonical still waits for an attachment?  nothing yet
                      no version so far                         report.published, version 1
                      other content, or its own publication     report.changed, version n + 1
                        found where only a copy was known
                      else                                      nothing

A message waits until all attachments of its page were fetched or the run is over: a parser gets them together.
"""

import hashlib

from sqlalchemy import Connection, insert, select

from archive.handoff import message
from archive.index.catalog import Row, capture_of, insert_once
from archive.index.renditions import dom_of
from archive.index.schema import handoffs, versions
from archive.reports.publication import relate


def settle(connection: Connection, report: str, *, run: str) -> None:
    """`run` is the one whose segment is being ingested."""
    canonical, *others = relate(connection, report)
    if canonical["pending"]:
        return
    before = _newest_version(connection, report)
    content = _content(canonical)
    if before is None or before["content"] != content or before["aggregator"] != canonical["aggregator"]:
        _issue(connection, canonical, others, before, {"content": content, "run": run})


def _newest_version(connection: Connection, report: str) -> Row | None:
    question = select(versions).where(versions.c.report == report).order_by(versions.c.version.desc()).limit(1)
    row = connection.execute(question).mappings().first()
    return dict(row) if row else None


def _content(canonical: Row) -> str:
    """What makes a version: the text and the attached files, not where they stand nor the template around them."""
    files = sorted(one["digest"] or "" for one in canonical["attachments"])
    return hashlib.sha256("\n".join([canonical["text_digest"], *files]).encode()).hexdigest()


def _issue(connection: Connection, canonical: Row, others: list[Row], before: Row | None, made: Row) -> None:
    version = before["version"] + 1 if before else 1
    canonical = {**canonical, "captured_at": _came_at(connection, canonical, before)}
    kind: message.Kind = message.CHANGED if before else message.PUBLISHED
    event = message.compose(kind, _data(connection, canonical, others, before, version))
    same = ("report", "url", "aggregator", "record_id", "digest", "captured_at")
    row = {**{name: canonical[name] for name in same}, **made, "version": version, "handoff": event.id}
    connection.execute(insert(versions).values(row))
    sent = {"id": event.id, "report": canonical["report"], "version": version, "message": message.encode(event)}
    insert_once(connection, handoffs, [sent])


def _came_at(connection: Connection, canonical: Row, before: Row | None) -> str:
    """When what is new was captured: with the page itself, or with a file that was exchanged behind the same page."""
    at: str = canonical["captured_at"]
    if before is None or at > before["captured_at"]:
        return at
    files = (capture_of(connection, one["record_id"]) for one in canonical["attachments"] if one["record_id"])
    return max([at, *(str(file["date"]) for file in files if file)])


def _data(
    connection: Connection, canonical: Row, others: list[Row], before: Row | None, version: int
) -> message.ReportData:
    copied = ("report", "portal", "organ", "year", "title", "url", "published", "captured_at")
    same = (*copied, "media_type", "charset", "digest", "length")
    own = not canonical["aggregator"]
    return message.ReportData(
        **{name: canonical[name] for name in same},
        version=version,
        locator=_locator(connection, canonical["record_id"]),
        canonical=own,
        duplicates=[message.Duplicate(url=o["url"], portal=o["portal"], relation=o["relation"]) for o in others],
        attachments=[_attachment(connection, one) for one in canonical["attachments"]],
        previous=_previous(before) if before else None,
        flags=canonical["flags"] if own else [*canonical["flags"], "copy-only"],
        rendered=_rendered(connection, canonical) if "rendered" in canonical["flags"] else None,
    )


def _rendered(connection: Connection, canonical: Row) -> message.Locator | None:
    dom = dom_of(connection, canonical["url"])
    return _located(dom) if dom else None


def _locator(connection: Connection, record_id: str) -> message.Locator:
    capture = capture_of(connection, record_id)
    if capture is None:
        # Not an operator's mistake but ours: ingest saw a revisit whose original was never ingested.
        raise LookupError(f"no capture {record_id}: a message cannot point at it")
    return _located(capture)


def _located(row: Row) -> message.Locator:
    return message.Locator(**{name: row[name] for name in ("object", "offset", "length", "record_id")})


def _attachment(connection: Connection, one: Row) -> message.Attachment:
    locator = _locator(connection, one["record_id"]) if one["record_id"] else None
    return message.Attachment(url=one["url"], media_type=one["media_type"], digest=one["digest"], locator=locator)


def _previous(before: Row) -> message.Previous:
    return message.Previous(
        version=before["version"], id=before["handoff"], digest=before["digest"], captured_at=before["captured_at"]
    )
