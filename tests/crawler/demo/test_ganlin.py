import json

from crawler.demo.ganlin import DEPARTMENTS, NAMES, QUERY, TOWNS, WAY, _column
from crawler.discovery.cms.ucap import read
from crawler.discovery.links import links_of

PORTALS = ("ganlin",)
READ = read


def rows(roll):
    return {link.url for page in roll.pages for link in page.links}


def test_the_way_draws_its_columns_from_a_tree(visitor, fetch, base):
    [tree] = visitor.roll(WAY).pages
    below = {base + _column(code): name for code, name in NAMES.items()}
    assert {link.url: link.text for link in tree.columns} == {base + WAY: "政务公开", **below}
    assert not below.keys() & {link.url for link in links_of(fetch(base + WAY).body.decode(), base + WAY)}


def test_the_first_two_pages_stand_in_the_script_and_the_third_is_asked_for(visitor, world):
    roll = visitor.roll(_column(DEPARTMENTS))
    assert [(page.page, page.rows) for page in roll.pages] == [(2, 30), (3, 9)]
    assert roll.pages[1].declared == len(rows(roll)) == 39
    assert {row.url for row in world.expected if f"/{DEPARTMENTS}/" in row.url} < rows(roll)
    posted = [hit for hit in world.journal if hit.path == QUERY]
    assert [(hit.method, hit.status) for hit in posted] == [("POST", 200)]


def test_a_list_shorter_than_a_page_is_whole(visitor, world):
    roll = visitor.roll(_column(TOWNS))
    assert rows(roll) == {row.url for row in world.expected if f"/{TOWNS}/" in row.url}
    assert roll.pages[0].further == ()


def test_the_reader_posts_what_the_way_says(visitor, world):
    assert visitor.roll(_column(DEPARTMENTS)).asked == [way for way in world.sites[0].way if way.startswith(QUERY)]


def test_the_endpoint_takes_forms_only_and_knows_its_columns(fetch, base):
    assert fetch(base + QUERY).status == 404
    answer = fetch(base + QUERY, data=b"current=1&pageSize=15&webSiteCode[]=glqrmzf&channelCode[]=col9")
    assert json.loads(answer.body)["data"] == {"page": 1, "rows": 15, "total": 0, "results": []}
    assert fetch(base + QUERY, data=b"current=x").status == 400


def test_every_fifth_report_of_the_departments_stands_in_its_file_alone(fetch, world):
    filed = [row for row in world.expected if row.attachments]
    assert len(filed) == 8
    for row in filed:
        assert "一、总体情况" not in fetch(row.url).body.decode()
        assert "一、总体情况".encode("utf-16-be").hex().encode() in fetch(row.attachments[0]).body


def test_the_way_and_all_that_it_leads_to_is_there(fetch, base, world):
    for path, _, form in (way.partition(" ") for way in world.sites[0].way):
        assert fetch(base + path, data=form.encode() or None).status == 200
    assert all(row.title in fetch(row.url).body.decode() for row in world.expected)
