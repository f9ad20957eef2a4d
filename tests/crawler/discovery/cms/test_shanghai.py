"""The forms of Shanghai's districts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.shanghai import read
from crawler.discovery.listing import Source

LIST = "https://a.cn/mh-xxgk-cms/website/xxgk/gknb_qzfnb/List/list_{}.htm"
GOVERNED = "https://a.cn/goverList.html?deptcode=002008&categorynum=7"
ASKING = """<ul id=list></ul><script>function load(page) {
  $.ajax({url: "/rest/list", type: "post", data: {deptcode: getQueryString("deptcode"), pageIndex: page - 1}});
}</script>"""


@pytest.mark.parametrize(
    ("number", "pager", "following"),
    [
        (0, "<div>第1页/共3页</div>", [1]),
        (1, "<div>共3页</div>", [2]),
        (2, "<div>共3页</div>", []),
        (0, '<div><a href="list_1.htm">下一页</a></div>', [1]),
        (0, '<div><b>1</b><a href="list_1.htm">2</a></div>', [1]),
        (0, "<p>一页</p>", []),
    ],
)
def test_pages_are_numbered_from_nought(number: int, pager: str, following: list[int]) -> None:
    [found] = read(Source(url=LIST.format(number), text=pager))
    assert (found.page, found.name) == (
        number + 1,
        f"shanghai {LIST.partition('.cn')[2].format('*').removesuffix('.htm')}",
    )
    assert [(ask.url, ask.page) for ask in found.further] == [(LIST.format(each), each + 1) for each in following]


def test_what_a_script_asks_for_is_asked_for() -> None:
    [found] = read(Source(url=GOVERNED, text=ASKING))
    [ask] = found.further
    assert (found.system, found.page, found.rows) == ("shanghai", 0, 0)
    assert (ask.url, ask.method, ask.body) == ("https://a.cn/rest/list", "POST", "deptcode=002008&pageIndex=0")
    assert ("Referer", GOVERNED) in ask.headers


@pytest.mark.parametrize("url", ["https://a.cn/", "https://a.cn/article.html?infoid=1", "https://a.cn/details?id=2"])
def test_other_pages_are_left_alone(url: str) -> None:
    assert [*read(Source(url=url, text=ASKING))] == []


@pytest.mark.parametrize("url", [LIST.format(0), GOVERNED])
@given(st.lists(st.sampled_from([*ASKING.split(), *"{}()'\"+:,<>", "下一页", "<a href=", "$.post("])).map(" ".join))
def test_no_page_makes_it_raise(url: str, text: str) -> None:
    assert all(listing.name for listing in read(Source(url=url, text=text)))
