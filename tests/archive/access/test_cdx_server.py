"""The CDX server answers as pywb's own does, in lines that are those of the segments."""

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest
import urllib3
from sqlalchemy import insert

from archive.index.schema import captures
from archive.stores import Stores
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, exchange, page

QUERIES: list[dict[str, str]] = [
    {"url": f"{HOST}/a"},
    {"url": "http://songjiang.gov.cn/a", "closest": "", "sort": "closest"},
    {"url": f"{HOST}/a", "closest": "20220601000000", "sort": "closest", "limit": "100", "matchType": "exact"},
    {"url": f"{HOST}/a", "closest": "20220731140304", "limit": "3"},
    {"url": f"{HOST}/a", "closest": "1999"},
    {"url": f"{HOST}/a", "closest": "2022", "from": "2021", "to": "2023"},
    {"url": f"{HOST}/a", "sort": "reverse", "limit": "2"},
    {"url": f"{HOST}/a", "from": "202201", "to": "202201"},
    {"url": f"{HOST}/a", "matchType": "prefix"},
    {"url": f"{HOST}/a/", "matchType": "prefix", "limit": "1"},
    {"url": f"{HOST}/a*"},
    {"url": "*.songjiang.gov.cn", "sort": "reverse"},
    {"url": f"{HOST}/", "matchType": "host", "closest": "2022", "limit": "4"},
    {"url": "gov.cn", "matchType": "domain", "from": "2022"},
    {"url": "http://nowhere.example/"},
]


@pytest.fixture
def kept(crawl: Crawl) -> Crawl:
    for year in (2020, 2021, 2022, 2023, 2024):
        crawl.keep(page("/a", b"%d" % (year % 3), at=AT.replace(year=year)))
    crawl.keep(
        page("/a/b", b"5"),
        exchange("/about?b=2&a=1", b"6", status=404, at=AT.replace(year=2022)),
        page("http://xxgk.songjiang.gov.cn/%E5%B9%B4%E6%8A%A5", b"7", facts={"portal": "copies"}),
    )
    return crawl


def ask(place: str, **query: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", f"{place}?{urlencode(query)}", retries=False)


def told(place: str, **query: str) -> list[str]:
    answer = ask(place, **query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/x-cdxj; charset=utf-8")
    return answer.data.decode().splitlines()


def test_our_answers_are_those_of_pywb(base: str, kept: Crawl) -> None:
    everything = told(f"{base}/cdx", url="cn", matchType="domain")
    assert len(everything) == 8
    program = [sys.executable, "-W", "ignore", Path(__file__).with_name("pywb_answers.py")]
    questions = json.dumps({"lines": everything, "queries": QUERIES})
    done = subprocess.run(program, input=questions, capture_output=True, text=True, check=True)
    for query, answer in zip(QUERIES, json.loads(done.stdout), strict=True):
        assert told(f"{base}/cdx", **query) == answer, query


def test_one_portals_captures_are_told_apart(base: str, kept: Crawl) -> None:
    found = {name: told(f"{base}/portal/{name}/cdx", url="cn", matchType="domain") for name in ("copies", "x")}
    assert [len(lines) for lines in found.values()] == [1, 0]
    assert ask(f"{base}/portals").json() == {"portals": ["copies", "songjiang"]}


def test_json_is_an_object_a_line_with_the_same_fields(base: str, kept: Crawl) -> None:
    query = {"url": f"{HOST}/a", "resolveRevisits": "true"}
    answer = ask(f"{base}/cdx", **query, output="json")
    assert answer.headers["Content-Type"] == "text/x-ndjson; charset=utf-8"
    for line, text in zip(told(f"{base}/cdx", **query), answer.data.splitlines(), strict=True):
        key, timestamp, fields = line.split(" ", 2)
        assert json.loads(text) == {"urlkey": key, "timestamp": timestamp, **json.loads(fields)}


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "url: '' is wrong; allowed: a URL, or a host and path"),
        ("url=http://[", "url: 'http://[' is wrong; allowed: a URL, or a host and path"),
        ("url=http://a.cn/%00", "url: 'http://a.cn/\\x00' is wrong; allowed: a URL, or a host and path"),
        ("url=a.cn&matchType=regex", "matchType: 'regex' is wrong; allowed: exact, prefix, host, domain"),
        ("url=a.cn&from=jan", "from: 'jan' is wrong; allowed: 1 to 14 digits, as in 20240120"),
        ("url=a.cn&to=202401200203045", "to: '202401200203045' is wrong; allowed: 1 to 14 digits, as in 20240120"),
        ("url=a.cn&closest=now", "closest: 'now' is wrong; allowed: 1 to 14 digits, as in 20240120"),
        ("url=a.cn&limit=-1", "limit: '-1' is wrong; allowed: a whole number from 1 on"),
        ("url=a.cn&sort=random", "sort: 'random' is wrong; allowed: closest, reverse"),
        ("url=a.cn&output=xml", "output: 'xml' is wrong; allowed: cdxj, json"),
        ("url=a.cn&matchtype=host", "'matchtype' is no parameter here; did you mean 'matchType'?"),
    ],
)
@pytest.mark.parametrize("stores", ["files"], indirect=True)
def test_a_wrong_parameter_is_refused_in_one_line(base: str, query: str, line: str) -> None:
    answer = urllib3.request("GET", f"{base}/cdx?{query}", retries=False)
    assert (answer.status, answer.data.decode()) == (400, f"{line}\n")


@pytest.fixture
def many(crawl: Crawl) -> int:
    """Captures enough to fill every buffer between the catalog and a reader."""
    crawl.keep(page("/a", b"1"))
    [row] = crawl.rows(captures)
    rows = [
        {**row, "record_id": f"{n:05}", "urlkey": f"{row['urlkey']}{n:01000}", "url": "/" * 1000} for n in range(8000)
    ]
    with crawl.stores.catalog.begin() as connection:
        connection.execute(insert(captures), rows)
    return len(rows)


def test_a_long_answer_comes_whole_and_in_order(base: str, many: int) -> None:
    lines = told(f"{base}/cdx", url=f"{HOST}/a", matchType="prefix")
    assert len(lines) == many + 1
    assert lines == sorted(lines)


def test_a_reader_that_goes_away_leaves_no_connection_to_the_catalog_behind(
    base: str, stores: Stores, many: int
) -> None:
    answer = urllib3.request("GET", f"{base}/cdx?url={HOST}/a&matchType=prefix", retries=False, preload_content=False)
    assert answer.read(1000)
    assert stores.catalog.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    answer.close()
    deadline = time.monotonic() + 20
    while stores.catalog.engine.pool.checkedout() and time.monotonic() < deadline:  # type: ignore[attr-defined]
        threading.Event().wait(0.01)
    assert stores.catalog.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
