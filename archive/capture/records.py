"""WARC/1.1 records, each a gzip member of its own (ISO 28500:2017, annex D.2; RFC 1952).

    member  =  gzip( version CRLF *( name ": " value CRLF ) CRLF block CRLF CRLF )

Writing streams: the block is read once for its digest and once for the member. Reading is strict, since what is read
here is what we wrote: a member that is torn, fails its CRC, or holds more or less than one record is `SegmentDamaged`
at its offset.
"""

import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

from isal import isal_zlib

from archive.capture.exchange import CHUNK, Digest, chunks_of
from archive.errors import SegmentDamaged

VERSION = b"WARC/1.1"
END = b"\r\n\r\n"
IN_MEMORY = 1 << 20
HEADER_MOST = 1 << 20

Headers = tuple[tuple[str, str], ...]


def sha256(chunks: Iterable[bytes]) -> Digest:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return Digest(f"sha256:{digest.hexdigest()}")


def write_record(out: Callable[[bytes], None], headers: Headers, block: Iterable[bytes]) -> None:
    """One record as one gzip member. `headers` are complete, Content-Length included; values hold no line break."""
    # Level 1 of isal: digests and compression must cost little beside the network.
    member = isal_zlib.compressobj(level=1, wbits=31)
    out(member.compress(_head(headers)))
    for chunk in block:
        out(member.compress(chunk))
    out(member.compress(END) + member.flush())


def _head(headers: Headers) -> bytes:
    lines = [VERSION, *(f"{name}: {value}".encode() for name, value in headers)]
    return b"\r\n".join(lines) + END


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it stands in a segment. `offset` and `length` are those of its gzip member, in bytes."""

    offset: int
    length: int
    headers: Headers
    plain: BinaryIO
    block_start: int
    block_length: int

    def find(self, name: str) -> str | None:
        """The first header of this name, in any case, or None."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    def __getitem__(self, name: str) -> str:
        value = self.find(name)
        if value is None:
            raise SegmentDamaged(f"record at {self.offset} has no {name}", offset=self.offset)
        return value

    def chunks(self) -> Iterator[bytes]:
        return chunks_of(self.plain, self.block_start, self.block_length)

    def block(self, most: int | None = None) -> bytes:
        """The block, or its first `most` bytes."""
        self.plain.seek(self.block_start)
        return self.plain.read(self.block_length if most is None else min(most, self.block_length))


def read_records(stream: BinaryIO, *, start: int = 0) -> Iterator[Record]:
    """The records of a segment, from the stream's present position, which is byte `start` of the segment.

    A record's block is valid until the next one is asked for.
    """
    source = _Source(stream, start)
    while source.more():
        offset = source.offset
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as plain:
            for chunk in source.member():
                plain.write(chunk)
            yield _parse(cast("BinaryIO", plain), offset, source.offset - offset)


class _Source:
    """Compressed input with a position: `member()` gives the plain bytes of exactly one gzip member."""

    def __init__(self, stream: BinaryIO, start: int) -> None:
        self._stream = stream
        self._ahead = b""
        self.offset = start

    def more(self) -> bool:
        self._ahead = self._ahead or self._stream.read(CHUNK)
        return bool(self._ahead)

    def member(self) -> Iterator[bytes]:
        start, inflate = self.offset, zlib.decompressobj(wbits=31)
        while not inflate.eof:
            if not self.more():
                raise SegmentDamaged(f"record at {start} is cut off: its gzip member does not end", offset=start)
            taken, self._ahead = self._ahead, b""
            try:
                yield inflate.decompress(taken)
            except zlib.error as exc:
                raise SegmentDamaged(f"record at {start} is damaged: {exc}", offset=start) from exc
            self._ahead = inflate.unused_data
            self.offset += len(taken) - len(self._ahead)


def _parse(plain: BinaryIO, offset: int, length: int) -> Record:
    size = plain.tell()
    plain.seek(0)
    if plain.readline(len(VERSION) + 2) != VERSION + b"\r\n":
        raise SegmentDamaged(f"record at {offset} does not begin with {VERSION.decode()}", offset=offset)
    headers = tuple(_header_lines(plain, offset))
    start = plain.tell()
    plain.seek(max(start, size - len(END)))
    if plain.read() != END:
        raise SegmentDamaged(f"record at {offset} does not end with two line breaks", offset=offset)
    held = size - len(END) - start
    record = Record(offset=offset, length=length, headers=headers, plain=plain, block_start=start, block_length=held)
    if (declared := record["Content-Length"]) != str(held):
        raise SegmentDamaged(f"record at {offset} declares {declared} bytes and holds {held}", offset=offset)
    return record


def _header_lines(plain: BinaryIO, offset: int) -> Iterator[tuple[str, str]]:
    while (line := plain.readline(HEADER_MOST)) != b"\r\n":
        name, colon, value = line.decode(errors="replace").partition(":")
        if not colon or not line.endswith(b"\r\n"):
            raise SegmentDamaged(f"record at {offset} has a header line without colon or line break", offset=offset)
        yield name, value.strip(" \t\r\n")
