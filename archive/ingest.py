"""Ingest: makes the catalog's rows of one segment. The only maker of derived rows (I3): sealing, recovery and rebuild
all come here, and all that it needs stands in the segment.

    request · response | revisit · metadata   -> a capture, then: is it a report? a file that a report links?
    conversion, resource before the metadata  -> where its DOM and picture stand; a rendered page is read by its DOM
    run note                                  -> reports that waited for files of this run wait no longer
    end of the segment                        -> versions and messages of every report that was touched

One transaction a segment, given by the caller; a segment that is in the catalog already is left alone.
"""

from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from sqlalchemy import Connection, update

from archive.capture.compose import RUN_URI, read_fields
from archive.capture.exchange import Digest
from archive.capture.manifest import Manifest
from archive.capture.records import Record, read_records
from archive.handoff.outbox import settle
from archive.index.catalog import Row, alone, insert_once, is_ingested
from archive.index.cdxj import REVISIT, timestamp_of
from archive.index.entity import HttpHead, entity, message_of, read_head
from archive.index.posted import REQUEST_MOST, url_with_body
from archive.index.reader import payload, read_bounded, read_capture, with_payload
from archive.index.renditions import KINDS, place_renditions
from archive.index.schema import captures, segments
from archive.index.surt import url_key
from archive.reports.charset import decode
from archive.reports.publication import linking, see, stop_waiting
from archive.reports.sighting import PAGE_MOST, Captured, is_page, sight
from archive.storage.objects import Objects


def ingest(connection: Connection, objects: Objects, manifest: Manifest, segment: BinaryIO) -> Set[Digest]:
    """Ingests a sealed segment from its bytes; gives the payload digests that the catalog answers for from now on.

    `objects` is asked only for payloads that a revisit names. Raises SegmentDamaged, StoreError, CatalogError.
    """
    name = manifest.object.rsplit("/", 1)[-1].removesuffix(".warc.gz")
    alone(connection, "ingest")  # two segments may hold publications of one report: its versions are counted one by one
    if is_ingested(connection, name):
        return frozenset()
    insert_once(connection, segments, [_segment(name, manifest)])
    work = _Ingest(connection=connection, objects=objects, segment=name, key=manifest.object)
    for record in read_records(segment):
        work.take(record)
    for report in sorted(work.touched):
        settle(connection, report, run=work.run)
    return work.digests


