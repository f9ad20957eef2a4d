"""Pages in the forms that portals give them: which are reports, whose and of which year. Their names are invented.

A row of `page-forms.tsv` is a page by its parts, and what it is: organ and year, or the reason why it is no report.
"""

import pytest

from archive.reports.organ import Site
from archive.reports.recognition import NotAReport, Report, explain, recognise
from archive.reports.text import PageText, read_page
from tests.archive.reports.golden import golden
from tests.archive.reports.pages import PERIOD, PROSE, REPORT, TABLES, html

SITE = Site(portal="qingfeng", name="云溪市青枫区人民政府", aggregator=False)
NAMES = "政务公开要闻财政民生教育卫生交通" * 6
ROWS = "".join(
    f'<li><a href="/nb/{n}.html">青枫区{n}局2023年政府信息公开工作年度报告</a><span>2024-01-20</span></li>'
    for n in "财政民水农林教"
)
PARTS = {
    "REPORT": REPORT,
    "PROSE": PROSE,
    "PERIOD": PERIOD,
    "TABLES": TABLES,
    "FREE": "<p>一、概述</p><p>本年度,本机关依法开展主动公开,主动公开政府信息120条。</p>"
    "<p>二、依申请公开</p><p>受理申请3件,均已答复。</p>"
    "<p>三、收费及减免</p><p>未收取费用。</p><p>四、复议、诉讼</p><p>无。</p>"
    "<p>五、存在的主要问题和改进措施</p><p>加强培训,完善机制。</p>",
    "SECTIONS": "<p>一、总体情况</p><p>依法公开,全年发布信息88条。</p><p>二、主动公开政府信息情况</p>"
    "<img src='a1.png'>"
    "<p>三、收到和处理政府信息公开申请情况</p><img src='a2.png'>"
    "<p>四、被申请行政复议、行政诉讼情况</p><img src='a3.png'>"
    "<p>五、存在的主要问题及改进情况</p><p>人手不足,将加强培训。</p><p>六、其他需要报告的事项</p><p>无。</p>",
    "COLUMN": "<p>当前位置:<a>首页</a> &gt; <a>政府信息公开</a> &gt; <a>政府信息公开年报</a> &gt; 正文</p>",
    "FILE": '<p><a href="P020240120.pdf">附件</a></p>',
    "SCAN": '<p><img src="W020240120393.jpg"></p><p><img src="W020240120394.jpg"></p>',
    "MENU": "".join(f'<li><a href="/c{n}/">{name}信息</a></li>' for n, name in enumerate(NAMES)),
    "ROWS": ROWS,
    "FILES": ROWS.replace(".html", ".pdf"),
    "YEARS": "".join(
        f'<li><a href="/{y}.html">青枫区{y}年政府信息公开工作年度报告</a></li>' for y in range(2010, 2023)
    ),
}
PAGES = [pytest.param(row, id=f"{n} {row['title']}") for n, row in enumerate(golden("page-forms.tsv"), 2)]


def page_of(row: dict[str, str]) -> PageText:
    parts = {name: row[name].format(**PARTS) for name in ("article", "around", "head")}
    payload = html(row["title"], parts["article"], head=parts["head"], around=parts["around"])
    return read_page(payload, content_type="text/html", url="https://www.qingfeng.gov.cn/zwgk/1.html")


@pytest.mark.parametrize("row", PAGES)
def test_a_page_is_taken_for_what_it_is(row: dict[str, str]) -> None:
    found = recognise(page_of(row), site=SITE, anchor=None)
    if row["reason"]:
        assert found == NotAReport(reason=row["reason"])
    else:
        assert isinstance(found, Report), found
        assert (found.organ, str(found.year)) == (row["organ"], row["year"])


@pytest.mark.parametrize("row", PAGES)
def test_the_explanation_ends_with_the_outcome(row: dict[str, str]) -> None:
    steps = explain(page_of(row), site=SITE, anchor=None)
    assert steps[-1] == (f"not a report: {row['reason']}" if row["reason"] else "a report")
    assert not row["year"] or any(step.startswith(f"year: {row['year']}, by ") for step in steps)
