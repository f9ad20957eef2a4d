"""A portal on Hanweb jpaas, 东海市金禾区: columns are shells with several units, each asked for page by page.

    /zwgk/zfxxgk/index.html                   the way to the columns
    /zwgk/zfxxgk/zfxxgknb/index.html          departments: three pages of a list, and a unit of pictures beside it
    /zwgk/zfxxgk/jzzfxxgknb/index.html        streets and towns: every page is the first one, whatever is asked for
    /api-gateway/jpaas-publish-server/…/unit  the rows, as HTML inside JSON; 403 for who does not ask as the script does
    /zwgk/zfxxgk/…/art/2024/art_<32 hex>.html a report

What the second list holds beyond its first page can be had in no way, and so is no truth that a crawl could reach.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from hashlib import md5
from urllib.parse import quote, urlencode

from crawler.demo import news
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.scripted import SCRIPT
from crawler.demo.site import Framing, Page, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, items, json_page, newest_first, with_files

DISTRICT = District(city="东海市", name="金禾区", website="http://www.jinhe.example")
FOLDER = "/zwgk/zfxxgk/"
WAY = FOLDER + "index.html"
COLUMN, COLUMN_NAME = FOLDER + "zfxxgknb/index.html", "政府信息公开年报"
TOWNS, TOWNS_NAME = FOLDER + "jzzfxxgknb/index.html", "街道镇政府信息公开年报"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
OF_PORTAL = {"parseType": "bulidstatic", "webId": "71", "tplSetId": "hT2mAqk9", "pageType": "column"}
LIST, PICTURES, TOWN_LIST = ("5321", "当前栏目列表a|信息列表"), ("5321", "图片新闻"), ("5322", "信息列表")
ROWS_A_PAGE = 14
TEMPLATE = Template(name="东海市金禾区人民政府", article='id="zoom" class="bt-content"', column=(COLUMN, COLUMN_NAME))

Lists = Mapping[tuple[str, str], Sequence[Row]]


def _where(folder: str, organ: str, year: int, day: date, serial: int) -> str:
    return f"{FOLDER}{folder}/art/{day.year}/art_{_hex(f'{organ}{year}{serial}')}.html"


def _hex(text: str) -> str:
    return md5(text.encode(), usedforsecurity=False).hexdigest()


DEPARTMENTS = with_files(
    roll(DISTRICT, partial(_where, "zfxxgknb"), organs=ORGANS[:12], years=(2021, 2022, 2023)),
    lambda number: f"/cms_files/filemanager/71/attach/20241/{_hex(f'{number}.pdf')}.pdf",
)
ALL_TOWNS = roll(DISTRICT, partial(_where, "jzzfxxgknb"), organs=ORGANS[12:], years=tuple(range(2014, 2024)))
SHOWN_TOWNS = ALL_TOWNS[:ROWS_A_PAGE]
OTHERS: tuple[Row, ...] = tuple(
    (f"{FOLDER}zfxxgknb/art/{day[:4]}/art_{_hex(title)}.html", title, day)
    for title, day in (
        ("关于做好2023年政府信息公开工作年度报告编制和发布工作的通知", "2023-12-18"),
        ("金禾区人民政府2023年政府网站工作年度报表", "2024-01-24"),
        ("一图读懂金禾区2022年政府信息公开工作年度报告", "2023-02-03"),
    )
)
PHOTOS: tuple[Row, ...] = tuple(
    (f"/jh/zwdt/{number}.html", "金禾区举办开放日", "2024-05-01") for number in (3000, 3012)
)


def build(*, base: str) -> Site:
    departments = newest_first(DEPARTMENTS, OTHERS)
    lists: Lists = {LIST: departments, PICTURES: PHOTOS, TOWN_LIST: [each.row for each in ALL_TOWNS]}
    published = (*DEPARTMENTS, *SHOWN_TOWNS)
    return Site(
        id="jinhe",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture() | {UNIT: partial(_unit, lists)} | TEMPLATE.neighbours(OTHERS) | TEMPLATE.details(published),
        missing=TEMPLATE.missing(),
        publications=published,
        way=tuple(_way(len(departments))),
    )


def _furniture() -> Pages:
    noise = news.pages(TEMPLATE.page, name="金禾区", folder="/jh/", count=120)
    home = f'<ul>{news.menu("/jh/")}<li><a href="{WAY}">政府信息公开</a></li></ul>'
    columns = {COLUMN: COLUMN_NAME, TOWNS: TOWNS_NAME, "/jh/zfxxgkzn/": "政府信息公开指南"}
    return noise | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", home),
        "/script/unit.js": Page(media_type="text/javascript", body=SCRIPT.encode(), framing=Framing.CHUNKED),
        WAY: TEMPLATE.column_page("政府信息公开", f"<ul>{anchors(columns)}</ul>"),
        COLUMN: TEMPLATE.column_page(COLUMN_NAME, _shell(LIST, "list") + _shell(PICTURES, "pictures")),
        TOWNS: TEMPLATE.column_page(TOWNS_NAME, _shell(TOWN_LIST, "list")),
    }


def _query(unit: tuple[str, str]) -> dict[str, str]:
    return {**OF_PORTAL, "tagId": unit[1], "editType": "null", "pageId": unit[0]}


def _shell(unit: tuple[str, str], place: str) -> str:
    """Written by hand: quotes that JSON does not have, and a comma too many."""
    query = "{" + "".join(f"'{name}':'{value}'," for name, value in _query(unit).items()) + "}"
    return f"""<ul class="list" id="{place}"></ul>
<script url="{UNIT}" queryData="{query}" src="/script/unit.js"></script>
"""


def _way(rows: int) -> Iterator[str]:
    yield from ("/", WAY, COLUMN, TOWNS)
    for page in range(1, -(-rows // ROWS_A_PAGE) + 1):
        yield _target(LIST, page)
    yield _target(TOWN_LIST, 1)


def _target(unit: tuple[str, str], page: int) -> str:
    paging = json.dumps({"pageNo": page, "pageSize": ROWS_A_PAGE}, separators=(",", ":"))
    return f"{UNIT}?{urlencode({**_query(unit), 'paramJson': paging}, quote_via=quote)}"


def _unit(lists: Lists, request: Request) -> Page:
    """Of another unit there are no rows; a page's number that is none is refused."""
    if request.headers.get("x-requested-with") != "XMLHttpRequest" or "referer" not in request.headers:
        return Page(status=403)
    asked = request.parameters
    unit = (asked.get("pageId", ""), asked.get("tagId", ""))
    known = unit in lists and all(asked.get(name) == value for name, value in OF_PORTAL.items())
    paging = json.loads(asked.get("paramJson", "{}"))
    page, size = int(paging.get("pageNo", 1)), int(paging.get("pageSize", ROWS_A_PAGE))
    html = _rows(unit, lists[unit], 1 if unit == TOWN_LIST else page, size) if known else ""
    return json_page({"success": True, "code": "200", "message": "操作成功", "data": {"html": html}})


def _rows(unit: tuple[str, str], rows: Sequence[Row], page: int, size: int) -> str:
    query = json.dumps(_query(unit), ensure_ascii=False).replace('"', "'")
    return f"""<div class="page-content"><ul>{items(rows[(page - 1) * size : page * size])}</ul></div>
<div class="pagination" rows="{size}" count="{len(rows)}" pageNo="{page}" unitid="{unit[1]}" unitUrl="{UNIT}"
queryData="{query}"></div>"""
