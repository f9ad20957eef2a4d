"""Links as a reader would follow them, whatever the markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.links import Link, links_of, requisites_of

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


@given(st.text(st.sampled_from("<>a href='\"/=[]:#&;!-报\0\n")))
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


def test_requisites_are_what_it_takes_to_show_the_page() -> None:
    head = '<link rel=stylesheet href=1.css><link rel="shortcut icon" href=2><script src=3.js></script>'
    html = f"{head}<link rel=author href=5><img src=4><img src=data:,x>"
    assert [*requisites_of(html, BASE)] == [f"{BASE}{name}" for name in ("1.css", "2", "3.js", "4")]
