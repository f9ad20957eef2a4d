"""The HTTP message inside a record: its head, and its entity with transfer and content coding taken off.

warcio is spoken here and nowhere else: it reads what real servers send, a "gzip" that is none included.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.limitreader import LimitReader
from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

from archive.capture.exchange import CHUNK
from archive.capture.records import Record

CODINGS = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate", "br": "br"}
STATUS = re.compile("[1-9][0-9]{2}")
LAST_CHUNK = re.compile(rb"0+[ \t]*(?:;.*)?\r?\n", re.DOTALL)
HTTP = ["HTTP/1.0", "HTTP/1.1", "HTTP/2"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpHead:
    """`headers` in wire order, names as sent."""

    status: int
    headers: tuple[tuple[str, str], ...]

    def find(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def content_type(self) -> str | None:
        return self.find("Content-Type") or None

    @property
    def media_type(self) -> str:
        """Without parameters, as written; `unk` where the server named none (as CDX indexers write it)."""
        return re.split("[; ]", self.content_type or "unk", maxsplit=1)[0]


def message_of(record: Record) -> BinaryIO:
    """The record's block as a stream of its own."""
    record.plain.seek(record.block_start)
    return cast("BinaryIO", LimitReader(record.plain, record.block_length))


def read_head(message: BinaryIO) -> HttpHead:
    """Reads status line and headers, and leaves the stream at the body. A head that is none is status 0."""
    try:
        parsed = StatusAndHeadersParser(HTTP, verify=False).parse(message)
    except (StatusAndHeadersParserException, EOFError):
        return HttpHead(status=0, headers=())
    code = parsed.get_statuscode()
    # NUL is no character of a header, and PostgreSQL takes it in none of its strings.
    headers = tuple((name, value.replace("\0", "")) for name, value in parsed.headers)
    return HttpHead(status=int(code) if STATUS.fullmatch(code) else 0, headers=headers)


def entity(head: HttpHead, body: BinaryIO) -> Iterator[bytes]:
    """The body's bytes without transfer and content coding.

    A body cut short gives what is there: that it was cut, the record says.
    """
    decompress = CODINGS.get((head.find("Content-Encoding") or "").strip().lower())
    chunked = (head.find("Transfer-Encoding") or "").strip().lower() == "chunked"
    reader = (_Chunks if chunked else BufferedReader)(body, block_size=CHUNK, decomp_type=decompress)
    while chunk := reader.read(CHUNK):
        yield chunk


class _Chunks(ChunkedDataReader):  # type: ignore[misc]  # warcio is untyped
    """Stops at the last chunk, whatever follows it: warcio takes trailer fields for a sign that nothing was chunked."""

    def _try_decode(self, length_header: bytes) -> None:
        if LAST_CHUNK.fullmatch(length_header):
            self.all_chunks_read = True
            self._process_read(b"")
        else:
            super()._try_decode(length_header)
