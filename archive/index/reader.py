"""The reader: gives back what a locator points at, following a revisit to the original that holds its payload.

A locator is (object, offset, length): one gzip member of one segment, read by range from the object store.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager

from sqlalchemy import Connection

from archive.capture.records import Record, read_records
from archive.errors import NotArchived, SegmentDamaged
from archive.index.catalog import Row, capture_of
from archive.index.entity import HttpHead, entity, message_of, read_head
from archive.storage.objects import Objects


@contextmanager
def read_locator(objects: Objects, *, key: str, offset: int, length: int) -> Iterator[Record]:
    """The one record there, valid inside the `with`. Raises SegmentDamaged, StoreError."""
    with closing(objects.open(key, offset=offset, length=length)) as stream:
        records = read_records(stream, start=offset)
        record = next(records, None)
        if record is None:
            raise SegmentDamaged(f"{key} ends before byte {offset}", offset=offset)
        yield record


def read_capture(objects: Objects, capture: Row) -> AbstractContextManager[Record]:
    return read_locator(objects, key=capture["object"], offset=capture["offset"], length=capture["length"])


def with_payload(connection: Connection, capture: Row) -> Row:
    """The capture itself, or the original `response` that holds its payload (I5)."""
    if capture["revisit_of"] is None:
        return capture
    original = capture_of(connection, capture["revisit_of"])
    if original is None:
        raise NotArchived(
            f"capture {capture['record_id']} repeats {capture['revisit_of']}, which is not in the catalog"
        )
    return original


def payload(record: Record) -> tuple[HttpHead, Iterator[bytes]]:
    """Head and decoded entity of a `response` record."""
    message = message_of(record)
    head = read_head(message)
    return head, entity(head, message)


def read_bounded(chunks: Iterator[bytes], most: int) -> bytes:
    """Up to `most` bytes, however much a hostile body would inflate to."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        if len(held) >= most:
            break
    return bytes(held[:most])
