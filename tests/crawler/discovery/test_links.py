"""Links as a reader would follow them, whatever the markup."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.address import address
from crawler.discovery.links import Link, Page, links_of, requisites_of

BASE = "https://a.cn/x/"


def found(html: str) -> list[tuple[str, str]]:
    return [(link.url, link.text) for link in links_of(html, BASE)]


def test_broken_markup_gives_its_links() -> None:
    html = "<a href=/a>一<a href='b'>二</a></p></td></ul><a href=\"c\" >三<a href=d"
    assert found(html) == [("https://a.cn/a", "一"), (f"{BASE}b", "二"), (f"{BASE}c", "三")]


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href=" 1.html#top ">\n 年  报\n</a>', (f"{BASE}1.html", "年 报")),
        ('<a href="1"><span>年</span><b>报</b></a>', (f"{BASE}1", "年报")),
        ('<a href="1" title="全文标题">全文标…</a>', (f"{BASE}1", "全文标题")),
        ('<a href="1" title="全文标题">全文标...</a>', (f"{BASE}1", "全文标题")),
        ('<a href="1" title="图"><img src="2"></a>', (f"{BASE}1", "图")),
        ('<a href="1" title="新窗口打开">年报</a>', (f"{BASE}1", "年报")),
        ('<map><area href="1"></map>', (f"{BASE}1", "")),
        ('<iframe src="1"></iframe>', (f"{BASE}1", "")),
        ('<base href="/y/"><a href="1">年报</a>', ("https://a.cn/y/1", "年报")),
        ('<base href="http://["><a href="1">年报</a>', (f"{BASE}1", "年报")),
        ('<a href="//b.cn/1">年报</a>', ("https://b.cn/1", "年报")),
    ],
)
def test_a_link_is_its_address_and_its_words(html: str, link: tuple[str, str]) -> None:
    assert found(html) == [link]


@pytest.mark.parametrize("address", ["javascript:void(0)", "mailto:a@b.cn", "http://[", "tel:1", "data:text/html,x"])
def test_what_leads_nowhere_is_no_link(address: str) -> None:
    assert found(f'<a href="{address}">年报</a><a name="x">y</a>') == []


WORDS = ("<a href=", "javascript:", "go(", "onclick=", "<select onchange=", "<option value=", "2024-01-20", "<script>")
CODE = ("</script>", "function go(n){", "location.href=", "this.value", "<iframe src=", "<base href=", "位置:")
PIECES = st.sampled_from((*"<>'\"/=[](){}+:;#&!-报\0\n ", *WORDS, *CODE))


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_page_makes_it_raise(text: str) -> None:
    assert links_of(text, BASE) is not None


@pytest.mark.parametrize(
    ("url", "is_file"),
    [
        ("1.pdf", True),
        ("1.OFD?x=1", True),
        ("downfile.jsp?f=1", True),
        ("1.html", False),
        ("pdf", False),
        ("?f=1.pdf", False),
    ],
)
def test_a_file_is_known_by_its_path(url: str, is_file: bool) -> None:
    assert Link(url=f"{BASE}{url}", text="").is_file is is_file


SCRIPTED = """<script>
var folder = "/nb/";
function goPage(n) {
  if (n == 1) { location.href = "index.html"; } else { location.href = folder + "index_" + n + ".htm"; }
}
function jump(list) { window.location = list.options[list.selectedIndex].value; }
</script>"""


@pytest.mark.parametrize(
    ("html", "url", "tag"),
    [
        ('<a href="javascript:goPage(2)">2</a>', "https://a.cn/nb/index_2.htm", "script"),
        ("<a href=\"javascript:turnpage('index_2.html')\">下页</a>", f"{BASE}index_2.html", "script"),
        ("<a href='#' onclick=\"location.href='1.html'; return false\">年报</a>", f"{BASE}1.html", "script"),
        ("<li onclick=\"window.open('/1.html', '_blank')\">年报</li>", "https://a.cn/1.html", "script"),
        ("<div data-href='/1.html'>年报</div>", "https://a.cn/1.html", "script"),
        ("<a href='javascript:;' data-url='1.jsp?id=2'>年报</a>", f"{BASE}1.jsp?id=2", "script"),
        ("<select><option value='/jyj/'>区教育局</option></select>", "https://a.cn/jyj/", "option"),
        ("<select onchange='jump(this)'><option value=2023/>2023年</select>", f"{BASE}2023/", "option"),
        (
            "<select onchange=\"location='l.asp?y='+this.value\"><option value=2023>年</select>",
            f"{BASE}l.asp?y=2023",
            "option",
        ),
        ("<frameset><frame src=menu.html></frameset>", f"{BASE}menu.html", "frame"),
        ("<meta http-equiv=Refresh content=\"0; URL='/zwgk/'\">", "https://a.cn/zwgk/", "refresh"),
        ("<script>location.replace('/index/')</script>", "https://a.cn/index/", "refresh"),
    ],
)
def test_a_link_is_whatever_leads_on(html: str, url: str, tag: str) -> None:
    assert [(link.url, link.tag) for link in links_of(SCRIPTED + html, BASE)] == [(url, tag)]


def test_a_form_that_is_sent_as_one_chooses_leads_to_each_choice() -> None:
    form = """<form action=list.jsp><input type=hidden name=dept value=3>
