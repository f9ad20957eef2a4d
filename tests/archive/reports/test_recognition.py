from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.recognition import NotAReport, Report, recognise
from archive.reports.text import PageText, text_digest
from tests.archive.reports.pages import (
    AGGREGATOR,
    PERIOD,
    PROSE,
    REPORT,
    SONGJIANG,
    TABLES,
    masked_copy,
    page,
)

TITLE = "松江区财政局2023年政府信息公开工作年度报告"
FILE = '<p><a href="1.pdf">附件</a></p>'


def report(of: PageText, *, anchor: str | None = None) -> Report:
    recognised = recognise(of, site=SONGJIANG, anchor=anchor)
    assert isinstance(recognised, Report), recognised
    return recognised


def reason(of: PageText, *, anchor: str | None = None) -> str:
    recognised = recognise(of, site=SONGJIANG, anchor=anchor)
    assert isinstance(recognised, NotAReport), recognised
    return recognised.reason


def test_whole_report_is_read() -> None:
    of = page(TITLE, REPORT + FILE, head='<meta name="PubDate" content="2024-01-20 10:00">')
    found = report(of)
    assert (found.organ, found.organ_as_written, found.within, found.year) == (
        "松江区财政局",
        "松江区财政局",
        "上海市",
        2023,
    )
    assert (found.title, found.published, found.flags) == (TITLE, date(2024, 1, 20), ())
    assert found.text_digest == text_digest(of.body)
    assert [link.url.rpartition("/")[2] for link in found.attachments] == ["1.pdf"]


def test_masked_copy_is_the_report_it_copies() -> None:
    copy = recognise(masked_copy(), site=AGGREGATOR, anchor=None)
    original = report(page("区政务服务办公室2023年政府信息公开工作年度报告", REPORT))
    assert isinstance(copy, Report)
    assert (copy.organ, copy.year) == (original.organ, original.year) == ("松江区政务服务办公室", 2023)
    assert copy.flags == ("masked", "body-repeated")


def test_copy_without_a_district_finds_it_in_the_article() -> None:
    article = "<p>电子版可从上海市松江区人民政府门户网站下载。</p>" + REPORT
    copy = recognise(page("区科技局2023年信息公开工作年度报告", article), site=AGGREGATOR, anchor=None)
    assert isinstance(copy, Report)
    assert copy.organ == "松江区科技局"


def test_year_of_the_title_wins_and_disagreement_is_told() -> None:
    found = report(page(TITLE.replace("2023", "2022"), REPORT))
    assert (found.year, found.flags) == (2022, ("year-disagrees",))


def test_year_comes_from_the_period_never_from_the_address() -> None:
    assert report(page("区财政局 政府信息公开工作年度报告", REPORT)).year == 2023
    assert reason(page("区财政局 政府信息公开工作年度报告", PROSE + TABLES)) == "no year named"


@pytest.mark.parametrize(
    "around",
    [
        "<table><tr><td>发布机构:</td><td>松江区财政局</td></tr></table>",
        "<p>当前位置:首页 > 区财政局 > 信息公开年报</p>",
        '<meta name="ContentSource" content="区财政局">',
    ],
)
def test_organ_that_the_title_leaves_out_is_found_around_it(around: str) -> None:
    found = report(
        page("2023年政府信息公开工作年度报告", REPORT, around=around, head=around if "meta" in around else "")
    )
    assert (found.organ, found.flags) == ("松江区财政局", ("organ-not-in-title",))


def test_signature_names_the_organ() -> None:
    found = report(page("2023年政府信息公开工作年度报告", REPORT + "<p>松江区财政局</p><p>2024年1月10日</p>"))
    assert found.organ == "松江区财政局"


def test_silent_title_is_made_up_for_by_the_statutory_tables() -> None:
    assert report(page("松江区国资局", REPORT)).year == 2023
    assert reason(page("松江区国资局", PERIOD + PROSE)) == "title names no report"


def test_anchor_counts_where_the_page_has_no_title() -> None:
    assert report(page("正文", REPORT), anchor=TITLE).organ == "松江区财政局"


def test_link_that_leads_to_another_page_does_not_make_that_a_report() -> None:
    assert reason(page("上海市松江区人民政府", PROSE), anchor=TITLE) == "title names no report"


