"""An unforgiving reader of WARC/1.1 segments, gzip per record: what it returns, any reader must be able to read.

Written from ISO 28500:2017 and RFC 1952 with the standard library alone. A segment is members, a member is a record:

    segment = 1*member                              nothing between members, nothing after the last
    member  = gzip( version fields CRLF block CRLF CRLF )
    version = "WARC/1.1" CRLF
    fields  = 1*( name ":" [SP] value CRLF )        UTF-8; a folded line is refused, though the grammar has it

Stricter than the standard where an archive of ours has promised more: the first record is the segment's one warcinfo
and all others name it; dates have seconds; every response or revisit over HTTP has its request; a revisit points at a
response and says its date and URI. The first rule broken is raised, with the offset of its record.
"""

import base64
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.conformance.misbehaving import payload

PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
MANDATORY = ("WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length")
MANDATORY_FOR = {
    **dict.fromkeys(("response", "resource", "request", "conversion"), ("WARC-Target-URI",)),
    "revisit": ("WARC-Target-URI", "WARC-Profile", "WARC-Refers-To"),
}
REPEATABLE = {"warc-concurrent-to", "warc-protocol"}

_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*?)[ \t]*")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_ID = re.compile(r"<[a-z][a-z0-9+.\-]*:[^\s<>]+>", re.ASCII | re.IGNORECASE)
_DIGESTS: Mapping[str, Callable[[bytes], str]] = {
    "sha256": lambda data: hashlib.sha256(data).hexdigest(),
    "sha1": lambda data: base64.b32encode(hashlib.sha1(data).digest()).decode(),
}


class StrictError(Exception):
    """`offset` is where the member begins that breaks the rule."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(f"at {offset}: {message}")
        self.offset = offset


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictRecord:
    """`offset` and `length` are the compressed member's, in its file."""

    offset: int
    length: int
    version: str
    type: str
    headers: list[tuple[str, str]]
    block: bytes

    def all(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known.lower() == name.lower()]

    def get(self, name: str) -> str:
        """The field's value, empty where there is none."""
        return next(iter(self.all(name)), "")

    @property
    def id(self) -> str:
        return self.get("WARC-Record-ID")

    @property
    def is_http(self) -> bool:
        return self.get("Content-Type").lower().startswith("application/http")


def read_strict(path: Path, *, known: Iterable[StrictRecord] = ()) -> list[StrictRecord]:
    """All records of the segment, in order; `known` are those of the segments that it may refer to.

    Raises StrictError.
    """
    records = [_record(member, offset, length) for offset, length, member in _members(path.read_bytes())]
    for record in records:
        for rule in (_check_fields, _check_date, _check_ids, _check_digests):
            rule(record)
    _check_segment(records, {record.id: record for record in known})
    return records


def _demand(truth: object, record: StrictRecord, message: str) -> None:
    if not truth:
        raise StrictError(f"{record.type} {record.id}: {message}", offset=record.offset)


