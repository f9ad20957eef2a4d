"""A transcript: a hop of the browser written down as the exchange it was (I2).

HTTP/1.1 heads are those of the wire where the browser tells them; of HTTP/2 there is no such text, and its fields are
written as HTTP/1.1 would. The browser gives bodies with transfer and content coding undone. So that the block is a
sound message, fields that spoke of the coded body are kept under X-Archive-Orig- names, and Content-Length is true:

    Content-Encoding: gzip            X-Archive-Orig-Content-Encoding: gzip
    Transfer-Encoding: chunked   ->   X-Archive-Orig-Transfer-Encoding: chunked
                                      Content-Length: 4711
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from archive.capture.exchange import Digest, Exchange
from archive.errors import SpoolError
from crawler.fetching.doorway import Doorway
from crawler.fetching.hop import Event, Hop
from crawler.fetching.tape import Tape
from crawler.portals.registry import DEFAULT_PORTS

CODED = {"content-encoding", "transfer-encoding", "content-length"}


def exchange_of(hop: Hop, *, browser: str, spool: Path, doorway: Doorway) -> Exchange:
    """The hop must be an exchange. Raises SpoolError."""
    lines, body = _head_lines(hop), hop.body or b""
    told, coding = _told_of(lines, hop, body)
    head = "".join(f"{line}\r\n" for line in (*told, "")).encode("latin-1", "replace")
    tape = Tape(spool=spool)
    tape.received(head + body)
    if tape.error:
        tape.close()
        raise SpoolError(f"spool {spool}: cannot hold {hop.url}: {tape.error.strerror}")
    place = urlsplit(hop.url)
    return Exchange(
        url=hop.url,
        at=datetime.fromtimestamp(hop.at, UTC),
        status=hop.status,
        request=_request(hop),
        response=tape.response,
        response_start=0,
        response_length=tape.length,
        payload_digest=Digest(f"sha256:{hashlib.sha256(body).hexdigest()}"),
        payload_length=len(body),
        truncated="unspecified" if hop.body is None and not hop.is_bodiless else None,
        ip_address=doorway.address_of(place.hostname or "", place.port or DEFAULT_PORTS[place.scheme]),
        protocols=tuple(_protocols(hop)),
        milliseconds=int(((hop.ended or hop.started) - hop.started) * 1000),
        facts={"fetchedBy": "browser", "browser": browser, "undoneCoding": coding},
    )


def fields_of(hop: Hop) -> list[tuple[str, str]]:
    """The answer's header fields, as the network gave them."""
    pairs = (line.partition(":") for line in _head_lines(hop)[1:])
    return [(name, value.strip()) for name, _, value in pairs]


def _head_lines(hop: Hop) -> list[str]:
    raw = hop.raw_answer or {}
    if text := raw.get("headersText"):
        return [line for line in str(text).splitlines() if line]
    return [_status_line(hop), *(f"{name}: {value}" for name, value in _fields(raw["headers"]))]


def _status_line(hop: Hop) -> str:
    status = hop.status
    known = {known.value: known.phrase for known in HTTPStatus}.get(status, "")
    return f"HTTP/1.1 {status} {(hop.answer or {}).get('statusText') or known}"


def _fields(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The browser joins repeated fields with line breaks; HTTP/2's pseudo-fields are none."""
    for name, values in headers.items():
        if not name.startswith(":"):
            yield from ((name, value) for value in values.split("\n"))


def _told_of(lines: list[str], hop: Hop, body: bytes) -> tuple[list[str], str]:
    """The head for a body as the browser gave it, and which coding it had undone."""
    fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in lines[1:]}
    codings = [fields[name] for name in ("content-encoding", "transfer-encoding") if fields.get(name)]
    if hop.is_bodiless or (not codings and fields.get("content-length") == str(len(body))):
        return lines, ""
    renamed = [f"X-Archive-Orig-{line}" if line.partition(":")[0].lower() in CODED else line for line in lines]
    return [*renamed, f"Content-Length: {len(body)}"], ", ".join(codings)


def _request(hop: Hop) -> bytes:
    place = urlsplit(hop.url)
    target = f"{place.path or '/'}{f'?{place.query}' if place.query else ''}"
    headers = (hop.raw_asked or hop.asked)["headers"]
    fields = list(_fields(headers))
    if "host" not in {name.lower() for name, _ in fields}:
        fields.insert(0, ("Host", headers.get(":authority", place.netloc)))
    lines = (f"{hop.asked['method']} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", "")
    return "\r\n".join(lines).encode("latin-1", "replace") + _posted(hop.asked)


def _posted(asked: Event) -> bytes:
    return b"".join(base64.b64decode(entry.get("bytes", "")) for entry in asked.get("postDataEntries", ()))


def _protocols(hop: Hop) -> Iterator[str]:
    answer = hop.answer or {}
    if protocol := answer.get("protocol"):
        yield str(protocol).lower()
    if security := answer.get("securityDetails"):
        yield str(security["protocol"]).lower().replace(" ", "/")
