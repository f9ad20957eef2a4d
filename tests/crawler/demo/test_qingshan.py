import re

import pytest

from crawler.demo.qingshan import BUREAUS, COLUMN, GOVERNMENT, OPENNESS, SEARCH, TOWNS
from crawler.demo.world import start_world
from crawler.discovery.cms import trs
from tests.crawler.demo.visitor import Visitor

CALLS = {
    GOVERNMENT: 'createPageHTML(4, 0, "index", "html")',
    BUREAUS + "rlist.shtml": "createPageHTML('page_div',4, 1,'rlist','shtml',34)",
    TOWNS: 'createPageHTML(14, 3, 0, "index", "html")',
}


@pytest.fixture
def portal():
    with start_world(portals=("qingshan",)) as world:
        yield world


@pytest.fixture
def get(portal, fetch):
    return lambda path: fetch(portal.sites[0].base + path)


def hidden(portal, path):
    return {row.url: row.title for row in portal.expected if row.url.startswith(portal.sites[0].base + path)}


def test_home_leads_to_three_columns_by_two_steps(get):
    for path, following in (("/", OPENNESS), (OPENNESS, COLUMN), *((COLUMN, first) for first in CALLS)):
        assert f'href="{following}"' in get(path).body.decode()


@pytest.mark.parametrize("first", [GOVERNMENT, BUREAUS + "rlist.shtml"])
def test_each_column_numbers_its_pages_in_its_own_way_and_links_none(get, first):
    text = get(first).body.decode()
    assert CALLS[first] in text
    assert not re.search(r'href="[^"]*(?:index|rlist)_', text)


def test_the_second_file_of_a_list_from_one_has_number_two(get):
    assert get(BUREAUS + "rlist_1.shtml").status == 404
    assert "'page_div',4, 2,'rlist'" in get(BUREAUS + "rlist_2.shtml").body.decode()
    assert "(4, 1," in get(GOVERNMENT + "index_1.html").body.decode()
    assert get(GOVERNMENT + "index_4.html").status == 404
    assert get(GOVERNMENT + "index.html").body == get(GOVERNMENT).body


def test_two_pages_that_a_script_promises_are_stubs(get):
    assert 'createPageHTML(24, 5, 2, "index", "html")' in get(TOWNS + "index_2.html").body.decode()
    stubs = [get(f"{TOWNS}index_{number}.html") for number in (3, 4)]
    assert [stub.status for stub in stubs] == [200, 200]
    assert all(300 <= len(stub.body) <= 400 for stub in stubs)


@pytest.mark.parametrize("first", [GOVERNMENT, BUREAUS + "rlist.shtml"])
def test_a_reader_that_turns_the_pages_finds_every_report_without_a_guess_too_many(portal, fetch, first):
    roll = Visitor(portal.sites[0].base, fetch, trs.read).roll(first)
    there = hidden(portal, first.removesuffix("rlist.shtml"))
    assert there.items() <= roll.links.items()
    assert {first, *roll.asked} < set(portal.sites[0].way)
    assert [listing.page for listing in roll.pages] == [1, 2, 3, 4]
    assert (roll.barren, roll.pages[-1].pages) == ([], 4)


def test_where_pages_are_stubs_the_list_ends_short_of_what_it_declares(portal, fetch):
    roll = Visitor(portal.sites[0].base, fetch, trs.read).roll(TOWNS)
    assert hidden(portal, TOWNS).items() <= roll.links.items()
    assert roll.asked == [f"{TOWNS}index_{number}.html" for number in (1, 2)]
    assert roll.barren == [f"{TOWNS}index_3.html"]
    assert (roll.pages[-1].pages, roll.pages[-1].declared) == (5, 24)


def test_the_way_is_home_the_columns_their_pages_and_the_first_stub(portal, fetch):
    site = portal.sites[0]
    visitor = Visitor(site.base, fetch, trs.read)
    rolls = {first: visitor.roll(first) for first in CALLS}
    lists = [path for first, roll in rolls.items() for path in (first, *roll.asked, *roll.barren)]
    assert list(site.way) == ["/", OPENNESS, COLUMN, *lists]


def test_rows_that_look_like_reports_stand_among_them(portal, get):
    titles = re.findall(r'title="([^"]+)"', get(BUREAUS + "rlist_2.shtml").body.decode())
    assert "关于做好2023年政府信息公开工作年度报告编制和发布工作的通知" in titles
    assert len(portal.expected) == 60


def test_files_stand_beside_their_reports_or_for_them(portal, get, fetch):
    files = {url: row for row in portal.expected for url in row.attachments}
    assert {url.rpartition(".")[2] for url in files} == {"pdf", "docx"}
    assert all(fetch(url).status == 200 for url in files)
    [bare] = [row for url, row in files.items() if "/xz/" in url]
    assert "一、总体情况" not in fetch(bare.url).body.decode()


def test_home_links_a_search_that_robots_forbid(portal, get):
    assert SEARCH in get("/").body.decode()
    assert b"Disallow: /was5/" in get("/robots.txt").body
    assert portal.forbidden[0].endswith(SEARCH)
