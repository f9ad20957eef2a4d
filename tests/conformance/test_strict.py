"""The strict reader takes what a peer, warcio, writes well, and every rule it has shows that it fires."""

import gzip
import hashlib
from collections.abc import Callable
from io import BytesIO
from itertools import accumulate
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.conformance.strict import StrictError, read_strict

INFO, RESPONSE, REQUEST, REVISIT, ASKED_AGAIN, NOTE = range(6)
URL = "http://portal.example/report"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
BODY = "年度报告".encode()
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n"


def ident(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012}>"


def member(number: int, kind: str, content: bytes, **fields: str) -> bytes:
    """One record as warcio writes it, gzipped."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    headers = {"WARC-Record-ID": ident(number), "WARC-Date": f"2024-01-31T09:00:0{number}.123456Z", **named}
    if kind != "warcinfo":
        headers.setdefault("WARC-Warcinfo-ID", ident(INFO))
    writer = WARCWriter(out := BytesIO(), gzip=True, warc_version="WARC/1.1")
    url = "" if kind == "warcinfo" else URL
    record = writer.create_warc_record(url, kind, BytesIO(content), length=len(content), warc_headers_dict=headers)
    writer.write_record(record)
    return out.getvalue()


def revisit(number: int, original: int) -> bytes:
    writer = WARCWriter(out := BytesIO(), gzip=True, warc_version="WARC/1.1")
    record = writer.create_revisit_record(
        URL,
        "sha256:" + hashlib.sha256(BODY).hexdigest(),
        URL,
        f"2024-01-31T09:00:0{original}.123456Z",
        http_headers=StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Record-ID": ident(number),
            "WARC-Date": "2024-02-01T09:00:00Z",
            "WARC-Refers-To": ident(original),
            "WARC-Warcinfo-ID": ident(INFO),
        },
    )
    writer.write_record(record)
    return out.getvalue()


def request(number: int, answer: int) -> bytes:
    block = b"GET /report HTTP/1.1\r\nHost: portal.example\r\n\r\n"
    return member(number, "request", block, WARC_Concurrent_To=ident(answer))


@pytest.fixture
def segment() -> list[bytes]:
    digest = "sha256:" + hashlib.sha256(BODY).hexdigest()
    return [
        member(INFO, "warcinfo", b"software: warcio\r\n"),
        member(RESPONSE, "response", HTTP + BODY, WARC_Payload_Digest=digest),
        request(REQUEST, RESPONSE),
        revisit(REVISIT, RESPONSE),
        request(ASKED_AGAIN, REVISIT),
        member(NOTE, "metadata", b"via: home\r\n", WARC_Concurrent_To=ident(RESPONSE)),
    ]


def write(folder: Path, members: list[bytes], name: str = "segment.warc.gz") -> Path:
    path = folder / name
    path.write_bytes(b"".join(members))
    return path


def edit(members: list[bytes], number: int, old: bytes, new: bytes) -> list[bytes]:
    """The segment with one record's text changed, its member sound as gzip."""
    plain = gzip.decompress(members[number])
    assert old in plain
    return [*members[:number], gzip.compress(plain.replace(old, new)), *members[number + 1 :]]


def refusal(folder: Path, members: list[bytes]) -> StrictError:
    with pytest.raises(StrictError) as refused:
        read_strict(write(folder, members))
    return refused.value


def test_a_peers_segment_is_read_whole(tmp_path: Path, segment: list[bytes]) -> None:
    records = read_strict(write(tmp_path, segment))
    assert [record.type for record in records] == ["warcinfo", "response", "request", "revisit", "request", "metadata"]
    assert [record.length for record in records] == [len(part) for part in segment]
    assert [record.offset for record in records] == [0, *accumulate(map(len, segment))][:-1]
    assert records[RESPONSE].block == HTTP + BODY
    assert records[RESPONSE].get("warc-target-uri") == URL
    assert {record.version for record in records} == {"WARC/1.1"}


