"""Hanweb jpaas: units, their pagers, and what their endpoint says."""

import json
from time import process_time
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.jpaas import read
from crawler.discovery.listing import Ask, Listing, Source

URL = "https://a.cn/col/col1/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = "{'parseType':'bulidstatic','webId':'7','tagId':'信息|列表','pageId':210,'editType':null,}"
SHELL = f'<ul></ul><script src=u.js url="{UNIT}" queryData="{QUERY}"></script>'
PAGER = f"""<div class="pagination" rows="15" count="48" pageNo="1" unitUrl="{UNIT}"
queryData="{{'webId':'7','pageId':'210','tagId':'信息|列表'}}"><a href="#">2</a></div>"""
PIECES = st.sampled_from(
    [*SHELL.split("'"), *PAGER.split('"'), "'", '"', "{", "}", "<", ">", "count=9", "\ud800", "&quot;"]
)


def lists(html: str) -> list[Listing]:
    return list(read(Source(url=URL, text=html)))


def answered(html: object, ask: Ask | None = None) -> Listing:
    ask = ask or lists(SHELL)[0].further[0]
    text = json.dumps({"data": {"html": html}})
    [listing] = read(Source(url=ask.url, text=text, media_type="application/json", asked=ask))
    return listing


def asked(ask: Ask) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(ask.url).query).items()}


@pytest.mark.parametrize("attribute", ["queryData", "querydata", "QUERYDATA"])
def test_a_shell_is_asked_for_its_first_page_as_its_script_asks(attribute: str) -> None:
    [shell] = lists(SHELL.replace("queryData", attribute))
    [ask] = shell.further
    assert (shell.name, shell.page, shell.rows, shell.links) == ("jpaas 7/210/信息|列表", 0, 0, ())
    assert (ask.listing, ask.page, ask.method) == (shell.name, 1, "GET")
    assert ask.headers == (("X-Requested-With", "XMLHttpRequest"), ("Referer", URL))
    assert asked(ask) == {
        "parseType": "bulidstatic",
        "webId": "7",
        "tagId": "信息|列表",
        "pageId": "210",
        "editType": "null",
        "paramJson": '{"pageNo":1,"pageSize":14}',
    }


def test_each_unit_of_a_page_is_a_list_and_what_calls_itself_one_comes_first() -> None:
    picture = SHELL.replace("信息|列表", "图片")
    assert [one.name for one in lists(picture + SHELL + SHELL)] == ["jpaas 7/210/信息|列表", "jpaas 7/210/图片"]


def test_a_page_that_shows_its_first_rows_is_asked_for_the_second() -> None:
    [begun] = lists(f"<div id=x><li><a href=../1.html title=t>一</a></li>{PAGER}{SHELL}</div>")
    assert [(link.url, link.text) for link in begun.links] == [("https://a.cn/col/1.html", "一")]
    assert (begun.page, begun.declared, begun.rows) == (1, 48, 1)
    assert json.loads(asked(begun.further[0])["paramJson"]) == {"pageNo": 2, "pageSize": 15}


def test_a_pager_that_stands_alone_tells_how_many_rows_the_page_has() -> None:
    assert [listing.rows for listing in lists(PAGER)] == [15]
    assert [listing.rows for listing in lists(PAGER.replace("48", "9"))] == [9]


def test_what_else_the_script_asks_goes_along() -> None:
    search = "&quot;{'xxgkId':'A&quot;1'}&quot;"
    html = SHELL.replace(
        "'editType':null", f"'paramJson':'{{&quot;pageSize&quot;:&quot;20&quot;,&quot;search&quot;:{search}}}'"
    )
    html = html.replace("{'xxgkId':'A&quot;1'}", "x")
    [shell] = lists(html)
    assert shell.name.endswith(" x")
    assert json.loads(asked(shell.further[0])["paramJson"]) == {"search": "x", "pageNo": 1, "pageSize": 20}


def test_quotes_within_quotes_cost_the_pairs_that_hold_them_alone() -> None:
    [shell] = lists(
        f"""<script url="{UNIT}" queryData="{{'webId':'7','paramJson':'{{'a':{{}}}}','pageId':'210'}}"></script>"""
    )
    assert {"webId": "7", "pageId": "210"}.items() <= asked(shell.further[0]).items()


