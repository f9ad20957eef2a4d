"""A Range header means what RFC 9110 says."""

import pytest

from archive.access.byterange import Unsatisfiable, asked_range


@pytest.mark.parametrize(
    ("header", "place"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=2-5", (2, 4)),
        ("Bytes= 2-5 ", (2, 4)),
        ("bytes=7-", (7, 3)),
        ("bytes=7-99", (7, 3)),
        ("bytes=-3", (7, 3)),
        ("bytes=-99", (0, 10)),
    ],
)
def test_a_range_is_a_part_of_what_exists(header: str, place: tuple[int, int]) -> None:
    part = asked_range({"range": header}, size=10, etag='"e"')
    assert part
    assert (part.offset, part.length) == place


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,4-5", "lines=0-1", "bytes=a-b"])
def test_what_is_no_single_range_is_ignored(header: str) -> None:
    assert asked_range({"range": header}, size=10, etag='"e"') is None


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0"])
def test_a_range_after_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked_range({"range": header}, size=10, etag='"e"')


def test_a_range_of_other_bytes_is_ignored() -> None:
    parts = [asked_range({"range": "bytes=0-1", "if-range": tag}, size=10, etag='"e"') for tag in ('"e"', '"f"')]
    assert [part is not None for part in parts] == [True, False]
