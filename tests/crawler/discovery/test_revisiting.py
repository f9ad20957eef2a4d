"""Revisiting: what is known of a portal's pages, when each is looked at again, and how the server is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture.exchange import Exchange, Original
from archive.errors import NotArchived
from crawler.discovery.canonical import page_key
from crawler.discovery.revisiting import (
    LONGEST,
    SLACK,
    History,
    Known,
    due_details,
    interval,
    known_details,
    known_lists,
    payload_of,
)
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, PORTAL, exchange, page, pdf
from tests.archive.reports.pages import REPORT, html

FACTS = {**PORTAL, "role": "report", "via": f"{HOST}/nb/", "anchor": "年报", "column": f"{HOST}/nb/"}
LIST = {**PORTAL, "role": "column"}
TITLE = "松江区财政局2023年政府信息公开工作年度报告"
DAY, MONTH = timedelta(days=1), timedelta(days=30)
SUMMER, SEASON = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)


def known(crawl: Crawl) -> dict[str, Known]:
    with crawl.stores.catalog.reading() as connection:
        return {one.url.removeprefix(HOST): one for one in known_details(connection, ["songjiang"]).values()}


def history(crawl: Crawl, path: str = "/1") -> History:
    return known(crawl)[path].history


def not_modified(crawl: Crawl, path: str, at: datetime) -> Exchange:
    original = known(crawl)[path].original
    return exchange(path, status=304, not_modified_of=original, at=at, facts=FACTS)


def original(crawl: Crawl, index: int, one: Known) -> Original:
    date, digest = "2024-01-20T02:03:04.567890Z", one.original.payload_digest
    return Original(record_id=crawl.appended[index].record_id, url=f"{HOST}/1", date=date, payload_digest=digest)


INTERVALS = [
    ({}, SUMMER, 7),
    ({"unchanged": 1}, SUMMER, 14),
    ({"unchanged": 2}, SUMMER, 28),
    ({"unchanged": 4}, SUMMER, 112),
    ({"unchanged": 5}, SUMMER, 180),
    ({"unchanged": 1000}, SUMMER, 180),
    ({"changed": True}, SUMMER, 1),
    ({"changed": True, "unchanged": 3}, SUMMER, 8),
    ({"gone": True}, SUMMER, 1),
    ({"gone": True, "unchanged": 4}, SEASON, 16),
    ({"year": 2025}, SUMMER, 1),
    ({"year": 2025, "unchanged": 3}, SUMMER, 8),
    ({"year": 2024}, SUMMER, 7),
    ({"year": 2025, "unchanged": 3}, SEASON, 3),
    ({"year": 2025}, SEASON, 1),
    ({"year": 2024, "unchanged": 3}, SEASON, 14),
    ({"year": 2024}, SEASON, 7),
    ({"unchanged": 9}, SEASON, 14),
    ({"unchanged": 9}, datetime(2026, 2, 10, 15, 59, tzinfo=UTC), 14),
    ({"unchanged": 9}, datetime(2026, 2, 10, 16, 0, tzinfo=UTC), 180),
    ({"year": 2025}, datetime(2025, 12, 31, 15, 59, tzinfo=UTC), 1),
    ({"year": 2024}, datetime(2025, 12, 31, 15, 59, tzinfo=UTC), 1),
    ({"year": 2024}, datetime(2025, 12, 31, 16, 0, tzinfo=UTC), 7),
]


@pytest.mark.parametrize(("looks", "now", "days"), INTERVALS)
def test_the_interval_follows_from_the_history(looks: dict[str, int], now: datetime, days: int) -> None:
    assert interval(History(at=AT, **looks), now) == timedelta(days=days)


@given(st.integers(0, 10**6), st.booleans(), st.booleans(), st.none() | st.integers(2004, 2030), st.datetimes())
def test_an_interval_is_between_a_day_and_half_a_year_and_never_shrinks_with_looks(
    unchanged: int, changed: bool, gone: bool, year: int | None, now: datetime
) -> None:
    looks = {"at": AT, "changed": changed, "gone": gone, "year": year}
    now = now.replace(year=2026, day=1, tzinfo=UTC)
    this, next_ = (interval(History(unchanged=count, **looks), now) for count in (unchanged, unchanged + 1))
    assert DAY <= this <= next_ <= LONGEST


def test_a_nightly_run_that_comes_a_little_earlier_finds_due_what_is_due_that_night(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts=FACTS))
    one = known(crawl)["/1"]
    assert one.due(AT + timedelta(days=7) - SLACK)
    assert not one.due(AT + timedelta(days=6))


def test_every_look_that_finds_nothing_new_counts(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts=FACTS))
    assert history(crawl) == History(at=AT)
    crawl.keep(page("/1", b"<p>", at=AT + DAY, facts=FACTS), not_modified(crawl, "/1", AT + 3 * DAY))
    assert history(crawl) == History(at=AT + 3 * DAY, unchanged=2)


def test_a_change_begins_the_count_anew(crawl: Crawl) -> None:
    for number, body in enumerate([b"1", b"2", b"1", b"1", b"1"]):
        crawl.keep(pdf("/1", body, at=AT + number * DAY, facts=FACTS))
    assert history(crawl) == History(at=AT + 4 * DAY, unchanged=2, changed=True)


def test_a_report_has_changed_if_its_text_has(crawl: Crawl) -> None:
    for number, counter in enumerate(["浏览次数:1", "浏览次数:2", "浏览次数:3"]):
        body = html(TITLE, REPORT, around=f"<p>{counter}</p>")
        crawl.keep(page("/1", body, at=AT + number * DAY, facts=FACTS))
    assert history(crawl) == History(at=AT + 2 * DAY, unchanged=2, year=2023)
    crawl.keep(page("/1", html(TITLE, REPORT.replace("公开", "公布", 1)), at=AT + 9 * DAY, facts=FACTS))
    assert history(crawl) == History(at=AT + 9 * DAY, changed=True, year=2023)


def test_a_file_is_as_new_as_the_report_that_links_it(crawl: Crawl) -> None:
    file = {**PORTAL, "role": "attachment", "via": f"{HOST}/1", "anchor": "附件"}
    crawl.keep(
        page("/1", html(TITLE, f'{REPORT}<p><a href="/1.pdf">附件</a></p>'), facts=FACTS), pdf("/1.pdf", facts=file)
    )
    assert history(crawl, "/1.pdf").year == 2023


def test_what_is_gone_is_looked_at_again_and_is_known_as_it_was(crawl: Crawl) -> None:
    crawl.keep(exchange("/1", b"1", 'ETag: "a"', facts=FACTS))
    for day, status in ((1, 404), (2, 404), (3, 503), (4, 412)):  # refusals and faults say nothing of the page
        crawl.keep(page("/1", b"<p>%d" % day, status=status, at=AT + day * DAY, facts=FACTS))
    one = known(crawl)["/1"]
    assert one.history == History(at=AT + 2 * DAY, unchanged=1, gone=True)
    assert one.conditions() == {"If-None-Match": '"a"'}
    crawl.keep(page("/1", b"1", at=AT + 5 * DAY, facts=FACTS))
    assert not history(crawl).gone


def test_conditions_are_what_the_server_named(crawl: Crawl) -> None:
    crawl.keep(exchange("/1", b"1", 'ETag: "a"', "Last-Modified: Sat", facts=FACTS), exchange("/2", b"2", facts=FACTS))
    assert known(crawl)["/1"].conditions() == {"If-None-Match": '"a"', "If-Modified-Since": "Sat"}
    assert known(crawl)["/2"].conditions() == {}


def test_a_304_and_a_repetition_refer_to_the_first_response(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts=FACTS))
    crawl.keep(not_modified(crawl, "/1", AT + MONTH), page("/2", b"<p>", facts=FACTS))
    found = known(crawl)
    assert found["/1"].history.at == AT + MONTH
    assert found["/1"].original == found["/2"].original == original(crawl, 0, found["/1"])


def test_the_original_may_have_been_fetched_as_something_else(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>", facts={}))
    crawl.keep(page("/2", b"<p>", facts=FACTS, at=AT + MONTH))
    found = known(crawl)["/2"]
    assert (found.history.at, found.original) == (AT + MONTH, original(crawl, 0, found))


def test_only_whole_details_of_the_portal_that_were_ever_good_are_known(crawl: Crawl) -> None:
    crawl.keep(
        page("/list", b"1", facts=LIST),
        page("/gone", b"2", status=404, facts=FACTS),
        page("/cut", b"3", truncated="time", facts=FACTS),
        page("/other", b"4", facts={**FACTS, "portal": "pudong"}),
        page("/file", b"5", facts={**FACTS, "role": "attachment"}),
    )
    assert [*known(crawl)] == ["/file"]


def test_a_detail_is_known_by_every_spelling_and_by_what_redirects_to_it(crawl: Crawl) -> None:
    crawl.keep(
        exchange("/a", status=302, facts=FACTS),
        exchange("/b", status=301, facts={**FACTS, "via": f"{HOST}/a"}),
        page("/1?x=1&y=2", b"<p>", facts={**FACTS, "via": f"{HOST}/b"}),
    )
    with crawl.stores.catalog.reading() as connection:
        details = known_details(connection, ["songjiang"])
    spellings = ["http://songjiang.gov.cn/1?y=2&x=1", f"{HOST}/a", f"{HOST}/b"]
    assert {details[page_key(url)].url for url in spellings} == {f"{HOST}/1?x=1&y=2"}
    assert len(details) == 3
    assert len(due_details(details, AT + MONTH)) == 1


def test_what_is_due_can_be_asked_for_as_it_was_though_no_list_names_it(crawl: Crawl) -> None:
    crawl.keep(page("/2", b"2", at=AT - DAY, facts=FACTS), page("/1", b"1", facts=FACTS))
    crawl.keep(page("/new", b"3", at=AT + 20 * DAY, facts=FACTS))
    details, now = known(crawl), AT + 21 * DAY
    assert [one.url for one in due_details(details, now)] == [f"{HOST}/2", f"{HOST}/1"]
    assert [one.url for one in due_details(details, now, refresh=True)] == [f"{HOST}/2", f"{HOST}/1", f"{HOST}/new"]
    one = details["/1"]
    assert (one.role, one.via, one.anchor, one.column) == ("report", f"{HOST}/nb/", "年报", f"{HOST}/nb/")


def test_lists_are_known_for_their_conditions_but_not_what_was_posted(crawl: Crawl) -> None:
    posted = replace(exchange("/query", b"{}", facts=LIST), request=b"POST /query HTTP/1.1\r\n\r\npage=2")
    crawl.keep(
        exchange("/", b"0", 'ETag: "h"', facts={**PORTAL, "role": "home"}),
        exchange("/nb/", b"1", 'ETag: "a"', facts=LIST),
        exchange("/nb/", b"2", 'ETag: "b"', at=AT + DAY, facts=LIST),
        exchange("/zwgk/", b"3", facts={**PORTAL, "role": "other"}),
        exchange("/1", b"4", facts=FACTS),
        posted,
    )
    with crawl.stores.catalog.reading() as connection:
        lists = known_lists(connection, ["songjiang"])
    assert {one.url.removeprefix(HOST): one.etag for one in lists.values()} == {
        "/": '"h"',
        "/nb/": '"b"',
        "/zwgk/": None,
    }


def test_a_304_stands_for_the_payload_in_the_archive(crawl: Crawl) -> None:
    crawl.keep(page("/1", b"<p>1", facts=FACTS))
    crawl.keep(not_modified(crawl, "/1", AT + DAY))
    one = known(crawl)["/1"]
    assert payload_of(crawl.stores, one.original) == (b"<p>1", "text/html; charset=utf-8")
    with pytest.raises(NotArchived, match="urn:no"):
        payload_of(crawl.stores, Original(record_id="urn:no", url=HOST, date="", payload_digest=""))
