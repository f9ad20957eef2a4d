"""A portal of the Guangdong kind, 东海市粤海区: ordinary columns beside gkmlpt, the platform of its directory.

/gkmlpt/index                         the tree of columns, in a script alone; home links it by route (#20)
/gkmlpt/api/all/<id>?page=N&sid=SID   a column's articles, 100 a page; page 0 is page 1; a column of one page has
                                      no second
/gkmlpt/content/4/4471/post_<id>.html an article, its text in the page and in the page's script
/zwgk/xxgkndbg/index.html             where the tree's 政府信息公开年报 jumps to: the government's and towns' own
/yhjyj/gkmlpt/…                       one department's own platform, with a SID of its own
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from crawler.demo import news
from crawler.demo import report as reports
from crawler.demo.report import District
from crawler.demo.roll import ORGANS, roll
from crawler.demo.site import Page, Publication, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, items, json_page, newest_first, with_files

DISTRICT = District(city="东海市", name="粤海区", website="http://www.yuehai.example")
JUMP, JUMP_NAME = "/zwgk/xxgkndbg/index.html", "政府信息公开年报"
JUMP_SECOND = "/zwgk/xxgkndbg/index_2.html"
DEPARTMENTS, DEPARTMENTS_NAME = "/bmxxgk/index.html", "部门信息公开"
ROWS_A_PAGE, ARTICLES_A_PAGE = 10, 100
WIDE, SINGLE, OWN = 4471, 21, 88
TEMPLATE = Template(name="东海市粤海区人民政府", article='class="article-content"', column=(JUMP, JUMP_NAME))


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """`prefix` is empty for the district's; `columns` are rows by id, `tree` the nodes as its script writes them."""

    prefix: str
    sid: str
    tree: str
    columns: Mapping[int, Sequence[Row]]
    files: Mapping[str, str]


def _article(prefix: str, column: int, _organ: str, _year: int, _day: date, serial: int) -> str:
    return f"{prefix}/gkmlpt/content/4/{column}/post_{column}{serial % 1_000_000}.html"


def _post(_organ: str, _year: int, _day: date, serial: int) -> str:
    return f"/zwgk/xxgkndbg/content/post_2{serial}.html"


GOVERNMENT = roll(DISTRICT, _post, organs=(ORGANS[0], *ORGANS[12:]), years=range(2020, 2024))
BUREAUS = with_files(
    roll(DISTRICT, partial(_article, "", WIDE), organs=ORGANS[1:12], years=(2021, 2022, 2023)),
    lambda number: f"/attachment/0/88/{88300 + number}/{963100 + number}.pdf",
)
EDUCATION = roll(DISTRICT, partial(_article, "/yhjyj", OWN), organs=("区教育局",), years=range(2017, 2021))
CONFUSING = (
    "{organ}{year}年政府网站工作年度报表",
    "{organ}{year}年法治政府建设年度报告",
    "{organ}{year}年行政执法统计年报",
)
BESIDE: tuple[Row, ...] = tuple(
    (each.path.replace("post_", f"post_9{number}"), form.format(organ=each.report.organ, year=each.report.year), day)
    for each in BUREAUS
    for number, form in enumerate(CONFUSING)
    if (day := str(each.published))
)
NOTICES: tuple[Row, ...] = (
    ("/zwgk/xxgkndbg/content/post_3101.html", "关于编制2023年政府信息公开工作年度报告的通知", "2023-12-20"),
    ("/zwgk/xxgkndbg/content/post_3102.html", "粤海区2022年政府网站工作年度报表", "2023-01-19"),
)
INSTITUTIONS: tuple[Row, ...] = tuple(
    (f"/gkmlpt/content/4/{SINGLE}/post_{SINGLE}{number:03}.html", f"粤海区{name}机构职能", "2022-05-01")
    for number, name in enumerate(ORGANS)
)
TREE = f"""[
  {{id: {SINGLE}, name: '机构职能', parent: 0, jump_url: '', post_count: {len(INSTITUTIONS)}, children: []}},
  {{id: 22, name: '政策文件', parent: 0, jump_url: '', post_count: 0, children: [
    {{id: 23, name: '规范性文件', parent: 22, jump_url: '', post_count: 0, children: []}}, /* 暂无 */
  ]}},
  {{id: 24, name: "财政预决算", parent: 0, jump_url: "/yh/czyjs/", post_count: 0, children: []}},
  {{id: 30, name: '{JUMP_NAME}', parent: 0, jump_url: '{JUMP}', post_count: 0, children: []}},
  {{id: {WIDE}, name: '部门政府信息公开年报', parent: 0, jump_url: '', post_count: 132, children: []}},
]"""
OWN_TREE = (
    f'[{{"id": {OWN}, "name": "政府信息公开年报", "parent": 0, "jump_url": "", "post_count": 4, "children": []}}]'
)
DISTRICTS_OWN = Platform(
    prefix="",
    sid="755001",
    tree=TREE,
    columns={WIDE: newest_first(BUREAUS, BESIDE), SINGLE: INSTITUTIONS, 22: (), 23: ()},
    files={each.path: file for each in BUREAUS for file in each.attachments},
)
EDUCATIONS_OWN = Platform(
    prefix="/yhjyj", sid="755061", tree=OWN_TREE, columns={OWN: [each.row for each in EDUCATION]}, files={}
)


