"""Records: what is written is read again, and nothing else is read."""

import gzip
import io
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture.records import Headers, read_records, write_record
from archive.errors import SegmentDamaged

NAMES = st.text(st.sampled_from("ABCxyz-019"), min_size=1).filter(lambda name: name.lower() != "content-length")
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\r\n")).map(lambda value: value.strip(" \t"))


def member(headers: Headers, block: bytes) -> bytes:
    out: list[bytes] = []
    write_record(out.append, (*headers, ("Content-Length", str(len(block)))), [block])
    return b"".join(out)


def read(data: bytes) -> list[tuple[Headers, bytes]]:
    return [(record.headers, record.block()) for record in read_records(io.BytesIO(data))]


SEGMENT = [member((("WARC-Type", kind),), kind.encode() * 9) for kind in ("warcinfo", "response", "metadata")]
STARTS = [0, len(SEGMENT[0]), len(SEGMENT[0]) + len(SEGMENT[1])]
WHOLE = b"".join(SEGMENT)


@given(st.lists(st.tuples(st.lists(st.tuples(NAMES, VALUES)).map(tuple), st.binary())))
def test_every_record_that_is_written_is_read_again(records: list[tuple[Headers, bytes]]) -> None:
    found = read(b"".join(member(headers, block) for headers, block in records))
    assert [(headers[:-1], block) for headers, block in found] == records


def test_a_record_knows_its_member() -> None:
    records = [(record.offset, record.length) for record in read_records(io.BytesIO(WHOLE))]
    assert [WHOLE[offset : offset + length] for offset, length in records] == SEGMENT


def test_a_block_is_read_from_where_it_stands_in_its_segment() -> None:
    records = read_records(io.BytesIO(SEGMENT[1]), start=STARTS[1])
    record = next(records)
    assert (record.offset, record.block(8), b"".join(record.chunks())) == (STARTS[1], b"response", b"response" * 9)


def sound(data: bytes) -> tuple[list[int], int | None]:
    """Where the readable records begin, and where the damage."""
    offsets: list[int] = []
    try:
        offsets.extend(record.offset for record in read_records(io.BytesIO(data)))
    except SegmentDamaged as damaged:
        return offsets, damaged.offset
    return offsets, None


def test_a_segment_cut_at_any_byte_is_read_to_its_last_whole_record() -> None:
    for end in range(len(WHOLE)):
        begun = [start for start in STARTS if start < end]
        assert sound(WHOLE[:end]) == ((begun, None) if end in STARTS else (begun[:-1], begun[-1]))


def test_a_flipped_bit_is_told_or_is_in_what_is_never_read() -> None:
    for at, bit in itertools.product(range(len(WHOLE)), range(8)):
        flipped = bytearray(WHOLE)
        flipped[at] ^= 1 << bit
        start = max(start for start in STARTS if start <= at)
        told = sound(flipped)[1]
        # time and system of the gzip header, and what pads its last byte, are under no checksum
        assert told == start or (told is None and read(flipped) == read(WHOLE))


@pytest.mark.parametrize(
    ("plain", "reason"),
    [
        (b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\n", "does not begin with WARC/1.1"),
        (b"WARC/1.1\r\nContent-Length: 1\r\n\r\n\r\n\r\n", "declares 1 bytes and holds 0"),
        (b"WARC/1.1\r\nContent-Length: 0\r\n\r\nx\r\n\r\n", "declares 0 bytes and holds 1"),
        (b"WARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n", "does not end with two line breaks"),
        (b"WARC/1.1\r\nContent-Length: 0\n\r\n\r\n\r\n", "without colon or line break"),
        (b"WARC/1.1\r\nfolded\r\n\r\n\r\n\r\n", "without colon or line break"),
        (b"WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n", "has no Content-Length"),
        (b"WARC/1.1\r\nContent-Length: 0", "without colon or line break"),
        (b"", "does not begin with WARC/1.1"),
    ],
)
def test_a_member_that_is_not_one_record_is_damaged(plain: bytes, reason: str) -> None:
    with pytest.raises(SegmentDamaged, match=reason) as damaged:
        read(WHOLE + gzip.compress(plain))
    assert damaged.value.offset == len(WHOLE)


def test_bytes_after_the_last_member_are_damage() -> None:
    with pytest.raises(SegmentDamaged) as damaged:
        read(WHOLE + b"\0")
    assert damaged.value.offset == len(WHOLE)


def test_a_header_is_found_in_any_case_and_repeated_ones_in_order() -> None:
    record = next(read_records(io.BytesIO(member((("WARC-Protocol", "h2"), ("WARC-Protocol", "tls/1.3")), b""))))
    assert (record.find("warc-protocol"), record.all("WARC-PROTOCOL")) == ("h2", ("h2", "tls/1.3"))
