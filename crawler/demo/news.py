"""What a portal publishes beside its reports: the menu of its home page, columns of news, and what looks like reports.

A site gives its own layout; the paths begin at a folder of its choice. No page here leads to a report.
"""

from collections.abc import Callable, Iterator
from html import escape

from crawler.demo.site import Answer, Page, Request

Layout = Callable[[str, str], Page]
"""From a page's title and its main part, as HTML, to the page."""

MENU = {
    "zwdt": "政务动态",
    "tzgg": "通知公告",
    "zfxxgkzn": "政府信息公开指南",
    "zfxxgkzd": "政府信息公开制度",
    "ysqgk": "依申请公开",
    "czyjs": "财政预决算",
    "fzzfjs": "法治政府建设年度报告",
    "zfwzgzndbb": "政府网站工作年度报表",
    "rsxx": "人事信息",
    "tjxx": "统计信息",
    "zcjd": "政策解读",
    "hdjl": "互动交流",
}
CONFUSING = (
    "关于做好{year}年政府信息公开工作年度报告编制和发布工作的通知",
    "{name}{year}年法治政府建设年度报告",
    "{name}{year}年政府网站工作年度报表",
    "一图读懂{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年行政执法统计年报",
)
SUBJECTS = ("召开防汛工作会议", "开展安全生产检查", "老旧小区改造开工", "公布招聘结果", "部署春季植树", "举办开放日")
ROWS_A_PAGE = 15


def menu(folder: str) -> str:
    return "\n".join(f'<li><a href="{folder}{slug}/">{label}</a></li>' for slug, label in MENU.items())


def pages(layout: Layout, *, name: str, folder: str, count: int) -> dict[str, Page | Answer]:
    """The menu's columns, `count` articles in all, ROWS_A_PAGE of them on each page of a column's list."""
    columns: dict[str, list[tuple[str, str]]] = {slug: [] for slug in MENU}
    for number, title in enumerate(_titles(name, count)):
        slug = list(MENU)[number % len(MENU)]
        columns[slug].append((f"{folder}{slug}/{3000 + number}.html", title))
    found: dict[str, Page | Answer] = {}
    for slug, rows in columns.items():
        found |= _column(layout, f"{folder}{slug}/", MENU[slug], rows)
        found |= {path: layout(title, f"<h1>{title}</h1><p>{title}。具体以正式文件为准。</p>") for path, title in rows}
    return found


def _titles(name: str, count: int) -> Iterator[str]:
    for number in range(count):
        year = 2024 - number // len(MENU) % 6
        if number % 7 == 0:
            yield CONFUSING[number // 7 % len(CONFUSING)].format(name=name, year=year)
        else:
            yield f"{name}{SUBJECTS[number % len(SUBJECTS)]}({year}年第{number + 1}期)"


def _column(layout: Layout, path: str, label: str, rows: list[tuple[str, str]]) -> dict[str, Page | Answer]:
    def answer(request: Request) -> Page:
        number = int(request.parameters.get("page", "1"))
        shown = rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
        items = "\n".join(f'<li><a href="{target}">{escape(title)}</a></li>' for target, title in shown)
        more = f'<a href="{path}?page={number + 1}">下一页</a>' if number * ROWS_A_PAGE < len(rows) else ""
        return layout(label, f"<h2>{label}</h2><ul>{items}</ul>{more}")

    return {path: answer}
