"""博达 VSB: pages numbered downwards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.vsb import read
from crawler.discovery.listing import Ask, Listing, Source

FOLDER = "https://a.cn/zfxxgk"
PAGER = """<ul><li><a href="../info/1154/1.htm">年报</a><span>2024-01-20</span></li></ul>
<div class="pb_sys_common"><span class="p_t">共52条</span> <span class="p_pages"><span class="p_no_d">{page}</span>
<span class="p_no"><a href="{next}">{number}</a></span>{following}</span> <span class="p_t">{page}/11</span></div>"""
NEXT = """<span class="p_next p_fun"><a href="{next}">下页</a></span>
<span class="p_last p_fun"><a href="1.htm">尾页</a></span>"""
OLDER = """<table><tr><td id="fanye46137">共52条&nbsp;&nbsp;1/11&nbsp;</td><td><span class="PrevDisabled">上页</span>
<a href="zfxxgknb/10.htm" class="Next">下页</a><a href="zfxxgknb/1.htm" class="Next">尾页</a></td></tr></table>"""


def page(number: int, target: str, *, linked: bool = True) -> str:
    following = NEXT.format(next=target) if linked else ""
    return PAGER.format(page=number, number=number + 1, next=target if linked else "", following=following)


def listing(path: str, text: str, asked: Ask | None = None) -> Listing:
    [found] = read(Source(url=f"{FOLDER}/{path}", text=text, asked=asked))
    return found


@pytest.mark.parametrize(
    ("path", "number", "target", "following"),
    [
        ("zfxxgknb.htm", 1, "zfxxgknb/10.htm", "zfxxgknb/10.htm"),
        ("zfxxgknb/10.htm", 2, "9.htm", "zfxxgknb/9.htm"),
        ("zfxxgknb/2.htm", 10, "1.htm", "zfxxgknb/1.htm"),
    ],
)
def test_the_next_page_is_the_one_with_the_lower_number(path: str, number: int, target: str, following: str) -> None:
    found = listing(path, page(number, target))
    assert [(ask.url, ask.page) for ask in found.further] == [(f"{FOLDER}/{following}", number + 1)]
    assert (found.page, found.pages, found.declared, found.rows) == (number, 11, 52, 1)
    assert {found.name, *(ask.listing for ask in found.further)} == {f"vsb {FOLDER}/zfxxgknb"}


def test_the_last_page_leads_nowhere() -> None:
    assert listing("zfxxgknb/1.htm", page(11, "", linked=False)).further == ()


def test_without_a_link_the_page_is_counted_down() -> None:
    first, second = page(1, "", linked=False), page(2, "", linked=False)
    assert [ask.url for ask in listing("zfxxgknb.htm", first).further] == [f"{FOLDER}/zfxxgknb/10.htm"]
    assert [ask.url for ask in listing("zfxxgknb/10.htm", second).further] == [f"{FOLDER}/zfxxgknb/9.htm"]


def test_the_pager_of_older_versions_is_read_too() -> None:
    found = listing("zfxxgknb.htm", OLDER)
    assert [ask.url for ask in found.further] == [f"{FOLDER}/zfxxgknb/10.htm"]
    assert (found.pages, found.declared) == (11, 52)


def test_a_page_that_was_asked_for_is_of_the_list_that_asked() -> None:
    asked = Ask(url=f"{FOLDER}/zfxxgknb/10.htm", listing="vsb x", page=2)
    found = listing("zfxxgknb/10.htm", page(2, "9.htm"), asked)
    assert (found.name, found.further[0].listing) == ("vsb x", "vsb x")


def test_a_year_in_a_slug_is_no_number_of_a_page() -> None:
    found = listing("zfxxgknb/a2024.htm", page(1, "a2024/10.htm"))
    assert (found.name, found.further[0].url) == (f"vsb {FOLDER}/zfxxgknb/a2024", f"{FOLDER}/zfxxgknb/a2024/10.htm")


@pytest.mark.parametrize(
    "text", ["", "<html>1/11 共52条</html>", "<!--Announced by Visual SiteBuilder 9--><p>正文</p>"]
)
def test_a_page_without_such_a_pager_is_left_alone(text: str) -> None:
    assert [*read(Source(url=FOLDER, text=text))] == []


@given(st.lists(st.sampled_from([*PAGER.split('"'), *OLDER.split('"'), '"', "<", ">", "/"]), max_size=40).map("".join))
def test_no_page_makes_it_raise(text: str) -> None:
    assert len([*read(Source(url=f"{FOLDER}/1.htm", text=text))]) <= 1
