"""Revisiting: what is known of a portal's details, and how the server is asked whether it changed."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.capture.exchange import Original
from archive.index.catalog import open_catalog
from archive.storage.folder import Folder
from archive.stores import Stores
from crawler.discovery.revisiting import Known, known_details
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, PORTAL, exchange, page

FACTS = {**PORTAL, "role": "report"}
MONTH = timedelta(days=30)


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawl]:
    with closing(open_catalog(f"sqlite:///{tmp_path / 'catalog.db'}")) as catalog:
        crawl = Crawl(Stores(spool=tmp_path / "spool", objects=Folder(tmp_path / "objects"), catalog=catalog))
        with closing(crawl.writer):
            yield crawl


def known(crawl: Crawl) -> dict[str, Known]:
    with crawl.stores.catalog.reading() as connection:
        return {url.removeprefix(HOST): one for url, one in known_details(connection, ["songjiang"]).items()}


def original(crawl: Crawl, index: int, one: Known) -> Original:
    date, digest = "2024-01-20T02:03:04.567890Z", one.original.payload_digest
    return Original(record_id=crawl.appended[index].record_id, url=f"{HOST}/1", date=date, payload_digest=digest)


def test_a_detail_is_due_a_week_after_its_last_capture(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts=FACTS))
    assert not known(crawl)["/1"].due(AT + timedelta(days=7) - timedelta(seconds=1))
    assert known(crawl)["/1"].due(AT + timedelta(days=7))


def test_conditions_are_what_the_server_named(crawl: Crawl) -> None:
    crawl.keep(exchange("/1", b"1", 'ETag: "a"', "Last-Modified: Sat", facts=FACTS), exchange("/2", b"2", facts=FACTS))
    assert known(crawl)["/1"].conditions() == {"If-None-Match": '"a"', "If-Modified-Since": "Sat"}
    assert known(crawl)["/2"].conditions() == {}


def test_a_304_and_a_repetition_refer_to_the_first_response(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts=FACTS))
    first = known(crawl)["/1"].original
    crawl.keep(
        exchange("/1", status=304, not_modified_of=first, at=AT + MONTH, facts=FACTS), page("/2", b"<p>", facts=FACTS)
    )
    found = known(crawl)
    assert found["/1"].at == AT + MONTH
    assert found["/1"].original == found["/2"].original == original(crawl, 0, found["/1"])


def test_the_original_may_have_been_fetched_as_something_else(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts={}))
    crawl.keep(page("/2", b"<p>", facts=FACTS, at=AT + MONTH))
    found = known(crawl)["/2"]
    assert (found.at, found.original) == (AT + MONTH, original(crawl, 0, found))


def test_only_whole_good_details_of_the_portal_are_known(crawl: Crawl) -> None:
    crawl.keep(
        page("/list", b"1", facts={**PORTAL, "role": "column"}),
        page("/gone", b"2", status=404, facts=FACTS),
        page("/cut", b"3", truncated="time", facts=FACTS),
        page("/other", b"4", facts={**FACTS, "portal": "pudong"}),
        page("/file", b"5", facts={**FACTS, "role": "attachment"}),
    )
    assert [*known(crawl)] == ["/file"]