def build(*, base: str) -> Site:
    published = (*GOVERNMENT, *BUREAUS, *EDUCATION)
    return Site(
        id="yuehai",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | _platform(DISTRICTS_OWN, base)
        | _platform(EDUCATIONS_OWN, base)
        | _jumped_to()
        | TEMPLATE.neighbours((*NOTICES, *BESIDE, *INSTITUTIONS))
        | TEMPLATE.details(published)
        | {each.path: _detail(each) for each in (*BUREAUS, *EDUCATION)},
        missing=TEMPLATE.missing(),
        publications=published,
        way=(
            *("/", "/gkmlpt/index", JUMP, JUMP_SECOND, DEPARTMENTS, "/yhjyj/gkmlpt/index"),
            *(f"/gkmlpt/api/all/{WIDE}?page={page}&sid=755001" for page in (1, 2)),
            f"/yhjyj/gkmlpt/api/all/{OWN}?page=1&sid=755061",
        ),
    )


def _furniture() -> Pages:
    ways = {"/gkmlpt/index#20": "政府信息公开", DEPARTMENTS: DEPARTMENTS_NAME}
    organs = {f"/yhjyj/gkmlpt/index#{OWN}": "区教育局"}
    return news.pages(TEMPLATE.page, name="粤海区", folder="/yh/", count=120) | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", f"<ul>{news.menu('/yh/')}{anchors(ways)}</ul>"),
        DEPARTMENTS: TEMPLATE.column_page(DEPARTMENTS_NAME, f"<ul>{anchors(organs)}</ul>"),
        "/gkmlpt/gkml/pc/js/chunk-common.js": Page(media_type="text/javascript", body=b"/* draws the tree */"),
    }


def _platform(platform: Platform, base: str) -> Pages:
    config = f"""<script>
window._CONFIG = {{
  SID: '{platform.sid}', // 站点
  TREE: {platform.tree},
  SERVICE_AREA_ID: 7, VERSION: 'pc',
}};
</script>
"""
    shell = '<div id="app"></div><script src="/gkmlpt/gkml/pc/js/chunk-common.js"></script>'
    index = TEMPLATE.page("政府信息公开目录", shell, head=config)
    columns = {
        f"{platform.prefix}/gkmlpt/api/all/{column}": partial(_column, platform, column, base)
        for column in platform.columns
    }
    return {f"{platform.prefix}/gkmlpt/index": index, **columns}


def _column(platform: Platform, column: int, base: str, request: Request) -> Page:
    rows = platform.columns[column]
    page = max(1, int(request.parameters.get("page", "1")))
    if request.parameters.get("sid", platform.sid) != platform.sid or (page > 1 and len(rows) <= ARTICLES_A_PAGE):
        return json_page({"message": "Not Found"}, status=404)
    shown = rows[(page - 1) * ARTICLES_A_PAGE : page * ARTICLES_A_PAGE]
    articles = [_listed(row, base, platform.files.get(row[0])) for row in shown]
    return json_page({"classify": {"id": column, "post_count": len(rows)}, "articles": articles})


def _listed(row: Row, base: str, file: str | None) -> dict[str, object]:
    path, title, day = row
    attached = [{"id": 1, "name": f"{title}.pdf", "type": "pdf", "mime": "application/pdf", "url": f"{base}{file}"}]
    return {
        "id": int(path.rpartition("_")[2].removesuffix(".html")),
        "title": title,
        "publisher": title.partition("20")[0],
        "created_at": f"{day} 09:30:00",
        "url": base + path,
        "post_url": "",
        "attachment": attached if file else [],
        "is_expired": 0,
    }


def _jumped_to() -> Pages:
    rows = newest_first(GOVERNMENT, NOTICES)
    following = f'<a class="next" href="{JUMP_SECOND}">下一页</a>'
    previous = f'<a href="{JUMP}">上一页</a>'
    return {
        JUMP: TEMPLATE.column_page(JUMP_NAME, f"<ul>{items(rows[:ROWS_A_PAGE])}</ul>{following}"),
        JUMP_SECOND: TEMPLATE.column_page(JUMP_NAME, f"<ul>{items(rows[ROWS_A_PAGE:])}</ul>{previous}"),
    }


def _detail(publication: Publication) -> Page:
    """The text stands in the page, and once more in its script."""
    # a closing tag in a string would end the script for a browser
    content = reports.html(reports.blocks(publication.report)).replace("</", "<\\/")
    known = json.dumps({"title": publication.title, "url": publication.path, "content": content})
    script = f"<script>window._CONFIG = {{DETAIL: {known}}};</script>"
    return TEMPLATE.detail(publication, head=f"{script}\n")
