"""TRS WCM: what its scripts are told of a list's further pages, in every order that was seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.cms.trs import read
from crawler.discovery.listing import Ask, Listing, Source

NB = "https://a.cn/zwgk/nb/"
ROWS = "".join(f'<li><a href="t{n}.html">年报{n}</a><span>2024-01-{n:02}</span></li>' for n in range(10, 22))


def listing(text: str, file: str = "", *, page: int | None = None, folder: str = NB) -> Listing:
    """`page`: as the answer to a question for that page."""
    url = folder + file
    name = f"trs {folder}{file.partition('_')[0]}.html"
    asked = Ask(url=url, listing=name, page=page) if page else None
    [found] = read(Source(url=url, text=text, asked=asked))
    return found


def files(found: Listing) -> list[str]:
    return [ask.url.removeprefix(NB) for ask in found.further]


@pytest.mark.parametrize(
    ("text", "file", "further", "pages", "declared"),
    [
        ('createPageHTML(3, 0, "index", "html");', "", ["index_1.html", "index_2.html"], 3, None),
        ("createPageHTML( 3 ,0,'index','shtml')", "index.shtml", ["index_1.shtml", "index_2.shtml"], 3, None),
        ('createPageHTML("3","0","index","html")', "", ["index_1.html", "index_2.html"], 3, None),
        ('createPageHTML(41, 3, 0, "index", "html")', "", ["index_1.html", "index_2.html"], 3, 41),
        ('createPageHTML(63,0,"index","shtml","l",435)', "", ["index_1.shtml", "index_2.shtml"], 63, 435),
        ("createPageHTML('page_div',10, 1,'zl','shtml',200)", "zl.shtml", ["zl_2.shtml", "zl_1.shtml"], 10, 200),
        ('createPageHTML("page",2,1,"rlist","shtml",12)', "rlist.shtml", ["rlist_2.shtml", "rlist_1.shtml"], 2, 12),
        ('createPageHTML(3,0,"News2","html")', "News2.html", ["News2_1.html", "News2_2.html"], 3, None),
        ("$('.p').pagination({ totalPage: 4 })", "index.html", ["index_2.html", "index_1.html"], 4, None),
        ("var countPage = 5, currentPage = 0;", "", ["index_1.html", "index_2.html"], 5, None),
        ('var totalPage = "3"; go("index" + "_" + n + ".shtml")', "", ["index_2.shtml", "index_1.shtml"], 3, None),
        ("{pageCount:3}", "News2.html", ["News2_2.html", "News2_1.html"], 3, None),
        ("{pageCount:3}", "1.html", ["2.html"], 3, None),
        ("{pageCount:3}", "column-index-1.shtml", ["column-index-2.shtml"], 3, None),
    ],
)
def test_each_way_to_tell_a_script_gives_the_second_page_and_another_guess(text, file, further, pages, declared):
    found = listing(f"<script>{text}</script>", file)
    assert files(found) == further
    assert (found.page, found.pages, found.declared) == (1, pages, declared)
    assert {(ask.page, ask.listing) for ask in found.further} == {(2, found.name)}


@pytest.mark.parametrize(
    ("text", "file", "page", "further"),
    [
        ('createPageHTML(4, 2, "index", "html")', "index_2.html", 3, ["index_3.html"]),
        ('createPageHTML(4, 3, "index", "html")', "index_3.html", 4, []),
        ("createPageHTML('d',4,3,'index','html',40)", "index_3.html", 3, ["index_4.html"]),
        ("createPageHTML('d',4,4,'index','html',40)", "index_4.html", 4, []),
        ('createPageHTML(4, 1, "index", "html")', "index_2.html", 2, ["index_3.html"]),
        ('createPageHTML(4, 2, "index", "html")', "index_1.html", 2, ["index_2.html", "index_3.html"]),
        ("totalPage: 4", "index_2.html", 2, ["index_3.html"]),
        ("totalPage: 4", "3.html", 3, ["4.html"]),
        ("totalPage: 4", "column-index-4.shtml", 4, []),
    ],
)
def test_a_further_page_goes_on_from_its_own_number_whatever_counts_from_one(text, file, page, further):
    for number in (page, None):
        found = listing(text, file, page=number)
        assert (found.page, files(found)) == (page, further)


def test_all_pages_of_a_list_have_one_name_and_two_lists_have_two():
    text = 'createPageHTML(4, {}, "index", "html") createPageHTML(4, {}, "old", "html")'
    pages = [
        [found.name for found in read(Source(url=NB + file, text=text.format(current, current)))]
        for file, current in (("", 0), ("index.html", 0), ("index_1.html", 1))
    ]
    assert pages == [[f"trs {NB}index.html", f"trs {NB}old.html"]] * 3
    asked = Ask(url=f"{NB}old_1.html", listing=f"trs {NB}old.html", page=2)
    [second] = read(Source(url=asked.url, text=text.format(0, 1), asked=asked))
    assert (second.name, files(second)) == (asked.listing, ["old_2.html"])


@pytest.mark.parametrize(
    "text",
    [
        "function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}",
        'createPageHTML(${PAGE_COUNT}, ${PAGE_INDEX}, "index", "html")',
        'createPageHTML(pages, 0, "index", "html")',
        'createPageHTML(3, 0, "http://[", "html")',
        "createPageHTML(3)",
        "totalPage: 1",
        "<script url='/unit' queryData='{}'></script> totalPage: 9",
        "",
    ],
)
def test_what_tells_of_no_files_is_no_list(text):
    assert [*read(Source(url=NB, text=text))] == []


def test_an_article_is_no_list_whatever_its_pages():
    assert [*read(Source(url=f"{NB}202401/t20240118_12345.html", text="totalPage: 3"))] == []


def test_a_list_that_a_script_only_hides_has_no_further_pages():
    whole = listing(f'<ul>{ROWS}</ul>createPageHTML(12, 3, 0, "index", "html")')
    assert (whole.further, whole.rows, whole.declared, whole.pages) == ((), 12, 12, None)
    aside = listing(f'<ul>{ROWS}</ul><ol>{ROWS}</ol>createPageHTML(24, 3, 0, "index", "html")')
    assert (files(aside), aside.pages) == (["index_1.html", "index_2.html"], 3)


def test_a_stub_in_a_pages_place_is_told_and_its_list_goes_no_further():
    stub = listing("<html><title></title></html>", "index_3.html", page=4)
    assert (stub.name, stub.further) == (f"trs {NB}index.html", ())
    assert stub.trouble == "page 4 is a stub of 28 characters"
    assert listing(ROWS * 2, "index_3.html", page=4).trouble is None


def test_another_readers_page_is_not_taken_for_a_stub():
    asked = Ask(url=f"{NB}index_3.html", listing=f"{NB}index.html", page=4)
    assert [*read(Source(url=asked.url, text="", asked=asked))] == []


def test_a_shell_that_searches_leads_to_the_first_page_of_what_is_found():
    text = '$.ajax({url: "/was5/web/search?channelid=278090&perpage=10", success: show})'
    [shell] = read(Source(url=NB, text=text))
    [ask] = shell.further
    assert ask.url == "https://a.cn/was5/web/search?channelid=278090&perpage=10&page=1"
    assert (shell.page, ask.page) == (0, 1)
    anchor = '<a href="/was5/web/search?channelid=1&searchword=x">搜索</a>'
    assert [*read(Source(url=NB, text=anchor))] == []


def test_what_was_found_is_turned_by_the_number_in_its_address():
    url = "https://a.cn/was5/web/search?channelid=1&page=2&searchword=%B9%AB"
    [found] = read(Source(url=url, text=f"<ul>{ROWS}</ul> 共找到 31 条 第2/3页 共3页"))
    assert [ask.url for ask in found.further] == [url.replace("page=2", "page=3")]
    assert (found.page, found.pages, found.declared) == (2, 3, 31)
    assert found.name == "trs " + url.replace("page=2", "page=1")
    [last] = read(Source(url=url.replace("page=2", "page=3"), text="共3页"))
    assert (last.name, last.further) == (found.name, ())


SCRIPT = ("createPageHTML(", "'", '"', ",", "3", "0", "99999999999999999999", "index", "html", ")", "totalPage:", " 4 ")
MARKUP = ("<li>", "<a href=x>", "2024-01-02", "共", "页", "条", "url:'/was5/web/search?channelid=", "http://[", "\0")
TEXTS = st.lists(st.sampled_from([*SCRIPT, *MARKUP])).map("".join)
ADDRESSES = st.sampled_from(
    [NB, f"{NB}index_2.html", f"{NB}7.html", f"{NB}-.html", "https://a.cn/was5/web/search?page="]
)


@given(TEXTS, ADDRESSES, st.booleans())
def test_no_page_makes_it_raise(text, url, answered):
    asked = Ask(url=url, listing="x", page=2) if answered else None
    assert all(found.system == "trs" for found in read(Source(url=url, text=text, asked=asked)))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("part", ["createPageHTML(1,", "url:'/was5/web/search?", "<li><a href=x>2024-01-01", "共1"])
def test_five_megabytes_of_one_thing_are_read_in_bounded_time(part):
    text = part * (5_000_000 // len(part)) + 'createPageHTML(99, 9, 0, "index", "html")'
    assert len([*read(Source(url=NB, text=text))]) <= 1
