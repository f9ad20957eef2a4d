"""What a column's label and slugs say: of reports, on the way to them, another's, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.vocabulary import Evidence, column_evidence
from tests.benchmarks.real_urls import by_address, by_label_and_address, lists, score

NOWHERE = "https://a.gov.cn/x/"
REPORTS = """政府信息公开年报 信息公开年报 公开年报 政府信息公开年度报告 信息公开年度报告 政府信息公开工作年报
年度信息公开报告 政府信息公开报告 政府信息年度公开 政府信息公开工作年度报告 政务公开年报 区教育局政府信息公开年报
退役军人事务部政府信息公开年报 街道信息公开年报 公开年报>> 更多政府信息公开年报 青枫区应急管理局信息公开年报
政府信息公开年報 2023年政府信息公开年报 政府信息公开工作年度报告(2008-2023)"""
HINTS = "年报 年度报告 2018年报 历年年报 部门年报 政府年报 各街镇年报 年度报告专栏 年度工作报告"
TOWARDS = """政务公开 信息公开 政府信息公开 政府信息公开专栏 法定主动公开内容 主动公开 部门信息公开 街镇信息公开
政府信息公开目录 政府信息公开平台 区教育局信息公开 区政府部门 乡镇街道 网站地图 信息公开>> 信息公开专栏 基层政务公开
政务公开专区 区级部门"""
OTHER = """网站年报 政府网站工作年度报表 政府网站年度报表 法治政府建设年度报告 政府信息公开指南 政府信息公开制度
依申请公开 财政预决算 行政执法统计年报 企业年报公示 事业单位法人年度报告 政务公开工作要点 政务公开工作总结
政府工作报告 统计公报 网站工作报表 政策解读 通知公告 部门决算 三公经费 住房公积金年度报告 建议提案办理 公开规定
依法行政年度报告 重点领域信息公开 年报解读 政府信息公开年报编制要求 行政处罚公示 财政信息公开 人事信息"""
UNKNOWN = "2023年 2022 区财政局 区教育局 柳堤街道 石埠镇 点击进入 首页 登录 更多 下一页"
SLUGS = """zfxxgknb xxgknb gknb zfgknb zfxgknb zfxxgkndbg xxgkndbg zfxxgkgznb zfxxgkgzndbg zfxxgknan gkndbg
zfxxgknb/2024n gknb/2024nn zfxxgknb/2023n_5975415 gknb2018 xxgknb2024n xxgknb/25jdbsc zwgk_zfxxgknb_qzf_gknb
gknb_qzfnb zfxxgknb41 zfxxgknb_97166 xxgknbbzlm266 zfxxgknb-qfbzfxxgk zfgknb-xxgknb jzzfxxgknb211
zfxgknb/2017n2/2017qzfxxgknb zfxxgkgzndbgbm zfxxgknan_ew OpennessAnnualReport c/zfxxgknb.jhtml
xxgkAnnualReport.jsp?fbtime=2017&area=1 list?code=xhx_bgs_gknb #/page/zfxxgknb XXGK/GKNB/index_2.html"""
SHORT_SLUGS = "nb ndbg nbxx 2024nb nb_2022n ndgzbg nb/2023/qzf"
OTHER_SLUGS = """zfwzgznb zfwznb wzgzndbb wzndbb zfwzndbb zfgzwzbb zfxxgkzn zfxxgkzd xxgkzn ysqgk czyjs
fdzdgknr/zfwznb.htm xzzf zcjd fzzfjs zfgzbg fdzdgknr/jytabl/2022n tjgb zxzj"""
ARTICLES = """zfxxgknb/202501/t20250220_86926858.html xxgknb/art_1229_90896.html gknb/content/post_2215440.html
zfxxgknb/1f0c2a3b4d5e6f708192a3b4c5d6e7f8.shtml gknb/2025/22/194196.html"""


def verdict(label: str, url: str = NOWHERE) -> tuple[str, bool]:
    evidence = column_evidence(label, url)
    return evidence.verdict, evidence.sure


@pytest.mark.parametrize("label", REPORTS.split())
def test_a_label_that_says_so_in_full_is_of_reports(label: str) -> None:
    assert verdict(label) == ("reports", True)
    assert verdict(label, "https://a.gov.cn/czyjs/") == ("reports", True)


@pytest.mark.parametrize("label", HINTS.split())
def test_a_short_label_is_of_reports_unless_the_slug_speaks_against_it(label: str) -> None:
    assert verdict(label) == ("reports", False)
    assert verdict(label, "https://a.gov.cn/xxgknb/") == ("reports", True)
    assert verdict(label, "https://a.gov.cn/zfwznb/")[0] == "other"


@pytest.mark.parametrize("label", TOWARDS.split())
def test_the_way_there_is_known_by_its_label(label: str) -> None:
    assert verdict(label)[0] == "towards"
    assert verdict(label, "https://a.gov.cn/zfxxgknb/") == ("reports", True)


@pytest.mark.parametrize("label", OTHER.split())
def test_other_columns_are_known_by_their_labels_whatever_their_slugs(label: str) -> None:
    assert verdict(label) == ("other", True)
    assert verdict(label, "https://a.gov.cn/zfxxgknb/")[0] == "other"


@pytest.mark.parametrize("label", UNKNOWN.split())
def test_a_label_that_says_nothing_leaves_it_to_the_slug(label: str) -> None:
    assert verdict(label) == ("unknown", False)
    assert verdict(label, "https://a.gov.cn/zwgk/xxgknb/") == ("reports", True)
    assert verdict(label, "https://a.gov.cn/zwgk/ysqgk/")[0] == "other"
    assert verdict(label, "https://a.gov.cn/zwgk/zfxxgk/") == ("towards", False)


@pytest.mark.parametrize("slug", SLUGS.split())
def test_slugs_of_reports(slug: str) -> None:
    assert verdict("", f"https://a.gov.cn/zwgk/{slug}") == ("reports", True)


@pytest.mark.parametrize("slug", SHORT_SLUGS.split())
def test_short_slugs_are_not_sure(slug: str) -> None:
    assert verdict("", f"https://a.gov.cn/zwgk/{slug}/") == ("reports", False)


@pytest.mark.parametrize("slug", OTHER_SLUGS.split())
def test_slugs_of_others(slug: str) -> None:
    assert verdict("", f"https://a.gov.cn/zwgk/{slug}")[0] == "other"


@pytest.mark.parametrize("path", ARTICLES.split())
def test_an_article_in_a_column_of_reports_is_not_the_column(path: str) -> None:
    assert verdict("区财政局", f"https://a.gov.cn/{path}") == ("unknown", False)


def test_the_last_slug_that_says_anything_counts() -> None:
    assert verdict("", "https://a.gov.cn/zfxxgkzn/zfxxgknb/2023/")[0] == "reports"
    assert verdict("", "https://a.gov.cn/zfxxgknb/czyjs/")[0] == "other"


def test_reasons_name_the_words_and_the_slug() -> None:
    found = column_evidence("公开年报", "https://a.gov.cn/zwgk/xxgknb/index.html")
    assert found == Evidence(verdict="reports", reasons=("label: 公开年报", "slug: xxgknb"), sure=True)
    assert column_evidence("部门决算", NOWHERE).reasons == ("label: 决算",)


def test_columns_of_real_portals_are_told_from_others() -> None:
    assert score(lists(), by_label_and_address).f1 >= 0.95
    assert score(lists(), by_address).precision == 1


@given(label=st.text(), url=st.text())
def test_no_link_makes_it_raise(label: str, url: str) -> None:
    assert column_evidence(label, url).verdict in {"reports", "towards", "other", "unknown"}
