"""A portal of hostile pages among honest ones: what breaks readers, fills memories and leads crawlers round in circles.

    /zwgk/zfxxgknb/          an honest list of honest reports
    /zwgk/<name>/zfxxgknb/   a column that misbehaves; one report is linked before it does, where it links at all

Big pages are made when they are asked for.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from html import escape

from crawler.demo import report as reports
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.site import Answer, Page, Publication, Request, Row, Site, redirect

DISTRICT = District(city="东海市", name="顽石区", website="http://www.wanshi.example")
COLUMN = "/zwgk/zfxxgknb/"
HTML = "text/html; charset=utf-8"
BIG_BYTES = 50 << 20
BOMB_BYTES = 200 << 20
LINKS = 100_000
NESTED = 20_000
HANWEB = "/module/web/jpage/dataproxy.jsp"
JPAAS = "/api-gateway/jpaas-publish-server/front/page/build/unit"

Hostile = Callable[[str, str], dict[str, Page | Answer]]
"""From the column's address and the row of its report, as HTML, to the column's pages."""


def build(*, base: str) -> Site:
    honest = roll(DISTRICT, _path, organs=ORGANS[:6], years=(2023,))
    lured = roll(DISTRICT, _path, organs=ORGANS[6:14], years=(2022, 2021))[: len(LURING)]
    pages: dict[str, Page | Answer] = {
        "/": _page("首页", _anchors({COLUMN: "政府信息公开年报", **{column(name): f"{name}年报" for name in HOSTILE}})),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\n"),
        COLUMN: _page("政府信息公开年报", "".join(_item(each.row) for each in honest)),
        **{each.path: _detail(each) for each in (*honest, *lured)},
    }
    rows = dict(zip(LURING, (_item(each.row) for each in lured), strict=True))
    for name, hostile in HOSTILE.items():
        pages |= hostile(column(name), rows.get(name, ""))
    return Site(
        id="wanshi",
        name="东海市顽石区人民政府",
        base=base,
        pages=pages,
        missing=_page("404", "<p>您访问的页面不存在</p>", status=404),
        publications=(*honest, *lured),
    )


def column(name: str) -> str:
    return f"/zwgk/{name}/zfxxgknb/"


def _path(organ: str, year: int, _day: object, number: int) -> str:
    return f"/zwgk/content/{year}/{number}.html"


def _misprinted(place: str, row: str) -> dict[str, Page | Answer]:
    text = f"<table><tr><td><ul><b><i><a href='{row}<!-- <<<a href=\"&#x110000;\0<div <p =\"' \x01>{row}<script>if(a<b"
    return {place: Page(body=text.encode(), media_type=HTML)}


def _big(place: str, row: str) -> dict[str, Page | Answer]:
    def answer(_: Request) -> Page:
        page = f"<title>年报</title><ul>{row}</ul>".encode()
        return Page(body=page + b"<p>0123456789abcdef</p>\n" * ((BIG_BYTES - len(page)) // 24 + 1), media_type=HTML)

    return {place: answer}


def _crowded(place: str, row: str) -> dict[str, Page | Answer]:
    def answer(_: Request) -> Page:
        links = "\n".join(f'<li><a href="/zwgk/dt/{number}.html">动态{number}</a></li>' for number in range(LINKS))
        return _page("年报", f"<ul>{row}{links}</ul>")

    return {place: answer}


def _deep(place: str, row: str) -> dict[str, Page | Answer]:
    return {place: _page("年报", row + "<div>" * NESTED + "尽头")}


def _framed(place: str, row: str) -> dict[str, Page | Answer]:
    """Each frame holds another."""

    def answer(request: Request) -> Page:
        number = int(request.parameters.get("frame", "0"))
        return _page("年报", f'{row if number == 1 else ""}<iframe src="{place}?frame={number + 1}"></iframe>')

    return {place: answer}


def _broken_json(place: str, row: str) -> dict[str, Page | Answer]:
    query = "{'parseType':'buildstatic','webId':'7','pageType':'column','pageId':'210','tagId':'信息列表'}"
    reply = json.dumps({"data": {"html": row}}, ensure_ascii=False)[:-4].encode()
    return {
        place: _page("年报", f'<ul id="list"></ul><script url="{JPAAS}" queryData="{query}"></script>'),
        JPAAS: Page(body=reply, media_type="application/json"),
    }


def _broken_xml(place: str, row: str) -> dict[str, Page | Answer]:
    call = f"""<div id="9"><script type="text/xml"><datastore><nextgroup></nextgroup><recordset>
