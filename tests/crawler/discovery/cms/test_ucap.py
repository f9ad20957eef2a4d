"""Kaipuyun UCAP: rows in the script, parameters of the next pages, answers to them."""

import json
from time import process_time
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.ucap import read
from crawler.discovery.listing import Ask, Listing, Source

URL = "https://a.cn/site/col/col5/index.html"
PARAMS = """<script>function loadPageData(p) {}
var params = {current: 1, unitid: '380055', webSiteCode: ['site'], channelCode: [codeName], dataBefore: '',
  perPage: '2', notReturnContent: false, missing: unknown, };
loadPageData(params, '380055');</script>"""
SELF = """<script>var codeName = 'col5';
var channelsTagSelf = {"articleCount":%s,"name":"年报","urls":"{\\"pc\\":\\"/site/col/col5/index.html\\"}"}; //
var channelsTagParent = [{"name":"公开","urls":"{\\"pc\\":\\"/site/zwgk/\\"}","children":[
  {"name":"指南","urls":{"pc":"/site/zn/"}},{"name":"无"},]},]; //</script>"""
PIECES = st.sampled_from(
    [*PARAMS.split("'"), *SELF.split('"'), "'", '"', "articleList: [", "{", "}", "[", "]", "\\", "\ud800"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["data", "results", "source", "urls", "pc", "total", "articleFiles"]), inner)
    ),
)


def article(number: int) -> dict[str, object]:
    path = f"/site/col/col5/content/content_{number}.html"
    return {"title": f"第{number}篇", "urls": json.dumps({"mobile": path.replace("content_", "mpost_"), "pc": path})}


def page(rows: int, *, counted: int | str = "null", more: str = PARAMS) -> list[Listing]:
    listed = json.dumps([article(number) for number in range(rows)], ensure_ascii=False)
    text = f"{SELF % counted}<script>var listData = {{articleList: {listed}, }};</script>{more}"
    return list(read(Source(url=URL, text=text)))


def answered(answer: object, number: int = 3) -> Listing:
    [ask] = page(4)[0].further
    text = answer if isinstance(answer, str) else json.dumps(answer)
    asked = Ask(url=ask.url, listing=ask.listing, page=number, method="POST", body=ask.body, headers=ask.headers)
    [listing] = read(Source(url=ask.url, text=text, media_type="application/json", asked=asked))
    return listing


def test_rows_in_the_script_stand_for_the_pages_that_they_fill() -> None:
    [listing] = page(4)
    assert (listing.name, listing.page, listing.rows) == ("ucap site/col5/380055", 2, 4)
    assert listing.links[3].url == "https://a.cn/site/col/col5/content/content_3.html"
    assert listing.links[3].text == "第3篇"


def test_the_next_page_is_posted_for_as_the_script_does() -> None:
    [ask] = page(4)[0].further
    assert (ask.url, ask.method, ask.page, ask.listing) == (
        "https://a.cn/queryList",
        "POST",
        3,
        "ucap site/col5/380055",
    )
    assert parse_qsl(ask.body, keep_blank_values=True) == [
        *(("current", "3"), ("unitid", "380055"), ("webSiteCode[]", "site"), ("channelCode[]", "col5")),
        *(("dataBefore", ""), ("perPage", "2"), ("notReturnContent", "false"), ("missing", ""), ("pageSize", "2")),
    ]
    assert dict(ask.headers) == {
        "X-Requested-With": "XMLHttpRequest",
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "Referer": URL,
    }


@pytest.mark.parametrize(
    ("rows", "counted", "shown", "asked"),
    [
        *((1, "null", 1, None), (1, 1, 1, None), (1, 2, 0, 1), (0, "null", 0, 1)),
        *((4, 4, 2, None), (4, 5, 2, 3), (5, 5, 2, None), (5, 9, 2, 3)),
    ],
)
def test_rows_are_all_there_are_by_the_columns_count_or_as_they_fill_no_page(
    rows: int, counted: int | str, shown: int, asked: int | None
) -> None:
    [listing] = page(rows, counted=counted)
    assert listing.page == shown
    assert [ask.page for ask in listing.further] == ([asked] if asked else [])


