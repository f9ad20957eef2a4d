import json

from crawler.demo.yuehai import DEPARTMENTS, JUMP, JUMP_SECOND, OWN, SINGLE, WIDE
from crawler.discovery.cms.gkmlpt import read
from crawler.discovery.links import links_of
from crawler.discovery.listing import Source

PORTALS = ("yuehai",)
READ = read
API = "/gkmlpt/api/all/"


def columns(base, prefix, fetch):
    [tree] = read(Source(url=f"{base}{prefix}/gkmlpt/index", text=fetch(f"{base}{prefix}/gkmlpt/index").body.decode()))
    return {link.text: link.url for link in tree.columns}


def test_the_tree_stands_in_the_script_alone(fetch, base):
    text = fetch(f"{base}/gkmlpt/index").body.decode()
    assert [link.text for link in links_of(text, base) if link.text not in {"", "东海市粤海区人民政府"}] == []
    assert list(columns(base, "", fetch))[:2] == ["政府信息公开年报", "部门政府信息公开年报"]
    assert columns(base, "", fetch)["政府信息公开年报"] == base + JUMP


def test_page_nought_is_the_first_and_a_single_page_has_no_second(fetch, base):
    nought, first, second = (json.loads(fetch(f"{base}{API}{WIDE}?page={page}").body) for page in (0, 1, 2))
    assert nought == first
    assert (len(first["articles"]), len(second["articles"]), first["classify"]["post_count"]) == (100, 32, 132)
    assert [fetch(f"{base}{API}{SINGLE}?page={page}").status for page in (1, 2)] == [200, 404]


def test_another_portals_sid_is_refused(fetch, base):
    assert fetch(f"{base}{API}{WIDE}?page=1&sid=1").status == 404


def test_the_reader_finds_all_articles_of_a_column(visitor, base, fetch, world):
    roll = visitor.roll(columns(base, "", fetch)["部门政府信息公开年报"].removeprefix(base))
    assert {page.name for page in roll.pages} == {f"{base}/gkmlpt/index#{WIDE}"}
    assert [(page.page, page.rows, page.declared) for page in roll.pages] == [(1, 100, 132), (2, 32, 132)]
    assert {row.url for row in world.expected if f"/{WIDE}/" in row.url} < roll.links.keys()
    assert len(roll.links) == 132
    assert roll.asked[0] in world.sites[0].way
    assert roll.barren == []


def test_a_departments_own_platform_is_read_with_its_own_sid(visitor, fetch, base, world):
    [column] = columns(base, "/yhjyj", fetch).values()
    assert column == f"{base}/yhjyj{API}{OWN}?page=1&sid=755061"
    roll = visitor.roll(column.removeprefix(base))
    assert roll.links.keys() == {row.url for row in world.expected if "/yhjyj/" in row.url}
    assert (roll.asked, roll.barren) == ([], [])


def test_what_the_tree_jumps_to_is_an_ordinary_column(fetch, base, world):
    shown = [link for path in (JUMP, JUMP_SECOND) for link in links_of(fetch(base + path).body.decode(), base + path)]
    assert {row.url for row in world.expected if "/xxgkndbg/" in row.url} < {link.url for link in shown}
    assert JUMP_SECOND in {link.url.removeprefix(base) for link in shown if link.text == "下一页"}


def test_every_report_is_of_the_column_or_of_a_platform(world, fetch, base):
    parts = ("/xxgkndbg/", f"/4/{WIDE}/", f"/yhjyj/gkmlpt/content/4/{OWN}/")
    assert [sum(part in row.url for row in world.expected) for part in parts] == [12, 33, 4]
    assert DEPARTMENTS in fetch(f"{base}/").body.decode()


def test_an_articles_page_has_its_text_in_the_markup_and_in_the_script(fetch, world):
    row = next(row for row in world.expected if f"/{WIDE}/" in row.url)
    text = fetch(row.url).body.decode()
    assert "<p>一、总体情况</p>" in text.partition("article-content")[2]
    assert json.loads(text.partition("DETAIL: ")[2].partition("};</script>")[0])["title"] == row.title
    assert list(read(Source(url=row.url, text=text))) == []


def test_the_way_and_all_that_it_leads_to_is_there(fetch, base, world):
    assert all(fetch(base + path).status == 200 for path in world.sites[0].way)
    assert all(row.title in fetch(row.url).body.decode() for row in world.expected)
    assert all(fetch(url).body.startswith(b"%PDF") for row in world.expected for url in row.attachments)
