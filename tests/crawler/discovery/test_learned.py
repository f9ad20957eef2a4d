"""What was learned of a portal: the lists that reports came from, the way there, and when to look anew."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest
from sqlalchemy import insert, select

from archive.capture.exchange import Exchange
from archive.index.catalog import Row
from archive.index.schema import captures, explorations, publications
from crawler.discovery.learned import Learned, LearnedColumn, learned, note_exploration, wants_exploration
from tests.archive.crawl import Crawl
from tests.archive.exchanges import AT, HOST, PORTAL, exchange, page, pdf
from tests.archive.reports.pages import REPORT, html

DAY = timedelta(days=1)
SUMMER, SEASON = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC)
COLUMN = LearnedColumn(url=f"{HOST}/nb/", reports=1, newest_year=2023, way=(), seen=AT)
KNOWN = Learned(columns={COLUMN.url: COLUMN}, explored_at=SUMMER)


def facts(role: str, via: str = "", anchor: str = "") -> dict[str, str]:
    return {**PORTAL, "role": role, "via": f"{HOST}{via}" if via else "", "anchor": anchor}


def step(path: str, role: str, via: str = "", *, status: int = 200, at: datetime = AT) -> Exchange:
    return page(path, f"<p>{path}".encode(), status=status, at=at, facts=facts(role, via))


def report(path: str, via: str, *, organ: str = "财政局", year: int = 2023, at: datetime = AT) -> Exchange:
    title = f"松江区{organ}{year}年政府信息公开工作年度报告"
    return page(path, html(title, REPORT.replace("2023", str(year))), at=at, facts=facts("report", via, title))


def posted(path: str, via: str, body: bytes, *, media_type: str = "text/html") -> Exchange:
    asked = exchange(path, b"<p>%s" % body, f"Content-Type: {media_type}", facts=facts("column", via))
    return replace(asked, request=b"POST %s HTTP/1.1\r\n\r\n%s" % (path.encode(), body))


def told(crawl: Crawl) -> Learned:
    with crawl.stores.catalog.reading() as connection:
        return learned(connection, ["songjiang"])["songjiang"]


def columns(crawl: Crawl) -> dict[str, tuple[int, int | None, tuple[str, ...]]]:
    return {
        column.url.removeprefix(HOST): (
            column.reports, column.newest_year, tuple(url.removeprefix(HOST) for url in column.way),
        )
        for column in told(crawl).columns.values()
    }  # fmt: skip


HOME = step("/", "home")
WAY = (HOME, step("/zwgk/", "other", "/"), step("/nb/", "column", "/zwgk/"))


def test_nothing_is_known_of_a_new_portal(crawl: Crawl) -> None:
    with crawl.stores.catalog.reading() as connection:
        assert learned(connection, ["a", "b"]) == {"a": Learned(), "b": Learned()}


def test_a_column_is_known_by_what_it_listed_and_by_the_way_to_it(crawl: Crawl) -> None:
    crawl.keep(
        *WAY, step("/nb/2022/", "column", "/nb/"), step("/news/", "other", "/"), step("/empty/", "column", "/"),
        report("/1", "/nb/"), report("/2", "/nb/", organ="教育局", year=2021),
        report("/3", "/nb/2022/", year=2022),
    )  # fmt: skip
    assert columns(crawl) == {
        "/nb/": (2, 2023, ("/", "/zwgk/")),
        "/nb/2022/": (1, 2022, ("/", "/zwgk/", "/nb/")),
        "/empty/": (0, None, ("/",)),
    }
    assert {url.removeprefix(HOST) for url in told(crawl).way} == {"/", "/zwgk/", "/nb/", "/nb/2022/"}


def test_a_file_that_is_a_report_is_credited_to_the_list_that_links_it(crawl: Crawl) -> None:
    title = "松江区财政局2023年政府信息公开工作年度报告"
    crawl.keep(*WAY, pdf("/1.pdf", facts=facts("attachment", "/nb/", title)))
    assert len(crawl.rows(publications)) == 1
    assert columns(crawl) == {"/nb/": (1, 2023, ("/", "/zwgk/"))}


def test_the_way_leads_through_redirects(crawl: Crawl) -> None:
    crawl.keep(
        HOME,
        exchange("/old/", status=302, facts=facts("column", "/")), step("/nb/", "column", "/old/"),
        exchange("/go", status=302, facts=facts("report", "/nb/")), report("/1", "/go"),
    )  # fmt: skip
    assert columns(crawl) == {"/nb/": (1, 2023, ("/",))}


@pytest.mark.parametrize("media_type", ["text/html", "application/json"])
def test_what_posted_pages_brought_is_credited_to_the_page_they_start_from(crawl: Crawl, media_type: str) -> None:
    crawl.keep(
        *WAY, posted("/query", "/nb/", b"page=2", media_type=media_type), posted("/query", "/query", b"page=3"),
        report("/1", "/nb/"), report("/2", "/query", organ="教育局"),
    )  # fmt: skip
    assert columns(crawl) == {"/nb/": (2, 2023, ("/", "/zwgk/"))}


def test_what_scripts_asked_for_is_no_column_of_its_own(crawl: Crawl) -> None:
    answer = exchange("/api?page=1", b"{}", "Content-Type: application/json", facts=facts("column", "/nb/"))
    crawl.keep(*WAY, answer, report("/1", "/api?page=1"))
    assert columns(crawl) == {"/nb/": (1, 2023, ("/", "/zwgk/"))}


def test_a_form_that_posts_to_its_own_page_is_that_page(crawl: Crawl) -> None:
    crawl.keep(
        HOME, step("/nb.aspx", "column", "/"), posted("/nb.aspx", "/nb.aspx", b"page=2"), report("/1", "/nb.aspx")
    )
    assert columns(crawl) == {"/nb.aspx": (1, 2023, ("/",))}


def test_the_way_is_kept_when_a_later_run_begins_at_the_column(crawl: Crawl) -> None:
    crawl.keep(*WAY, report("/1", "/nb/"))
    crawl.keep(step("/nb/", "column", at=AT + DAY), step("/zwgk/", "other", "/nb/", at=AT + DAY))
    assert columns(crawl) == {"/nb/": (1, 2023, ("/", "/zwgk/"))}
    assert told(crawl).columns[f"{HOST}/nb/"].seen == AT + DAY


def test_pages_that_lead_to_each_other_and_nowhere_else_have_no_way(crawl: Crawl) -> None:
    crawl.keep(step("/a/", "column", "/b/"), step("/b/", "column", "/a/"), report("/1", "/a/"))
    assert columns(crawl) == {"/a/": (1, 2023, ()), "/b/": (0, None, ())}


def test_a_column_is_forgotten_once_it_is_gone_and_the_portal_was_explored(crawl: Crawl) -> None:
    crawl.keep(*WAY, report("/1", "/nb/"))
    explore(crawl, AT)
    crawl.keep(step("/nb/", "column", status=404, at=AT + DAY), step("/new/", "column", "/zwgk/", at=AT + DAY))
    assert [*columns(crawl)] == ["/nb/", "/new/"]
    explore(crawl, AT + DAY)
    assert [*columns(crawl)] == ["/new/"]


def test_a_column_that_was_refused_is_not_forgotten(crawl: Crawl) -> None:
    crawl.keep(*WAY, report("/1", "/nb/"))
    crawl.keep(*(step("/nb/", "column", status=status, at=AT + DAY) for status in (403, 412, 503)))
    explore(crawl, AT + 2 * DAY)
    assert columns(crawl) == {"/nb/": (1, 2023, ("/", "/zwgk/"))}


def explore(crawl: Crawl, at: datetime, *, portal: str = "songjiang") -> None:
    with crawl.stores.catalog.begin() as connection:
        note_exploration(connection, portal=portal, run="r1", at=at, reason="it was never explored")


def test_the_last_exploration_of_each_portal_is_noted(crawl: Crawl) -> None:
    explore(crawl, AT)
    explore(crawl, AT + DAY)
    explore(crawl, AT, portal="pudong")
    assert told(crawl).explored_at == AT + DAY
    assert sorted(row["portal"] for row in crawl.rows(explorations)) == ["pudong", "songjiang"]


@pytest.mark.parametrize(
    ("known", "now", "more", "why"),
    [
        (Learned(), SUMMER, {}, "never explored"),
        (Learned(explored_at=SUMMER), SUMMER, {}, "no column"),
        (KNOWN, SUMMER + 30 * DAY, {}, None),
        (KNOWN, SUMMER + 31 * DAY, {}, "last explored on 2026-07-01"),
        (replace(KNOWN, explored_at=SEASON), SEASON + 7 * DAY, {}, None),
        (replace(KNOWN, explored_at=SEASON), SEASON + 8 * DAY, {}, "last explored on 2026-01-20"),
        (KNOWN, SUMMER, {"failed_columns": [COLUMN.url]}, f"such as {COLUMN.url}"),
        (KNOWN, SUMMER, {"failed_columns": [f"{HOST}/other/"]}, None),
    ],
)
def test_when_a_portal_is_looked_through_afresh(
    known: Learned, now: datetime, more: dict[str, list[str]], why: str | None
) -> None:
    reason = wants_exploration(known, now, **more)
    assert (why in reason) if why else reason is None


def test_five_thousand_captures_are_read_in_a_moment(crawl: Crawl) -> None:
    crawl.keep(*WAY, report("/1", "/nb/"))
    with crawl.stores.catalog.begin() as connection:
        (capture,) = connection.execute(select(captures).where(captures.c.url == f"{HOST}/1")).mappings()
        (publication,) = connection.execute(select(publications)).mappings()
        connection.execute(insert(captures), [_other(capture, "record_id", number) for number in range(5000)])
        connection.execute(insert(publications), [_other(publication, "report", number) for number in range(5000)])
    began = perf_counter()
    found = told(crawl)
    assert perf_counter() - began < 5
    assert found.columns[f"{HOST}/nb/"].reports == 5001


def _other(row: Row, key: str, number: int) -> Row:
    return {**row, key: f"{number}", "url": f"{HOST}/1/{number}"}
