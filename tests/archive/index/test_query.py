"""A CDX query reaches what it names, in the order it asks for."""

import random
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text

from archive.index.captures import list_captures
from archive.index.catalog import open_catalog, original_with
from archive.index.query import CdxQuery, cdx_lines, moment
from archive.index.schema import captures
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
    lines = cdx_lines(found.stores.catalog, CdxQuery(url=url, match=match))
    assert [line.url for line in lines] == [URLS[index] for index in reach]


def test_lines_of_the_catalog_are_those_of_the_segment(crawl: Crawl) -> None:
    name = crawl.keep(page("/b", b"<p>"), page("/a-b", b"<p>"), page("/a/b", b"x"), exchange("/n", b"y", status=404))
    stored = crawl.stores.objects.open(f"warc/2024/01/20/{name}.cdxj")
    lines = stored.read().decode().splitlines()
    stored.close()
    assert told(crawl, f"{HOST}/", match="host") == lines


def told(crawl: Crawl, url: str, **query: Any) -> list[str]:
    return [str(line) for line in cdx_lines(crawl.stores.catalog, CdxQuery(url=url, **query))]


@pytest.fixture
def years(crawl: Crawl) -> Crawl:
    """2021 to 2024; the last one is a copy of the first, on another portal."""
    for year, body in ((2021, b"1"), (2022, b"2"), (2023, b"3"), (2024, b"1")):
        facts = {"portal": "copies" if year == 2024 else "songjiang"}
        crawl.keep(page("/a", body, at=AT.replace(year=year), facts=facts))
    return crawl


QUERIES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [2021, 2022, 2023, 2024]),
    ({"reverse": True}, [2024, 2023, 2022, 2021]),
    ({"limit": 2}, [2021, 2022]),
    ({"since": "2022", "until": "2023"}, [2022, 2023]),
    ({"since": "20220120020305"}, [2023, 2024]),
    ({"until": "202201"}, [2021, 2022]),
    ({"closest": "202206"}, [2022, 2023, 2021, 2024]),
    ({"closest": "2099", "limit": 1}, [2024]),
    ({"closest": "0"}, [2021, 2022, 2023, 2024]),
    ({"closest": "20220120020304", "until": "2022"}, [2022, 2021]),
    ({"closest": "20220631256199", "limit": 1}, [2022]),
    ({"portal": "copies"}, [2024]),
    ({"portal": "nobody"}, []),
]


def test_a_query_is_narrowed_and_sorted(years: Crawl) -> None:
    for query, found in QUERIES:
        lines = cdx_lines(years.stores.catalog, CdxQuery(url=f"{HOST}/a", **query))
        assert [int(line.timestamp[:4]) for line in lines] == found, query


def test_a_resolved_revisit_shows_its_original_even_from_another_portal(years: Crawl) -> None:
    [first, *_], [last] = (
        list(cdx_lines(years.stores.catalog, CdxQuery(url=f"{HOST}/a", portal=portal, resolve=True)))
        for portal in ("songjiang", "copies")
    )
    assert (last.mime, last.status) == ("text/html", 200)
    assert last.original == {
        "orig.length": str(first.length),
        "orig.offset": str(first.offset),
        "orig.filename": first.filename,
    }
    assert set(first.original.values()) == {"-"}


def test_what_was_not_modified_resolves_to_what_a_reader_saw(crawl: Crawl) -> None:
    crawl.keep(page("/a", b"1"))
    with crawl.stores.catalog.reading() as connection:
        original = original_with(connection, crawl.rows(captures)[0]["digest"])
    crawl.keep(exchange("/a", status=304, at=AT.replace(year=2025), not_modified_of=original))
    plain, shown = (told(crawl, f"{HOST}/a", closest="2025", resolve=resolve)[0] for resolve in (False, True))
    assert '"mime": "warc/revisit", "digest"' in plain
    assert '"mime": "text/html", "status": "200"' in shown


def test_digits_that_are_no_date_are_drawn_to_the_nearest() -> None:
    assert [f"{moment(digits):%Y-%m-%dT%H:%M:%S}" for digits in ("2023", "20230299999999", "20231300")] == [
        "2023-12-31T23:59:59",
        "2023-02-28T23:59:59",
        "2023-12-01T23:59:59",
    ]


def test_postgresql_orders_keys_by_their_bytes_whatever_its_language(postgresql_url: str) -> None:
    told = text("SELECT collation_name FROM information_schema.columns WHERE column_name = 'urlkey'")
    with closing(open_catalog(postgresql_url)) as catalog, catalog.reading() as connection:
        assert connection.scalars(told).all() == ["C"]


def test_a_url_of_any_length_is_held_and_found(crawl: Crawl) -> None:
    dice = random.Random(1)
    long = [f"http://example.com/{dice.randbytes(20_000).hex()}{end}" for end in "ab"]
    crawl.keep(*(page(url, url[-1:].encode()) for url in long))
    found = [line.url for url in long for line in cdx_lines(crawl.stores.catalog, CdxQuery(url=url))]
    assert found == long
    assert [row["url"] for row in list_captures(crawl.stores.catalog, url=long[1], portal=None, run=None)] == long[1:]
