"""The reader gives back what was kept, whichever segment holds it."""

import pytest
from sqlalchemy import update

from archive.errors import NotArchived, ObjectMissing, SegmentDamaged
from archive.index.catalog import capture_of
from archive.index.reader import payload, read_bounded, read_capture, read_locator, with_payload
from archive.index.schema import captures
from tests.archive.crawl import Crawl
from tests.archive.exchanges import exchange, page


def read(crawl: Crawl, record_id: str) -> bytes:
    with crawl.stores.catalog.reading() as connection:
        row = with_payload(connection, capture_of(connection, record_id))
    with read_capture(crawl.stores.objects, row) as record:
        return read_bounded(payload(record)[1], 1 << 20)


def test_every_capture_is_read_as_its_payload(crawl: Crawl) -> None:
    bodies = [b"", b"<p>", b"%PDF" * 99_999, b"\r\n\r\n"]
    crawl.keep(*(page(f"/{number}", body) for number, body in enumerate(bodies)))
    assert [read(crawl, one.record_id) for one in crawl.appended] == bodies


def test_a_revisit_is_read_from_its_original_in_another_segment(crawl: Crawl) -> None:
    crawl.keep(page("/a", b"<p>"))
    crawl.keep(page("/b", b"<p>"), exchange("/c"))
    assert crawl.appended[1].revisit
    assert read(crawl, crawl.appended[1].record_id) == b"<p>"


def test_a_revisit_whose_original_is_unknown_says_so(crawl: Crawl) -> None:
    crawl.keep(page("/a", b"<p>"))
    with crawl.stores.catalog.begin() as connection:
        connection.execute(update(captures).values(revisit_of="<urn:uuid:lost>"))
    with pytest.raises(NotArchived, match="<urn:uuid:lost>, which is not in the catalog"):
        read(crawl, crawl.appended[0].record_id)


def test_a_locator_that_does_not_resolve_says_why(crawl: Crawl) -> None:
    key = f"warc/2024/01/20/{crawl.keep(page('/a', b'<p>'))}.warc.gz"
    objects = crawl.stores.objects
    with pytest.raises(SegmentDamaged), read_locator(objects, key=key, offset=1, length=100):
        pass
    with (
        pytest.raises(SegmentDamaged, match="ends before byte"),
        read_locator(objects, key=key, offset=1 << 30, length=1),
    ):
        pass
    with pytest.raises(ObjectMissing), read_locator(objects, key=f"{key}x", offset=0, length=100):
        pass


def test_no_more_is_read_than_asked_for() -> None:
    taken: list[int] = []
    endless = (taken.append(0) or b"x" * 1000 for _ in range(1_000_000))
    assert read_bounded(endless, 1500) == b"x" * 1500
    assert len(taken) == 2
    assert read_bounded(iter([b"ab"]), 9) == b"ab"
