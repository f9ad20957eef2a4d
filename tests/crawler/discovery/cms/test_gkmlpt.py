"""gkmlpt: the tree of columns, and the pages of a column."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.gkmlpt import MOST_NODES, read
from crawler.discovery.listing import Listing, Source

INDEX = "https://a.cn/qjyj/gkmlpt/index"
API = "https://a.cn/qjyj/gkmlpt/api/all/721?page={page}&sid=755001"
TREE = """<script>window._CONFIG = {SID: '755001', // TREE of the site
TREE: [{id: 1, name: '机构职能', jump_url: '', children: []},
 {"id": "2", "name": "政府信息公开年报", "children": [{id: 3, name: '2023年'}, {id: 4, name: '2022年度报告'},]},
 {id: 5, name: '年报', jump_url: '/zwgk/nb/'}, {id: 6, name: '一', jump_url: '/qjyj/gkmlpt/index#721'},
 {id: 7, name: '二', jump_url: 'https://a.cn/qjyj/gkmlpt/index#722'},
 {id: 8, name: '三', jump_url: '/x/gkmlpt/index#9'},
 {name: '四'}, null], SERVICE_AREA_ID: 7, on: function () {}};</script>"""
PIECES = st.sampled_from(
    [*TREE.split("'"), "'", '"', "{", "}", "[", "]", "/*", "\\", "\ud800", "window._CONFIG=", "TREE:"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["articles", "classify", "post_count", "url", "title", "attachment"]), inner)
    ),
)


def column(answer: object, page: object = 1) -> Listing:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    [listing] = read(Source(url=API.format(page=page), text=text, media_type="application/json"))
    return listing


def articles(count: int, **more: object) -> list[dict[str, object]]:
    return [{"title": f"第{number}篇", "url": f"http://a.cn/post_{number}.html", **more} for number in range(count)]


def test_the_tree_gives_its_columns_those_of_yearly_reports_first() -> None:
    [listing] = read(Source(url=INDEX, text=TREE))
    root = "https://a.cn/qjyj/gkmlpt"
    assert (listing.name, listing.page, listing.rows, listing.trouble) == (f"{root}/index", 0, None, None)
    assert [(link.text, link.url.removeprefix(f"{root}/api/all/")) for link in listing.columns] == [
        ("政府信息公开年报", "2?page=1&sid=755001"),
        ("政府信息公开年报 2023年", "3?page=1&sid=755001"),
        ("2022年度报告", "4?page=1&sid=755001"),
        ("年报", "https://a.cn/zwgk/nb/"),
        ("机构职能", "1?page=1&sid=755001"),
        ("一", "721?page=1&sid=755001"),
        ("二", "722?page=1&sid=755001"),
        ("三", "https://a.cn/x/gkmlpt/index"),
    ]


@pytest.mark.parametrize("sid", ["", "SID: site(), ", "SID: [], "])
def test_without_a_sid_the_columns_are_asked_for_all_the_same(sid: str) -> None:
    [listing] = read(
        Source(url="https://a.cn/gkmlpt/index", text=f"window._CONFIG={{{sid}TREE:[{{id:1,name:'年报'}}]}}")
    )
    assert [link.url for link in listing.columns] == ["https://a.cn/gkmlpt/api/all/1?page=1"]


def test_a_tree_that_cannot_be_read_is_trouble() -> None:
    [listing] = read(Source(url=INDEX, text=TREE[:200]))
    assert listing.trouble
    assert listing.trouble.startswith("the tree of columns cannot be read: no value, or none that ends: ")
    assert "\n" not in listing.trouble


@pytest.mark.parametrize(
    ("page", "rows", "declared", "following"),
    [
        *((1, 100, 130, 2), (2, 30, 130, None), (2, 28, 130, 3), (1, 88, 88, None), (1, 20, 45, 2), (2, 20, 45, 3)),
        *((1, 100, None, 2), (1, 99, None, None), (0, 100, 130, 2), (1, 0, 5, None), ("x", 100, 130, 2)),
    ],
)
def test_the_next_page_is_asked_for_while_the_column_counts_more(
    page: object, rows: int, declared: int | None, following: int | None
) -> None:
    listing = column({"classify": {"post_count": declared}, "articles": articles(rows)}, page)
    assert (listing.page, listing.rows, listing.declared) == (page if page in {1, 2} else 1, rows, declared)
    assert [(ask.url, ask.page) for ask in listing.further] == [
        (API.format(page=number), number) for number in (following,) if number
    ]
    assert all(ask.listing == listing.name == f"{INDEX}#721" for ask in listing.further)


def test_an_article_is_its_page_or_where_it_has_none_its_files() -> None:
    file = {"name": "年报.pdf", "url": "/attachment/0/88/88389/963149.pdf"}
    one, two, three = articles(3, attachment=[file])
    two |= {"url": "", "post_url": "/zwgk/content/post_9.html", "title": "<b>二</b>&amp;\ud800"}
    listing = column({"articles": [one, two, three | {"url": None}, None, {}]})
    assert [(link.url, link.text) for link in listing.links] == [
        ("http://a.cn/post_0.html", "第0篇"),
        ("https://a.cn/zwgk/content/post_9.html", "二&�"),
        ("https://a.cn/attachment/0/88/88389/963149.pdf", "年报.pdf"),
    ]


@pytest.mark.parametrize(
    "answer", ["", "<html>", "{", "[]", "{}", '{"articles": {}}', "[" * 10**5, '{"message": "No"}']
)
def test_an_answer_that_is_no_page_is_trouble_in_one_line(answer: str) -> None:
    listing = column(answer)
    assert listing.trouble
    assert "\n" not in listing.trouble
    assert listing.further == ()


@pytest.mark.parametrize(
    "text", ["", "<html>gkmlpt</html>", "<script>window._CONFIG = {DETAIL: {title: 'x'}}</script>"]
)
def test_other_pages_are_left_alone(text: str) -> None:
    assert list(read(Source(url=INDEX, text=text))) == []


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_page_makes_it_raise(text: str) -> None:
    assert len(list(read(Source(url=INDEX, text=text)))) <= 1


@given(JSON)
def test_no_answer_makes_it_raise(answer: object) -> None:
    assert column(json.dumps(answer)).name == f"{INDEX}#721"


@pytest.mark.parametrize(
    "piece", ["{id:1,name:'a',children:[", '{"children":[', "{id:1,name:'年报'},", "[", "window._CONFIG="]
)
def test_five_megabytes_of_malice_take_seconds(piece: str) -> None:
    text = f"window._CONFIG = {{TREE: [{piece * (5_000_000 // len(piece))}"
    began = process_time()
    listings = [*read(Source(url=INDEX, text=text)), column(text)]
    assert process_time() - began < 20
    assert all(len(listing.columns) <= MOST_NODES for listing in listings)
