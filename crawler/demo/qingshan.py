"""A portal on TRS WCM where each column numbers the pages of its list in a way of its own.

    /zwgk/, /zwgk/zfxxgk/zfxxgknb/         the way; below it three columns
      qzf/  index.html, index_1.html, …    createPageHTML(4, 0, "index", "html")                     from nought
      bm/   rlist.shtml, rlist_2.shtml, …  createPageHTML('page_div', 4, 1, 'rlist', 'shtml', 34)    from one
      xz/   index.html, index_1.html, …    createPageHTML(24, 5, 0, "index", "html")                 rows first

The script of xz/ promises five pages; of the last two there are stubs. robots.txt forbids the search that home links.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.demo import news
from crawler.demo import report as reports
from crawler.demo.attachment import docx
from crawler.demo.report import District
from crawler.demo.roll import roll
from crawler.demo.site import Page, Publication, Row, Site
from crawler.demo.template import Pages, Template, anchors, items, newest_first
from crawler.demo.trs import DOCX, HTML

DISTRICT = District(city="东海市", name="青山区", website="http://www.qingshan.example")
OPENNESS, COLUMN = "/zwgk/", "/zwgk/zfxxgk/zfxxgknb/"
BUREAU_NAMES = (
    "区发展和改革委员会",
    "区教育局",
    "区公安分局",
    "区民政局",
    "区财政局",
    "区水利局",
    "区审计局",
    "区统计局",
)
TOWN_NAMES = ("松林镇人民政府", "石门街道办事处")
GOVERNMENT, BUREAUS, TOWNS = COLUMN + "qzf/", COLUMN + "bm/", COLUMN + "xz/"
ROLLS: tuple[tuple[str, Sequence[str], Sequence[int]], ...] = (
    (GOVERNMENT, ("区人民政府",), range(2009, 2025)),
    (BUREAUS, BUREAU_NAMES, range(2021, 2025)),
    (TOWNS, TOWN_NAMES, range(2019, 2025)),
)
IN_FILE = {TOWNS + "202401/t20240109_202301.html"}
TEMPLATE = Template(name="东海市青山区人民政府", article='class="TRS_Editor"', column=(COLUMN, "政府信息公开年报"))
SEARCH = "/was5/web/search?channelid=204318"
ROBOTS = b"User-agent: *\nDisallow: /was5/\n"
STUB = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title></title>
<script type="text/javascript" src="/images/page.js"></script>
<link rel="stylesheet" type="text/css" href="/images/list.css">
</head><body><div class="list"><ul>

</ul></div><div class="page" id="page_div"><script type="text/javascript">pager();</script></div>
</body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`call` is what the script is told. `promised` pages, with `promised_rows`, are more than there are: of those that
    are not there one has to be asked for."""

    path: str
    label: str
    call: str
    rows: tuple[Row, ...]
    first: str = ""
    further: str = "index_{}.html"
    from_one: int = 0
    a_page: int = 5
    promised: int = 0
    promised_rows: int = 0

    @property
    def pages(self) -> int:
        return -(-len(self.rows) // self.a_page)

    def file(self, page: int) -> str:
        """Pages are counted from nought here."""
        return self.path + (self.further.format(page + self.from_one) if page else self.first)

    @property
    def way(self) -> tuple[str, ...]:
        return tuple(self.file(page) for page in range(self.pages + bool(self.promised)))

    def script(self, page: int) -> str:
        pages, rows = self.promised or self.pages, self.promised_rows or len(self.rows)
        return self.call.format(pages=pages, current=page + self.from_one, rows=rows)


def build(*, base: str) -> Site:
    lists = {path: _published(path, organs, years) for path, organs, years in ROLLS}
    columns = tuple(_column(path, listed) for path, listed in lists.items())
    published = sum(lists.values(), ())
    return Site(
        id="qingshan",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture(columns)
        | news.pages(TEMPLATE.page, name=DISTRICT.name, folder="/xw/", count=120)
        | {path: page for column in columns for path, page in _list(column).items()}
        | TEMPLATE.neighbours(row for path in lists for row in _confusing(path))
        | TEMPLATE.details(published)
        | _files(published),
        missing=TEMPLATE.missing(),
        publications=published,
        way=("/", OPENNESS, COLUMN, *(path for column in columns for path in column.way)),
        forbidden=(SEARCH,),
    )


def _published(column: str, organs: Sequence[str], years: Sequence[int]) -> tuple[Publication, ...]:
    suffix = "shtml" if column == BUREAUS else "html"
    listed = roll(
        DISTRICT,
        lambda _organ, _year, day, serial: f"{column}{day:%Y%m}/t{day:%Y%m%d}_{serial}.{suffix}",
        organs=organs,
        years=years,
    )
    return tuple(_with_files(publication) for publication in listed)


def _with_files(publication: Publication) -> Publication:
    """The treasury annexes a document, the government the report itself; of one town the file is all there is."""
    folder, serial = publication.path.rpartition("/")[0], publication.path.rpartition("_")[2].partition(".")[0]
    stem = f"{folder}/P0{publication.published:%Y%m%d}{serial}18264"
    if publication.report.organ.endswith("区财政局"):
        return replace(publication, attachments=(f"{stem}.docx",))
    if publication.path in IN_FILE or publication.report.organ == "青山区人民政府":
        return replace(publication, attachments=(f"{stem}.pdf",))
    return publication


def _files(published: Sequence[Publication]) -> Pages:
    """Documents, and the pages of the reports that stand in their file alone."""
    pages: Pages = {each.path: TEMPLATE.detail(each, alone=True) for each in published if each.path in IN_FILE}
    for each in published:
        text = (each.title, *reports.lines(reports.blocks(each.report)))
        pages |= {path: Page(media_type=DOCX, body=docx(text)) for path in each.attachments if path.endswith(".docx")}
    return pages


def _column(path: str, published: Sequence[Publication]) -> Column:
    rows = tuple(newest_first(published, _confusing(path)))
    if path == GOVERNMENT:
        call = 'createPageHTML({pages}, {current}, "index", "html");'
        return Column(path=path, label="区政府年报", call=call, rows=rows)
    if path == TOWNS:
        call = 'createPageHTML({rows}, {pages}, {current}, "index", "html");'
        return Column(path=path, label="街道镇年报", call=call, rows=rows, promised=5, promised_rows=24)
    call = "createPageHTML('page_div',{pages}, {current},'rlist','shtml',{rows});"
    first, further = "rlist.shtml", "rlist_{}.shtml"
    return Column(
        path=path, label="区政府部门年报", call=call, rows=rows, first=first, further=further, from_one=1, a_page=10
    )


def _confusing(path: str) -> tuple[Row, ...]:
    titles = [title.format(name=DISTRICT.name, year=2023) for title in news.CONFUSING]
    shown = titles[:2] if path == BUREAUS else titles[2:4]
    return tuple((f"{path}202401/t2024011{n}_9{n}.html", title, f"2024-01-1{n}") for n, title in enumerate(shown))


def _furniture(columns: Sequence[Column]) -> Pages:
    search = f'<li><a href="{SEARCH}&amp;searchword=信息公开年报">搜索:信息公开年报</a></li>'
    below = {column.file(0): column.label for column in columns}
    return {
        **TEMPLATE.furniture(),
        "/robots.txt": Page(media_type="text/plain", body=ROBOTS),
        "/": TEMPLATE.page("首页", f"<ul>{anchors({OPENNESS: '政务公开'})}{news.menu('/xw/')}{search}</ul>"),
        OPENNESS: TEMPLATE.page("政务公开", f"<ul>{anchors({COLUMN: '政府信息公开年报'})}{news.menu('/xw/')}</ul>"),
        COLUMN: TEMPLATE.column_page("政府信息公开年报", f"<ul>{anchors(below)}</ul>"),
        SEARCH.partition("?")[0]: TEMPLATE.page("搜索结果", "<p>共0条</p>"),
    }


def _list(column: Column) -> Pages:
    pages: Pages = {}
    for page in range(column.pages):
        rows = column.rows[page * column.a_page : (page + 1) * column.a_page]
        shown = items((f"./{path.removeprefix(column.path)}", title, day) for path, title, day in rows)
        script = f'<div id="page_div"><script>{column.script(page)}</script></div>'
        pages[column.file(page)] = TEMPLATE.column_page(column.label, f'<ul class="list">\n{shown}\n</ul>\n{script}')
    pages |= {f"{column.path}index.html": pages[column.path]} if column.path in pages else {}
    stub = Page(media_type=HTML, body=STUB.encode())
    return pages | {column.file(page): stub for page in range(column.pages, column.promised)}
