import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.text import LONGEST_PAYLOAD, normal_form, read_page, text_digest
from tests.archive.reports.pages import PROSE, URL, page


def body_of(article: str) -> str:
    return page("标题", article + "<p>结尾</p>").body.removesuffix("\n结尾")


def test_each_block_is_a_line_and_source_breaks_are_not() -> None:
    assert body_of("<p>一、总体\n情况</p>甲<br>乙<div><ul><li>丙</div>") == "一、总体 情况\n甲\n乙\n丙"


def test_row_is_a_line_of_cells_and_blank_cells_are_kept() -> None:
    table = '<table><tr><td><p>第二十条</p><p>第(一)项</p></td><td title="a>b"> </td><td>0</td><th></th></tr></table>'
    assert body_of(table) == "第二十条 第(一)项\t\t0\t"


def test_layout_tables_are_not_data() -> None:
    assert body_of("<table><tr><td><p>甲</p><table><tr><td>1<td>2</table></td></tr></table>") == "甲\n1\t2"


def test_cell_of_sentences_is_layout() -> None:
    assert body_of("<table><tr><td id=article><p>甲。</p><p>乙。</p></td></tr></table>") == "甲。\n乙。"


def test_scripts_styles_and_comments_are_no_text() -> None:
    assert body_of("<p>甲</p><script>var x='<p>';</script><style>p{}</style><!-- <p>乙</p> -->") == "甲"


def test_article_is_the_innermost_known_container() -> None:
    article = f'<div class="TRS_Editor"><p>{"正文" * 60}</p></div><p>浏览次数:9</p>'
    assert page("标题", article).body == "正文" * 60


def test_unknown_layout_yields_the_densest_block() -> None:
    links = "".join(f'<li><a href="/{n}">{"栏目" * 20}</a></li>' for n in range(40))
    whole = f"<body><ul>{links}</ul><div><div class='x7'>{PROSE}</div><p>打印</p></div></body>"
    body = read_page(whole.encode(), content_type=None, url=URL).body
    assert body.startswith("0.本机关")
    assert "栏目" not in body


def test_marked_element_without_text_is_no_article() -> None:
    whole = f'<body><span id="zoom"><a href="#">大</a><a href="#">小</a></span><div>{PROSE}</div>'
    assert read_page(whole.encode(), content_type=None, url=URL).body.endswith("回应社会关切。")


def test_heading_of_the_article_outranks_the_templates() -> None:
    name = "松江区财政局2023年政府信息公开工作年度报告"
    assert page(name, PROSE, around="<h1>政府网站年度报表</h1>").heading == name


def test_page_without_headings_prints_one() -> None:
    old = f"<title>首页</title><center><font size=5><b>2016年政府信息公开工作年度报告</b></font></center>{PROSE}"
    assert read_page(old.encode(), content_type=None, url=URL).heading == "2016年政府信息公开工作年度报告"


def test_headings_that_are_links_are_other_pages_titles() -> None:
    other = '<h3><a href="/2">松江区2022年政府信息公开工作年度报告</a></h3>'
    assert page("信息公开", PROSE, around=other).heading == "信息公开"


def test_links_that_name_a_years_report_are_counted_once_each() -> None:
    names = [
        "松江区2022年政府信息公开工作年度报告",
        "2021年政府信息公开年报",
        "2021年政府信息公开年报",
        "政府信息公开年报",
    ]
    assert page("年报", "".join(f'<a href="/{n}">{name}</a>' for n, name in enumerate(names))).listed == 2


def test_payload_beyond_the_limit_is_cut_and_said_to_be() -> None:
    cut = read_page(b"<p>" + b"a" * LONGEST_PAYLOAD + b"<p>end", content_type=None, url=URL)
    assert cut.truncated
    assert not cut.body.endswith("end")


def test_tags_beyond_the_limit_are_cut_and_said_to_be() -> None:
    cut = read_page(b"<title>t</title>" + b"<br>" * 60_000 + b"<p>end", content_type=None, url=URL)
    assert (cut.title, cut.truncated, "end" in cut.body) == ("t", True, False)


def test_digest_is_over_words_not_layout() -> None:
    assert normal_form(" \u00a0(一)\u3000１２\n") == "(一)12"
    assert text_digest("甲 乙\n丙") == text_digest("甲乙丙") != text_digest("甲乙")
    assert text_digest("") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(payload=st.binary(), url=st.text())
def test_no_payload_makes_reading_raise(payload: bytes, url: str) -> None:
    assert read_page(b"<title>x</title>" + payload, content_type=None, url=url).charset


@pytest.mark.timeout(60)  # what has no bound takes minutes
def test_deep_nesting_and_long_runs_are_read_in_bounded_time() -> None:
    hostile = "<div>" * 5000 + "发布机构\n" * 9000 + "<p>当前位置" + " > " * 50000 + "<p " + "a='\"' " * 9000
    assert read_page(hostile.encode(), content_type=None, url=URL).listed == 0


def test_a_counter_of_visits_does_not_make_another_text() -> None:
    first, second = (f"发布日期:2024-01-20 浏览次数:{count} 字号:大\n本年收到申请12件" for count in (7, 12345))
    assert text_digest(first) == text_digest(second)


def test_figures_of_the_report_itself_do() -> None:
    first, second = (f"全年网站浏览量{count}次,点击量达到新高" for count in (7, 8))
    assert text_digest(first) != text_digest(second)
