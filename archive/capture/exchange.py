"""An exchange: one HTTP request and its response, as the bytes went over the wire.

The one value that crosses from the crawler to the archive. The response's bytes stay in a seekable stream, so that a
large body never has to stand in memory; whoever made the stream closes it.

    response stream   |-- interim (1xx) --|-- status line, headers, blank line, body as sent --|
                      0                   response_start                       response_start + response_length

Interim messages (RFC 9110 15.2) are responses of their own: a reader that met one at the head of a WARC `response`
block would take 103 for the status of the page. They are kept, byte for byte, in the capture's metadata record.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal, NewType

Digest = NewType("Digest", str)  # "sha256:" and 64 lower-case hex digits
RecordId = NewType("RecordId", str)  # "<urn:uuid:…>"
Truncation = Literal["length", "time", "disconnect", "unspecified"]

CHUNK = 1 << 16
BLANK_LINE = re.compile(rb"\n\r?\n")  # some servers end their lines with LF alone
HEAD_MOST = 1 << 20


def end_of_head(data: bytes, start: int = 0) -> int | None:
    """Where the body begins of the HTTP message that begins at `start`; None if its head is not complete."""
    blank = BLANK_LINE.search(data, start)
    return blank.end() if blank else None


def chunks_of(stream: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    """`length` bytes of a seekable stream from byte `start`, in pieces that memory can hold."""
    stream.seek(start)
    while length > 0 and (chunk := stream.read(min(CHUNK, length))):
        length -= len(chunk)
        yield chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """What a browser made of the page that was exchanged: its DOM as HTML in UTF-8, or a picture of it."""

    kind: Literal["dom", "screenshot"]
    media_type: str
    data: bytes

    @property
    def digest(self) -> Digest:
        return Digest(f"sha256:{hashlib.sha256(self.data).hexdigest()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """`payload_digest` is over the transfer-decoded, still content-encoded body (ISO 28500:2017, 5.9).

    `facts` are what ingest needs and the wire does not say: portal, run, role, via, anchor text, column.
    `not_modified_of` names the capture that a 304 answer to our conditional request refers to.
    """

    url: str
    at: datetime
    status: int
    request: bytes
    response: BinaryIO
    response_start: int
    response_length: int
    interim: bytes = b""
    payload_digest: Digest
    payload_length: int
    truncated: Truncation | None = None
    ip_address: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher: str | None = None
    milliseconds: int = 0
    not_modified_of: "Original | None" = None
    facts: Mapping[str, str] = field(default_factory=dict)
    renditions: tuple[Rendition, ...] = ()

    def response_chunks(self, length: int | None = None) -> Iterator[bytes]:
        """The response's bytes from its status line on; the first `length` of them only, where given."""
        return chunks_of(self.response, self.response_start, self.response_length if length is None else length)

    def head(self) -> bytes:
        """The response's status line and headers with the blank line that ends them."""
        seen = b"".join(self.response_chunks(min(HEAD_MOST, self.response_length)))
        return seen[: end_of_head(seen) or len(seen)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The `response` record that a revisit points at: never a revisit itself (I5)."""

    record_id: RecordId
    url: str
    date: str
    payload_digest: Digest
