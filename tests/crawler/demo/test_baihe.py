import re

import pytest

from crawler.demo.baihe import (
    BUREAUS,
    COLUMN,
    DIRECTORY,
    GOVERNMENT,
    LABELS,
    OPENNESS,
    ORGANS,
    PRIVATE,
    PROXY,
    TOWNS,
    TWIN,
)
from crawler.demo.world import start_world
from crawler.demo.xxgk import ANNUAL, SEARCH
from crawler.discovery.cms import hanweb
from crawler.discovery.links import links_of
from tests.crawler.demo.visitor import Visitor

UNITS = {GOVERNMENT: "2010/610101", BUREAUS: "2020/610201", TOWNS: "2030/610301", DIRECTORY: ""}
RECORD = re.compile(r"<record><!\[CDATA\[")


@pytest.fixture
def portal():
    with start_world(portals=("baihe",)) as world:
        yield world


@pytest.fixture
def get(portal, fetch):
    return lambda path, **given: fetch(portal.sites[0].base + path, **given)


@pytest.fixture
def visitor(portal, fetch):
    return Visitor(portal.sites[0].base, fetch, hanweb.read)


def hidden(portal, path):
    part = "/art_" + path.removeprefix("/col/col").partition("/")[0]
    return {row.url: row.title for row in portal.expected if part in row.url}


def test_home_leads_to_five_columns_by_two_steps(get):
    for path, following in (("/", OPENNESS), (OPENNESS, COLUMN), *((COLUMN, column) for column in LABELS)):
        assert f'href="{following}"' in get(path).body.decode()


def test_no_row_of_a_column_is_a_link_of_its_page(portal, get):
    for path in UNITS:
        links = {link.url for link in links_of(get(path).body.decode(), portal.sites[0].base)}
        assert not links & hidden(portal, path).keys()


@pytest.mark.parametrize("path", UNITS)
def test_a_reader_that_turns_the_pages_finds_every_report(portal, visitor, path):
    roll = visitor.roll(path, UNITS[path])
    assert len(hidden(portal, path)) >= 8
    assert hidden(portal, path).items() <= roll.links.items()
    assert {path, *roll.asked} < set(portal.sites[0].way)
    assert roll.pages[-1].declared == sum(listing.rows or 0 for listing in roll.pages) or path == GOVERNMENT


def test_the_way_is_what_a_reader_asks_for_and_nothing_else(portal, visitor):
    asked = [way for path, name in UNITS.items() for way in visitor.roll(path, name).asked]
    assert list(portal.sites[0].way) == ["/", OPENNESS, COLUMN, *LABELS, *asked]


def test_an_encrypted_next_group_leads_to_54_bytes_and_the_numbers_to_all_rows(visitor, get):
    roll = visitor.roll(TOWNS)
    [barren] = roll.barren
    assert re.search(r"\?page=1&.*columnid=[0-9A-F]{32}&unitid=[0-9A-F]{32}&", barren)
    assert len(get(barren).body) == 54
    assert [way.partition("&perpage")[0] for way in roll.asked] == [
        f"{PROXY}?startrecord={start}&endrecord={end}" for start, end in ((6, 10), (11, 14))
    ]


def test_two_units_on_one_page_are_two_lists(visitor):
    news = visitor.roll(GOVERNMENT, "/610102")
    assert (news.asked, news.pages[0].rows, news.pages[0].declared) == ([], 3, 3)


@pytest.mark.parametrize(
    "path",
    [
        f"{PROXY}?page=1&columnid=2010&unitid=9",
        f"{PROXY}?page=1&columnid=2020&unitid=610101",
        "/module/jpage/dataproxy.jsp?startrecord=6&endrecord=10&perpage=5&columnid=2020&unitid=610201",
        f"{PROXY}?page=9&columnid=2010&unitid=610101",
    ],
)
def test_wrong_ids_a_get_where_a_post_is_due_and_a_group_past_the_last_have_no_rows(get, path):
    answer = get(path)
    assert (answer.status, RECORD.findall(answer.body.decode())) == (200, [])


def test_a_page_that_is_no_number_is_refused(get):
    assert get(f"{PROXY}?page=x&columnid=2010&unitid=610101").status == 400


def test_a_column_is_the_same_with_whatever_uid_and_page_number(get):
    assert get(TWIN).body == get(GOVERNMENT).body
    assert TWIN.replace("&", "&amp;") in get(COLUMN).body.decode()


def test_an_organs_report_of_a_year_has_one_page_however_its_address_is_ordered(portal, get):
    [path] = [row.url for row in portal.expected if "fbtime=2021" in row.url and row.organ == "白荷区统计局"]
    path = path.removeprefix(portal.sites[0].base)
    assert path.replace("&", "&amp;") in get(ORGANS).body.decode()
    year, area = path.partition("?")[2].split("&")
    assert get(f"{ANNUAL}?{area}&{year}").body == get(path).body
    assert f'"{ANNUAL}?{area}&amp;fbtime=2018"' in get(path).body.decode()
    assert "暂无内容" in get(f"{ANNUAL}?{area}&fbtime=2018").body.decode()


def test_a_search_without_its_area_or_kind_finds_nothing(get):
    answer = get(f"{SEARCH}?currpage=1", data=b"infotypeId=A0704&area=9").body.decode()
    assert "tr_main_value" not in answer
    assert "共&nbsp;0&nbsp;条" in answer


def test_home_links_what_robots_forbid(portal, get):
    assert f'href="{PRIVATE}"' in get("/").body.decode()
    assert b"Disallow: /jcms/" in get("/robots.txt").body
    assert portal.forbidden[0].endswith(PRIVATE)
    assert sum(bool(row.attachments) for row in portal.expected) == 17
