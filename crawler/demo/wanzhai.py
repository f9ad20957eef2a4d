"""A portal of no known system, 东海市万寨区: every way to hide the next page of a list that needs no server behind it.

    /xxgk/nb/                  信息公开年报: the list stands in an iframe, older years in columns of their own
    /xxgk/nb/list.asp?cid=12   the list: its pages are chosen from a <select>
    /xxgk/ssy/                 晒一晒, a name that says nothing: streets' and towns'; turnpage('index_2.html')
    /bm/jyj/                   a bureau's site in a frameset; its list has numbers and no words; some reports are scans
    /bm/mzj/                   another's: goPage(2); the list counts nine rows and has seven

Some rows are no links but open a window.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from crawler.demo import news, office
from crawler.demo.report import District
from crawler.demo.roll import roll
from crawler.demo.site import Page, Publication, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, newest_first

DISTRICT = District(city="东海市", name="万寨区", website="http://www.wanzhai.example")
WAY, COLUMN, LIST = "/xxgk/", "/xxgk/nb/", "/xxgk/nb/list.asp"
UNNAMED, SCHOOLS, CIVIL, SITES = "/xxgk/ssy/", "/bm/jyj/", "/bm/mzj/", "/bm/"
DECLARED = 9
TEMPLATE = Template(
    name="东海市万寨区人民政府", article='class="content" id="article"', column=(COLUMN, "信息公开年报")
)
GO_PAGE = """<script>
function goPage(n) {
  if (n == 1) { window.location.href = "index.html"; }
  else { window.location.href = "index_" + n + ".html"; }
}
</script>"""


def _where(folder: str, _organ: str, _year: int, _day: date, serial: int) -> str:
    return f"{folder}{serial % 100_000}.html"


def _of(folder: str, organs: Sequence[str], years: Sequence[int], kind: str = "") -> tuple[Publication, ...]:
    """Of those with files, every third report has one."""
    return tuple(
        replace(each, attachments=(f"{folder}files/{number}.{kind}",)) if kind and number % 3 == 0 else each
        for number, each in enumerate(roll(DISTRICT, partial(_where, folder), organs=organs, years=years))
    )


OF_GOVERNMENT = _of(COLUMN, ("区人民政府", "区人民政府办公室"), range(2019, 2025), "doc")
BODIES = ("区人民政府", "区财政局", "区公安分局", "青石镇人民政府")
OF_YEARS = {f"{COLUMN}{year}n/": _of(f"{COLUMN}{year}n/", BODIES, (year,)) for year in (2018, 2017)}
OF_TOWNS = _of(UNNAMED, ("河东街道办事处", "南关镇人民政府"), range(2019, 2025), "wps")
OF_SCHOOLS = _of(SCHOOLS, ("区教育局",), range(2014, 2025))
OF_CIVIL = _of(CIVIL, ("区民政局",), range(2018, 2025), "xls")
SCANNED = OF_SCHOOLS[3]
OTHERS: tuple[Row, ...] = (
    (f"{COLUMN}9001.html", "关于做好2023年政府信息公开工作年度报告编制和发布工作的通知", "2023-12-18"),
    (f"{COLUMN}9002.html", "万寨区2022年政府网站工作年度报表", "2023-01-19"),
)
TOWN_OTHERS: tuple[Row, ...] = ((f"{UNNAMED}9003.html", "南关镇2022年法治政府建设年度报告", "2023-02-08"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A list of files index.html, index_2.html, …; `pager` prints what leads to the others from the page of this
    number, counted from one, and of so many."""

    path: str
    label: str
    rows: Sequence[Row]
    rows_a_page: int
    pager: Callable[[int, int], str]
    stem: str = "index"
    beside: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        count = -(-len(self.rows) // self.rows_a_page)
        more = (f"{self.path}{self.stem}_{number}.html" for number in range(2, count + 1))
        return (self.path if self.stem == "index" else f"{self.path}{self.stem}.html", *more)

    def pages(self) -> Iterator[tuple[str, Page]]:
        for number, path in enumerate(self.files, 1):
            rows = self.rows[(number - 1) * self.rows_a_page : number * self.rows_a_page]
            main = f'{self.beside}<ul class="list">\n{_items(rows)}\n</ul>\n{self.pager(number, len(self.files))}'
            yield path, TEMPLATE.column_page(self.label, main)


def _turned(number: int, of: int) -> str:
    following = f"""<a href="javascript:turnpage('index_{number + 1}.html')">下一页</a>""" if number < of else "下一页"
    return f'<div class="page">第{number}/{of}页 {following}</div>'


def _numbered(number: int, of: int) -> str:
    names = (f"list{f'_{each}' if each > 1 else ''}.html" for each in range(1, of + 1))
    links = (
        f'<span class="cur">{each}</span>' if each == number else f'<a href="{name}">{each}</a>'
        for each, name in enumerate(names, 1)
    )
    return f'<div class="pages">{" ".join(links)}</div>'


def _called(number: int, of: int) -> str:
    following = f'<a href="javascript:goPage({number + 1})">后一页</a>' if number < of else ""
    return f'{GO_PAGE}<div class="page">共{DECLARED}条记录 共{of}页 当前第{number}页 {following}</div>'


def _alone(_number: int, _of: int) -> str:
    return ""


COLUMNS = (
    *(
        Column(path=path, label=f"{path[-6:-2]}年", rows=newest_first(published, ()), rows_a_page=15, pager=_alone)
        for path, published in OF_YEARS.items()
    ),
    Column(path=UNNAMED, label="晒一晒", rows=newest_first(OF_TOWNS, TOWN_OTHERS), rows_a_page=5, pager=_turned),
    Column(
        path=SCHOOLS,
        stem="list",
        label="政府信息公开年度报告",
        rows=newest_first(OF_SCHOOLS, ()),
        rows_a_page=4,
        pager=_numbered,
    ),
    Column(path=f"{CIVIL}nb/", label="年度报告", rows=newest_first(OF_CIVIL, ()), rows_a_page=4, pager=_called),
)
FRAMED = Column(path=LIST, label="信息公开年报", rows=newest_first(OF_GOVERNMENT, OTHERS), rows_a_page=5, pager=_alone)


def build(*, base: str) -> Site:
    published = (*OF_GOVERNMENT, *(each for year in OF_YEARS.values() for each in year), *OF_TOWNS)
    published = (*published, *OF_SCHOOLS, *OF_CIVIL)
    return Site(
        id="wanzhai",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | {path: page for column in COLUMNS for path, page in column.pages()}
        | TEMPLATE.neighbours((*OTHERS, *TOWN_OTHERS))
        | TEMPLATE.details(published)
        | office.files(published)
        | _scans(),
        missing=TEMPLATE.missing(),
        publications=published,
        way=(
            *("/", WAY, COLUMN, *(_framed_target(number) for number in range(1, len(FRAMED.files) + 1))),
            *(SITES, SCHOOLS, f"{SCHOOLS}menu.html", CIVIL),
            *(path for column in COLUMNS for path in column.files),
        ),
    )


def _framed_target(number: int) -> str:
    return f"{LIST}?cid=12{f'&page={number}' if number > 1 else ''}"


def _furniture() -> Pages:
    home = f"<ul>{news.menu('/xw/')}{anchors({WAY: '信息公开', SITES: '部门网站'})}</ul>"
    inside = {
        "/xw/zfxxgkzn/": "政府信息公开指南",
        "/xw/ysqgk/": "依申请公开",
        COLUMN: "信息公开年报",
        UNNAMED: "晒一晒",
    }
    years = anchors({path: column.label for path, column in zip(OF_YEARS, COLUMNS, strict=False)})
    frame = f'<ul>{years}</ul><iframe src="list.asp?cid=12" width="700" frameborder="0"></iframe>'
    frameset = '<frameset cols="20%,*"><frame src="menu.html"><frame src="welcome.html" name="main"></frameset>'
    menu = '<ul><li><a href="list.html" target="main">政府信息公开年度报告</a></li></ul>'
    return news.pages(TEMPLATE.page, name="万寨区", folder="/xw/", count=120) | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", home),
        WAY: TEMPLATE.column_page("信息公开", f"<ul>{anchors(inside)}</ul>"),
        COLUMN: TEMPLATE.column_page("信息公开年报", frame),
        LIST: _framed,
        SITES: TEMPLATE.column_page("部门网站", f"<ul>{anchors({SCHOOLS: '区教育局', CIVIL: '区民政局'})}</ul>"),
        SCHOOLS: _frameset("万寨区教育局", frameset),
        f"{SCHOOLS}menu.html": TEMPLATE.page("栏目", menu),
        f"{SCHOOLS}welcome.html": TEMPLATE.page("区教育局", "<p>欢迎访问。</p>"),
        CIVIL: TEMPLATE.page("区民政局", f"<ul>{anchors({f'{CIVIL}nb/': '政府信息公开年报'})}</ul>"),
    }


