"""A portal on Hanweb JCMS that lists its reports in each of the ways which that system has.

    /col/col2000/, /col/col2001/     the way; below it five columns
      col2010   a unit continued by nextgroups (GET); another unit, of news, on the same page
      col2020   a unit in cells, continued by numbers (POST, the old path of the proxy)
      col2030   a unit whose nextgroup is encrypted
      col2040   organs and years: /module/xxgk/xxgkAnnualReport.jsp?fbtime=…&area=…
      col2050   a directory: /module/xxgk/search.jsp

A column's page is the same with whatever `uid` and `pageNum`. robots.txt forbids what home links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.demo import news
from crawler.demo.jpage import Continued, Unit, proxies
from crawler.demo.report import District
from crawler.demo.roll import roll
from crawler.demo.site import Page, Publication, Row, Site
from crawler.demo.template import Pages, Template, anchors, newest_first
from crawler.demo.xxgk import ANNUAL, SEARCH, Directory, annual_path, annual_reports

DISTRICT = District(city="东海市", name="白荷区", website="http://www.baihe.example")
OPENNESS, COLUMN = "/col/col2000/index.html", "/col/col2001/index.html"
PROXY, OLD_PROXY = "/module/web/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp"
GOVERNMENT, BUREAUS, TOWNS, ORGANS, DIRECTORY = (f"/col/col{number}/index.html" for number in range(2010, 2060, 10))
LABELS = {
    GOVERNMENT: "区政府年报",
    BUREAUS: "部门年报",
    TOWNS: "乡镇街道年报",
    ORGANS: "政府信息公开年度报告",
    DIRECTORY: "信息公开目录年报",
}
AREAS = {"区司法局": "113305000026455631", "区统计局": "113305000026455663", "区医疗保障局": "113305000026455690"}
NEWS: tuple[Row, ...] = tuple((f"/xw/zwdt/{3000 + n}.html", f"要闻{n}", "2024-02-01") for n in (0, 12, 24))
AREA, INFOTYPE = "11330500002645", "A0704"
PRIVATE = "/jcms/workflow/zfxxgknb.html"
TWIN = f"{GOVERNMENT}?uid=610101&pageNum=1"
ROBOTS = b"User-agent: *\nDisallow: /jcms/\n"
TEMPLATE = Template(
    name="东海市白荷区人民政府", article='id="zoom" class="bt_content"', column=(COLUMN, "政府信息公开年报")
)


def build(*, base: str) -> Site:
    lists = {
        GOVERNMENT: _published(GOVERNMENT, ("区人民政府",), range(2012, 2025)),
        BUREAUS: _published(BUREAUS, ("区教育局", "区公安分局", "区财政局", "区水利局"), range(2021, 2025)),
        TOWNS: _published(TOWNS, ("藕塘镇人民政府", "莲台街道办事处"), range(2019, 2025)),
        DIRECTORY: _published(DIRECTORY, ("区信访局", "区林业局"), range(2021, 2025)),
    }
    annual = _annual()
    rows = {path: tuple(newest_first(each, _confusing(path))) for path, each in lists.items()}
    units = _units(rows)
    directory = Directory(area=AREA, infotype=INFOTYPE, jdid="12", element="div2050", rows=rows[DIRECTORY], a_page=4)
    published = (*sum(lists.values(), ()), *annual.values())
    return Site(
        id="baihe",
        name=TEMPLATE.name,
        base=base,
        pages=_furniture(units, directory, annual)
        | news.pages(TEMPLATE.page, name=DISTRICT.name, folder="/xw/", count=120)
        | TEMPLATE.neighbours(row for path in lists for row in _confusing(path))
        | TEMPLATE.details(sum(lists.values(), ()))
        | proxies(units)
        | {SEARCH: directory.answer, ANNUAL: annual_reports(TEMPLATE, annual)},
        missing=TEMPLATE.missing(),
        publications=published,
        way=("/", OPENNESS, COLUMN, *LABELS, *(way for unit in units for way in unit.ways()), *directory.ways()),
        forbidden=(PRIVATE,),
    )


def _published(path: str, organs: Sequence[str], years: Sequence[int]) -> tuple[Publication, ...]:
    listed = roll(
        DISTRICT,
        lambda _organ, _year, day, serial: f"/art/{day.year}/{day.month}/{day.day}/art_{_column(path)}_{serial}.html",
        organs=organs,
        years=years,
    )
    return tuple(_with_file(publication) for publication in listed)


def _with_file(publication: Publication) -> Publication:
    if not publication.report.organ.endswith(("区财政局", "区人民政府")):
        return publication
    serial = publication.path.rpartition("_")[2].removesuffix(".html")
    path = f"/module/download/downfile.jsp?classid=0&filename=2c9180{serial}f01d4b7ea6c0.pdf"
    return replace(publication, attachments=(path,))


def _annual() -> dict[tuple[str, int], Publication]:
    """By area and year."""
    areas = {DISTRICT.organ(short): area for short, area in AREAS.items()}
    listed = roll(
        DISTRICT,
        lambda organ, year, _day, _serial: annual_path(AREAS[organ], year),
        organs=tuple(AREAS),
        years=range(2020, 2024),
    )
    return {(areas[each.report.organ], each.report.year): each for each in listed}


def _confusing(path: str) -> tuple[Row, ...]:
    column = _column(path)
    titles = [title.format(name=DISTRICT.name, year=2023) for title in news.CONFUSING]
    first = int(column) // 10 % len(titles)
    shown = (titles[first], titles[first - 1])
    return tuple((f"/art/2024/1/1{n}/art_{column}_9{n}.html", title, f"2024-01-1{n}") for n, title in enumerate(shown))


def _column(path: str) -> str:
    return path.removeprefix("/col/col").partition("/")[0]


def _units(rows: Mapping[str, tuple[Row, ...]]) -> tuple[Unit, ...]:
    return (
        _unit("610101", GOVERNMENT, rows[GOVERNMENT], Continued.BY_GROUP),
        _unit("610102", GOVERNMENT, NEWS),
        _unit("610201", BUREAUS, rows[BUREAUS], proxy=OLD_PROXY, cells=True),
        _unit("610301", TOWNS, rows[TOWNS], Continued.ENCRYPTED),
    )


def _unit(
    unit: str,
    path: str,
    rows: tuple[Row, ...],
    continued: Continued = Continued.BY_NUMBER,
    *,
    proxy: str = PROXY,
    cells: bool = False,
) -> Unit:
    return Unit(
        id=unit,
        column=_column(path),
        name=TEMPLATE.name,
        rows=rows,
        a_group=5,
        proxy=proxy,
        continued=continued,
        cells=cells,
    )


def _furniture(units: Sequence[Unit], directory: Directory, annual: Mapping[tuple[str, int], Publication]) -> Pages:
    private = anchors({PRIVATE: "2024年政府信息公开年报(待审)"})
    shown = {path: "".join(unit.html() for unit in units if unit.column in path) for path in LABELS}
    shown |= {ORGANS: _matrix(annual), DIRECTORY: directory.html()}
    return {
        **TEMPLATE.furniture(),
        "/robots.txt": Page(media_type="text/plain", body=ROBOTS),
        PRIVATE: TEMPLATE.page("内部材料", "<p>此处不对外开放。</p>"),
        "/": TEMPLATE.page("首页", f"<ul>{anchors({OPENNESS: '政府信息公开'})}{news.menu('/xw/')}{private}</ul>"),
        OPENNESS: TEMPLATE.page("政府信息公开", f"<ul>{anchors({COLUMN: '政府信息公开年报'})}{news.menu('/xw/')}</ul>"),
        COLUMN: TEMPLATE.column_page("政府信息公开年报", f"<ul>{anchors({**LABELS, TWIN: '更多>>'})}</ul>"),
        **{path: TEMPLATE.column_page(LABELS[path], main) for path, main in shown.items()},
    }


def _matrix(annual: Mapping[tuple[str, int], Publication]) -> str:
    """A row for each organ, a cell for each year."""
    rows = ""
    for organ, area in AREAS.items():
        own = {each.path: f"{year}年" for (one, year), each in annual.items() if one == area}
        rows += f"<tr><th>{organ}</th><td><ul>{anchors(own)}</ul></td></tr>"
    return f"<table>{rows}</table>"