@pytest.mark.parametrize("written", ["", "{", "nothing", "[1]"])
def test_a_query_that_cannot_be_read_is_trouble(written: str) -> None:
    [listing] = lists(f'<script url="{UNIT}" queryData="{written}"></script>')
    assert listing.trouble == f"a unit's query cannot be read: {written!r}"


def test_an_answer_has_its_rows_and_says_how_many_there_are() -> None:
    html = "<style>.pagination{}</style><li><a href='./1.html'>一</a></li><a href='#'>2</a>" + PAGER.replace("48", "15")
    listing = answered(html)
    assert [(link.url, link.text) for link in listing.links] == [("https://a.cn/col/col1/1.html", "一")]
    assert (listing.page, listing.declared, listing.rows, listing.further) == (1, 15, 1, ())


@pytest.mark.parametrize(
    "pager",
    [
        '<div class="pagination" rows="14" count="31" pageNo="1"></div>',
        "<div id=\"u_pagination\" queryData=\"{'rows':'14','count':'31','pageNo':'1'}\"></div>",
        '<script>$("#p").page({count: "31", rows: "14", pageNo: "1"})</script>',
    ],
)
def test_a_pager_tells_its_numbers_in_each_of_its_forms(pager: str) -> None:
    listing = answered(f'<li><a href="/1.html">一</a></li>{pager}')
    assert listing.declared == 31
    assert json.loads(asked(listing.further[0])["paramJson"])["pageNo"] == 2
    assert listing.further[0].listing == listing.name == "jpaas 7/210/信息|列表"


def test_without_a_total_the_next_page_is_asked_for_until_one_is_empty() -> None:
    [ask] = answered('<li><a href="/1.html">一</a></li>').further
    assert ask.page == 2
    assert answered("", ask).further == ()


def test_an_answer_without_its_question_is_read_by_its_address() -> None:
    [ask] = lists(SHELL)[0].further
    [listing] = read(Source(url=ask.url, text=json.dumps({"data": {"html": "<a href=/1.html>一</a>"}})))
    assert (listing.name, listing.page, listing.rows) == ("jpaas 7/210/信息|列表", 1, 1)


@pytest.mark.parametrize(
    "text", ["<html>403</html>", "", '{"data":', "[]", '{"data":null}', '{"data":{"html":1}}', "[" * 10**5]
)
def test_an_answer_that_is_no_page_is_trouble_in_one_line(text: str) -> None:
    [ask] = lists(SHELL)[0].further
    [listing] = read(Source(url=ask.url, text=text, asked=ask))
    assert listing.trouble
    assert "\n" not in listing.trouble
    assert (listing.name, listing.page, listing.further) == (ask.listing, 1, ())


def test_pages_and_answers_of_other_systems_are_left_alone() -> None:
    other = Ask(url="https://a.cn/module/web/jpage/dataproxy.jsp", listing="45671", page=2)
    assert lists("<html><script src=x.js></script></html>") == []
    assert list(read(Source(url=other.url, text=SHELL, asked=other))) != []
    assert list(read(Source(url=other.url, text="<datastore></datastore>", asked=other))) == []


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_page_and_no_answer_makes_it_raise(text: str) -> None:
    [ask] = lists(SHELL)[0].further
    for source in (Source(url=URL, text=text), Source(url=ask.url, text=text, asked=ask)):
        assert all(listing.system == "jpaas" for listing in read(source))
    assert answered(text).name == ask.listing


@pytest.mark.parametrize("piece", ["[", '{"a":', SHELL, PAGER, '<div unitUrl=a querydata="{1}">', "querydata={'a':"])
def test_five_megabytes_of_malice_take_seconds(piece: str) -> None:
    text, [ask] = piece * (5_000_000 // len(piece)), lists(SHELL)[0].further
    began = process_time()
    assert len(lists(text)) <= 50
    assert list(read(Source(url=ask.url, text=text, asked=ask)))
    assert process_time() - began < 20