def _frameset(title: str, frames: str) -> Page:
    text = f'<html><head><meta charset="utf-8"><title>{title}</title></head>{frames}</html>'
    return Page(body=text.encode(), media_type="text/html; charset=utf-8")


def _framed(request: Request) -> Page:
    """The list in the frame; of another column, and after the last page, there is nothing."""
    asked = request.parameters
    number, of = int(asked.get("page", "1")), len(FRAMED.files)
    rows = FRAMED.rows[(number - 1) * FRAMED.rows_a_page : number * FRAMED.rows_a_page]
    options = "".join(
        f'<option value="{each}"{" selected" if each == number else ""}>{each}</option>' for each in range(1, of + 1)
    )
    pager = f"""<div>共{len(FRAMED.rows)}条 转到<select onchange="turn(this)">{options}</select>页</div>
<script>function turn(s) {{ location.href = "list.asp?cid=12&page=" + s.options[s.selectedIndex].value; }}</script>"""
    shown = rows if asked.get("cid") == "12" else ()
    text = f"<html><head><title>列表</title></head><body><ul>\n{_items(shown)}\n</ul>{pager}</body></html>"
    return Page(body=text.encode(), media_type="text/html; charset=utf-8")


def _items(rows: Sequence[Row]) -> str:
    """Every fourth row opens a window."""
    return "\n".join(
        f"""<li><a href="javascript:void(0)" onclick="window.open('{path}')">{title}</a><span>{day}</span></li>"""
        if number % 4 == 3
        else f'<li><a href="{path}">{title}</a><span>{day}</span></li>'
        for number, (path, title, day) in enumerate(rows)
    )


def _scans() -> Pages:
    """One report is four pictures of paper."""
    images = [f"{SCHOOLS}images/{number}.jpg" for number in range(1, 5)]
    pictures = "".join(f'<p><img src="{path}"></p>' for path in images)
    main = f'<h1 class="title">{SCANNED.title}</h1><div id="article">{pictures}</div>'
    metas = {"ArticleTitle": SCANNED.title, "PubDate": f"{SCANNED.published} 09:30"}
    pages: Pages = dict.fromkeys(images, office.SCAN)
    return pages | {SCANNED.path: TEMPLATE.page(SCANNED.title, main, metas)}
