"""All readers together: which of them is heard."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.cms import read
from crawler.discovery.listing import Ask, Source

LIST = "https://a.cn/XxgkContent/showList/1/0/page_{}.html"
SCRIPTED = "<script>var pageCount = 3, totalCount = 30, currentPage = 1;</script>"
WORDS = '<div>共3页 <a href="index_1.html">下一页</a></div>'
CALL = 'createPageHTML(3, 0, "index", "html");'
DATASTORE = (
    "<datastore><totalrecord>9</totalrecord><recordset><record><![CDATA[<li><a href='/1.html'>年报</a>]]></record>"
)
PIECES = (
    *SCRIPTED.split(),
    *WORDS.split('"'),
    *DATASTORE.split("<"),
    CALL,
    "window._CONFIG={",
    "queryData=\"{'",
    "<",
    "{",
)


def systems(source: Source) -> list[str]:
    return [listing.system for listing in read(source)]


def test_of_two_readers_of_one_list_the_surer_is_heard() -> None:
    assert systems(Source(url=LIST.format(1), text=SCRIPTED)) == ["anhui"]


def test_a_pagers_words_count_where_no_system_knows_better() -> None:
    assert systems(Source(url="https://a.cn/nb/", text=WORDS)) == ["generic"]
    assert systems(Source(url="https://a.cn/nb/", text=f"<script>{CALL}</script>{WORDS}")) == ["trs"]


def test_a_page_that_was_asked_for_is_one_page_of_one_list() -> None:
    asked = Ask(url=LIST.format(2), listing="anhui /XxgkContent/showList/1/0/page_*", page=2)
    [listing] = read(Source(url=LIST.format(2), text=f"{SCRIPTED}<script>{CALL}</script>", asked=asked))
    assert (listing.name, listing.page, [ask.url for ask in listing.further][:1]) == (
        asked.listing,
        2,
        [LIST.format(3)],
    )


@pytest.mark.parametrize("text", ["", "<p>正文</p>", "{}", "\0", "%PDF-1.7"])
def test_what_holds_no_list_gives_none(text: str) -> None:
    assert read(Source(url="https://a.cn/x", text=text)) == ()


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join), st.sampled_from(["text/html", "application/json"]))
def test_no_page_makes_any_reader_raise(text: str, media_type: str) -> None:
    assert all(listing.name for listing in read(Source(url=LIST.format(1), text=text, media_type=media_type)))
