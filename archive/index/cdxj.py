"""CDXJ: one line a capture, sorted, readable by every replay engine (pywb, OutbackCDX).

    <url key> <14 digits UTC> {"url", "mime", "status", "digest", "length", "offset", "filename"}

Values are strings, in the order and with the omissions of pywb's own indexer: a revisit has mime `warc/revisit` and no
status. What was posted has its body in its key (`archive.index.posted`). `offset` and `length` are of the record's gzip
member in the segment `filename`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from archive.capture.records import Record
from archive.index.entity import message_of, read_head
from archive.index.posted import REQUEST_MOST, url_with_body
from archive.index.surt import UrlKey, url_key

REVISIT = "warc/revisit"
INDEXED = {"response", "revisit"}
"""What is replayed. A rendered page's DOM stands under the page's own URL: replay would show it in the page's place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxLine:
    urlkey: UrlKey
    timestamp: str
    url: str
    mime: str
    status: int | None
    digest: str
    length: int
    offset: int
    filename: str
    original: Mapping[str, str] = field(default_factory=dict)
    """Of a query that resolves revisits: where the payload stands."""

    def __str__(self) -> str:
        return f"{self.urlkey} {self.timestamp} {json.dumps(self.fields())}"

    def json(self) -> str:
        return json.dumps({"urlkey": self.urlkey, "timestamp": self.timestamp, **self.fields()})

    def fields(self) -> dict[str, str]:
        status = {"status": str(self.status)} if self.status else {}
        place = {"length": str(self.length), "offset": str(self.offset), "filename": self.filename}
        return {"url": self.url, "mime": self.mime, **status, "digest": self.digest, **place, **self.original}


def timestamp_of(warc_date: str) -> str:
    """`2026-01-02T03:04:05.678901Z` -> `20260102030405`."""
    return "".join(character for character in warc_date[:19] if character.isdigit())


def index(records: Iterable[Record], *, filename: str) -> list[str]:
    """The lines of a segment, sorted by their bytes."""
    return sorted((str(line) for line in _lines(records, filename)), key=str.encode)


def _lines(records: Iterable[Record], filename: str) -> Iterator[CdxLine]:
    request = b""  # stands before its response
    for record in records:
        if record["WARC-Type"] == "request":
            request = record.block(REQUEST_MOST)
        elif record["WARC-Type"] in INDEXED:
            yield _line(record, filename, request)


def _line(record: Record, filename: str, request: bytes) -> CdxLine:
    revisit = record["WARC-Type"] == "revisit"
    head = None if revisit else read_head(message_of(record))
    return CdxLine(
        urlkey=url_key(url_with_body(record["WARC-Target-URI"], request)),
        timestamp=timestamp_of(record["WARC-Date"]),
        url=record["WARC-Target-URI"],
        mime=head.media_type if head else REVISIT,
        status=head.status if head else None,
        digest=record["WARC-Payload-Digest"],
        length=record.length,
        offset=record.offset,
        filename=filename,
    )
