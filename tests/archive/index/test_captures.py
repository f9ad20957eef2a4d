"""Captures are found by URL, by time, by portal and by run."""

import pytest

from archive.index.captures import closest_capture, list_captures, newest_object, portals_of
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, page


@pytest.mark.parametrize(
    ("at", "year"),
    [("20200101000000", 2021), ("20220601000000", 2022), ("20220120020304", 2022), ("99991231235959", 2023)],
)
def test_the_closest_capture_is_the_newest_before_else_the_first_after(crawl: Crawl, at: str, year: int) -> None:
    crawl.keep(*(page("/a", b"%d" % year, at=AT.replace(year=year)) for year in (2023, 2021, 2022)))
    assert closest_capture(crawl.stores.catalog, f"{HOST}/a", at)["timestamp"][:4] == str(year)


def test_the_closest_capture_is_of_the_very_url_before_its_look_alikes(crawl: Crawl) -> None:
    crawl.keep(page("/a", b"1"), page("/A/", b"2", at=AT.replace(year=2025)))
    found = [closest_capture(crawl.stores.catalog, f"{HOST}{path}", "20991231000000") for path in ("/a", "/A/", "/a/")]
    assert [row["url"].removeprefix(HOST) for row in found] == ["/a", "/A/", "/A/"]


def test_a_page_never_captured_has_no_closest_capture(crawl: Crawl) -> None:
    assert closest_capture(crawl.stores.catalog, HOST, "20240101000000") is None


def test_captures_are_listed_by_url_portal_and_run(crawl: Crawl) -> None:
    crawl.keep(page("/a", b"1"), page("/b", b"2", at=AT.replace(hour=3), facts={"portal": "pudong", "run": "r2"}))
    ways = ({"url": f"{HOST}/b"}, {"portal": "pudong"}, {"run": "r2"}, {"portal": "songjiang", "run": "r2"}, {})
    every = {"url": None, "portal": None, "run": None}
    found = [[row["url"][-1] for row in list_captures(crawl.stores.catalog, **{**every, **way})] for way in ways]
    assert found == [["b"], ["b"], ["b"], [], ["a", "b"]]


def test_portals_are_those_that_have_captures(crawl: Crawl) -> None:
    assert portals_of(crawl.stores.catalog) == []
    crawl.keep(*(page(f"/{n}", b"1", facts={"portal": portal}) for n, portal in enumerate(("pudong", "b-1", "pudong"))))
    crawl.keep(page("/nobody", b"2", facts={}))
    assert portals_of(crawl.stores.catalog) == ["b-1", "pudong"]


def test_the_newest_object_is_that_of_the_last_segment(crawl: Crawl) -> None:
    assert newest_object(crawl.stores.catalog) is None
    names = [crawl.keep(page("/a", body)) for body in (b"1", b"2")]
    assert newest_object(crawl.stores.catalog) == f"warc/2024/01/20/{names[1]}.warc.gz"