def test_a_second_unit_is_asked_for_its_first_page() -> None:
    second = PARAMS.replace("380055", "9").replace("params", "others")
    direct = "<script>loadPageData({unitid: 7, webSiteCode: ['site'], perPage: 15})</script>"
    listings = page(4, more=PARAMS + second + direct)
    assert [one.name for one in listings] == ["ucap site/col5/380055", "ucap site/col5/9", "ucap site//7"]
    assert [(one.page, one.rows, one.further[0].page) for one in listings[1:]] == [(0, 0, 1), (0, 0, 1)]


def test_parameters_of_the_same_name_are_those_written_last() -> None:
    listings = page(4, more=PARAMS + PARAMS.replace("380055", "9"))
    assert [one.name for one in listings] == ["ucap site/col5/380055", "ucap site/col5/9"]


def test_where_the_page_names_its_endpoint_that_is_asked() -> None:
    [listing] = page(4, more=PARAMS + "<script>$.post('/ucap/queryList')</script>")
    assert listing.further[0].url == "https://a.cn/ucap/queryList"


def test_the_columns_around_the_page_are_a_tree_in_its_script() -> None:
    [listing] = list(read(Source(url=URL, text=SELF % 7)))
    assert [(link.text, link.url) for link in listing.columns] == [
        ("年报", URL),
        ("公开", "https://a.cn/site/zwgk/"),
        ("指南", "https://a.cn/site/zn/"),
    ]
    assert listing.further == ()


def test_an_answer_has_its_rows_and_says_how_many_there_are() -> None:
    answer = {"data": {"page": 3, "rows": 2, "total": 7, "results": [{"source": article(5)}, {"source": article(6)}]}}
    listing = answered(answer)
    assert [link.text for link in listing.links] == ["第5篇", "第6篇"]
    assert (listing.page, listing.declared, listing.rows) == (3, 7, 2)
    [ask] = listing.further
    assert (ask.page, dict(parse_qsl(ask.body))["current"], ask.listing) == (4, "4", listing.name)
    assert answered(answer, 4).further == ()


def test_an_article_without_a_page_is_its_files() -> None:
    file = {"fileName": "年报.pdf", "url": "/doc/ucap/1/document/20250801/WKgZu66N.pdf"}
    bare = [{"title": "<p>一</p>", "articleFiles": [file]}, {"showTitle": "二", "articleFiles": json.dumps([file])}]
    listing = answered({"data": {"results": [*bare, {"articleFiles": [{}]}, {"urls": "{"}, None]}})
    assert [(link.text, link.is_file) for link in listing.links] == [("一", True), ("二", True)]


@pytest.mark.parametrize(
    "answer", ["", "<html>", "{", "[]", "{}", '{"data": []}', '{"data": {"results": 1}}', "[" * 10**5]
)
def test_an_answer_that_is_no_page_is_trouble_in_one_line(answer: str) -> None:
    listing = answered(answer)
    assert listing.trouble
    assert "\n" not in listing.trouble
    assert listing.further == ()


@pytest.mark.parametrize(
    "script", ["articleList: [{", "var params = {a: ; loadPageData(params)", "channelsTagSelf = {"]
)
def test_a_script_that_cannot_be_read_is_trouble(script: str) -> None:
    [listing] = read(Source(url=URL, text=f"<script>{script}"))
    assert listing.trouble
    assert listing.trouble.startswith("its script cannot be read: ")


def test_pages_and_answers_of_other_systems_are_left_alone() -> None:
    other = Ask(url="https://a.cn/x", listing="jpaas 1", page=2)
    assert list(read(Source(url=URL, text="<html><a href=index_2.html>2</a></html>"))) == []
    assert list(read(Source(url=URL, text=PARAMS, asked=other))) == []


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_page_makes_it_raise(text: str) -> None:
    assert all(listing.system == "ucap" for listing in read(Source(url=URL, text=text)))


@given(JSON)
def test_no_answer_makes_it_raise(answer: object) -> None:
    assert answered(json.dumps(answer)).name == "ucap site/col5/380055"


@pytest.mark.parametrize(
    "piece",
    ["articleList:[{", '{"children":[', "loadPageData(params);", "params={a:b,c:d};loadPageData(params);", "[x,"],
)
def test_five_megabytes_of_malice_take_seconds(piece: str) -> None:
    text = f"channelsTagSelf = {piece * (5_000_000 // len(piece))}"
    began = process_time()
    assert len(list(read(Source(url=URL, text=text)))) <= 20
    assert answered(text).trouble
    assert process_time() - began < 20
