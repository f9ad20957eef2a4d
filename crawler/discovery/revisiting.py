"""Revisiting: when a known report or attachment is fetched again, and with which conditions.

A detail page is due again a week after its last capture; `--refresh` makes all due now, `--full` forgets that any is
known. Where the server named an ETag or a Last-Modified, the request is conditional: a 304 becomes a revisit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from archive.capture.exchange import Digest, Original, RecordId
from archive.index.schema import captures

DUE_AFTER = timedelta(days=7)
HOLDER = captures.alias("holder")
HOLDING = (HOLDER.c.record_id, HOLDER.c.url, HOLDER.c.date, HOLDER.c.digest)


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
    # What a revisit names may have been fetched in another role or by another portal: it is joined, not looked up here.
    holds = HOLDER.c.record_id == func.coalesce(captures.c.revisit_of, captures.c.record_id)
    seen = (captures.c.url, captures.c.date, captures.c.etag, captures.c.last_modified)
    question = (
        select(*seen, *(column.label(f"original_{column.name}") for column in HOLDING))
        .join(HOLDER, holds)
        .where(captures.c.portal.in_(portals), detail, captures.c.truncated.is_(None))
        .order_by(captures.c.date, captures.c.record_id)
    )
    return {row.url: _known(row) for row in connection.execute(question)}


def _known(row: Row[Any]) -> Known:
    return Known(
        at=datetime.fromisoformat(row.date),
        etag=row.etag,
        last_modified=row.last_modified,
        original=Original(
            record_id=RecordId(row.original_record_id),
            url=row.original_url,
            date=row.original_date,
            payload_digest=Digest(row.original_digest),
        ),
    )
