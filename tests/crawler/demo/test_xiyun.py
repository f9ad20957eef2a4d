import pytest

from crawler.demo.xiyun import COLUMN, COUNTER, YEARS
from crawler.discovery.cms import vsb
from crawler.discovery.links import requisites_of

PORTALS = ("xiyun",)
READ = vsb.read
YEAR = "/zfxxgk/zfxxgknb/a2024.htm"


def test_the_second_page_is_numbered_from_the_end(fetch, base):
    first, second = (fetch(base + path).body.decode() for path in (COLUMN, "/zfxxgk/zfxxgknb/4.htm"))
    assert '<span class="p_next p_fun"><a href="zfxxgknb/4.htm">下页</a>' in first
    assert '<span class="p_next p_fun"><a href="3.htm">下页</a>' in second
    assert ('<span class="p_t">共27条</span>' in first, '<span class="p_t">2/5</span>' in second) == (True, True)


def test_what_is_relative_differs_from_page_to_page(fetch, base):
    assert 'href="../info/' in fetch(base + COLUMN).body.decode()
    assert 'href="../../info/' in fetch(base + "/zfxxgk/zfxxgknb/1.htm").body.decode()


def test_the_reader_goes_downwards_to_the_last_page_and_finds_every_row(visitor, world):
    roll = visitor.roll(COLUMN)
    there = {row.url: row.title for row in world.expected if row.year <= 2022}
    assert roll.asked == [f"/zfxxgk/zfxxgknb/{number}.htm" for number in (4, 3, 2, 1)]
    assert there.items() < roll.links.items()
    assert [page.page for page in roll.pages] == [1, 2, 3, 4, 5]
    assert sum(page.rows for page in roll.pages) == roll.pages[0].declared == 27
    assert roll.barren == []


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_a_column_of_its_own(visitor, world, year):
    roll = visitor.roll(YEAR.replace("2024", str(year)))
    assert {row.url for row in world.expected if row.year == year} < roll.links.keys()
    assert (len(roll.asked), roll.pages[0].pages, roll.pages[0].declared) == (1, 2, 7)


def test_the_counter_of_visits_is_asked_for_by_scripts_and_is_no_requisite(fetch, world, base):
    url = world.expected[0].url
    text = fetch(url).body.decode()
    assert COUNTER in text
    assert not [needed for needed in requisites_of(text, url) if COUNTER in needed]
    assert base + COUNTER in world.forbidden


def test_files_are_of_four_types_and_some_reports_stand_in_theirs_alone(fetch, world):
    files = {url.rpartition(".")[2]: fetch(url) for row in world.expected for url in row.attachments}
    assert files.keys() == {"pdf", "doc", "wps", "xls"}
    assert all(files[kind].body.startswith(b"\xd0\xcf\x11\xe0") for kind in ("doc", "wps", "xls"))
    assert any("一、总体情况" not in fetch(row.url).body.decode() for row in world.expected if row.attachments)
