import json

import pytest

from crawler.demo.songpu import ARTICLE_API, DEPARTMENTS, DIRECTORY, GOVERNMENT, OF_DEPARTMENTS, TOWNS, WATER
from crawler.discovery import cms
from crawler.discovery.links import links_of
from crawler.discovery.scripts import fetches

PORTALS = ("songpu",)
READ = cms.read
ASKED = "/goverList.html?deptcode={}&categorynum=002006003"


def under(world, base, folder):
    return {row.url: row.title for row in world.expected if row.url.startswith(base + folder)}


def test_pages_from_nought_are_read_in_order(visitor, world, base):
    roll = visitor.roll(f"{TOWNS}List/list_0.htm")
    assert roll.asked == [f"{TOWNS}List/list_{number}.htm" for number in (1, 2)]
    assert under(world, base, TOWNS).items() < roll.links.items()
    assert [page.page for page in roll.pages] == [1, 2, 3]
    assert (roll.barren, {page.system for page in roll.pages}) == ([], {"shanghai"})


@pytest.mark.parametrize("code", DEPARTMENTS)
def test_rows_that_a_script_asks_for_are_asked_for_without_it(visitor, world, base, fetch, code):
    assert "/govxxgk/" not in fetch(base + ASKED.format(code)).body.decode().replace("/rest/govxxgk/", "")
    roll = visitor.roll(ASKED.format(code))
    assert {base + each.path: each.title for each in OF_DEPARTMENTS[code]}.items() < roll.links.items()
    assert [page.declared for page in roll.pages] == [None, 4, 4]
    assert [page.rows for page in roll.pages] == [0, 3, 1]
    assert set(roll.asked) < set(world.sites[0].way)


def test_other_departments_are_choices(fetch, base):
    links = {link.url: link.tag for link in links_of(fetch(base + ASKED.format("SHSP43")).body.decode(), base + "/")}
    assert all(links[base + ASKED.format(code)] == "option" for code in DEPARTMENTS)
    links = {link.url: link.tag for link in links_of(fetch(base + GOVERNMENT + "index.html").body.decode(), base)}
    assert links[base + WATER + "index.html"] == "option"


def test_ordinary_lists_are_read_by_their_words(visitor, world, base):
    roll = visitor.roll(GOVERNMENT + "index.html")
    assert under(world, base, GOVERNMENT).items() < roll.links.items()
    assert roll.asked == [f"{GOVERNMENT}index_{number}.html" for number in (2, 3)]


def test_a_list_is_visible_whose_reports_are_shells(fetch, world, base):
    rows = {link.url: link.text for link in links_of(fetch(base + DIRECTORY).body.decode(), base)}
    shells = under(world, base, "/article.html")
    assert shells.items() < rows.items()
    for url, title in shells.items():
        shell = fetch(url).body.decode()
        assert (fetches(shell), title in shell) == (True, False)
        answer = json.loads(fetch(url.replace("/article.html", ARTICLE_API)).body)
        assert (answer["data"]["title"], "一、总体情况" in answer["data"]["content"]) == (title, True)


def test_addresses_tell_of_days_of_the_year_of_none_and_of_no_suffix(world, base):
    paths = [row.url.removeprefix(base) for row in world.expected]
    assert any("//" in path for path in paths)
    assert any(path.rpartition("/")[2].startswith("content_") and "." not in path for path in paths)
    assert any(path.startswith(f"{GOVERNMENT}2025/84/") for path in paths)
