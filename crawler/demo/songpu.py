"""A portal with the forms of several districts of Shanghai, 上海市松浦区: five kinds of lists, filtered by selects.

    /zhengwu/zfxxgknb-<organ>zfxxgk/index.html    the government's; another organ's is an option of its select
    /goverList.html?deptcode=…&categorynum=…      three bureaus': rows that a script asks for, three at a time
    /sp-xxgk-cms/…/gknb_zjdxz/List/list_0.htm     streets' and towns': pages numbered from nought
    /infoDirectory.html?cate=029012005            the police's: each report a shell that a script fills
    /publicity/zfxxgk/zfxgknb/2024nn/…            two years' columns; neither they nor their reports have a suffix

The dates in the addresses of reports are days of the year, or missing: /govxxgk/SHSP57//<uuid>.html.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import md5
from itertools import chain

from crawler.demo import news, office
from crawler.demo import report as reports
from crawler.demo.report import District
from crawler.demo.roll import roll
from crawler.demo.site import Page, Publication, Request, Row, Site
from crawler.demo.template import Pages, Template, anchors, items, json_page, newest_first

DISTRICT = District(city="上海市", name="松浦区", website="http://www.songpu.example")
OPENNESS, WAY = "/zwgk/", "/zwgk/zfxxgk/"
GOVERNMENT, WATER = "/zhengwu/zfxxgknb-qfbzfxxgk/", "/zhengwu/zfxxgknb-swjzfxxgk/"
CATEGORY = "002006003"
DEPARTMENTS = {"SHSP43": "区教育局", "SHSP57": "区财政局", "SHSP65": "区民政局"}
TOWNS = "/sp-xxgk-cms/website/sp_xxgk/gknb_zjdxz/"
DIRECTORY, SHELL = "/infoDirectory.html?cate=029012005", "/article.html"
BY_YEAR = "/publicity/zfxxgk/zfxgknb/{}nn/bmzfxxgknb211"
LIST_API, ARTICLE_API = "/rest/govxxgk/list", "/rest/govxxgk/article"
ROWS_ASKED, ROWS_A_PAGE, TOWN_ROWS = 3, 5, 4
TEMPLATE = Template(
    name="上海市松浦区人民政府", article='id="ivs_content"', column=(GOVERNMENT + "index.html", "政府信息公开年报")
)
QUERY = """function getQueryString(name) { return new URLSearchParams(location.search).get(name); }
"""
FILL_LIST = f"""{QUERY}function load(page) {{
  fetch("{LIST_API}?deptcode=" + getQueryString("deptcode") + "&categorynum=" + getQueryString("categorynum")
    + "&pageIndex=" + (page - 1) + "&pageSize={ROWS_ASKED}")
    .then(function (answer) {{ return answer.json(); }})
    .then(function (answer) {{
      document.getElementById("list").innerHTML += answer.data.list.map(function (row) {{
        return '<li><a href="' + row.infourl + '">' + row.title + "</a><span>" + row.infodate + "</span></li>";
      }}).join("");
      if (page * {ROWS_ASKED} < answer.data.total) {{ load(page + 1); }}
    }});
}}
load(1);
"""
FILL_ARTICLE = f"""{QUERY}fetch("{ARTICLE_API}?infoid=" + getQueryString("infoid"))
  .then(function (answer) {{ return answer.json(); }})
  .then(function (answer) {{
    document.title = answer.data.title;
    document.getElementById("title").textContent = answer.data.title;
    document.getElementById("ivs_content").innerHTML = answer.data.content;
  }});
