"""How an exchange is put into WARC/1.1 records (ISO 28500:2017): which records, which headers, which block.

request    the request as sent                                  Concurrent-To the response
response   status line, headers and body as received            or, where the payload is kept already,
revisit    status line and headers only, pointing at the original `response`
conversion a rendered page's DOM, text/html;charset=utf-8        Refers-To the response or revisit
resource   a picture of it, on urn:view:<its URL>                Concurrent-To the response or revisit
metadata   application/warc-fields: what the wire does not say   Concurrent-To the response

A rendition whose bytes are kept already is no record again: in either case the metadata record's fields `dom` and
`screenshot` name the record that holds it.
"""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.capture.exchange import Exchange, Original, RecordId, Rendition
from archive.capture.records import Headers, sha256

Composed = tuple[Headers, Iterable[bytes]]

REQUEST = "application/http;msgtype=request"
RESPONSE = "application/http;msgtype=response"
FIELDS = "application/warc-fields"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
RUN_URI = "urn:nianbao:run:"
VIEW_URI = "urn:view:"


def warc_date(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A rendition and the record that holds it: one of this capture's own, or an `earlier` one with the same bytes."""

    rendition: Rendition
    record_id: RecordId
    earlier: bool


def capture(
    exchange: Exchange,
    original: Original | None,
    record_id: RecordId,
    new_id: Callable[[], RecordId],
    placed: Sequence[Placed] = (),
) -> Iterator[Composed]:
    concurrent = ("WARC-Concurrent-To", record_id)
    yield _bytes_record("request", new_id(), exchange, REQUEST, exchange.request, (*_wire(exchange), concurrent))
    yield _revisit(exchange, original, record_id) if original else _response(exchange, record_id)
    yield from (_rendition(exchange, each, record_id) for each in placed if not each.earlier)
    holders = ((each.rendition.kind, each.record_id) for each in placed)
    facts = warc_fields((*_facts(exchange), *holders))
    yield _bytes_record("metadata", new_id(), exchange, FIELDS, facts, (concurrent,))


def _response(exchange: Exchange, record_id: RecordId) -> Composed:
    cut = (("WARC-Truncated", exchange.truncated),) if exchange.truncated else ()
    digest = ("WARC-Block-Digest", sha256(exchange.response_chunks()))
    payload = ("WARC-Payload-Digest", exchange.payload_digest)
    headers = _headers("response", record_id, exchange, RESPONSE, exchange.response_length)
    return (*headers, digest, payload, *_wire(exchange), *cut), exchange.response_chunks()


def _revisit(exchange: Exchange, original: Original, record_id: RecordId) -> Composed:
    # A 304 never had a payload, so nothing of it is cut off; a repeated payload is left out, and says so (6.7.2).
    cut = () if exchange.not_modified_of else (("WARC-Truncated", "length"),)
    refers = (
        ("WARC-Profile", NOT_MODIFIED if exchange.not_modified_of else SAME_PAYLOAD),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Payload-Digest", original.payload_digest),
    )
    return _bytes_record("revisit", record_id, exchange, RESPONSE, exchange.head(), (*refers, *_wire(exchange), *cut))


def _rendition(exchange: Exchange, placed: Placed, record_id: RecordId) -> Composed:
    made, block = placed.rendition, placed.rendition.data
    kind, target, names = {
        "dom": ("conversion", exchange.url, "WARC-Refers-To"),
        "screenshot": ("resource", f"{VIEW_URI}{exchange.url}", "WARC-Concurrent-To"),
    }[made.kind]
    about = (("WARC-Target-URI", target), ("Content-Type", made.media_type), _length(len(block)))
    opening = _opening(kind, placed.record_id, exchange.at)
    return (*opening, *about, ("WARC-Block-Digest", made.digest), (names, record_id)), [block]


def _bytes_record(
    kind: str, record_id: RecordId, exchange: Exchange, media_type: str, block: bytes, more: Headers
) -> Composed:
    headers = _headers(kind, record_id, exchange, media_type, len(block))
    return (*headers, ("WARC-Block-Digest", sha256([block])), *more), [block]


def _headers(kind: str, record_id: RecordId, exchange: Exchange, media_type: str, length: int) -> Headers:
    target = ("WARC-Target-URI", exchange.url)
    return (*_opening(kind, record_id, exchange.at), target, ("Content-Type", media_type), _length(length))


def _opening(kind: str, record_id: RecordId, at: datetime) -> Headers:
    return ("WARC-Type", kind), ("WARC-Record-ID", record_id), ("WARC-Date", warc_date(at))


def _length(length: int) -> tuple[str, str]:
    return "Content-Length", str(length)


def _wire(exchange: Exchange) -> Headers:
    address = (("WARC-IP-Address", exchange.ip_address),) if exchange.ip_address else ()
    cipher = (("WARC-Cipher-Suite", exchange.cipher),) if exchange.cipher else ()
    return (*address, *(("WARC-Protocol", protocol) for protocol in exchange.protocols), *cipher)


def _facts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    yield "fetchTimeMs", str(exchange.milliseconds)
    yield "payloadLength", str(exchange.payload_length)
    yield from exchange.facts.items()
    if exchange.interim:
        yield "interimResponse", base64.b64encode(exchange.interim).decode()


def warcinfo(name: str, info: Mapping[str, str], *, at: datetime, record_id: RecordId) -> Composed:
    block = warc_fields(info.items())
    file = ("WARC-Filename", f"{name}.warc.gz")
    rest = (("Content-Type", FIELDS), _length(len(block)), ("WARC-Block-Digest", sha256([block])))
    return (*_opening("warcinfo", record_id, at), file, *rest), [block]


def run_note(run: str, fields: Iterable[tuple[str, str]], *, at: datetime, record_id: RecordId) -> Composed:
    block = warc_fields([("run", run), *fields])
    target = ("WARC-Target-URI", f"{RUN_URI}{run}")
    digest = ("WARC-Block-Digest", sha256([block]))
    opening = _opening("metadata", record_id, at)
    return (*opening, target, ("Content-Type", FIELDS), _length(len(block)), digest), [block]


def warc_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """One `name: value` a line, UTF-8; runs of white space (and NUL, which no database takes) in a value are one space,
    empty values are left out."""
    folded = ((name, re.sub(r"[\s\0]+", " ", value).strip()) for name, value in fields)
    return "".join(f"{name}: {value}\r\n" for name, value in folded if value).encode()


def read_fields(block: bytes) -> dict[str, str]:
    """The other way; of a repeated name the last value."""
    pairs = (line.partition(": ") for line in block.decode(errors="replace").splitlines())
    return {name: value for name, _, value in pairs}
