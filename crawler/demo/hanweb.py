"""A portal on Hanweb JCMS: lists hidden in a script's XML and continued by a proxy, pages packed and chunked.

/col/col123/index.html                  the column; its first rows stand in CDATA sections of a script, not in the DOM
/module/web/jpage/dataproxy.jsp         the same rows as XML: by `page` (what the column's nextgroup asks for),
                                        or by `startrecord` and `endrecord`, as a query or as a form
/art/2024/1/18/art_123_4567.html        a report, with an ETag
/module/download/downfile.jsp           its attachment, named by Content-Disposition alone
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from hashlib import md5

from crawler.demo import chenghu
from crawler.demo import report as reports
from crawler.demo.attachment import pdf
from crawler.demo.site import Answer, Framing, Page, Publication, Request, Row, Site

COLUMN, COLUMN_NAME = "/col/col123/index.html", "政府信息公开年报"
PROXY = "/module/web/jpage/dataproxy.jsp"
UNIT = {"columnid": "123", "unitid": "45671", "webid": "3"}
ROWS_SHOWN, ROWS_A_GROUP = 4, 6
CSS = b".bt_content td{border:1px solid #999}"

Pages = dict[str, Page | Answer]


def build(*, base: str, day: int) -> Site:
    published = chenghu.reports(day)
    rows = sorted((*(each.row for each in published), *chenghu.OTHERS), key=lambda row: row[2], reverse=True)
    return Site(
        id="chenghu",
        name="东海市澄湖区人民政府",
        base=base,
        pages=_furniture(rows) | _neighbours() | _details(published),
        missing=_page("404", "<p>您访问的页面不存在</p>", status=404),
        publications=published,
        columns=(COLUMN,),
        added=(chenghu.NEW.path,) if day > 1 else (),
    )


def _furniture(rows: Sequence[Row]) -> Pages:
    cookies = (("Set-Cookie", "JSESSIONID=4A7C; Path=/; HttpOnly"), ("set-cookie", "zh_choose_3=s; Path=/"))
    menu = f'<a href="{COLUMN}">{COLUMN_NAME}</a> <a href="/col/col130/index.html">政府信息公开指南</a>'
    return {
        "/": _page("首页", menu, headers=cookies),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\n"),
        "/css/site.css": Page(media_type="text/css", body=CSS),
        "/col/col130/index.html": _page("政府信息公开指南", "<h1>政府信息公开指南</h1><p>申请人可当面提交申请。</p>"),
        COLUMN: _page(COLUMN_NAME, _column(rows)),
        PROXY: partial(_proxy, rows),
    }


def _column(rows: Sequence[Row]) -> str:
    unit = UNIT["unitid"]
    return f"""<div id="{unit}"><script type="text/xml"><datastore>
<nextgroup><![CDATA[{_next_group(1)}]]></nextgroup>
{_recordset(rows[:ROWS_SHOWN])}
</datastore></script></div>
<script>$("#{unit}").jpage({{totalRecord:{len(rows)},perPage:{ROWS_SHOWN},proxyUrl:'{PROXY}',
ajaxParam:{{{",".join(f"{name}:{value}" for name, value in UNIT.items())},path:'/',permissiontype:0}}}});</script>"""


def _next_group(page: int) -> str:
    unit = "&".join(f"{name}={value}" for name, value in UNIT.items())
    return f'<a href="{PROXY}?page={page}&appid=1&{unit}&path=/&permissiontype=0"></a>'


def _recordset(rows: Iterable[Row]) -> str:
    records = "\n".join(f"<record><![CDATA[\n{_item(*row)}]]></record>" for row in rows)
    return f"<recordset>\n{records}\n</recordset>"


def _item(path: str, title: str, day: str) -> str:
    shown = title if len(title) < 24 else title[:22] + "..."
    return f"<li><a href='{path}' title='{title}' target=\"_blank\">{shown}</a><span>{day}</span></li>"


def _proxy(rows: Sequence[Row], request: Request) -> Page:
    """Of another column there are no rows; past the last there are none, and no next group."""
    asked = request.parameters
    start, end = _range(asked) if all(asked.get(name) == UNIT[name] for name in ("columnid", "unitid")) else (0, 0)
    following = _next_group(end // ROWS_A_GROUP + 1) if "page" in asked and end < len(rows) else ""
    text = f"""<datastore><totalrecord>{len(rows)}</totalrecord><totalpage>{-(-len(rows) // ROWS_A_GROUP)}</totalpage>
<nextgroup><![CDATA[{following}]]></nextgroup>
{_recordset(rows[start:end])}
</datastore>"""
    return Page(body=text.encode(), media_type="text/xml; charset=utf-8", framing=Framing.CHUNKED)


def _range(asked: Mapping[str, str]) -> tuple[int, int]:
    """Rows asked for, from nought, the end excluded; records and pages are counted from one."""
    if "startrecord" in asked:
        return int(asked["startrecord"]) - 1, int(asked.get("endrecord", asked["startrecord"]))
    page = int(asked.get("page", "1"))
    return (page - 1) * ROWS_A_GROUP, page * ROWS_A_GROUP


def _neighbours() -> Pages:
    text = "<p>本栏目提供解读、统计和通知,具体以正式文件为准。</p>"
    return {path: _page(title, f"<h1>{title}</h1>{text}") for path, title, _ in chenghu.OTHERS}


def _details(published: Iterable[Publication]) -> Pages:
    pages: Pages = {}
    for publication in published:
        pages[publication.path] = _detail(publication)
        for target in publication.attachments:
            pages[target] = _file(target, publication)
    return pages


def _file(target: str, publication: Publication) -> Page:
    name = target.rpartition("=")[2]
    return Page(
        body=pdf((publication.title, *reports.lines(reports.blocks(publication.report)))),
        media_type="application/octet-stream",
        headers=(("Content-Disposition", f"attachment; filename={name}"),),
    )


def _detail(publication: Publication) -> Page:
    title, day = publication.title, publication.published
    metas = {"ArticleTitle": title, "PubDate": f"{day} 09:00", "ContentSource": publication.report.organ}
    files = "".join(f'<p>附件:<a href="{target}">{title}.pdf</a></p>' for target in publication.attachments)
    main = f"""<h1 class="title">{title}</h1>
<div class="info">发布日期:{day} 来源:{publication.report.organ} 字号:[大 中 小]</div>
<div id="zoom" class="bt_content">
{reports.html(reports.blocks(publication.report))}
{files}
</div>"""
    return _page(title, main, metas, tagged=True)


def _page(
    title: str,
    main: str,
    metas: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    tagged: bool = False,
) -> Page:
    tags = "\n".join(f'<meta name="{name}" content="{content}">' for name, content in (metas or {}).items())
    body = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title>
{tags}
<link rel="stylesheet" href="/css/site.css"></head>
<body><div class="nav"><a href="/">东海市澄湖区人民政府</a></div>
<div class="position">当前位置:<a href="/">首页</a> &gt; <a href="{COLUMN}">{COLUMN_NAME}</a></div>
{main}
</body></html>
""".encode()
    return Page(
        body=body,
        status=status,
        media_type="text/html;charset=utf-8",
        headers=headers,
        framing=Framing.CHUNKED,
        etag=f'"{md5(body, usedforsecurity=False).hexdigest()}"' if tagged else None,
    )