def _members(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset = 0
    while offset < len(data):
        if not data.startswith(b"\x1f\x8b", offset):
            raise StrictError("trailing garbage: no gzip member begins here", offset=offset)
        content, length = _member(data, offset)
        yield offset, length, content
        offset += length


def _member(data: bytes, offset: int) -> tuple[bytes, int]:
    """What the member at `offset` holds, and how many bytes it takes. zlib verifies CRC32 and ISIZE at its end."""
    inflate = zlib.decompressobj(wbits=31)
    content, at = bytearray(), offset
    while not inflate.eof:
        if at >= len(data):
            raise StrictError("the member is truncated", offset=offset)
        piece = data[at : at + 65536]
        try:
            content += inflate.decompress(piece)
        except zlib.error as exc:
            raise StrictError(f"the member is damaged: {exc}", offset=offset) from exc
        at += len(piece)
    return bytes(content), at - len(inflate.unused_data) - offset


def _record(member: bytes, offset: int, length: int) -> StrictRecord:
    version, eol, rest = member.partition(b"\r\n")
    if not eol or version != b"WARC/1.1":
        raise StrictError(f"the version line is {version[:40]!r}", offset=offset)
    head, blank, rest = rest.partition(b"\r\n\r\n")
    if not blank:
        raise StrictError("the member holds less than one record", offset=offset)
    headers = [_field(line, offset) for line in head.split(b"\r\n")]
    lengths = [value for name, value in headers if name.lower() == "content-length"]
    if len(lengths) != 1 or not re.fullmatch(r"\d+", lengths[0], re.ASCII):
        raise StrictError(f"Content-Length must be one number, not {lengths}", offset=offset)
    return StrictRecord(
        offset=offset,
        length=length,
        version=version.decode(),
        type=next((value for name, value in headers if name.lower() == "warc-type"), ""),
        headers=headers,
        block=_block(rest, int(lengths[0]), offset),
    )


def _field(line: bytes, offset: int) -> tuple[str, str]:
    with suppress(UnicodeDecodeError):
        if field := _FIELD.fullmatch(line.decode()):
            return field[1], field[2]
    raise StrictError(f"not a header line of UTF-8, name and colon, ended by CRLF: {line[:80]!r}", offset=offset)


def _block(rest: bytes, size: int, offset: int) -> bytes:
    block, end = rest[:size], rest[size:]
    if end.startswith(b"\r\n\r\nWARC/"):
        raise StrictError("the member holds more than one record", offset=offset)
    if end != b"\r\n\r\n" and rest.endswith(b"\r\n\r\n"):
        raise StrictError(f"Content-Length is {size}, the block has {len(rest) - 4} bytes", offset=offset)
    if end != b"\r\n\r\n":
        raise StrictError("the record does not end with CRLF CRLF", offset=offset)
    return block


def _check_fields(record: StrictRecord) -> None:
    wanted = [*MANDATORY, *MANDATORY_FOR.get(record.type, ())]
    missing = [name for name in wanted if not record.get(name)]
    _demand(not missing, record, f"mandatory fields missing: {missing}")
    counts = Counter(name.lower() for name, _ in record.headers)
    repeated = [name for name, number in counts.items() if number > 1 and name not in REPEATABLE]
    _demand(not repeated, record, f"fields repeated: {repeated}")


def _check_date(record: StrictRecord) -> None:
    for name in ("WARC-Date", "WARC-Refers-To-Date"):
        for date in record.all(name):
            _demand(_is_date(date), record, f"{name} is no UTC date and time: {date!r}")


def _is_date(text: str) -> bool:
    with suppress(ValueError):
        return bool(_DATE.fullmatch(text) and datetime.fromisoformat(text))
    return False


def _check_ids(record: StrictRecord) -> None:
    for name in ("WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID"):
        for value in record.all(name):
            _demand(_ID.fullmatch(value), record, f"{name} is no URI in angle brackets: {value!r}")


def _check_digests(record: StrictRecord) -> None:
    _check_digest(record, "WARC-Block-Digest", record.block)
    if record.type == "response" and record.is_http and record.get("WARC-Payload-Digest"):
        _check_digest(record, "WARC-Payload-Digest", _payload(record))


def _payload(record: StrictRecord) -> bytes:
    try:
        return payload(record.block)
    except (ValueError, IndexError) as exc:
        raise StrictError(f"{record.type} {record.id}: the block is no HTTP response", offset=record.offset) from exc


def _check_digest(record: StrictRecord, name: str, data: bytes) -> None:
    for labelled in record.all(name):
        algorithm, _, value = labelled.partition(":")
        _demand(algorithm in _DIGESTS, record, f"{name} must be sha256:hex or sha1:base32, not {labelled!r}")
        _demand(_DIGESTS[algorithm](data) == value, record, f"{name} is wrong: {labelled}")


def _check_segment(records: list[StrictRecord], known: Mapping[str, StrictRecord]) -> None:
    if not records:
        raise StrictError("the segment is empty", offset=0)
    _demand(records[0].type == "warcinfo", records[0], "the first record is not a warcinfo")
    all_known = dict(known)
    for record in records:
        _demand(record.id not in all_known, record, "its WARC-Record-ID is another record's already")
        all_known[record.id] = record
    for record in records:
        _check_references(record, all_known)
        if record is not records[0]:
            _demand(record.get("WARC-Warcinfo-ID") == records[0].id, record, "WARC-Warcinfo-ID is not the segment's")
    _check_requests(records)


def _check_references(record: StrictRecord, known: Mapping[str, StrictRecord]) -> None:
    for name in ("WARC-Concurrent-To", "WARC-Refers-To"):
        for value in record.all(name):
            _demand(value in known, record, f"{name} names no record: {value}")
    if record.type == "revisit":
        _check_revisit(record, known[record.get("WARC-Refers-To")])


def _check_revisit(record: StrictRecord, original: StrictRecord) -> None:
    _demand(original.type == "response", record, f"it revisits a {original.type}, not a response")
    for name in ("WARC-Date", "WARC-Target-URI"):
        said = record.get(name.replace("WARC-", "WARC-Refers-To-"))
        _demand(said == original.get(name), record, f"its original's {name} is {original.get(name)}, not {said!r}")
    if record.get("WARC-Profile") == f"{PROFILES}identical-payload-digest":
        same = record.get("WARC-Payload-Digest") == original.get("WARC-Payload-Digest")
        _demand(same, record, "its payload digest is not the original's")


def _check_requests(records: list[StrictRecord]) -> None:
    requests = [record for record in records if record.type == "request"]
    asked = {value for request in requests for value in request.all("WARC-Concurrent-To")}
    known = {request.id for request in requests}
    for record in records:
        if record.type in {"response", "revisit"} and record.get("WARC-Target-URI").lower().startswith("http"):
            _demand(record.id in asked or known & {*record.all("WARC-Concurrent-To")}, record, "there is no request")
