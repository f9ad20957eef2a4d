from datetime import UTC, datetime

import pytest

from crawler.demo import nanping
from crawler.demo.server import Hit
from crawler.demo.site import Expected, Page, Site
from crawler.demo.world import start_world
from tests.benchmarks.portals.breadth_first import Walk
from tests.benchmarks.portals.least import counts, details, is_list_page, least, way
from tests.benchmarks.portals.tally import Row, tally, total

BASE = "http://127.0.0.1:1"


def truth(path: str, organ: str, year: int) -> Expected:
    named = {"organ": organ, "organ_as_written": organ, "title": organ, "media_type": "text/html"}
    return Expected(portal="a", year=year, url=BASE + path, published=None, **named)


def row(path: str, organ: str, year: int) -> Row:
    return {"url": BASE + path, "organ": organ, "year": year}


EXPECTED = (
    truth("/1", "甲局", 2022),
    truth("/2", "乙局", 2023),
    truth("/years", "丙局", 2020),
    truth("/years", "丙局", 2021),
)


@pytest.mark.parametrize(
    ("rows", "found", "false", "organs", "years"),
    [
        ([], 0, 0, 0, 0),
        ([row("/1", "甲局", 2022), row("/2", "乙局", 2023)], 2, 0, 2, 2),
        ([row("/1", "甲局", 2021), row("/2", "甲局", 2023)], 2, 0, 1, 1),
        ([row("/1", "甲局", 2022), row("/1", "甲局", 2021), row("/3", "乙局", 2023)], 1, 2, 1, 1),
        ([row("/years", "丙局", 2021)], 1, 0, 1, 0),
        ([row("/years", "丙局", 2021), row("/years", "丙局", 2020)], 2, 0, 2, 2),
    ],
)
def test_a_tally_pairs_rows_with_what_there_is(rows: list[Row], found: int, false: int, organs: int, years: int):
    one = tally("a", EXPECTED, rows, fetches=30, least=20)
    assert (one.expected, one.found, one.false, one.organs, one.years) == (4, found, false, organs, years)
    assert (one.recall, one.ratio) == (found / 4, 1.5)


def test_totals_are_of_numbers_and_not_of_shares():
    small = tally("a", EXPECTED[:1], [row("/1", "甲局", 2022)], fetches=10, least=1)
    large = tally("b", EXPECTED, [], fetches=20, least=19)
    assert (total([small, large]).recall, total([small, large]).ratio) == (0.2, 1.5)


def hit(path: str, method: str = "GET") -> Hit:
    return Hit(portal="a", method=method, path=path, headers={}, status=200, at=datetime.now(UTC))


def test_lists_are_known_by_their_address_or_by_what_continues_them():
    steps = ("/", "/nb/", "/proxy.jsp?page=1", "/search.jsp currpage=2")
    site = Site(id="a", name="", base=BASE, pages={}, missing=Page(), way=steps)
    others = ("/zwdt/", "/nb/1.html")
    assert all(is_list_page(site, hit(path)) for path in ("/", "/nb/", "/proxy.jsp?start=9", "/search.jsp"))
    assert not any(is_list_page(site, hit(path)) for path in others)
    assert not any(counts(site, hit(path)) for path in ("/robots.txt", "/css/a.css", "/logo.gif"))
    assert not counts(site, hit("/count.asp"), {BASE + "/count.asp"})


def test_the_least_is_the_way_and_what_was_published():
    with start_world(portals=("lingang", "chenghu")) as world:
        for site in world.sites[:2]:
            own = [row for row in world.expected if row.portal == site.id]
            assert len(details(site)) == len(own) + sum(len(row.attachments) for row in own)
            assert least(site) == len(way(site)) + len(details(site))


def test_the_peer_reads_anchors_and_stops_at_its_cap():
    with start_world(portals=("nanping",)) as world:
        home = world.sites[0].base + "/"
        missed = {row.url for row in world.expected} - {*Walk(home=home).go()}
        assert missed == {home[:-1] + nanping.FLAKY}  # it does not ask twice
        before = len(world.journal)
        Walk(home=home).go(most=3)
        assert {row.path for row in world.journal[before:]} > {"/"}
        assert len(world.journal) - before < 20
