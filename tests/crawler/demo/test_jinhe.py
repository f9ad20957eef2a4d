from crawler.demo.jinhe import COLUMN, LIST, PICTURES, TOWN_LIST, TOWNS, UNIT, _target
from crawler.discovery.cms.jpaas import read

PORTALS = ("jinhe",)
READ = read
SCRIPTED = {"X-Requested-With": "XMLHttpRequest", "Referer": "http://x/"}


def rows(roll):
    return {link.url for page in roll.pages for link in page.links}


def test_the_columns_hold_no_row_themselves(fetch, base):
    for column in (COLUMN, TOWNS):
        assert "/art/" not in fetch(base + column).body.decode()


def test_who_does_not_ask_as_the_script_does_is_refused(fetch, base):
    url = base + _target(LIST, 1)
    assert fetch(url).status == 403
    assert fetch(url, {"X-Requested-With": "XMLHttpRequest"}).status == 403
    assert fetch(url, SCRIPTED).status == 200


def test_another_unit_has_no_rows_and_a_number_that_is_none_is_refused(fetch, base):
    assert b"<li>" not in fetch(base + _target(("1", "x"), 1), SCRIPTED).body
    assert fetch(f"{base}{UNIT}?paramJson=%7B%22pageNo%22%3A%22x%22%7D", SCRIPTED).status == 400


def test_the_reader_finds_all_rows_of_a_list_and_of_the_unit_beside_it(visitor, world):
    roll, pictures = visitor.roll(COLUMN, "/".join(LIST)), visitor.roll(COLUMN, "/".join(PICTURES))
    assert [(page.page, page.rows) for page in roll.pages] == [(0, 0), (1, 14), (2, 14), (3, 11)]
    assert {page.declared for page in roll.pages[1:]} == {len(rows(roll))} == {39}
    assert {row.url for row in world.expected if "/zfxxgknb/" in row.url} < rows(roll)
    assert len(rows(pictures)) == 2


def test_every_page_of_the_towns_list_is_the_first(visitor, fetch, base, world):
    roll = visitor.roll(TOWNS)
    assert [page.page for page in roll.pages] == [0, 1]
    assert rows(roll) == {row.url for row in world.expected if "/jzzfxxgknb/" in row.url}
    assert (len(rows(roll)), roll.pages[-1].declared) == (14, 20)
    assert roll.barren == [_target(TOWN_LIST, 2)]
    first, second = (fetch(base + _target(TOWN_LIST, page), SCRIPTED).body for page in (1, 2))
    assert first == second


def test_the_reader_asks_what_the_way_says(visitor, world):
    asked = visitor.roll(COLUMN, "/".join(LIST)).asked + visitor.roll(TOWNS).asked
    assert asked == [path for path in world.sites[0].way if path.startswith(UNIT)]


def test_the_way_and_all_that_it_leads_to_is_there(fetch, base, world):
    assert all(fetch(base + path, SCRIPTED).status == 200 for path in world.sites[0].way)
    assert all(row.title in fetch(row.url).body.decode() for row in world.expected)
    files = [fetch(url) for row in world.expected for url in row.attachments]
    assert len(files) == 8
    assert all(file.body.startswith(b"%PDF") for file in files)