@dataclass(kw_only=True, slots=True)
class _Ingest:
    connection: Connection
    objects: Objects
    segment: str
    key: str
    touched: set[str] = field(default_factory=set)
    digests: set[Digest] = field(default_factory=set)
    run: str = ""
    _request: bytes = b""
    _row: Row = field(default_factory=dict)
    _head: HttpHead | None = None
    _body: bytes = b""
    _dom: bytes = b""
    _fresh: dict[str, Row] = field(default_factory=dict)

    def take(self, record: Record) -> None:
        kind = record["WARC-Type"]
        if kind == "request":
            self._request = record.block(REQUEST_MOST)
        elif kind in {"response", "revisit"}:
            self._hold(record)
        elif kind in KINDS:
            self._hold_rendition(record)
        elif kind == "warcinfo":
            self.run = read_fields(record.block()).get("isPartOf", "")
        elif kind == "metadata":
            fields = read_fields(record.block())
            if record["WARC-Target-URI"].startswith(RUN_URI):
                self.touched.update(stop_waiting(self.connection, fields.get("portals", "").split()))
            else:
                self._capture(fields)

    def _hold(self, record: Record) -> None:
        message = message_of(record)
        head = self._head = read_head(message)
        revisit = record["WARC-Type"] == "revisit"
        urlkey = url_key(url_with_body(record["WARC-Target-URI"], self._request))
        place = {"segment": self.segment, "object": self.key, "urlkey": urlkey}
        self._row = {**_place(record), **_http(head, revisit), **place}
        self._body = read_bounded(entity(head, message), PAGE_MOST) if is_page(head) and not revisit else b""
        self._dom, self._fresh = b"", {}

    def _hold_rendition(self, record: Record) -> None:
        place = {"record_id": record["WARC-Record-ID"], "digest": record["WARC-Block-Digest"]}
        where = {"object": self.key, "offset": record.offset, "length": record.length}
        self._fresh[place["record_id"]] = {**place, **where, "media_type": record["Content-Type"]}
        if KINDS[record["WARC-Type"]] == "dom":
            self._dom = record.block(PAGE_MOST)

    def _capture(self, fields: dict[str, str]) -> None:
        facts = {name: fields.get(name) for name in ("portal", "run", "via", "anchor")}
        length = int(fields.get("payloadLength", "0"))
        row = {**self._row, **facts, "role": fields.get("role", "other"), "found_in": fields.get("column")}
        insert_once(self.connection, captures, [{**row, "payload_length": length}])
        self.digests.add(row["digest"])
        self._place_renditions(row["record_id"], fields)
        self.touched.update(linking(self.connection, row["url"]))
        if captured := self._readable({**row, "payload_length": length}, fields):
            self._recognise(captured)

    def _place_renditions(self, capture: str, fields: dict[str, str]) -> None:
        held = {kind: fields[kind] for kind in KINDS.values() if kind in fields}
        for row in place_renditions(self.connection, capture, held, self._fresh):
            self.digests.add(row["digest"])
            if row["kind"] == "dom" and not self._dom:
                with read_capture(self.objects, row) as record:
                    self._dom = record.block(PAGE_MOST)

    def _readable(self, row: Row, fields: dict[str, str]) -> Captured | None:
        """The capture with its payload's head and body, if it can be a report at all."""
        if row["status"] != 200 or row["truncated"] or not row["portal"] or row["role"] in {"robots", "requisite"}:
            return None
        head, body, holder = self._head, self._body, row
        if head and self._dom and is_page(head):
            holder = with_payload(self.connection, row)
            return Captured(row=row, holder=holder, head=_of_dom(head), body=self._dom, fields=fields)
        if head and row["revisit_of"]:
            # The head is the revisit's own: under another status or type the same payload was another thing.
            holder = with_payload(self.connection, row)
            body = self._stored(holder) if is_page(head) else b""
        return Captured(row=row, holder=holder, head=head, body=body, fields=fields) if head else None

    def _stored(self, holder: Row) -> bytes:
        with read_capture(self.objects, holder) as record:
            return read_bounded(payload(record)[1], PAGE_MOST)

    def _recognise(self, captured: Captured) -> None:
        if sighting := sight(self.connection, captured):
            if self._dom:  # its text is in the DOM, and may be in no payload
                charset = self._charset(captured)
                sighting = replace(sighting, flags=(*sighting.flags, "rendered"), charset=charset)
            self.touched.add(see(self.connection, sighting))
            if is_page(captured.head):  # what it is, whatever its link promised: the crawler goes by it next time
                this = captures.c.record_id == captured.row["record_id"]
                self.connection.execute(update(captures).where(this).values(role="report"))

    def _charset(self, captured: Captured) -> str:
        """Of the payload, whatever the DOM's."""
        body = self._stored(captured.holder) if captured.row["revisit_of"] else self._body
        return decode(body, self._head.content_type if self._head else None)[1]


def _of_dom(head: HttpHead) -> HttpHead:
    """The page's own head, but for the charset: a DOM is kept in UTF-8."""
    others = (field for field in head.headers if field[0].lower() != "content-type")
    return HttpHead(status=head.status, headers=(*others, ("Content-Type", f"{head.media_type}; charset=utf-8")))


def _segment(name: str, manifest: Manifest) -> Row:
    return {
        "name": name,
        "object": manifest.object,
        "sha256": manifest.sha256,
        "bytes": manifest.size,
        "records": manifest.records,
        "sealed_at": manifest.sealed_at.isoformat(),
        "previous": manifest.previous,
    }


def _place(record: Record) -> Row:
    return {
        "record_id": record["WARC-Record-ID"],
        "offset": record.offset,
        "length": record.length,
        "url": record["WARC-Target-URI"],
        "timestamp": timestamp_of(record["WARC-Date"]),
        "date": record["WARC-Date"],
        "digest": record["WARC-Payload-Digest"],
        "revisit_of": record.find("WARC-Refers-To"),
        "truncated": record.find("WARC-Truncated") if record["WARC-Type"] == "response" else None,
    }


def _http(head: HttpHead, revisit: bool) -> Row:
    return {
        "status": head.status,
        "media_type": REVISIT if revisit and head.status == 304 else head.media_type,
        "etag": head.find("ETag"),
        "last_modified": head.find("Last-Modified"),
    }