<select name=year onchange="this.form.submit()"><option value="">全部<option value=2023>2023年</select></form>"""
    assert found(form) == [(f"{BASE}list.jsp?dept=3&year=2023", "2023年")]
    assert found(form.replace("<form ", "<form method=post ")) == []


@pytest.mark.parametrize(
    "html",
    [
        "<a href=/1 onclick=\"count('/2.html')\">年报</a>",
        "<a href='#'>回到顶部</a><a href='javascript:history.back()'>返回</a>",
        "<img data-url='/1.jpg' onclick=\"open('/1.jpg')\">",
        "<select><option value=1>一</select>",
        "<p>年报</p>" * 700 + "<a href=/1>x</a><script>function no() { location.href = '/2' }</script>",
    ],
)
def test_what_a_reader_would_not_follow_is_no_link(html: str) -> None:
    assert {link.url for link in links_of(html, BASE)} <= {"https://a.cn/1"}


def test_a_link_tells_its_title_its_route_and_where_it_stands() -> None:
    html = """<div class=header><a href=/>首页</a></div><div>当前位置:<a href=/a/>公开</a></div>
<ul><li><a href=1 title=全文>年报</a><span>2024-01-20</span></li></ul><a href="/x#721">目录</a>
<div><a href=2>下一页&gt;</a><a href=3>3</a></div><div id=foot><a href=4>联系</a></div>"""
    links = links_of(html, BASE)
    assert [link.position for link in links] == ["nav", "crumb", "main", "main", "pager", "pager", "footer"]
    assert [link.row for link in links] == [False, False, True, False, False, False, False]
    assert (links[2].title, links[2].text, links[3].fragment) == ("全文", "年报", "721")


@pytest.mark.parametrize(
    "row",
    [
        "<tr><td><a href=1>年报</a></td><td>2024年1月20日</td></tr>",
        "<div><h3><a href=1>年报</a></h3><p>发布日期:2024-1-20</p></div>",
        "<li><span>[01-20]</span><a href=1>年报</a></li>",
        "<li><a href=1><b>年报</b><i>2024/01/20</i></a></li>",
    ],
)
def test_a_row_of_a_list_has_a_date_beside_it(row: str) -> None:
    [link] = links_of(f"<table>{row}</table>" if row.startswith("<tr") else row, BASE)
    assert link.row


@pytest.mark.timeout(120)
def test_a_hundred_thousand_links_are_read_in_seconds() -> None:
    html = "".join(f'<li><a href="/a/{number}.html">年报</a><span>2024-01-20</span>' for number in range(100_000))
    began = process_time()
    assert len(links_of(html, BASE)) == 100_000
    assert process_time() - began < 20


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 60_000,
        "<a href=1><div>" * 30_000,
        "<form>" + "<select onchange='this.form.submit()'><option value=1>" * 30_000,
        "<select onchange=go(this.value)>" + "<option value=1>x" * 60_000,
        "<table><tr><td>" * 30_000,
        "<div onclick=\"go('" * 30_000,
        "<script>" + "function go(n){go(n);go(n);location.href=n}" * 9_000 + "</script><a href='javascript:go(1)'>x",
        "<script>var a=" + "(" * 300_000,
    ],
)
def test_no_page_takes_for_ever(html: str) -> None:
    began = process_time()
    assert links_of(html, BASE) is not None
    assert process_time() - began < 10


def test_requisites_are_what_it_takes_to_show_the_page() -> None:
    head = '<link rel=stylesheet href=1.css><link rel="shortcut icon" href=2><script src=3.js></script>'
    html = f"{head}<link rel=author href=5><img src=4><img src=data:,x>"
    assert [*requisites_of(html, BASE)] == [f"{BASE}{name}" for name in ("1.css", "2", "3.js", "4")]


def test_a_counter_of_visits_is_no_requisite() -> None:
    html = "<script src=/system/resource/code/news/click/clicktimes.jsp?id=1></script><img src=/hits.asp?id=1>"
    assert [*requisites_of(html, BASE)] == []


@given(st.text(st.sampled_from("/.a~-_B2?# 报")))
def test_a_plain_path_gives_the_address_that_parsing_it_gives(target: str) -> None:
    page = Page("", BASE)
    assert page.address(target) == address(target, base=BASE, charset="utf-8")
