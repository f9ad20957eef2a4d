"""A portal on Kaipuyun UCAP, 东海市赣林区: lists begin in the page's script and go on by a form posted to its root.

/glqrmzf/zwgk/index.html          the way: its columns are a tree in a script, drawn by a template
/glqrmzf/col/col5307/index.html   departments: the rows of two pages in the script, the third by /queryList
/glqrmzf/col/col5308/index.html   towns: fewer rows than a page has; nothing is to be asked for
/queryList                        the rows of one page; 404 to who asks by GET
/glqrmzf/col/…/content/content_<19 digits>.html   a report; every fifth stands in its PDF alone
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import parse_qsl, urlencode

from crawler.demo import news
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.site import Page, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, json_page, newest_first, with_files

DISTRICT = District(city="东海市", name="赣林区", website="http://www.ganlin.example")
SITE = "glqrmzf"
WAY = f"/{SITE}/zwgk/index.html"
DEPARTMENTS, TOWNS = "col5307", "col5308"
NAMES = {DEPARTMENTS: "政府信息公开年报", TOWNS: "乡镇街道公开年报", "col5301": "政府信息公开指南"}
QUERY = "/queryList"
ROWS_A_PAGE, PAGES_INLINE = 15, 2
UNITS = {DEPARTMENTS: "380055", TOWNS: "380056"}


def _column(code: str) -> str:
    return f"/{SITE}/col/{code}/index.html"


def _content(code: str, _organ: str, _year: int, _day: date, serial: int) -> str:
    return f"/{SITE}/col/{code}/content/content_19{code[-1]}{serial:016}.html"


TEMPLATE = Template(
    name="东海市赣林区人民政府",
    article='id="UCAP-CONTENT"',
    column=(_column(DEPARTMENTS), NAMES[DEPARTMENTS]),
    head=f'<base href="/{SITE}/">\n<meta name="HtmlGenerateTime" content="2025-06-06 11:38:50">\n',
)
REPORTS = {
    DEPARTMENTS: with_files(
        roll(DISTRICT, partial(_content, DEPARTMENTS), organs=ORGANS[:12], years=(2021, 2022, 2023)),
        lambda number: f"/doc/ucap/17499732/document/20240125/WKgZu{number:03}.pdf",
    ),
    TOWNS: roll(DISTRICT, partial(_content, TOWNS), organs=ORGANS[12:], years=range(2019, 2024)),
}
OTHERS: tuple[Row, ...] = (
    (
        f"/{SITE}/col/col5307/content/content_1970000000000000001.html",
        "关于做好2023年政府信息公开年报编制的通知",
        "2023-12-15",
    ),
    (f"/{SITE}/col/col5307/content/content_1970000000000000002.html", "赣林区2023年法治政府建设年度报告", "2024-03-14"),
    (
        f"/{SITE}/col/col5307/content/content_1970000000000000003.html",
        "一图读懂赣林区2022年政府信息公开年报",
        "2023-03-30",
    ),
)
FILES = {each.path: file for each in REPORTS[DEPARTMENTS] for file in each.attachments}
LISTS: Mapping[str, Sequence[Row]] = {
    DEPARTMENTS: newest_first(REPORTS[DEPARTMENTS], OTHERS),
    TOWNS: newest_first(REPORTS[TOWNS], ()),
}


def build(*, base: str) -> Site:
    published = (*REPORTS[DEPARTMENTS], *REPORTS[TOWNS])
    return Site(
        id="ganlin",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | {_column(code): _list(code) for code in UNITS}
        | {QUERY: _query}
        | TEMPLATE.neighbours(OTHERS)
        | TEMPLATE.details(published, in_file=True),
        missing=TEMPLATE.missing(),
        publications=published,
        way=("/", WAY, _column(DEPARTMENTS), _column(TOWNS), f"{QUERY} {_form(DEPARTMENTS, PAGES_INLINE + 1)}"),
    )


def _furniture() -> Pages:
    home = f"<ul>{news.menu(f'/{SITE}/')}{anchors({WAY: '政务公开'})}</ul>"
    columns = _script({"channelsTagSelf": _channel("zwgk", "政务公开", 0, map(_child, NAMES))})
    drawn = """<ul><script id="subMenu" type="text/x-handlebars-template">
{{#each items}}<li><a href='{{pcUrl}}'>{{name}}</a></li>{{/each}}</script></ul>"""
    return news.pages(TEMPLATE.page, name="赣林区", folder=f"/{SITE}/", count=120) | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", home),
        WAY: TEMPLATE.column_page("政务公开", drawn, head=columns),
        _column("col5301"): TEMPLATE.column_page(NAMES["col5301"], "<p>申请人可当面提交申请。</p>"),
        f"/{SITE}/commonfiles/jquery.jpage.js": Page(
            media_type="text/javascript", body=f"function loadPageData(p) {{ $.post('{QUERY}', p); }}".encode()
        ),
    }


def _child(code: str) -> dict[str, object]:
    return _channel(code, NAMES[code], len(LISTS.get(code, ())), ())


def _channel(code: str, name: str, articles: int, children: Iterable[object]) -> dict[str, object]:
    pc = WAY if code == "zwgk" else _column(code)
    urls = json.dumps({"pc": pc})
    return {"code": code, "articleCount": articles, "urls": urls, "name": name, "children": list(children)}


def _script(values: Mapping[str, object]) -> str:
    lines = "\n".join(f"var {name} = {json.dumps(value, ensure_ascii=False)}; //" for name, value in values.items())
    return f"<script>\n{lines}\n</script>\n"


def _list(code: str) -> Page:
    rows = LISTS[code]
    articles = json.dumps([_article(row) for row in rows[: ROWS_A_PAGE * PAGES_INLINE]], ensure_ascii=False)
    head = _script({"channelsTagSelf": _child(code), "channelsTagParent": [_channel("zwgk", "政务公开", 2, ())]})
    fields = "\n".join(f"  {name.removesuffix('[]')}: {_written(name, code)}," for name in _fields(code))
    main = f"""<div id="{UNITS[code]}"></div>
<script>var codeName = '{code}', websiteCode = '{SITE}';
var listData = {{
  articleList: {articles},
}};</script>
<script src="commonfiles/jquery.jpage.js"></script>
<script>
var params = {{
  current: 1,
{fields}
}};
loadPageData(params, '{UNITS[code]}');
</script>"""
    return TEMPLATE.column_page(NAMES[code], main, head=head)


def _fields(code: str) -> dict[str, str]:
    """Of the form, but for the page's number; a name in brackets is a list's."""
    return {
        "unitid": UNITS[code],
        "webSiteCode[]": SITE,
        "channelCode[]": code,
        "dataBefore": "",
        "perPage": str(ROWS_A_PAGE),
        "notReturnContent": "false",
    }


def _written(name: str, code: str) -> str:
    value = _fields(code)[name]
    if name == "channelCode[]":
        return "[codeName]"
    return f"['{value}']" if name.endswith("[]") else value if value == "false" else f"'{value}'"


def _form(code: str, page: int) -> str:
    return urlencode({"current": page, **_fields(code), "pageSize": ROWS_A_PAGE})


def _query(request: Request) -> Page:
    """Of a column that it does not know there are no rows."""
    if request.method != "POST":  # as the real ones do, and below the root as well
        return TEMPLATE.missing()
    asked = dict(parse_qsl(request.body.decode()))
    page, size = int(asked.get("current", "1")), int(asked.get("pageSize", "10"))
    rows = LISTS.get(asked.get("channelCode[]", ""), ()) if asked.get("webSiteCode[]") == SITE else ()
    results = [{"source": _article(row)} for row in rows[(page - 1) * size : page * size]]
    return json_page({"code": 200, "data": {"page": page, "rows": size, "total": len(rows), "results": results}})


def _article(row: Row) -> dict[str, object]:
    path, title, day = row
    file = FILES.get(path)
    return {
        "title": title,
        "showTitle": f"<p>{title}</p>",
        "pubDate": f"{day} 09:30",
        "urls": json.dumps({"pc": path, "mobile": path.replace("content_", "mpost_")}),
        "articleFiles": [{"fileName": f"{title}.pdf", "url": file}] if file else [{}],
        "archiveStatus": 0,
    }