@pytest.mark.parametrize(
    ("number", "old", "new", "message"),
    [
        (RESPONSE, b"WARC/1.1\r\n", b"WARC/1.0\r\n", "version line"),
        (RESPONSE, b"WARC/1.1\r\n", b"WARC/1.1\n", "version line"),
        (RESPONSE, b"WARC/1.1\r\n", b"\r\nWARC/1.1\r\n", "version line"),
        (RESPONSE, b"WARC-Type: response\r\n", b"", "mandatory fields missing: ['WARC-Type']"),
        (RESPONSE, b"WARC-Record-ID: " + ident(RESPONSE).encode() + b"\r\n", b"", "missing: ['WARC-Record-ID']"),
        (RESPONSE, b"WARC-Date: 2024-01-31T09:00:01.123456Z\r\n", b"", "missing: ['WARC-Date']"),
        (RESPONSE, b"WARC-Target-URI: " + URL.encode() + b"\r\n", b"", "missing: ['WARC-Target-URI']"),
        (NOTE, b"Content-Length: 11\r\n", b"", "Content-Length must be one number"),
        (NOTE, b"Content-Length: 11\r\n", b"Content-Length: 11\r\nContent-Length: 11\r\n", "must be one number"),
        (NOTE, b"Content-Length: 11", b"Content-Length: +11", "must be one number"),
        (NOTE, b"Content-Length: 11", b"Content-Length: 10", "Content-Length is 10, the block has 11"),
        (NOTE, b"Content-Length: 11", b"Content-Length: 12", "Content-Length is 12, the block has 11"),
        (NOTE, b"via: home\r\n\r\n\r\n", b"via: home\r\n\r\n\r", "does not end with CRLF CRLF"),
        (NOTE, b"via: home\r\n\r\n\r\n", b"via: home\r\n\n\n", "does not end with CRLF CRLF"),
        (NOTE, b"WARC-Type: metadata\r\n", b"WARC-Type: metadata\n", "not a header line"),
        (NOTE, b"WARC-Type: metadata\r\n", b"WARC-Type: metadata\r\nX-Title: \xc4\xea\r\n", "not a header line"),
        (NOTE, b"WARC-Type: metadata\r\n", b"WARC-Type: metadata\r\nno colon\r\n", "not a header line"),
        (NOTE, b"WARC-Type: metadata\r\n", b"WARC-Type: metadata\r\n WARC-X: y\r\n", "not a header line"),
        (NOTE, b"\r\n\r\nvia: home\r\n\r\n\r\n", b"\r\n", "less than one record"),
        (NOTE, b"WARC-Type: metadata\r\n", b"WARC-Type: metadata\r\nwarc-type: metadata\r\n", "fields repeated"),
        (NOTE, b"2024-01-31T09:00:05.123456Z", b"2024-01-31T09:00:05.123456", "no UTC date"),
        (NOTE, b"2024-01-31T09:00:05.123456Z", b"2024-01-31T09:00:05+08:00", "no UTC date"),
        (NOTE, b"2024-01-31T09:00:05.123456Z", b"2024-02-31T09:00:05Z", "no UTC date"),
        (NOTE, b"2024-01-31T09:00:05.123456Z", b"20240131090005", "no UTC date"),
        (NOTE, b"<urn:uuid:00000000-0000-4000-8000-000000000005>", b"urn:uuid:5", "no URI in angle brackets"),
        (NOTE, ident(NOTE).encode(), ident(REQUEST).encode(), "is another record's already"),
        (NOTE, ident(RESPONSE).encode(), ident(9).encode(), "WARC-Concurrent-To names no record"),
        (NOTE, ident(INFO).encode(), ident(RESPONSE).encode(), "WARC-Warcinfo-ID is not the segment's"),
        (NOTE, b"WARC-Warcinfo-ID: " + ident(INFO).encode() + b"\r\n", b"", "WARC-Warcinfo-ID is not the segment's"),
        (NOTE, b"via: home", b"via: away", "WARC-Block-Digest is wrong"),
        (NOTE, b"WARC-Block-Digest: sha1:", b"WARC-Block-Digest: md5:", "must be sha256:hex or sha1:base32"),
        (RESPONSE, b"WARC-Payload-Digest: sha256:", b"WARC-Payload-Digest: sha256:0", "Payload-Digest is wrong"),
        (INFO, b"WARC-Type: warcinfo", b"WARC-Type: metadata", "the first record is not a warcinfo"),
        (REVISIT, b"WARC-Profile: ", b"X-Profile: ", "missing: ['WARC-Profile']"),
        (REVISIT, b"WARC-Refers-To: ", b"X-Refers-To: ", "missing: ['WARC-Refers-To']"),
        (REVISIT, b"WARC-Refers-To: " + ident(1).encode(), b"WARC-Refers-To: " + ident(9).encode(), "names no record"),
        (
            REVISIT,
            b"WARC-Refers-To: " + ident(1).encode(),
            b"WARC-Refers-To: " + ident(5).encode(),
            "a metadata, not a",
        ),
        (REVISIT, b"To-Date: 2024-01-31T09:00:01.123456Z", b"To-Date: 2024-01-31T09:00:01Z", "original's WARC-Date"),
        (REVISIT, b"WARC-Refers-To-Date: ", b"X-Refers-To-Date: ", "original's WARC-Date"),
        (REVISIT, b"To-Target-URI: http:", b"To-Target-URI: https:", "original's WARC-Target-URI"),
        (REVISIT, b"Payload-Digest: sha256:", b"Payload-Digest: sha256:0", "payload digest is not the original's"),
    ],
)
def test_a_broken_record_is_refused(
    tmp_path: Path, segment: list[bytes], number: int, old: bytes, new: bytes, message: str
) -> None:
    error = refusal(tmp_path, edit(segment, number, old, new))
    assert message in str(error)
    assert error.offset == sum(map(len, segment[:number]))


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "last byte lost": (lambda last: last[:-1], "truncated"),
    "cut in the data": (lambda last: last[:40], "truncated"),
    "cut in the header": (lambda last: last[:3], "truncated"),
    "wrong CRC32": (lambda last: last[:-8] + bytes([last[-8] ^ 1]) + last[-7:], "incorrect data check"),
    "wrong ISIZE": (lambda last: last[:-4] + bytes([last[-4] ^ 1]) + last[-3:], "incorrect length check"),
    "another magic": (lambda last: b"PK" + last[2:], "trailing garbage"),
    "padding": (lambda last: b"\0" * 512, "trailing garbage"),
    "not compressed": (gzip.decompress, "trailing garbage"),
    "no record": (lambda last: gzip.compress(b""), "version line"),
    "two records": (lambda last: gzip.compress(gzip.decompress(last) * 2), "more than one record"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
def test_a_broken_member_is_refused(
    tmp_path: Path, segment: list[bytes], damage: Callable[[bytes], bytes], message: str
) -> None:
    error = refusal(tmp_path, [*segment[:-1], damage(segment[-1])])
    assert message in str(error)
    assert error.offset == sum(map(len, segment[:-1]))


def test_bytes_after_the_last_member_are_refused(tmp_path: Path, segment: list[bytes]) -> None:
    error = refusal(tmp_path, [*segment, b"\n"])
    assert "trailing garbage" in str(error)
    assert error.offset == sum(map(len, segment))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "the segment is empty" in str(refusal(tmp_path, []))


@pytest.mark.parametrize(("absent", "refused"), [(REQUEST, RESPONSE), (ASKED_AGAIN, REVISIT)])
def test_an_answer_without_its_request_is_refused(
    tmp_path: Path, segment: list[bytes], absent: int, refused: int
) -> None:
    error = refusal(tmp_path, [*segment[:absent], *segment[absent + 1 :]])
    assert "there is no request" in str(error)
    assert error.offset == sum(map(len, segment[:refused]))


def test_payload_digest_is_of_the_dechunked_body(tmp_path: Path, segment: list[bytes]) -> None:
    digest = "sha256:" + hashlib.sha256(b"abcdefgh").hexdigest()
    right = member(RESPONSE, "response", CHUNKED, WARC_Payload_Digest=digest)
    assert len(read_strict(write(tmp_path, [segment[INFO], right, segment[REQUEST]]))) == 3
    # Left to itself warcio digests the chunks with their framing.
    framed = member(RESPONSE, "response", CHUNKED)
    assert "WARC-Payload-Digest is wrong" in str(refusal(tmp_path, [segment[INFO], framed, segment[REQUEST]]))


def test_a_response_that_is_no_http_is_refused(tmp_path: Path, segment: list[bytes]) -> None:
    fields = {"Content_Type": "application/http; msgtype=response", "WARC_Payload_Digest": "sha256:0"}
    odd = edit([member(RESPONSE, "response", HTTP, **fields)], 0, HTTP, b" " * len(HTTP))
    odd = edit(odd, 0, b"WARC-Block-Digest", b"X-Block-Digest")
    assert "no HTTP response" in str(refusal(tmp_path, [segment[INFO], *odd, segment[REQUEST]]))


def test_a_member_larger_than_one_reading_is_measured_exactly(tmp_path: Path, segment: list[bytes]) -> None:
    big = member(RESPONSE, "response", HTTP + b"".join(hashlib.sha512(b"%d" % n).digest() for n in range(4000)))
    records = read_strict(write(tmp_path, [segment[INFO], big, segment[REQUEST]]))
    assert len(big) > 1 << 17
    assert records[RESPONSE].length == len(big)


def test_references_may_lead_to_known_segments(tmp_path: Path, segment: list[bytes]) -> None:
    first = read_strict(write(tmp_path, segment[:REVISIT], "first.warc.gz"))
    info = edit([segment[INFO]], 0, ident(INFO).encode(), ident(9).encode())
    later = [
        edit(segment, number, ident(INFO).encode(), ident(9).encode())[number] for number in (REVISIT, ASKED_AGAIN)
    ]
    second = write(tmp_path, [*info, *later], "second.warc.gz")
    assert [record.type for record in read_strict(second, known=first)] == ["warcinfo", "revisit", "request"]
    with pytest.raises(StrictError, match="WARC-Refers-To names no record"):
        read_strict(second)


def test_an_id_of_a_known_segment_is_refused(tmp_path: Path, segment: list[bytes]) -> None:
    path = write(tmp_path, segment)
    with pytest.raises(StrictError, match="another record's already"):
        read_strict(path, known=read_strict(path))
