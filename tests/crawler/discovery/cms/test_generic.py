"""Pagers of every other system, by their words and numbers."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.generic import read
from crawler.discovery.listing import Ask, Listing, Source

HOME = "https://a.cn/nb/"
GO = """<script>function go(n) { location.href = "index_" + (n - 1) + ".html"; }</script>"""
CHOICE = "<select onchange=go(this.value)><option value=1>1</option><option value=2>2</option></select>"
ROW = '<ul><li><a href="1.html">年报</a><span>2024-01-20</span></li></ul>'


def listings(text: str, path: str = "", asked: Ask | None = None) -> list[Listing]:
    return [*read(Source(url=f"{HOME}{path}", text=text, asked=asked))]


def following(text: str, path: str = "") -> list[str]:
    return [ask.url.removeprefix(HOME) for listing in listings(text, path) for ask in listing.further]


@pytest.mark.parametrize(
    "pager",
    [
        "<div>首页 <a href=index_1.html>下一页</a> <a href=index_9.html>尾页</a></div>",
        "<a href=index_1.html>下页&gt;&gt;</a>",
        "<a href=index_1.html>后一页</a>",
        "<b><a href=index_1.html>&gt;</a><a href=index_9.html>&raquo;</a></b>",
        "<a href=index_1.html>Next</a>",
        "<a rel=next href=index_1.html>更早</a>",
        "<link rel=next href=index_1.html>",
        "<a title=下一页 href=index_1.html><img src=next.gif></a>",
        "<input type=button value=下一页 onclick=\"location.href='index_1.html'\">",
        "<a href=\"javascript:turnpage('index_1.html')\">下一页</a>",
        f'{GO}<a href="javascript:go(2)">下一页</a>',
        f"{GO}{CHOICE}",
        "<p><b>1</b> <a href=index_1.html>2</a> <a href=index_2.html>3</a></p>",
        "<p><a class=current href=./>1</a> <a href=index_1.html>2</a></p>",
        "<i class=on>1</i><i class=no><a href=index_1.html>2</a></i><i><a href=index_2.html>3</a></i>",
        "<a href=index_1.html><b>2</b></a> <a href=index_2.html><b>3</b></a>",
        "<p>当前第1页 <a href=index_1.html>2</a><a href=index_9.html>10</a></p>",
    ],
)
def test_the_next_page_is_where_a_reader_would_go(pager: str) -> None:
    assert following(ROW + pager) == ["index_1.html"]


def test_of_numbers_only_the_successor_of_the_current_one_is_asked_for() -> None:
    numbers = "".join(f"<a href=list_{number}.html>{number}</a> " for number in (1, 2, 4, 5))
    assert following(f"<div>{numbers.replace('4', '3</b> 4', 1) and numbers} <b>3</b></div>", "list_3.html") == [
        "list_4.html"
    ]


@pytest.mark.parametrize(
    ("words", "page", "pages", "declared"),
    [
        ("共12条 第1/3页", 1, 3, 12),
        ("页次:2/5页 共有48条记录", 2, 5, 48),
        ("总记录数:30 总页数:3 当前第1页", 1, 3, 30),
        ("第 3 页/共 4 页", 3, 4, None),
        ("共 7 条", 1, None, 7),
    ],
)
def test_a_list_says_how_long_it_is(words: str, page: int, pages: int | None, declared: int | None) -> None:
    [found] = listings(f"{ROW}<div>{words} <a href=x_2.html>下一页</a></div>")
    assert (found.page, found.pages, found.declared, found.rows) == (page, pages, declared, 1)


@pytest.mark.parametrize(
    "pager",
    [
        "<div>第3/3页 <a href=index_2.html>下一页</a></div>",
        "<a class=disabled href=index_9.html>下一页</a>",
        "<li class=disabled><a href=index_9.html>下一页</a></li>",
        "<a href=''>下一页</a>",
        "<a href=/>首页</a> &gt; <a href=/zwgk/>政务公开</a>",
        "<a href=2.html>下一篇</a>",
        "<p>2024/01/20</p>",
        "<p>热线 7/24 小时,完成率 1/2</p>",
    ],
)
def test_where_nothing_follows_nothing_is_asked_for(pager: str) -> None:
    assert following(pager) == []


def test_where_the_script_is_elsewhere_the_address_is_counted_on() -> None:
    pager = "<div>共3页 <a href='javascript:turn(2)'>下一页</a></div>"
    assert following(pager, "list.asp?id=4&page=1") == ["list.asp?id=4&page=2"]
    assert following(pager) == ["index_2.html", "index_1.html"]


def test_two_lists_on_one_page_are_two() -> None:
    found = listings("<div><a href=a_2.html>下一页</a></div><div><a href=b_2.html>下一页</a></div>")
    assert [listing.further[0].url.removeprefix(HOME) for listing in found] == ["a_2.html", "b_2.html"]
    assert len({listing.name for listing in found}) == 2


def test_a_page_that_was_asked_for_has_the_number_and_the_list_of_its_question() -> None:
    asked = Ask(url=f"{HOME}index_1.html", listing="generic x", page=2)
    [found] = listings("<p>共9页 <a href=index_2.html>下一页</a></p>", "index_1.html", asked)
    assert (found.name, found.page, found.further[0].page, found.further[0].listing) == ("generic x", 2, 3, "generic x")


def test_a_list_has_one_name_by_whatever_page_it_is_reached() -> None:
    pager = "<a href=x_9.html>下一页</a>"
    names = {listings(pager, path)[0].name for path in ("", "index.html", "index_1.html", "index_2.html")}
    assert names == {"generic https://a.cn/nb"}


@given(
    st.lists(
        st.sampled_from(
            [*"<>'\"/=(){}1290共第页条", GO, CHOICE, ROW, "<a href=", "下一页</a>", " class=cur", "&page=2"]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["", "?page=2", "list_3.html", "?page=٣"]),
)
def test_no_page_makes_it_raise(text: str, path: str) -> None:
    assert len(listings(text, path)) <= 3


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "piece", ["<a href=1>下一页</a>", "<b><a href=2>2</a></b>", "<option value=3>3", "共1", "1/", "<div>1</div>"]
)
def test_no_page_takes_for_ever(piece: str) -> None:
    began = process_time()
    assert listings(piece * 50_000) is not None
    assert process_time() - began < 20


ASP = """<form method=post action="list.aspx?cid=9"><input type=hidden name=__VIEWSTATE value="/wE="><input name=q>
<input type=submit name=ok value=ok>%s</form>"""
GO_FORM = """<script>function go(n) { document.form1.curPage.value = n; document.form1.submit(); }</script>"""
FILLED = """<form name=form1 method=%s action=/l.jsp><input type=hidden name=curPage id=p value=1>
<input name=dept value=3></form><a href="javascript:go(2)">下一页</a>"""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            ASP % "<a href=\"javascript:__doPostBack('pager','2')\">下一页</a>",
            ("POST", f"{HOME}list.aspx?cid=9", "__VIEWSTATE=%2FwE%3D&q=&__EVENTTARGET=pager&__EVENTARGUMENT=2"),
        ),
        (
            ASP % "<b>1</b><a href=\"javascript:__doPostBack('p$2','')\">2</a>",
            ("POST", f"{HOME}list.aspx?cid=9", "__VIEWSTATE=%2FwE%3D&q=&__EVENTTARGET=p%242&__EVENTARGUMENT="),
        ),
        (GO_FORM + FILLED % "post", ("POST", "https://a.cn/l.jsp", "curPage=2&dept=3")),
        (GO_FORM + FILLED % "get", ("GET", "https://a.cn/l.jsp?curPage=2&dept=3", "")),
        (
            GO_FORM.replace("document.form1.curPage.value = n", "$('#p').val(n)") + FILLED % "post",
            ("POST", "https://a.cn/l.jsp", "curPage=2&dept=3"),
        ),
    ],
)
def test_a_pager_that_sends_a_form_is_asked_as_it_would(text: str, asked: tuple[str, str, str]) -> None:
    [found] = listings(text)
    assert [(ask.method, ask.url, ask.body) for ask in found.further] == [asked]
    assert all(("Referer", HOME) in ask.headers for ask in found.further if ask.body)