<record><![CDATA[{row}]]></record></recordset></datastore></script></div>
<script>$("#9").jpage({{totalRecord:40,perPage:1,proxyUrl:'{HANWEB}',
ajaxParam:{{columnid:5,unitid:9,webid:1,path:'/',permissiontype:0}}}});</script>"""
    reply = b"<datastore><totalrecord>40</totalrecord><recordset><record><![CDATA[<li><a href='/zwgk"
    return {place: _page("年报", call), HANWEB: Page(body=reply, media_type="text/xml")}


def _bomb(place: str, _: str) -> dict[str, Page | Answer]:
    """A few hundred kilobytes that inflate to far more than anybody should hold."""

    def answer(_: Request) -> Page:
        packed = gzip.compress(b"<title>bomb</title>" + b" " * BOMB_BYTES, mtime=0)
        return Page(body=packed, media_type=HTML, headers=(("Content-Encoding", "gzip"),))

    return {place: answer}


def _circling(place: str, _: str) -> dict[str, Page | Answer]:
    return {place: lambda request: redirect(f"{place}?n={int(request.parameters.get('n', '0')) + 1}")}


def _following(place: str, row: str) -> dict[str, Page | Answer]:
    """Every page has rows of its own and a next page."""

    def answer(request: Request) -> Page:
        number = int(request.parameters.get("page", "1"))
        own = "".join(f'<li><a href="/zwgk/dt/{number}_{k}.html">工作动态{number}第{k}期</a></li>' for k in range(10))
        onward = f'<a href="{place}?page={number + 1}">下一页</a>'
        return _page("年报", f"<ul>{row if number == 1 else ''}{own}</ul>{onward}")

    return {place: answer}


def _repeating(place: str, row: str) -> dict[str, Page | Answer]:
    """Every page is the first one, and has a next page."""

    def answer(request: Request) -> Page:
        number = int(request.parameters.get("page", "1"))
        return _page("年报", f'<ul>{row}</ul><a href="{place}?page={number + 1}">下一页</a>')

    return {place: answer}


def _calendar(place: str, _: str) -> dict[str, Page | Answer]:
    """Months before and after, and years."""

    def answer(request: Request) -> Page:
        asked = request.parameters
        month = int(asked.get("year", "2024")) * 12 + int(asked.get("month", "1")) - 1
        names = {month - 1: "上个月年报", month + 1: "下个月年报", month + 12: "下一年年报", month - 12: "上一年年报"}
        targets = {f"{place}?year={number // 12}&month={number % 12 + 1}": name for number, name in names.items()}
        return _page("年报日历", _anchors(targets))

    return {place: answer}


def _faceted(place: str, _: str) -> dict[str, Page | Answer]:
    """Every choice may be combined with every other."""

    def answer(request: Request) -> Page:
        chosen = request.parameters
        more = [chosen | {facet: str(value)} for facet in "abcdef" for value in range(6)]
        targets = {"&".join(f"{name}={value}" for name, value in sorted(each.items())) for each in more}
        return _page("年报检索", _anchors({f"{place}?{query}": f"年报 {query}" for query in sorted(targets)}))

    return {place: answer}


HOSTILE: Mapping[str, Hostile] = {
    "misprinted": _misprinted,
    "big": _big,
    "crowded": _crowded,
    "deep": _deep,
    "framed": _framed,
    "broken-json": _broken_json,
    "broken-xml": _broken_xml,
    "bomb": _bomb,
    "circling": _circling,
    "following": _following,
    "repeating": _repeating,
    "calendar": _calendar,
    "faceted": _faceted,
}
LURING = ("misprinted", "big", "crowded", "deep", "framed", "broken-xml", "following", "repeating")


def _anchors(links: Mapping[str, str]) -> str:
    return "\n".join(f'<li><a href="{escape(target)}">{label}</a></li>' for target, label in links.items())


def _item(row: Row) -> str:
    path, title, day = row
    return f'<li><a href="{path}" title="{title}">{title}</a><span>{day}</span></li>\n'


def _detail(publication: Publication) -> Page:
    body = reports.html(reports.blocks(publication.report))
    return _page(publication.title, f"<h1>{publication.title}</h1><div id=zoom>{body}</div>")


def _page(title: str, main: str, *, status: int = 200) -> Page:
    text = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>\n{main}\n</body></html>\n"
    return Page(body=text.encode(), status=status, media_type=HTML)
