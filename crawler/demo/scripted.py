"""A portal on Hanweb jpaas: the column is a shell, and its list of reports exists only after its script ran.

/zwgk/nb/index.html                       the column; nothing in it says what its script will ask for
/script/unit.js                           asks for it, and puts the answer into the page
/api-gateway/jpaas-publish-server/…/unit  the rows, as HTML inside JSON; 403 for who does not ask as the script does
/zwgk/nb/art/2024/art_<32 hex>.html       a report, a page like any other
"""

import json
from collections.abc import Iterable, Sequence
from functools import partial

from crawler.demo import lingang
from crawler.demo import report as reports
from crawler.demo.site import Answer, Framing, Page, Publication, Request, Row, Site

COLUMN, COLUMN_NAME = "/zwgk/nb/index.html", "政府信息公开年报"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = {"parseType": "buildstatic", "webId": "7", "pageType": "column", "pageId": "210", "tagId": "信息列表"}
MISSING = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>"
CSS = b".list{list-style:none}"
PLAIN_GIF = bytes.fromhex("47494638396101000100800000003c71ffffff2c00000000010001000002024401003b")
SCRIPT = f"""(function () {{
  var query = {json.dumps(QUERY, ensure_ascii=False)};
  query.paramJson = JSON.stringify({{pageNo: 1, pageSize: 14}});
  var request = new XMLHttpRequest();
  request.open("GET", "{UNIT}?" + new URLSearchParams(query));
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.onload = function () {{
    document.getElementById("list").innerHTML = JSON.parse(request.responseText).data.html;
  }};
  request.send();
}})();
"""

Pages = dict[str, Page | Answer]


def build(*, base: str) -> Site:
    rows = sorted((*(each.row for each in lingang.REPORTS), *lingang.OTHERS), key=lambda row: row[2], reverse=True)
    return Site(
        id="lingang",
        name="东海市临港区人民政府",
        base=base,
        pages=_furniture(rows) | _neighbours() | {each.path: _detail(each) for each in lingang.REPORTS},
        missing=Page(body=MISSING.encode(), status=404),
        publications=lingang.REPORTS,
    )


def _furniture(rows: Sequence[Row]) -> Pages:
    return {
        "/": _page("首页", f'<a href="{COLUMN}">{COLUMN_NAME}</a>'),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\n"),
        "/css/site.css": Page(media_type="text/css", body=CSS),
        "/favicon.ico": Page(media_type="image/gif", body=PLAIN_GIF),
        "/script/unit.js": Page(media_type="text/javascript", body=SCRIPT.encode(), framing=Framing.CHUNKED),
        COLUMN: _page(COLUMN_NAME, _shell()),
        UNIT: partial(_unit, rows),
    }


def _shell() -> str:
    return '<ul class="list" id="list"></ul>\n<script src="/script/unit.js"></script>'


def _unit(rows: Iterable[Row], request: Request) -> Page:
    if request.headers.get("x-requested-with") != "XMLHttpRequest" or "referer" not in request.headers:
        return Page(status=403)
    asked = request.parameters
    page = json.loads(asked.get("paramJson", "{}"))
    wanted = all(asked.get(name) == value for name, value in QUERY.items()) and page.get("pageNo") == 1
    html = "".join(_item(*row) for row in rows) if wanted else ""
    body = json.dumps({"code": 200, "data": {"html": html}}, ensure_ascii=False)
    return Page(body=body.encode(), media_type="application/json;charset=UTF-8", framing=Framing.CHUNKED)


def _item(path: str, title: str, day: str) -> str:
    return f'<li><a href="{path}" title="{title}">{title}</a><span>{day}</span></li>'


def _neighbours() -> Pages:
    return {path: _page(title, f"<h1>{title}</h1><p>具体以正式文件为准。</p>") for path, title, _ in lingang.OTHERS}


def _detail(publication: Publication) -> Page:
    main = f"""<h1 class="title">{publication.title}</h1>
<div class="info">发布日期:{publication.published} 来源:{publication.report.organ}</div>
<div id="article">
{reports.html(reports.blocks(publication.report))}
</div>"""
    return _page(publication.title, main)


def _page(title: str, main: str) -> Page:
    body = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="/css/site.css"></head>
<body><div class="position">当前位置:<a href="/">首页</a> &gt; <a href="{COLUMN}">{COLUMN_NAME}</a></div>
{main}
</body></html>
"""
    return Page(body=body.encode(), media_type="text/html;charset=utf-8", framing=Framing.CHUNKED)
