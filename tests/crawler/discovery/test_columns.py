"""One judgement a link, by its words and its path: what leads to reports, what looks like it and does not."""

import pytest

from archive.reports.recognition import Site
from crawler.discovery.columns import DEPTH, judge
from crawler.discovery.links import Link

SITE = Site(portal="songjiang", name="上海市松江区人民政府", aggregator=False)
AGGREGATOR = Site(portal="copies", name="采招网", aggregator=True)
REPORT = "松江区财政局2023年政府信息公开工作年度报告"


def judged(
    text: str, path: str = "/x/1.html", *, on_column: bool = False, hops: int = 0, site: Site = SITE
) -> tuple[str, int, int] | None:
    link = Link(url=f"https://www.songjiang.gov.cn{path}", text=text)
    found = judge(link, site=site, on_column=on_column, hops=hops)
    return found and (found.role, found.priority, found.hops)


@pytest.mark.parametrize("path", ["/1.html", "/art/2024/1/20/art_1_2.html", "/a.jsp?id=1"])
def test_a_title_of_a_report_comes_first(path: str) -> None:
    assert judged(REPORT, path) == ("report", 100, 1)


@pytest.mark.parametrize("path", ["/a.pdf", "/a.DOCX", "/a.wps?x=1", "/module/download/downfile.jsp?f=1"])
def test_a_file_with_the_title_of_a_report_is_an_attachment(path: str) -> None:
    assert judged(REPORT, path) == ("attachment", 100, 1)


@pytest.mark.parametrize(
    "text", ["信息公开年报", "政府信息公开年度报告", "公开年报", "年报", "年度报告", "政务公开工作年度报告"]
)
def test_a_column_by_name_is_followed_from_anywhere(text: str) -> None:
    assert judged(text, hops=DEPTH) == ("column", 80, 0)


@pytest.mark.parametrize(
    "path", ["/zfxxgknb/", "/xxgknb/index.html", "/zwgk/gknb/", "/XXGKNDBG/", "/a/xxgknianbao/1.html"]
)
def test_a_column_by_path_is_followed_whatever_it_is_called(path: str) -> None:
    assert judged("点击进入", path) == ("column", 80, 0)


@pytest.mark.parametrize(
    "text",
    [
        "政府网站工作年度报表",
        "法治政府建设年度报告",
        "企业年报",
        "政府信息公开指南",
        "依申请公开",
        "2023年部门决算公开",
        "统计年鉴",
        "今日要闻",
        "首页",
        "",
        "国务院办公厅关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知",
        "关于做好2023年政府信息公开工作年度报告编制工作的通知",
    ],
)
def test_what_only_looks_like_it_is_not_followed(text: str) -> None:
    assert judged(text) is None
    assert judged(text, on_column=True, hops=1) is None


@pytest.mark.parametrize(
    "path", ["/zfxxgkzn/", "/wzgznb/", "/gate/big5/www.songjiang.gov.cn/zfxxgknb/", "/mpost_1.html"]
)
def test_paths_that_never_lead_to_reports_are_not_followed(path: str) -> None:
    assert judged("政府信息公开", path) is None or "/zn" in path
    assert judged("点击进入", path) is None


@pytest.mark.parametrize("text", ["2", "12", "下一页", "尾页", ">", ">>", "»"])
def test_a_pager_is_followed_on_a_column_only_and_at_any_depth(text: str) -> None:
    assert judged(text, on_column=True, hops=DEPTH) == ("column", 70, DEPTH)
    assert judged(text) is None


@pytest.mark.parametrize("text", ["2023年", "2022", "2021年度", "更多", "区财政局", "南京西路街道", "松江镇"])
def test_years_and_bodies_are_followed_inside_a_column_as_deep_as_allowed(text: str) -> None:
    assert judged(text, on_column=True, hops=DEPTH - 1) == ("column", 60, DEPTH)
    assert judged(text, on_column=True, hops=DEPTH) is None
    assert judged(text) is None


def test_the_way_there_is_followed_a_few_steps_deep() -> None:
    assert judged("政务公开") == ("other", 40, 1)
    assert judged("政务公开", hops=DEPTH) is None


def test_each_list_of_an_aggregators_home_may_hold_copies() -> None:
    assert judged("财经", site=AGGREGATOR) == ("column", 20, 1)
    assert judged("财经", site=AGGREGATOR, hops=1) is None
    assert judged("", site=AGGREGATOR) is None