"""


def _uuid(text: str) -> str:
    digits = md5(text.encode(), usedforsecurity=False).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _by_day(column: str, _organ: str, _year: int, day: date, serial: int) -> str:
    return f"{column}{day.year}/{day:%j}/{serial % 10_000}.html".replace("/0", "/")


def _of_department(code: str, _organ: str, year: int, day: date, serial: int) -> str:
    return f"/govxxgk/{code}/{'' if year == 2022 else day}/{_uuid(f'{code}{serial}')}.html"


def _of_town(organ: str, year: int, _day: date, serial: int) -> str:
    name = _uuid(f"{organ}{serial}")
    return f"{TOWNS}content/{name.upper() if year % 2 else name}.htm"


def _of_year(_organ: str, year: int, _day: date, serial: int) -> str:
    return f"{BY_YEAR.format(year)}/content_{serial}"


def _in_shell(organ: str, _year: int, _day: date, serial: int) -> str:
    return f"{SHELL}?infoid={_uuid(f'{organ}{serial}')}"


def _titled(published: Sequence[Publication]) -> tuple[Publication, ...]:
    """Here the year comes first, and the city and district stand before each organ."""
    return tuple(replace(each, form="{year}年上海市{organ}政府信息公开工作年度报告") for each in published)


OF_GOVERNMENT = roll(DISTRICT, partial(_by_day, GOVERNMENT), organs=("区人民政府",), years=range(2016, 2025))
OF_WATER = roll(DISTRICT, partial(_by_day, WATER), organs=("区水务局",), years=range(2021, 2025))
OF_DEPARTMENTS = {
    code: roll(DISTRICT, partial(_of_department, code), organs=(organ,), years=range(2021, 2025))
    for code, organ in DEPARTMENTS.items()
}
OF_TOWNS = _titled(roll(DISTRICT, _of_town, organs=("河东街道办事处", "青石镇人民政府"), years=range(2019, 2025)))
OF_POLICE = roll(DISTRICT, _in_shell, organs=("区公安分局",), years=range(2022, 2025))
OF_YEARS = {
    year: tuple(
        replace(each, attachments=(f"{BY_YEAR.format(year)}/{year}{number}.{'xls' if number else 'wps'}",))
        for number, each in enumerate(
            roll(DISTRICT, _of_year, organs=("区卫生健康委员会", "区市场监督管理局"), years=(year,))
        )
    )
    for year in (2024, 2023)
}
OTHERS: tuple[Row, ...] = (
    (f"{GOVERNMENT}2021/12/9001.html", "2020年上海市松浦区政务公开工作考核通报", "2021-01-12"),
    (f"{GOVERNMENT}2023/30/9002.html", "松浦区2022年政府网站工作年度报表", "2023-01-30"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An ordinary list: the files of its pages, the first one first, and how many rows each has."""

    label: str
    files: tuple[str, ...]
    rows: Sequence[Row]
    rows_a_page: int = ROWS_A_PAGE
    beside: str = ""


OPTIONS = f"""<select onchange="location.href=this.value"><option value="">请选择部门</option>
<option value="{GOVERNMENT}index.html">区府办</option><option value="{WATER}index.html">区水务局</option></select>"""
COLUMNS = (
    Column(
        label="政府信息公开年报",
        files=(GOVERNMENT + "index.html", GOVERNMENT + "index_2.html", GOVERNMENT + "index_3.html"),
        rows=newest_first(OF_GOVERNMENT, OTHERS),
        beside=OPTIONS,
    ),
    Column(label="区水务局政府信息公开年报", files=(WATER + "index.html",), rows=newest_first(OF_WATER, ())),
    Column(
        label="街道镇政府信息公开年报",
        files=tuple(f"{TOWNS}List/list_{number}.htm" for number in range(3)),
        rows=newest_first(OF_TOWNS, ()),
        rows_a_page=TOWN_ROWS,
    ),
    Column(label="公安分局政府信息公开年报", files=(DIRECTORY,), rows=newest_first(OF_POLICE, ())),
    *(
        Column(label=f"{year}年", files=(BY_YEAR.format(year),), rows=newest_first(published, ()))
        for year, published in OF_YEARS.items()
    ),
)


def build(*, base: str) -> Site:
    printed = (*OF_GOVERNMENT, *OF_WATER, *chain(*OF_DEPARTMENTS.values()), *OF_TOWNS, *chain(*OF_YEARS.values()))
    published = (*printed, *OF_POLICE)
    return Site(
        id="songpu",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture()
        | {path: page for column in COLUMNS for path, page in _list(column).items()}
        | TEMPLATE.neighbours(OTHERS)
        | TEMPLATE.details(printed)
        | office.files(printed),
        missing=TEMPLATE.missing(),
        publications=published,
        way=(
            *("/", OPENNESS, WAY),
            *(path for column in COLUMNS for path in column.files),
            *(target for code in DEPARTMENTS for target in _department_targets(code)),
            *(each.path.replace(SHELL, ARTICLE_API) for each in OF_POLICE),
        ),
    )


