"""What an annual report says: prose and tables of one organ for one year, in the form that year demands.

    2021 onward    six sections, tables in the form of 国办公开办函〔2021〕30号
    2019, 2020     six sections, tables in the form of 国办公开办函〔2019〕60号
    before         free chapters; from 2014 on with an annexed table of indicators

A body is a row of blocks, each a line of prose or a grid; how a site prints it is the site's own business.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from crawler.demo.grid import Grid, as_html, row, texts
from crawler.demo.statistics import OUTCOMES_2019, OUTCOMES_2021
from crawler.demo.tables import application_table, dispute_table, proactive_2019, proactive_2021

Block = str | Grid
SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    city: str
    name: str
    website: str

    def organ(self, short: str) -> str:
        """区财政局 and 白石镇人民政府 as their full names: 云川区财政局, 云川区白石镇人民政府."""
        return self.name + short.removeprefix("区")

    def report(self, short: str, year: int, seed: int = 0) -> "Report":
        return Report(district=self, organ=self.organ(short), year=year, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    district: District
    organ: str
    year: int
    seed: int = 0
    correction: int = 0
    contact: str = "政务公开科"

    @property
    def phone(self) -> str:
        return f"8800-{6000 + 7 * self.seed + self.year % 100:04}"


def blocks(report: Report) -> tuple[Block, ...]:
    if report.year >= 2019:
        return (_preface(report), *_statutory(report))
    return tuple(_free(report))


def html(body: tuple[Block, ...]) -> str:
    return "\n".join(f"<p>{escape(block)}</p>" if isinstance(block, str) else as_html(block) for block in body)


def lines(body: tuple[Block, ...]) -> tuple[str, ...]:
    """The text with its tables flattened, a cell a line."""
    return tuple(line for block in body for line in ((block,) if isinstance(block, str) else texts(block)))


def _preface(report: Report) -> str:
    return (
        f"依据《中华人民共和国政府信息公开条例》和国务院办公厅规定的格式,现公布{report.organ}{report.year}年度报告。"
        f"统计期限自{report.year}年1月1日至{report.year}年12月31日。报告全文可在{report.district.city}"
        f"{report.district.name}人民政府网站({report.district.website})查阅。"
        f"有疑问者请联系{report.contact},电话:{report.phone}。"
    )


def _statutory(report: Report) -> Iterator[Block]:
    proactive, requests, lawsuits = _tables(report)
    yield SECTIONS[0]
    yield from _overview(report)
    yield from (SECTIONS[1], proactive, SECTIONS[2], requests, SECTIONS[3], lawsuits, SECTIONS[4])
    yield f"一年来的不足:{report.organ}对市场主体关心的事项解读还不够生动,历史文件的整理仍有欠账。"
    yield f"下一步:按季度清理栏目,严格发布前的核对,让公开队伍每人每年至少受训{2 + report.seed % 4}次。"
    yield SECTIONS[5]
    yield f"{report.year}年度{report.organ}未收取信息处理费,无其他需要报告的事项。"


def _tables(report: Report) -> tuple[Grid, Grid, Grid]:
    if report.year >= 2021:
        proactive, outcomes = proactive_2021(report.seed, report.correction), OUTCOMES_2021
    else:
        proactive, outcomes = proactive_2019(report.seed), OUTCOMES_2019
    return proactive, application_table(outcomes, report.seed), dispute_table(report.seed)


def _overview(report: Report) -> Iterator[str]:
    seed, city = report.seed, report.district.city
    yield f"{report.year}年,{report.organ}围绕{city}中心工作,高效办理群众关心的公开事项。"
    yield f"(一)主动公开。全年发布各类信息{40 + 13 * seed}条,其中财政预决算{2 + seed % 3}条、民生项目{5 + seed}条。"
    yield "(二)依申请公开。窗口、信函和网上渠道全年畅通,每件申请均登记、会商并按期答复。"
    yield f"(三)政府信息管理。文件起草时同步确定公开属性,全年核定{20 + 3 * seed}件,更新目录{1 + seed % 2}次。"
    yield f"(四)平台建设。{report.district.name}人民政府网站设有专栏,线下查阅点{1 + seed % 5}处,均配有引导员。"
    yield f"(五)监督保障。举办培训{1 + seed % 3}期,开展社会评议1次,未发生责任追究的情形。"


def _free(report: Report) -> Iterator[Block]:
    year, organ, seed = report.year, report.organ, report.seed
    yield f"本报告由{organ}根据《中华人民共和国政府信息公开条例》编制,统计期限自{year}年1月1日起至{year}年12月31日止。"
    yield "一、概述"
    yield f"{year}年,{organ}指定专人负责公开工作,受理点设在{report.district.city}{report.district.name}行政中心一楼。"
    yield "二、主动公开政府信息的情况"
    yield f"全年主动公开政府信息{60 + 9 * seed}条,全文电子化率达100%,公共查阅点接待{seed * 17}人次。"
    yield "三、依申请公开政府信息的情况"
    yield f"全年收到申请{seed}件,均已在法定期限内答复。"
    yield "四、收费及减免情况"
    yield "全年未就依申请提供的信息收取检索、复制、邮寄费用。"
    yield "五、行政复议、行政诉讼情况"
    yield f"{year}年未发生针对{organ}有关政府信息公开事务的复议和诉讼。"
    yield "六、存在的主要问题和改进措施"
    yield "部分科室公开意识有待提高,将把信息公开列入年度培训。"
    if year >= 2014:
        yield _indicators(seed)


def _indicators(seed: int) -> Grid:
    return (
        row("指标名称", "单位", "数量"),
        row("主动公开政府信息数", "条", 60 + 9 * seed),
        row("收到信息公开申请总数", "件", seed),
        row("申请办结数", "件", seed),
        row("被申请行政复议数", "件", 0),
        row("被提起行政诉讼数", "件", 0),
    )
