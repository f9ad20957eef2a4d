"""A portal on 博达 VSB, 西云县: the pages of its lists are numbered downwards, and each year has a column of its own.

    /zwgk.htm, /zfxxgk.htm                       the way
    /zfxxgk/zfxxgknb.htm, …/4.htm, … …/1.htm     older years: five pages; what is relative differs from page to page
    /zfxxgk/zfxxgknb/a2024.htm, …/a2024/1.htm    a year's column, in two pages; the same for 2023
    /info/1154/16376.htm                         a report

A page counts its visits by a script of the server, which is not for crawlers; nor is what robots.txt forbids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from posixpath import dirname, relpath

from crawler.demo import news, office
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.site import Page, Publication, Row, Site
from crawler.demo.template import Pages, Template, anchors, newest_first

DISTRICT = District(city="东海市", name="西云县", website="http://www.xiyun.example")
OPENNESS, WAY, COLUMN = "/zwgk.htm", "/zfxxgk.htm", "/zfxxgk/zfxxgknb.htm"
COUNTER = "/system/resource/code/news/click/clicktimes.jsp"
TEMPLATE = Template(
    name="西云县人民政府",
    article='id="vsb_content" class="v_news_content"',
    column=(COLUMN, "政府信息公开年报"),
    head='<!--Announced by Visual SiteBuilder 9--><script src="/_sitegray/_sitegray.js"></script>\n',
)
BODIES = tuple(organ.removeprefix("区") for organ in ORGANS)
OLDER_ROWS, YEAR_ROWS = 6, 5


def _where(_organ: str, year: int, _day: date, serial: int) -> str:
    return f"/info/{1150 + year % 10}/{serial % 100_000 + 10_000}.htm"


def _filed(published: Sequence[Publication]) -> tuple[Publication, ...]:
    """Every fourth has a file, each time of another type."""
    kinds = ("pdf", "doc", "wps", "xls")
    return tuple(
        replace(each, attachments=(f"/__local/4/2E/{number:02X}/A9B4_{number}.{kinds[number // 4 % 4]}",))
        if number % 4 == 0
        else each
        for number, each in enumerate(published)
    )


OLDER = _filed(roll(DISTRICT, _where, organs=BODIES[:6], years=(2019, 2020, 2021, 2022)))
YEARS = {year: roll(DISTRICT, _where, organs=BODIES[:7], years=(year,)) for year in (2024, 2023)}
OTHERS: tuple[Row, ...] = (
    ("/info/1154/9001.htm", "关于做好2022年政府信息公开工作年度报告编制和发布工作的通知", "2022-12-20"),
    ("/info/1154/9002.htm", "西云县人民政府2021年政府网站工作年度报表", "2022-01-24"),
    ("/info/1154/9003.htm", "西云县2020年法治政府建设情况报告", "2021-02-01"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`path` ends in .htm; pages count from nought."""

    path: str
    label: str
    rows: Sequence[Row]
    rows_a_page: int
    beside: str = ""

    @property
    def count(self) -> int:
        return -(-len(self.rows) // self.rows_a_page)

    def file(self, page: int) -> str:
        return f"{self.path.removesuffix('.htm')}/{self.count - page}.htm" if page else self.path

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(self.file(page) for page in range(self.count))


COLUMNS = (
    Column(
        path=COLUMN,
        label="政府信息公开年报",
        rows=newest_first(OLDER, OTHERS),
        rows_a_page=OLDER_ROWS,
        beside="".join(f'<li><a href="zfxxgknb/a{year}.htm">{year}年</a></li>' for year in YEARS),
    ),
    *(
        Column(
            path=f"/zfxxgk/zfxxgknb/a{year}.htm",
            label=f"{year}年",
            rows=newest_first(published, ()),
            rows_a_page=YEAR_ROWS,
        )
        for year, published in YEARS.items()
    ),
)


def build(*, base: str) -> Site:
    published = (*OLDER, *(each for year in YEARS.values() for each in year))
    return Site(
        id="xiyun",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | {path: page for column in COLUMNS for path, page in _list(column)}
        | TEMPLATE.neighbours(OTHERS)
        | {each.path: _counting(each) for each in published}
        | office.files(published),
        missing=TEMPLATE.missing(),
        publications=published,
        way=("/", OPENNESS, WAY, *(path for column in COLUMNS for path in column.files)),
        forbidden=(COUNTER, "/system/_owners/"),
    )


def _furniture() -> Pages:
    home = f"<ul>{news.menu('/xw/')}{anchors({OPENNESS: '政务公开', '/system/_owners/': '后台登录'})}</ul>"
    towards = {"/xw/zfxxgkzn/": "政府信息公开指南", WAY: "法定主动公开内容"}
    inside = {"/xw/zfxxgkzd/": "政府信息公开制度", "/xw/ysqgk/": "依申请公开", COLUMN: "政府信息公开年报"}
    return news.pages(TEMPLATE.page, name="西云县", folder="/xw/", count=120) | {
        **TEMPLATE.furniture(),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nDisallow: /system/_owners/\n"),
        "/_sitegray/_sitegray.js": Page(media_type="text/javascript", body=b"var _sitegray = 0;\n"),
        COUNTER: Page(media_type="text/javascript", body=b"document.write(1);"),
        "/": TEMPLATE.page("首页", home),
        OPENNESS: TEMPLATE.column_page("政务公开", f"<ul>{anchors(towards)}</ul>"),
        WAY: TEMPLATE.column_page("法定主动公开内容", f"<ul>{anchors(inside)}</ul>"),
    }


def _counting(publication: Publication) -> Page:
    """Visits are counted by a script beside the article."""
    counter = f'<script src="{COUNTER}?wbnewsid={publication.path[-9:-4]}"></script>'
    return TEMPLATE.detail(publication, alone=publication in OLDER[:5] and bool(publication.attachments), head=counter)


def _list(column: Column) -> Iterator[tuple[str, Page]]:
    for page, path in enumerate(column.files):
        here = dirname(path)
        rows = column.rows[page * column.rows_a_page : (page + 1) * column.rows_a_page]
        items = "\n".join(
            f'<li><a href="{relpath(target, here)}" title="{title}">{title}</a><span>{day}</span></li>'
            for target, title, day in rows
        )
        beside = f"<ul>{column.beside}</ul>" if not page else ""
        main = f'{beside}<ul class="list">\n{items}\n</ul>\n{_pager(column, page)}'
        yield path, TEMPLATE.column_page(column.label, main)


def _pager(column: Column, page: int) -> str:
    here = dirname(column.file(page))
    numbers = "".join(
        f'<span class="p_no"><a href="{relpath(path, here)}">{number}</a></span>'
        if number != page + 1
        else f'<span class="p_no_d">{number}</span>'
        for number, path in enumerate(column.files, 1)
    )
    following = '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
    if page + 1 < column.count:
        target, last = (relpath(column.file(each), here) for each in (page + 1, column.count - 1))
        following = f"""<span class="p_next p_fun"><a href="{target}">下页</a></span>\
<span class="p_last p_fun"><a href="{last}">尾页</a></span>"""
    return f"""<div class="pb_sys_common pb_sys_normal pb_sys_style1"><span class="p_t">共{len(column.rows)}条</span>
<span class="p_pages">{numbers}{following}</span> <span class="p_t">{page + 1}/{column.count}</span></div>"""
