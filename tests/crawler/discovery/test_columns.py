"""One judgement a link, by its words, its path and where it stands: what leads to reports, what only looks like it."""

import pytest

from archive.reports.recognition import Site
from crawler.discovery.columns import DEPTH, Judgement, Standpoint, judge
from crawler.discovery.frontier import CERTAIN
from crawler.discovery.links import Link

SITE = Site(portal="songjiang", name="上海市松江区人民政府", aggregator=False)
AGGREGATOR = Site(portal="copies", name="采招网", aggregator=True)
HOST = "https://www.songjiang.gov.cn"
REPORT = "松江区财政局2023年政府信息公开工作年度报告"


def judged(
    text: str, path: str = "/x/1.html", *, on: str = "unknown", hops: int = 0, site: Site = SITE, **of_link: object
) -> Judgement:
    link = Link(url=HOST + path, text=text, **of_link)  # type: ignore[arg-type]
    return judge(link, Standpoint(site=site, standing=on, hops=hops, home=HOST))


def followed(text: str, path: str = "/x/1.html", *, on: str = "unknown", hops: int = 0) -> tuple[str, int, int]:
    found = judged(text, path, on=on, hops=hops)
    return found.role, found.score, found.hops


@pytest.mark.parametrize("path", ["/1.html", "/art/2024/1/20/art_1_2.html", "/a.jsp?id=1"])
def test_a_title_of_a_report_comes_first(path: str) -> None:
    assert followed(REPORT, path) == ("report", 100, 1)


@pytest.mark.parametrize("path", ["/a.pdf", "/a.DOCX", "/a.wps?x=1", "/module/download/downfile.jsp?f=1"])
def test_a_file_with_the_title_of_a_report_is_an_attachment(path: str) -> None:
    assert followed(REPORT, path) == ("attachment", 100, 1)


def test_a_title_that_a_list_cut_short_is_looked_at() -> None:
    assert followed("松江区发展和改革委员会2023年政府信息公开工...")[0] == "report"


@pytest.mark.parametrize("text", ["信息公开年报", "政府信息公开年度报告", "公开年报", "政务公开工作年度报告"])
def test_a_column_by_name_is_followed_from_anywhere(text: str) -> None:
    assert followed(text, hops=DEPTH) == ("column", 80, 0)


@pytest.mark.parametrize("path", ["/zfxxgknb/", "/xxgknb/index.html", "/zwgk/gknb/", "/XXGKNDBG/"])
def test_a_column_by_path_is_followed_whatever_it_is_called(path: str) -> None:
    assert followed("点击进入", path) == ("column", 80, 0)


@pytest.mark.parametrize(
    "text",
    [
        "政府网站工作年度报表",
        "法治政府建设年度报告",
        "企业年报",
        "政府信息公开指南",
        "依申请公开",
        "2023年部门决算公开",
        "国务院办公厅关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知",
        "关于做好2023年政府信息公开工作年度报告编制工作的通知",
    ],
)
@pytest.mark.parametrize("on", ["home", "reports", "towards"])
def test_what_only_looks_like_it_is_not_followed_and_says_why(text: str, on: str) -> None:
    found = judged(text, on=on, hops=1)
    assert found.role == ""
    assert found.reasons


@pytest.mark.parametrize("path", ["/gate/big5/www.songjiang.gov.cn/zfxxgknb/", "/x/mpost_1.html", "/a.html?print=1"])
def test_a_twin_is_not_followed_though_its_words_are_a_reports(path: str) -> None:
    assert judged(REPORT, path).role == ""


@pytest.mark.parametrize("text", ["2023年", "2022", "2021年度", "更多", "区财政局", "南京西路街道"])
def test_years_and_bodies_are_certain_inside_a_column_of_reports_as_deep_as_allowed(text: str) -> None:
    assert followed(text, on="reports", hops=DEPTH - 1) == ("column", 70, DEPTH)
    assert judged(text, on="reports", hops=DEPTH).role == ""


def test_the_way_there_is_followed_a_few_steps_deep_and_promises_less_with_each() -> None:
    near, far = judged("政务公开"), judged("政务公开", hops=2)
    assert (near.role, near.standing) == ("other", "towards")
    assert CERTAIN > near.score > far.score
    assert judged("政务公开", hops=DEPTH).role == ""


def test_a_body_and_a_column_of_unknown_name_are_guesses_and_the_body_is_the_better_one() -> None:
    body, unknown = judged("区财政局", on="home"), judged("晒一晒", on="home")
    assert CERTAIN > body.score > unknown.score > 0
    assert judged("晒一晒", on="towards").score > unknown.score


@pytest.mark.parametrize(
    "of_link", [{"row": True}, {"position": "pager"}, {"position": "crumb"}, {"position": "footer"}]
)
def test_rows_of_lists_pagers_and_the_way_back_are_no_columns(of_link: dict[str, object]) -> None:
    assert judged("晒一晒", on="home", **of_link).role == ""


def test_an_articles_title_is_no_columns_name() -> None:
    assert judged("我区召开安全生产工作会议部署第四季度任务", on="home").role == ""


def test_a_frame_of_a_column_of_reports_is_the_column() -> None:
    found = judged("", "/nb/left.html", on="reports", tag="frame")
    assert (found.role, found.standing, found.score >= CERTAIN) == ("column", "reports", True)


def test_each_list_of_an_aggregators_home_may_hold_copies() -> None:
    assert judged("财经", on="home", site=AGGREGATOR).score >= CERTAIN
    assert judged("财经", hops=1, site=AGGREGATOR).role == ""
    assert judged("", on="home", site=AGGREGATOR).role == ""
