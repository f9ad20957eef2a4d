"""Revisiting: when a known report or attachment is fetched again, and with which conditions.

A detail page is due again a week after its last capture; `--refresh` makes all due now, `--full` forgets that any is
known. Where the server named an ETag or a Last-Modified, the request is conditional: a 304 becomes a revisit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from archive.capture.exchange import Digest, Original, RecordId
from archive.index.schema import captures

DUE_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The newest good capture of a URL; `original` is the `response` record that holds its payload."""

    at: datetime
    etag: str | None
    last_modified: str | None
    original: Original

    def due(self, now: datetime) -> bool:
        return now - self.at >= DUE_AFTER

    def conditions(self) -> dict[str, str]:
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in wanted.items() if value}


def known_details(connection: Connection, portals: Sequence[str]) -> dict[str, Known]:
    """Reports and attachments fetched whole in earlier runs, by URL."""
    detail = captures.c.role.in_(["report", "attachment"]) & captures.c.status.in_([200, 304])
    question = select(captures).where(captures.c.portal.in_(portals), detail, captures.c.truncated.is_(None))
    known: dict[str, Known] = {}
    originals: dict[str, Original] = {}
    for row in connection.execute(question.order_by(captures.c.date, captures.c.record_id)).mappings():
        here = Original(
            record_id=RecordId(row["record_id"]),
            url=row["url"],
            date=row["date"],
            payload_digest=Digest(row["digest"]),
        )
        originals[row["record_id"]] = here
        original = originals.get(row["revisit_of"], here) if row["revisit_of"] else here
        known[row["url"]] = Known(
            at=datetime.fromisoformat(row["date"]),
            etag=row["etag"],
            last_modified=row["last_modified"],
            original=original,
        )
    return known
