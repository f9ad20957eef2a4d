"""Endpoints that nobody described."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.endpoint import read
from crawler.discovery.listing import Ask, Listing, Source

PAGE = "https://a.cn/list.html?dept=3"
ROWS = [{"title": f"第{number}篇", "infourl": f"/info/{number}.html", "id": number} for number in range(2)]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["title", "url", "infoid", "total", "pages"]), inner)
    ),
)


def asks(script: str) -> list[tuple[str, str]]:
    listings = read(Source(url=PAGE, text=f"<ul></ul><script>{script}</script>"))
    return [(ask.url.removeprefix("https://a.cn"), ask.body) for listing in listings for ask in listing.further]


def answered(text: str, *, url: str = "https://a.cn/rest?page=1&size=2", body: str = "", page: int = 1) -> Listing:
    asked = Ask(url=url, listing="endpoint x", page=page, body=body, headers=(("Referer", PAGE),))
    [listing] = read(Source(url=url, text=text, media_type="application/json", asked=asked))
    return listing


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("function load(n) { $.get('/l', {pageNo: n, dept: getUrlParam('dept')}); }", ("/l?pageNo=1&dept=3", "")),
        ("var size = 10; $.getJSON('/l?size=' + size + '&page=' + cur, show);", ("/l?size=10&page=1", "")),
        ("$.post('/l', {pageIndex: page - 1, q: \"a,b}\"}, show);", ("/l", "pageIndex=0&q=a%2Cb%7D")),
        ("axios.get('/l', {params: {current: 1, unknown: x.y()}})", ("/l?current=1", "")),
        (
            "$.ajax({type: 'POST', url: '/l', data: JSON.stringify({pageNum: n})})",
            ("/l", '{"pageNum": "1"}'),
        ),
        ("fetch('/l?page=1').then(show)", ("/l?page=1", "")),
    ],
)
def test_a_call_with_a_page_is_a_list(script: str, asked: tuple[str, str]) -> None:
    assert asks(script) == [asked]


@pytest.mark.parametrize("script", ["$.get('/count?id=1')", "$.post(where, {page: 1})", "$.ajax({url: '/x'", "fetch()"])
def test_a_call_without_a_page_or_an_address_is_none(script: str) -> None:
    assert asks(script) == []


@pytest.mark.parametrize(
    ("url", "body", "following"),
    [
        ("https://a.cn/l?page=1&size=2", "", ("https://a.cn/l?page=2&size=2", "")),
        ("https://a.cn/l", "pageIndex=0&size=2", ("https://a.cn/l", "pageIndex=1&size=2")),
        ("https://a.cn/l", '{"pageNum": "1"}', ("https://a.cn/l", '{"pageNum": "2"}')),
    ],
)
def test_the_next_page_is_asked_for_while_more_is_counted(url: str, body: str, following: tuple[str, str]) -> None:
    found = answered(json.dumps({"data": {"total": 3, "list": ROWS}}), url=url, body=body)
    assert [(ask.url, ask.body) for ask in found.further] == [following]
    assert [(link.url, link.text) for link in found.links] == [
        ("https://a.cn/info/0.html", "第0篇"),
        ("https://a.cn/info/1.html", "第1篇"),
    ]
    assert (found.declared, found.rows, found.page) == (3, 2, 1)


@pytest.mark.parametrize(
    "answer", [{"total": 2, "list": ROWS}, {"pages": 1, "list": ROWS}, {"list": []}, {"data": {"total": 0}}]
)
def test_a_list_ends_where_it_says_or_has_nothing(answer: object) -> None:
    assert answered(json.dumps(answer)).further == ()


def test_rows_may_be_markup_or_bare_numbers() -> None:
    html = answered(json.dumps({"data": {"html": "<li><a href='1.html'>年报</a></li>"}}))
    bare = answered(json.dumps({"rows": [{"title": "年报", "infoid": "8db3"}]}))
    plain = answered("<li><a href='1.html'>年报</a></li>")
    assert [each.links[0].url for each in (html, bare, plain)] == [
        "https://a.cn/1.html",
        "https://a.cn/article.html?infoid=8db3",
        "https://a.cn/1.html",
    ]


@pytest.mark.parametrize("text", ["", "404", "{", "[" * 100_000])
def test_an_answer_that_is_no_list_is_trouble_in_one_line(text: str) -> None:
    found = answered(text)
    assert found.trouble
    assert "\n" not in found.trouble


@given(VALUES)
def test_no_answer_makes_it_raise(value: object) -> None:
    assert answered(json.dumps(value)).name == "endpoint x"


@given(
    st.lists(st.sampled_from(["$.ajax({", "url:", "'/l'", "data:", "page:1", "{", "}", "(", ")", ",", "'", "n-1", "<"]))
)
def test_no_script_makes_it_raise(pieces: list[str]) -> None:
    assert asks(" ".join(pieces)) is not None
