import pytest

from crawler.demo.wanzhai import CIVIL, COLUMN, LIST, SCANNED, SCHOOLS, UNNAMED
from crawler.discovery import cms
from crawler.discovery.links import links_of

PORTALS = ("wanzhai",)
READ = cms.read
FRAMED = f"{LIST}?cid=12"


def under(world, base, folder):
    return {row.url: row.title for row in world.expected if row.url.rpartition("/")[0] + "/" == base + folder}


@pytest.mark.parametrize(
    ("folder", "first", "asked"),
    [
        (COLUMN, FRAMED, [f"{FRAMED}&page=2", f"{FRAMED}&page=3"]),
        (UNNAMED, UNNAMED, [f"{UNNAMED}index_2.html", f"{UNNAMED}index_3.html"]),
        (SCHOOLS, f"{SCHOOLS}list.html", [f"{SCHOOLS}list_2.html", f"{SCHOOLS}list_3.html"]),
        (CIVIL, f"{CIVIL}nb/", [f"{CIVIL}nb/index_2.html"]),
    ],
    ids=["select", "turnpage", "numbers", "goPage"],
)
def test_every_row_is_found_whatever_hides_the_next_page(visitor, world, base, folder, first, asked):
    roll = visitor.roll(first)
    assert under(world, base, folder).items() <= roll.links.items()
    assert (roll.asked, roll.barren) == (asked, [])
    assert [page.page for page in roll.pages] == [*range(1, len(asked) + 2)]


def test_no_page_but_the_first_is_a_link_for_who_reads_anchors_alone(fetch, base):
    for first, following in ((FRAMED, "page=2"), (UNNAMED, 'href="index_2'), (f"{CIVIL}nb/", 'href="index_2')):
        assert following not in fetch(base + first).body.decode()


def test_a_list_counts_more_rows_than_it_has(visitor):
    roll = visitor.roll(f"{CIVIL}nb/")
    assert (roll.pages[-1].declared, sum(page.rows for page in roll.pages)) == (9, 7)


def test_lists_stand_in_frames_and_years_in_columns_of_their_own(fetch, base):
    links = {link.url: link.tag for link in links_of(fetch(base + COLUMN).body.decode(), base + COLUMN)}
    assert links[base + FRAMED] == "frame"
    assert links[f"{base}{COLUMN}2018n/"] == "a"
    frames = links_of(fetch(base + SCHOOLS).body.decode(), base + SCHOOLS)
    assert next((link.url, link.tag) for link in frames) == (f"{base}{SCHOOLS}menu.html", "frame")


def test_some_rows_open_a_window(fetch, base, world):
    links = links_of(fetch(base + UNNAMED).body.decode(), base + UNNAMED)
    opened = [link for link in links if link.tag == "script" and link.position == "main"]
    assert [under(world, base, UNNAMED).get(link.url) for link in opened] == [opened[0].text]
    assert opened[0].row


def test_one_report_is_pictures_of_paper(fetch, base):
    text = fetch(base + SCANNED.path).body.decode()
    assert "一、总体情况" not in text
    assert fetch(f"{base}{SCHOOLS}images/4.jpg").headers["Content-Type"] == "image/jpeg"
    assert text.count(".jpg") == 4