def test_first_line_says_what_a_columns_title_leaves_out() -> None:
    found = report(page("政府信息公开年报_上海松江", f"<p>{TITLE}</p>" + REPORT))
    assert (found.title, found.organ, found.flags) == (TITLE, "松江区财政局", ())


def test_free_form_report_of_the_old_kind_needs_no_tables() -> None:
    found = report(page("2013年松江区政府信息公开工作年度报告", PROSE))
    assert (found.organ, found.year, found.flags) == ("松江区人民政府", 2013, ())


@pytest.mark.parametrize(
    ("article", "flags"),
    [
        ("<p>详见附件。</p>" + FILE, ("attachment-only",)),
        (PROSE + '<img src="1.png">', ("tables-as-images",)),
        ('<img src="1.png"><img src="2.png">', ("text-as-images", "tables-as-images")),
        (PROSE * 2, ("tables-missing", "body-repeated")),
        (REPORT + PROSE + PERIOD, ("body-repeated",)),
    ],
)
def test_state_of_the_copy_is_flagged(article: str, flags: tuple[str, ...]) -> None:
    assert set(report(page(TITLE, article)).flags) == set(flags)


def test_notice_whose_body_is_the_report_is_the_report() -> None:
    found = report(page("关于印发《2013年上海市徐汇区政府信息公开工作年度报告》的通知", PROSE))
    assert (found.organ, found.year) == ("徐汇区人民政府", 2013)


def test_notice_with_the_empty_tables_is_none() -> None:
    title = "国务院办公厅关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知"
    assert reason(page(title, TABLES + PROSE)) == "title names a template of reports"
    assert (
        reason(page("国办公开办函〔2021〕30号", "<p>各省、自治区、直辖市人民政府:</p>" + REPORT))
        == "title names no report"
    )


@pytest.mark.parametrize("words", ["页面不存在", "系统维护中,请稍后再访问", "404 Not Found"])
def test_error_page_under_a_reports_title_is_none(words: str) -> None:
    assert reason(page(TITLE, f"<p>{words}</p>")) == "page is an error or maintenance notice"


def test_list_of_reports_is_none() -> None:
    rows = "".join(
        f'<li><a href="/{y}.html">松江区{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-20</span>'
        for y in range(2010, 2024)
    )
    assert reason(page("政府信息公开年报", f"<ul>{rows}</ul>")) == "page lists reports"
    assert reason(page("2023年政府信息公开工作年度报告", f"<ul>{rows}</ul>")) == "page lists reports"


def test_list_of_files_is_none() -> None:
    rows = "".join(f'<li><a href="/{y}.pdf">松江区{y}年政府信息公开工作年度报告</a></li>' for y in range(2010, 2024))
    assert reason(page("政府信息公开年报", f"<ul>{rows}</ul>")) == "page lists reports"


def test_shell_without_text_is_none() -> None:
    assert reason(page(TITLE, "<script>location.replace('/x')</script>")) == "page has no report in it"


def test_template_is_none() -> None:
    assert reason(page(TITLE, "<p>现公布20XX年度报告。</p>" + REPORT)) == "page is a template of reports"


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta name="PubDate" content="2024年1月9日">', date(2024, 1, 9)),
        (
            '<meta name="HtmlGenerateTime" content="2024-05-01"><meta name="others" content="页面生成时间 2024-05-01">',
            None,
        ),
        ('<meta name="PubDate" content="2019-12-03">', None),
        ('<meta name="PubDate" content="2024-13-45">', None),
    ],
)
def test_publication_date_is_a_stated_one_that_the_report_can_have(head: str, day: date | None) -> None:
    assert report(page(TITLE, REPORT, head=head)).published == day


def test_label_stands_in_for_a_frozen_meta() -> None:
    head = '<meta name="PubDate" content="2019-10-31">'
    assert report(page(TITLE, REPORT, head=head, around="<p>发布日期:2024-01-31</p>")).published == date(2024, 1, 31)


@given(title=st.text(), article=st.text(), anchor=st.none() | st.text())
def test_no_page_makes_it_raise(title: str, article: str, anchor: str | None) -> None:
    assert recognise(page(title, article), site=AGGREGATOR, anchor=anchor) is not None
