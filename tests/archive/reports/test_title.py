import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.reports.recognition import NotAReport, TitleReading, recognise_title
from archive.reports.title import recognise_file
from tests.archive.reports.golden import golden
from tests.archive.reports.pages import SONGJIANG
from tests.benchmarks.real_urls import INVENTED, details, ours, rows, score, told

REAL = golden("titles.tsv")


def test_real_titles_are_told_from_others_on_labelled_addresses() -> None:
    real = details()
    assert score(real, ours).f1 >= 0.99
    assert told(real, "year").recall >= 0.99
    assert told(real, "organ").recall >= 0.88  # a title does not say all: whose office wrote it, where a town is


def test_every_form_of_a_title_is_told_from_what_resembles_it() -> None:
    invented = rows(INVENTED)
    assert score(invented, ours).misses == ["report  梅岭区通知书送达中心2023年政府信息公开工作年度报告  "]
    assert told(invented, "organ").f1 >= 0.99
    assert told(invented, "year").f1 >= 0.99


def test_real_titles_are_told_apart_by_the_title_alone() -> None:
    taken = {row["title"]: isinstance(recognise_title(row["title"], site=None), TitleReading) for row in REAL}
    reports = {row["title"] for row in REAL if row["label"] == "report"}
    wrong = {title for title in taken if taken[title] != (title in reports)}
    # neither year nor organ stands in these two: the page has to tell
    assert wrong == {"淮安市市场监管局 政府信息公开工作年度报告", "2010年政府信息公开工作年度报告"}


@pytest.mark.parametrize("row", [row for row in REAL if row["organ"]], ids=lambda row: row["title"])
def test_organ_and_year_of_real_titles(row: dict[str, str]) -> None:
    reading = recognise_title(row["title"], site=None)
    assert isinstance(reading, TitleReading)
    assert (reading.organ, str(reading.year)) == (row["organ"], row["year"])


@pytest.mark.parametrize(
    "title",
    [
        "2023年松江区财政局政府信息公开工作年度报告",
        "松江区财政局2023年度政府信息公开工作年度报告",
        "松江区财政局关于2023年度政府信息公开工作情况的报告",
        "松江区财政局政府信息公开年度工作报告 (2023年)",
        "2023年政府信息公开工作年度报告(上海市松江区财政局)",
        "松江区财政局2023年信息公开年报",
        "区财政局2023年政务公开工作年度报告(附政策解读)",
        "(文字版)松江区财政局二〇二三年政府信息公开工作年报",
        "音频丨区财政局2023年政府信息公开年度工作年度报告",
        "关于印发《2023年松江区财政局政府信息公开工作年度报告》的通知",
        "松江区财政局关于公布《2023年政府信息公开工作年度报告》的公告",
        "附件1:松江区财政局2023年政府信息公开工作年度报告.pdf",
        "松江区财政局2023年政府信息公开 工作年度报告 - 上海市松江区人民政府",
        "2023年政府信息公开年报_松江区财政局2023年政府信息公开工作年度报告_松江区",
        "松江區財政局2023年政府信息公開工作年度報告",
        "松江区财政局2023年政府信息公开工作年度報(bào)告",
    ],
)
def test_forms_of_a_title(title: str) -> None:
    reading = recognise_title(title, site=SONGJIANG)
    assert isinstance(reading, TitleReading), reading
    if "2023年政府信息公开年报_" not in title:
        assert (reading.organ, reading.year, reading.within) == ("松江区财政局", 2023, "上海市")


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("关于做好2023年政府信息公开工作年度报告编制和发布工作的通知", "title names a notice about reports"),
        ("松江区政府信息公开工作年度报告制度", "title names a notice about reports"),
        ("关于印发《松江区政府信息公开工作年度报告制度》的通知", "title names a notice about reports"),
        ("中华人民共和国政府信息公开工作年度报告格式", "title names a template of reports"),
        ("XX局2023年政府信息公开年度报告(范文)", "title names a template of reports"),
        ("图解|松江区2023年政府信息公开工作年度报告", "title names an interpretation of a report"),
        ("一图读懂松江区2023年政府信息公开工作年度报告", "title names an interpretation of a report"),
        ("松江区2023年政府信息公开工作年度报告解读", "title names an interpretation of a report"),
        ("复旦大学2023-2024学年信息公开年度报告", "title names a school's report"),
        ("松江区2023年政府信息公开工作年度报告发布情况", "title names something about a report"),
        ("松江区发布2023年政府信息公开工作年度报告", "title names something about a report"),
        ("松江二中2023年信息公开年度报告", "title names a school's report"),
        ("松江区2023年政府网站工作年度报表", "title names no report"),
        ("松江区2023年法治政府建设年度报告", "title names no report"),
        ("松江区财政局政府信息公开工作年度报告", "no year named"),
        ("2023年政府信息公开工作年度报告", "no organ named"),
        ("", "title names no report"),
    ],
)
def test_what_only_resembles_a_report_is_refused_with_its_reason(title: str, reason: str) -> None:
    assert recognise_title(title, site=None) == NotAReport(reason=reason)


