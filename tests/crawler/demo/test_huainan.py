import pytest

from crawler.demo.huainan import LISTED, OPENNESS, ORGAN_COLUMN, YEARS, YEARS_PAGE
from crawler.discovery import cms
from crawler.discovery.links import links_of
from tests.crawler.demo.visitor import Visitor

PORTALS = ("huainan",)


def test_organs_are_reached_by_two_steps(fetch, base):
    assert f'href="{OPENNESS}"' in fetch(base + "/").body.decode()
    organs = {link.url for link in links_of(fetch(base + ORGAN_COLUMN).body.decode(), base)}
    assert {base + organ.file(1) for organ in LISTED} < organs
    assert ORGAN_COLUMN.replace("&", "&amp;") in fetch(base + OPENNESS).body.decode()


@pytest.mark.parametrize("organ", LISTED, ids=lambda organ: organ.name)
def test_the_reader_finds_every_row_of_an_organ_whoever_draws_its_pager(world, base, fetch, organ):
    roll = Visitor(base, fetch, cms.read).roll(organ.file(1))
    there = {base + each.path: each.title for each in organ.published}
    assert there.items() <= roll.links.items()
    assert [base + path for path in roll.asked] == [base + organ.file(page) for page in range(2, organ.count + 1)]
    assert (roll.barren, sum(page.rows for page in roll.pages)) == ([], len(organ.rows))
    assert {page.system for page in roll.pages} == {"anhui"}


def test_pagers_drawn_by_a_script_have_no_links(fetch, base):
    [scripted, *_] = [organ for organ in LISTED if organ.scripted]
    assert "page_2.html" not in fetch(base + scripted.file(1)).body.decode()


def test_all_years_of_an_office_stand_behind_one_address(fetch, base):
    first = f"{base}{YEARS_PAGE}?doAction=sgknb&unitid=9"
    years = [link.url for link in links_of(fetch(first).body.decode(), first) if link.tag == "option"]
    shown = {link.url for url in years for link in links_of(fetch(url).body.decode(), url)}
    assert {base + each.path for each in YEARS} < shown
    assert fetch(first.replace("unitid=9", "unitid=8")).status == 404


def test_a_file_is_called_a_page_by_its_address_and_a_document_by_its_headers(fetch, world):
    [url, *_] = [url for row in world.expected for url in row.attachments]
    answer = fetch(url)
    assert "/OpennessAnnualReport/download/" in url
    assert url.endswith(".html")
    assert answer.headers["Content-Disposition"].endswith(".doc")
    assert answer.body.startswith(b"\xd0\xcf\x11\xe0")
