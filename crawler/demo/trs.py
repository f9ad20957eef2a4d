"""A portal on TRS WCM: directories, pages numbered from nought by a script, metas and a labelled block on each report.

    /                                     home, with traps beside the way
    /zwgk/zfxxgk/zfxxgknb/                the column; index_1.html and index_2.html are known to its script alone
    /zwgk/zfxxgk/zfxxgknb/{jz,lnnb}/      streets and towns; reports of early years
    /jyj/zfxxgknb/                        a bureau's own column, where one report is published a second time

The page that is gone answers 200; every page prints a date that its template froze; robots.txt forbids what home links.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from crawler.demo import report as reports
from crawler.demo import yunchuan
from crawler.demo.attachment import docx, pdf
from crawler.demo.site import Answer, Page, Publication, Request, Row, Site
from crawler.demo.yunchuan import BUREAU, COLUMN, EARLY, TOWNS

COLUMNS = {COLUMN: "政府信息公开年报", TOWNS: "街道镇年报", EARLY: "历年年报", BUREAU: "区教育局年报"}
ROWS_A_PAGE = 5
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GIF = bytes.fromhex("47494638396101000100800000c8102effffff2c00000000010001000002024401003b")
CSS = b"body{font-family:serif}.TRS_Editor table{border-collapse:collapse}"
HTML = "text/html; charset=utf-8"
PRIVATE = "/internal/zfxxgknb/2023.html"
ROBOTS = b"User-agent: *\nDisallow: /internal/\nDisallow: /was5/\n"

Pages = dict[str, Page | Answer]


def build(*, base: str, elsewhere: str, day: int) -> Site:
    """`elsewhere` is an address off the portal that its home page links."""
    published = (*yunchuan.reports(day), yunchuan.republished(base))
    return Site(
        id="yunchuan",
        name="东海市云川区人民政府",
        base=base,
        pages=_furniture(base, elsewhere) | _neighbours() | _lists(published) | _details(published),
        missing=_page("404", "<h1>您访问的页面不存在</h1>", status=404),
        publications=published,
        forbidden=(PRIVATE,),
        traps=("/calendar", "/gate/big5/"),
        edited=(yunchuan.EDITED,) if day > 1 else (),
    )


def _furniture(base: str, elsewhere: str) -> Pages:
    twin = f"/gate/big5/{base.removeprefix('http://')}/"
    home = _page("首页", _home(twin, elsewhere))
    return {
        "/": home,
        twin: home,
        "/zwgk/zfxxgk/": _page("政府信息公开", _anchors({COLUMN: COLUMNS[COLUMN], TOWNS: COLUMNS[TOWNS]})),
        "/robots.txt": Page(media_type="text/plain", body=ROBOTS),
        "/images/site.css": Page(media_type="text/css", body=CSS),
        "/images/logo.gif": Page(media_type="image/gif", body=GIF),
        "/calendar": _calendar,
        PRIVATE: _page("内部材料", "<p>此处不对外开放。</p>"),
    }


def _home(twin: str, elsewhere: str) -> str:
    return _anchors(
        {
            "/zwgk/zfxxgk/": "政府信息公开",
            BUREAU: "区教育局",
            PRIVATE: "2023年政府信息公开年报(内部稿)",
            "/calendar?month=2024-01": "政务日历",
            twin: "繁體",
            elsewhere: "政府信息公开年报镜像站",
        }
    )


def _calendar(request: Request) -> Page:
    """Every month links the next: there is no last one."""
    year, _, month = request.parameters.get("month", "2024-01").partition("-")
    following = int(year) * 12 + int(month)
    target = f"/calendar?month={following // 12}-{following % 12 + 1:02}"
    return _page("政务日历", f"<p>{year}年{month}月无安排。</p>{_anchors({target: '下个月'})}")


def _neighbours() -> Pages:
    gone = "<div class='tip'>页面不存在或已被删除,3秒后返回首页。</div>"
    pages: Pages = {path: _page(title, f"<h1>{title}</h1>{_editor(NOTICE)}") for path, title, _ in yunchuan.OTHERS}
    return pages | {yunchuan.GONE[0]: _page("页面不存在", gone)}


NOTICE = "<p>各街道办事处、镇人民政府,区政府各部门:现将有关事项通知如下。请于1月31日前完成并在门户网站公布。</p>"


def _lists(published: Iterable[Publication]) -> Pages:
    rows: dict[str, list[Row]] = {column: [] for column in COLUMNS}
    rows[COLUMN] += (*yunchuan.OTHERS, yunchuan.GONE)
    for publication in published:
        column = max((column for column in COLUMNS if publication.path.startswith(column)), key=len)
        rows[column].append(publication.row)
    return {path: page for column in COLUMNS for path, page in _list(column, rows[column]).items()}


def _list(column: str, rows: list[Row]) -> Pages:
    rows.sort(key=lambda row: row[2], reverse=True)
    groups = [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)]
    pages: Pages = {
        f"{column}index{f'_{number}' if number else ''}.html": _list_page(column, group, number, len(groups))
        for number, group in enumerate(groups)
    }
    return pages | {column: pages[column + "index.html"]}


def _list_page(column: str, rows: Sequence[Row], number: int, pages: int) -> Page:
    items = "\n".join(
        f'<li><a href="./{path.removeprefix(column)}" title="{title}">{title}</a><span>{day}</span></li>'
        for path, title, day in rows
    )
    children = {path: name for path, name in COLUMNS.items() if path.startswith(column) and path != column}
    pager = f'<script>createPageHTML({pages}, {number}, "index", "html");</script>'
    metas = {"ColumnName": COLUMNS[column], "ColumnType": "信息公开年报"}
    return _page(COLUMNS[column], f'{_anchors(children)}<ul class="list">\n{items}\n</ul>\n{pager}', metas)


def _details(published: Iterable[Publication]) -> Pages:
    pages: Pages = {}
    for publication in published:
        pages[publication.path] = _detail(publication)
        text = (publication.title, *reports.lines(reports.blocks(publication.report)))
        for path in publication.attachments:
            pages[path] = _file(path, text)
    return pages


def _file(path: str, text: Sequence[str]) -> Page:
    if path.endswith(".pdf"):
        return Page(media_type="application/pdf", body=pdf(text))
    return Page(media_type=DOCX, body=docx(text))


def _detail(publication: Publication) -> Page:
    organ, title, day = publication.report.organ, publication.title, publication.published
    metas = {
        "ArticleTitle": title,
        "PubDate": f"{day} 10:30",
        "ContentSource": organ,
        "ColumnName": COLUMNS[COLUMN],
        "ColumnType": "信息公开年报",
    }
    serial = publication.path.rpartition("_")[2].removesuffix(".html")
    labels = {"索引号": f"YC{serial}/{publication.report.year}", "发布机构": organ, "发布日期": str(day)}
    block = "".join(f"<tr><th>{name}:</th><td>{value}</td></tr>" for name, value in labels.items())
    return _page(title, f'<table class="xxgk">{block}</table>\n<h1>{title}</h1>\n{_body(publication)}', metas)


def _body(publication: Publication) -> str:
    """A report whose only attachment is a PDF stands in that file alone."""
    files = "".join(
        f'<p>附件:<a href="./{path.rpartition("/")[2]}">{publication.title}</a></p>' for path in publication.attachments
    )
    if publication.attachments == (yunchuan.SCAN,):
        return _editor(files)
    return _editor(reports.html(reports.blocks(publication.report)) + files)


def _editor(text: str) -> str:
    return f'<div class="TRS_Editor">\n{text}\n</div>'


def _anchors(links: Mapping[str, str]) -> str:
    return "".join(f'<a href="{escape(target)}">{name}</a>\n' for target, name in links.items())


def _page(title: str, main: str, metas: Mapping[str, str] | None = None, *, status: int = 200) -> Page:
    tags = "\n".join(f'<meta name="{name}" content="{content}">' for name, content in (metas or {}).items())
    text = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}-东海市云川区人民政府</title>
<meta name="SiteName" content="东海市云川区人民政府">
{tags}
<link rel="stylesheet" href="/images/site.css"></head>
<body><div class="header"><img src="/images/logo.gif" alt="云川区"> 今天是2019年12月3日 星期二</div>
<div class="crumb"><a href="/">首页</a> &gt; <a href="/zwgk/zfxxgk/">政府信息公开</a> &gt; {title}</div>
{main}
<div class="footer">主办:云川区人民政府办公室</div></body></html>
"""
    return Page(body=text.encode(), status=status, media_type=HTML)