def test_organs_named_after_notice_work_are_organs() -> None:
    reading = recognise_title("松江区机构编制委员会办公室2023年政府信息公开工作年度报告", site=SONGJIANG)
    assert isinstance(reading, TitleReading)
    assert reading.organ == "松江区机构编制委员会办公室"


def test_short_title_is_enough_on_a_column_of_reports() -> None:
    short = recognise_title("区财政局2023年年报", site=SONGJIANG, column="政府信息公开年报")
    assert isinstance(short, TitleReading)
    assert short.organ == "松江区财政局"
    assert recognise_title("2023年年报", site=SONGJIANG, column="政府网站年报") == NotAReport(
        reason="title names no report"
    )


def test_column_tells_the_organ_before_the_portal_does() -> None:
    title = "2023年政府信息公开工作年度报告"
    of_column = recognise_title(title, site=SONGJIANG, column="区财政局")
    of_portal = recognise_title(title, site=SONGJIANG)
    assert isinstance(of_column, TitleReading)
    assert of_column.organ == "松江区财政局"
    assert isinstance(of_portal, TitleReading)
    assert of_portal.organ == "松江区人民政府"


@given(title=st.text() | st.text(alphabet="《关于2023年政府信息公开工作度报告》的通知区局()|_- "))
def test_no_title_makes_it_raise(title: str) -> None:
    assert recognise_title(title, site=SONGJIANG, column=title) is not None


COLUMNS = ("2022年", "政府信息公开年报")


def test_a_file_in_a_column_of_reports_needs_no_more_than_an_organs_name() -> None:
    file = recognise_file("区财政局.pdf", site=SONGJIANG, trail=COLUMNS)
    assert isinstance(file, TitleReading)
    assert (file.organ, file.year) == ("松江区财政局", 2022)
    whole = recognise_file("区财政局2023年政府信息公开工作年度报告.doc", site=SONGJIANG, trail=COLUMNS)
    assert isinstance(whole, TitleReading)
    assert whole.year == 2023


@pytest.mark.parametrize("trail", [(), ("2022年", "政府网站年报"), ("2022年", "部门决算")])
def test_an_organs_name_says_nothing_elsewhere(trail: tuple[str, ...]) -> None:
    assert recognise_file("区财政局.pdf", site=SONGJIANG, trail=trail) == NotAReport(reason="title names no report")


def test_the_columns_tell_whose_and_of_which_year_a_file_is() -> None:
    trail = ("2022年", "永丰街道", "政府信息公开年报")
    file = recognise_file("政府信息公开工作年度报告.ofd", site=SONGJIANG, trail=trail)
    assert isinstance(file, TitleReading)
    assert (file.organ, file.year) == ("松江区永丰街道办事处", 2022)


@pytest.mark.parametrize(
    "title", ["下载", "附件", "填报说明.doc", "区财政局2022年部门决算.pdf", "2022年政府网站工作年度报表.xls"]
)
def test_other_files_of_such_a_column_are_not_taken(title: str) -> None:
    assert isinstance(recognise_file(title, site=SONGJIANG, trail=COLUMNS), NotAReport)
