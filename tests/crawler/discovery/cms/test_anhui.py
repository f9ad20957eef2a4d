"""The openness platforms of Anhui."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.anhui import read
from crawler.discovery.listing import Listing, Source

LIST = "https://a.cn/XxgkContent/showList/1302/0/page_{}.html"
COLUMN = "https://a.cn/xxgkContent/?branch_id=5d9f&column_code=52702"
YEARS = "https://a.cn/pages/spage.xp?doAction=sgknb&unitid=7"
ROW = '<li><a href="/XxgkAnnualReport/show/{0}.html">年报</a><span>2024-01-20</span></li>'
LINKED = '<div>共12条 1/3页 <a href="page_2.html">下一页</a></div>'
SCRIPTED = "<script>var pageCount = 3; drawPager(pageCount);</script>"


def listing(url: str, text: str) -> Listing:
    [found] = read(Source(url=url, text=text))
    return found


@pytest.mark.parametrize("pager", [LINKED, SCRIPTED, "<div>共12条</div>"])
def test_the_number_in_the_address_is_counted_on_whoever_draws_the_pager(pager: str) -> None:
    found = listing(LIST.format(1), f"<ul>{''.join(map(ROW.format, range(5)))}</ul>{pager}")
    assert [(ask.url, ask.page) for ask in found.further] == [(LIST.format(2), 2)]
    assert (found.system, found.page, found.rows) == ("anhui", 1, 5)


def test_a_list_has_one_name_on_all_its_pages_and_ends_with_the_last() -> None:
    first, last = (listing(LIST.format(number), SCRIPTED) for number in (1, 3))
    assert first.name == last.name == "anhui /XxgkContent/showList/1302/0/page_*"
    assert (last.page, last.pages, last.further) == (3, 3, ())


@pytest.mark.parametrize(("rows", "goes_on"), [(3, False), (12, True)])
def test_a_list_that_says_nothing_may_go_on_if_it_is_long(rows: int, goes_on: bool) -> None:
    found = listing(LIST.format(1), "".join(map(ROW.format, range(rows))))
    assert bool(found.further) is goes_on


def test_a_column_of_an_organ_is_turned_by_a_parameter() -> None:
    found = listing(COLUMN, SCRIPTED)
    again = listing(found.further[0].url, SCRIPTED)
    assert [ask.url for ask in found.further] == [f"{COLUMN}&page=2"]
    assert (again.page, again.name, again.further[0].url) == (2, found.name, f"{COLUMN}&page=3")


def test_each_year_behind_one_address_is_a_column() -> None:
    options = "".join(f"<option value={year}>{year}" for year in (2024, 2023, 2022))
    found = listing(f"{YEARS}&year=2024", f"<select name=year onchange=load()>{options}</select>")
    assert [(link.url, link.text) for link in found.columns] == [
        (f"{YEARS}&year=2023", "2023年"),
        (f"{YEARS}&year=2022", "2022年"),
    ]


@pytest.mark.parametrize(
    "url", ["https://a.cn/", "https://a.cn/XxgkAnnualReport/show/1.html", "https://a.cn/xxgkContent/"]
)
def test_other_pages_are_left_alone(url: str) -> None:
    assert [*read(Source(url=url, text=LINKED))] == []


@pytest.mark.parametrize("url", [LIST.format(1), COLUMN, YEARS])
@given(st.lists(st.sampled_from([*LINKED, *SCRIPTED.split(), *ROW.split('"'), "<select name=", "<option value=2023"])))
def test_no_page_makes_it_raise(url: str, pieces: list[str]) -> None:
    assert len([*read(Source(url=url, text="".join(pieces)))]) <= 1
