"""The HTTP message in a record, as real servers send it: codings undone, lies and cuts survived."""

import gzip
import io
import tracemalloc
import zlib

import pytest

from archive.index.entity import HttpHead, entity, read_head
from archive.index.reader import read_bounded

TEXT = b"<p>" + bytes(range(48, 90)) * 400
GZIP = gzip.compress(TEXT)
RAW = zlib.compressobj(wbits=-15)
CODED = {"gzip": GZIP, "x-gzip": GZIP, "GZIP ": GZIP, "deflate": zlib.compress(TEXT), "identity": TEXT, "none": TEXT}
RAW_DEFLATE = RAW.compress(TEXT) + RAW.flush()


def head(*lines: str) -> HttpHead:
    return read_head(io.BytesIO("\r\n".join(lines).encode() + b"\r\n\r\n"))


def read(body: bytes, *headers: str) -> bytes:
    return b"".join(entity(head("HTTP/1.1 200 OK", *headers), io.BytesIO(body)))


def chunked(body: bytes, size: int = 700) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(("coding", "body"), [*CODED.items(), ("deflate", RAW_DEFLATE)])
def test_every_content_coding_is_undone_whole_or_in_chunks(coding: str, body: bytes) -> None:
    assert read(body, f"Content-Encoding: {coding}") == TEXT
    assert read(chunked(body), f"content-encoding: {coding}", "Transfer-Encoding: Chunked") == TEXT


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_a_coding_that_is_none_is_read_as_it_is(coding: str) -> None:
    assert read(TEXT, f"Content-Encoding: {coding}") == TEXT


def test_a_body_that_is_not_chunked_is_read_as_it_is() -> None:
    assert read(TEXT, "Transfer-Encoding: chunked") == TEXT


@pytest.mark.parametrize("end", [b"0\r\n\r\n", b"0\r\nDigest: x\r\n\r\n", b"000;ext\r\n\r\n", b"0\r\n"])
def test_trailer_fields_are_no_part_of_the_body(end: bytes) -> None:
    assert read(b"3\r\nabc\r\n2\r\n0\r\r\n" + end, "Transfer-Encoding: chunked") == b"abc0\r"


def test_a_body_cut_short_gives_what_is_there() -> None:
    assert TEXT.startswith(read(GZIP[:-30], "Content-Encoding: gzip"))
    assert len(read(GZIP[:-30], "Content-Encoding: gzip")) > 1000
    assert read(b"3\r\nabc\r\n9\r\nde", "Transfer-Encoding: chunked") == b"abcde"
    assert read(b"", "Content-Encoding: gzip", "Transfer-Encoding: chunked") == b""


def test_of_a_bomb_no_more_is_held_than_a_block_inflates_to() -> None:
    bomb = gzip.compress(bytes(192 << 20), 1)
    tracemalloc.start()
    chunks = entity(head("HTTP/1.1 200 OK", "Content-Encoding: gzip"), io.BytesIO(bomb))
    assert read_bounded(chunks, 1000) == bytes(1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 96 << 20


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("HTTP/1.1 200 OK", 200),
        ("HTTP/1.1 404", 404),
        ("HTTP/1.1 200 页面", 200),
        ("HTTP/1.1 99999999999 OK", 0),
        ("HTTP/1.1 " + "9" * 5000, 0),
        ("HTTP/1.1 ２００ OK", 0),
        ("HTTP/1.1 OK", 0),
        ("nonsense", 0),
        ("", 0),
    ],
)
def test_a_status_is_three_digits_or_nought(line: str, status: int) -> None:
    assert head(line).status == status


def test_headers_are_found_in_any_case_in_wire_order() -> None:
    of = head("HTTP/1.1 200 OK", "SET-Cookie: a", "set-cookie: b", "Content-TYPE: Text/HTML; charset=gbk")
    assert (of.find("set-cookie"), of.media_type, of.content_type) == ("a", "Text/HTML", "Text/HTML; charset=gbk")
    assert of.headers[0] == ("SET-Cookie", "a")
    assert head("HTTP/1.1 200 OK", "Content-Type:").media_type == "unk"


def test_the_stream_is_left_at_the_body() -> None:
    message = io.BytesIO(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n\r\nbody")
    read_head(message)
    assert message.read() == b"\r\nbody"