def _department_targets(code: str) -> tuple[str, ...]:
    asked = f"deptcode={code}&categorynum={CATEGORY}"
    pages = range(-(-len(OF_DEPARTMENTS[code]) // ROWS_ASKED))
    return f"/goverList.html?{asked}", *(f"{LIST_API}?{asked}&pageIndex={page}&pageSize={ROWS_ASKED}" for page in pages)


def _furniture() -> Pages:
    home = f"<ul>{news.menu('/xw/')}{anchors({OPENNESS: '政务公开'})}</ul>"
    columns = {column.files[0]: column.label for column in COLUMNS if not column.label.startswith("区水务局")}
    columns[_department_targets("SHSP43")[0]] = "委办局政府信息公开年报"
    inside = {"/xw/zfxxgkzn/": "政府信息公开指南", "/xw/ysqgk/": "依申请公开"} | columns
    choices = "".join(f'<option value="{code}">{organ}</option>' for code, organ in DEPARTMENTS.items())
    select = f"""<select onchange="location.href='goverList.html?deptcode='+this.value+'&categorynum={CATEGORY}'">
{choices}</select>"""
    shell = f'{select}<ul class="list" id="list"></ul><script>{FILL_LIST}</script>'
    article = f'<h1 id="title"></h1><div id="ivs_content"></div><script>{FILL_ARTICLE}</script>'
    return news.pages(TEMPLATE.page, name="松浦区", folder="/xw/", count=120) | {
        **TEMPLATE.furniture(),
        "/": TEMPLATE.page("首页", home),
        OPENNESS: TEMPLATE.column_page("政务公开", f"<ul>{anchors({WAY: '政府信息公开'})}</ul>"),
        WAY: TEMPLATE.column_page("政府信息公开", f"<ul>{anchors(inside)}</ul>"),
        "/goverList.html": TEMPLATE.column_page("委办局政府信息公开年报", shell),
        SHELL: TEMPLATE.page("信息公开", article),
        LIST_API: _rows_asked,
        ARTICLE_API: partial(_article_asked, {each.path.rpartition("=")[2]: each for each in OF_POLICE}),
    }


def _list(column: Column) -> Pages:
    pages: Pages = {}
    for page, path in enumerate(column.files):
        rows = column.rows[page * column.rows_a_page : (page + 1) * column.rows_a_page]
        following = (*column.files, "")[page + 1].rpartition("/")[2]
        link = f'<a href="{following}">下一页</a>' if following else ""
        pager = f'<div class="pagination">第{page + 1}页/共{len(column.files)}页 {link}</div>'
        main = f'{column.beside}<ul class="list">\n{items(rows)}\n</ul>\n{pager if len(column.files) > 1 else ""}'
        pages[path] = TEMPLATE.column_page(column.label, main)
    return pages


def _rows_asked(request: Request) -> Page:
    """Of another category, and after the last page, there are no rows."""
    asked = request.parameters
    published = OF_DEPARTMENTS.get(asked.get("deptcode", ""), ()) if asked.get("categorynum") == CATEGORY else ()
    size = int(asked.get("pageSize", "15"))
    start = int(asked.get("pageIndex", "0")) * size
    rows = [
        {"infoid": path[-41:-5], "title": title, "infourl": path, "infodate": day}
        for path, title, day in newest_first(published, ())[start : start + size]
    ]
    return json_page({"code": 200, "data": {"total": len(published), "list": rows}})


def _article_asked(shown: Mapping[str, Publication], request: Request) -> Page:
    publication = shown.get(request.parameters.get("infoid", ""))
    if publication is None:
        return json_page({"code": 404, "data": None})
    content = reports.html(reports.blocks(publication.report))
    return json_page({"code": 200, "data": {"title": publication.title, "content": content}})
