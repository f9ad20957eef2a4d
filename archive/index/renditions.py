"""Renditions: where the DOM and the picture of a rendered page stand. The same bytes again are no record again: a later
capture has rows of its own that lead to the earlier record."""

from typing import Any

from sqlalchemy import Connection, Select, select

from archive.capture.exchange import Digest, RecordId
from archive.index.catalog import Row, insert_once
from archive.index.schema import captures, renditions

KINDS = {"conversion": "dom", "resource": "screenshot"}


def rendition_with(connection: Connection, digest: Digest) -> RecordId | None:
    """The record that holds these bytes."""
    held = select(renditions.c.record_id).where(renditions.c.digest == digest).limit(1)
    return connection.scalar(held)


def dom_of(connection: Connection, url: str) -> Row | None:
    """The DOM of this URL's newest capture that has one."""
    shown = select(renditions).join(captures, captures.c.record_id == renditions.c.capture)
    newest = shown.where(captures.c.url == url, renditions.c.kind == "dom").order_by(captures.c.date.desc()).limit(1)
    return _first(connection, newest)


def place_renditions(connection: Connection, capture: str, held: dict[str, str], fresh: dict[str, Row]) -> list[Row]:
    """Writes the rows of a capture: `held` names a record for each kind, `fresh` are the records of its own."""
    rows = [(kind, fresh.get(record_id) or _earlier(connection, record_id)) for kind, record_id in held.items()]
    placed = [{**row, "capture": capture, "kind": kind} for kind, row in rows if row]
    insert_once(connection, renditions, placed)
    return placed


def _earlier(connection: Connection, record_id: str) -> Row | None:
    return _first(connection, select(renditions).where(renditions.c.record_id == record_id).limit(1))


def _first(connection: Connection, question: Select[Any]) -> Row | None:
    row = connection.execute(question).mappings().first()
    return dict(row) if row else None
