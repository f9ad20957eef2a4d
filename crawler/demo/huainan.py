"""A portal on an openness platform of Anhui, 东海市槐南区: one list for each organ, reached over a table of organs.

/openness/                                           the way
/xxgkContent/?branch_id=…&column_code=52702          the organs, by name
/XxgkContent/showList/<organ>/0/page_1.html, …       an organ's column; some pagers are drawn by a script
/spage.xp?doAction=sgknb&unitid=9                    a street office: all its years behind one address
/XxgkAnnualReport/show/<id>.html                     a report; the government's under /OpennessAnnualReport/
/OpennessAnnualReport/download/<id>.html             its file, a .doc that only the headers call so
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from crawler.demo import news, office
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.site import Page, Publication, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, items, newest_first

DISTRICT = District(city="东海市", name="槐南区", website="http://www.huainan.example")
OPENNESS = "/openness/"
ORGAN_COLUMN = "/xxgkContent/?branch_id=5d9f1c2ab4e08f6a7c3d2e10&column_code=52702"
YEARS_PAGE, UNIT = "/spage.xp", "9"
COLUMN_NAME = "政府信息公开年报"
TEMPLATE = Template(name="东海市槐南区人民政府", article='id="zoom"', column=(ORGAN_COLUMN, COLUMN_NAME))
ROWS_A_PAGE = 5


def _where(kind: str, _organ: str, _year: int, _day: date, serial: int) -> str:
    return f"/{kind}/show/{serial % 100_000}.html"


def _filed(published: Sequence[Publication]) -> tuple[Publication, ...]:
    """Every third has its file behind a script."""
    return tuple(
        replace(each, attachments=(each.path.replace("XxgkAnnual", "OpennessAnnual").replace("show", "download"),))
        if number % 3 == 0
        else each
        for number, each in enumerate(published)
    )


def _of(organ: str, years: Sequence[int], kind: str = "XxgkAnnualReport") -> tuple[Publication, ...]:
    number = 100 * ORGANS.index(organ)
    published = roll(DISTRICT, partial(_where, kind), organs=(organ,), years=years)
    return tuple(replace(each, path=f"/{kind}/show/{number + each.report.year - 2000}.html") for each in published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """`scripted`: its pager is drawn by a script that is told the numbers."""

    id: int
    name: str
    published: tuple[Publication, ...]
    others: tuple[Row, ...] = ()
    scripted: bool = False

    @property
    def rows(self) -> Sequence[Row]:
        return newest_first(self.published, self.others)

    @property
    def count(self) -> int:
        return -(-len(self.rows) // ROWS_A_PAGE)

    def file(self, page: int) -> str:
        return f"/XxgkContent/showList/{self.id}/0/page_{page}.html"


def _row(number: int, title: str, day: str) -> Row:
    return f"/XxgkContent/show/{number}.html", title, day


LISTED = (
    Organ(
        id=1,
        name="区人民政府",
        published=_filed(_of("区人民政府", range(2012, 2025), "OpennessAnnualReport")),
        others=(_row(8801, "槐南区2023年法治政府建设年度报告", "2024-02-20"),),
    ),
    Organ(id=2, name="区教育局", published=_filed(_of("区教育局", range(2018, 2025))), scripted=True),
    Organ(
        id=3,
        name="区财政局",
        published=_of("区财政局", range(2019, 2025)),
        others=(
            _row(8803, "关于做好2024年政府信息公开工作年度报告编制和发布工作的通知", "2024-12-26"),
            _row(8804, "槐南区财政局2023年政府网站工作年度报表", "2024-01-22"),
        ),
    ),
    Organ(id=4, name="区卫生健康委员会", published=_of("区卫生健康委员会", range(2019, 2025)), scripted=True),
    Organ(id=5, name="青石镇", published=_of("青石镇人民政府", (2021, 2022, 2023, 2024))),
)
YEARS = _of("河东街道办事处", (2020, 2021, 2022, 2023, 2024))


def build(*, base: str) -> Site:
    published = (*(each for organ in LISTED for each in organ.published), *YEARS)
    return Site(
        id="huainan",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | {path: page for organ in LISTED for path, page in _list(organ)}
        | TEMPLATE.neighbours(row for organ in LISTED for row in organ.others)
        | TEMPLATE.details(published)
        | office.files(published),
        missing=TEMPLATE.missing(),
        publications=published,
        way=tuple(_way()),
    )


def _way() -> Iterator[str]:
    yield from ("/", OPENNESS, ORGAN_COLUMN)
    yield from (organ.file(page) for organ in LISTED for page in range(1, organ.count + 1))
    yield from (_year_target(each.report.year) for each in YEARS)


def _year_target(year: int) -> str:
    """The newest year is shown without being asked for."""
    first = f"{YEARS_PAGE}?doAction=sgknb&unitid={UNIT}"
    return first if year == YEARS[0].report.year else f"{first}&year={year}"


def _furniture() -> Pages:
    home = f"<ul>{news.menu('/xw/')}{anchors({OPENNESS: '政务公开'})}</ul>"
    inside = {"/xw/zfxxgkzn/": "政府信息公开指南", "/xw/zfxxgkzd/": "政府信息公开制度", ORGAN_COLUMN: COLUMN_NAME}
    organs = {organ.file(1): organ.name for organ in LISTED} | {_year_target(YEARS[0].report.year): "河东街道"}
    return news.pages(TEMPLATE.page, name="槐南区", folder="/xw/", count=120) | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", home),
        OPENNESS: TEMPLATE.column_page("政务公开", f"<ul>{anchors(inside)}</ul>"),
        ORGAN_COLUMN: TEMPLATE.column_page(COLUMN_NAME, f"<table><tr><td>{anchors(organs)}</td></tr></table>"),
        YEARS_PAGE: partial(_year_page, {str(each.report.year): each for each in YEARS}),
    }


def _list(organ: Organ) -> Iterator[tuple[str, Page]]:
    for page in range(1, organ.count + 1):
        rows = organ.rows[(page - 1) * ROWS_A_PAGE : page * ROWS_A_PAGE]
        pager = _scripted(organ, page) if organ.scripted else _linked(organ, page)
        main = f'<ul class="xxgk_list">\n{items(rows)}\n</ul>\n<div class="pagination">{pager}</div>'
        yield organ.file(page), TEMPLATE.column_page(f"{organ.name}{COLUMN_NAME}", main)


def _linked(organ: Organ, page: int) -> str:
    following = f'<a href="page_{page + 1}.html">下一页</a>' if page < organ.count else "<span>下一页</span>"
    return f"<span>共{len(organ.rows)}条</span> <span>{page}/{organ.count}页</span> {following}"


def _scripted(organ: Organ, page: int) -> str:
    return f"""<div id="pager"></div><script>
var pageIndex = {page}, first = 1; var pageCount = {organ.count}; var totalCount = {len(organ.rows)};
drawPager("pager", pageIndex, pageCount, "page_{{0}}.html");
</script>"""


def _year_page(years: Mapping[str, Publication], request: Request) -> Page:
    """One year's report as a row; of another unit there is nothing, and an unknown year is the newest."""
    asked = request.parameters
    newest = max(years)
    year = asked.get("year", newest)
    shown = years.get(year, years[newest]) if asked.get("unitid") == UNIT else None
    if shown is None or asked.get("doAction") != "sgknb":
        return TEMPLATE.missing()
    options = "".join(
        f'<option value="{each}"{" selected" if each == str(shown.report.year) else ""}>{each}年</option>'
        for each in sorted(years, reverse=True)
    )
    kept = f'<input type="hidden" name="doAction" value="sgknb"><input type="hidden" name="unitid" value="{UNIT}">'
    chooser = f'<select name="year" onchange="this.form.submit()">{options}</select>'
    form = f'<form action="{YEARS_PAGE}" method="get">{kept}{chooser}</form>'
    return TEMPLATE.column_page("河东街道政府信息公开年报", f'{form}<ul class="xxgk_list">{items((shown.row,))}</ul>')
