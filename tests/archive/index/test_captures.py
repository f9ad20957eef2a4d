"""Captures are found by URL, by time, and by the reach of a CDX query."""

import pytest

from archive.index.captures import cdx_lines, closest_capture, list_captures
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, exchange, page

URLS = [
    "http://example.com/",
    "http://example.com/a/",
    "http://example.com/a/1",
    "http://example.com/about",
    "http://example.com/a_b%25",
    "http://example.com:8080/a/",
    "http://xa.example.com/a/",
    "http://notexample.com/a/",
    "http://example.com.cn/a/",
]


@pytest.fixture
def found(crawl: Crawl) -> Crawl:
    crawl.keep(*(page(url, url.encode()) for url in URLS))
    return crawl


@pytest.mark.parametrize(
    ("url", "match", "reach"),
    [
        ("http://example.com/a/", "exact", [1]),
        ("https://www.example.com/a", "exact", [1]),
        ("http://example.com/a", "prefix", [1, 2, 4, 3]),
        ("http://example.com/a/", "prefix", [2]),
        ("http://example.com/a_b%25", "prefix", [4]),
        ("http://example.com/", "prefix", [0, 1, 2, 4, 3]),
        ("http://example.com/a/", "host", [0, 1, 2, 4, 3]),
        ("example.com", "host", [0, 1, 2, 4, 3]),
        ("example.com:8080", "host", [5]),
        ("example.com", "domain", [0, 1, 2, 4, 3, 6]),
        ("xa.example.com", "domain", [6]),
        ("ple.com", "domain", []),
    ],
)
def test_a_query_reaches_its_match_and_no_sibling(found: Crawl, url: str, match: str, reach: list[int]) -> None:
    lines = cdx_lines(found.stores.catalog, url, match)
    assert [line.split('"url": "')[1].split('"')[0] for line in lines] == [URLS[index] for index in reach]


def test_lines_of_the_catalog_are_those_of_the_segment(crawl: Crawl) -> None:
    name = crawl.keep(page("/b", b"<p>"), page("/a-b", b"<p>"), page("/a/b", b"x"), exchange("/n", b"y", status=404))
    stored = crawl.stores.objects.open(f"warc/2024/01/20/{name}.cdxj")
    lines = stored.read().decode().splitlines()
    stored.close()
    assert list(cdx_lines(crawl.stores.catalog, f"{HOST}/", "host")) == lines


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
