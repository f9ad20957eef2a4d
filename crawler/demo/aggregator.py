"""A commercial site that republishes others' reports between its tender news, and damages most of them.

    title, boilerplate                  the title is left whole
    the body, masked, flattened         common words become (略), even in mid-word; digits *; addresses http://**.cn
    相关链接:<tail of the original address>
    附件: 附件:                          and the same body once more

One report is republished word for word, tables and all; of one no original is left anywhere.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from html import escape

from crawler.demo import report as reports
from crawler.demo import yunchuan
from crawler.demo.site import Answer, Page, Publication, Row, Site

MASKS = (
    (re.compile(r"https?://[\w.:/-]+"), "http://**.cn"),
    (re.compile(r"\b\d{4}-(?=\d{4}\b)"), "*-"),
    (re.compile("东海市|严格|高效|市(?=场)"), " (略) "),
    (re.compile("(?<=队)伍"), "*"),
)
MASKED = ("云川区教育局", "云川区白石镇人民政府", "澄湖区财政局", "南坪区财政局")
WORD_FOR_WORD = "澄湖区人民政府办公室"
ROWS_A_PAGE = 5
LOGIN = "/user/login.html"
NEWS: tuple[Row, ...] = (
    ("/news-17-3001.html", "云川区实验小学课桌椅采购项目招标公告", "2024-04-10"),
    ("/news-17-3002.html", "澄湖区污水处理厂改造工程中标结果公示", "2024-04-09"),
    ("/news-17-3003.html", "东海市2024年度政府采购代理机构征集公告", "2024-04-08"),
)

Pages = dict[str, Page | Answer]


def build(*, base: str, sites: Iterable[Site]) -> Site:
    originals = {
        (each.report.organ, each.report.year): (site.base + each.path, each)
        for site in sites
        for each in site.publications
        if each.copy_of is None
    }
    copies = tuple(
        _copy(number, *originals[organ, 2023]) for number, organ in enumerate((*MASKED, WORD_FOR_WORD), 268401)
    )
    published = (*copies, _last_copy())
    return Site(
        id="zhaobiao",
        name="东海招标信息网",
        base=base,
        pages=_furniture() | _lists(published) | {each.path: _detail(each) for each in published},
        missing=_page("404", "<p>信息已过期</p>", status=404),
        publications=published,
        aggregator=True,
        forbidden=(LOGIN,),
    )


def _copy(number: int, url: str, original: Publication) -> Publication:
    """Under its full name, and dated anew."""
    return replace(
        original,
        path=f"/news-17-{number}.html",
        published=date(2024, 4, number % 100 + 2),
        organ_as_written=original.report.organ,
        form="{organ}{year}年政府信息公开工作年度报告",
        attachments=(),
        copy_of=url,
    )


def _last_copy() -> Publication:
    report = yunchuan.DISTRICT.report("区统计局", 2018, 2)
    return Publication(report=report, path="/news-17-190377.html", published=date(2019, 4, 2))


def _furniture() -> Pages:
    menu = f'<a href="/news-list-1.html">政府公告</a> <a href="{LOGIN}">查看年度报告全文请登录</a>'
    pages: Pages = {path: _page(title, f"<h1>{title}</h1><p>详情登录后查看。</p>") for path, title, _ in NEWS}
    return pages | {
        "/": _page("首页", menu),
        "/robots.txt": Page(media_type="text/plain", body=b"User-agent: *\nDisallow: /user/\n"),
        LOGIN: _page("登录", "<form method=post></form>"),
    }


def _lists(published: Iterable[Publication]) -> Pages:
    rows = sorted((*(each.row for each in published), *NEWS), key=lambda row: row[2], reverse=True)
    groups = [rows[start : start + ROWS_A_PAGE] for start in range(0, len(rows), ROWS_A_PAGE)]
    return {f"/news-list-{number}.html": _list(group, number, len(groups)) for number, group in enumerate(groups, 1)}


def _list(rows: Sequence[Row], number: int, pages: int) -> Page:
    items = "\n".join(f'<li><a href="{path}">{title}</a> <i>{day}</i></li>' for path, title, day in rows)
    onward = f'<a class="next" href="/news-list-{number + 1}.html">下一页</a>' if number < pages else ""
    return _page("政府公告", f"<ul>\n{items}\n</ul>\n{onward}")


def _detail(publication: Publication) -> Page:
    body = reports.blocks(publication.report)
    if publication.report.organ == WORD_FOR_WORD:
        text = reports.html(body)
    else:
        text = "\n".join(f"<p>{escape(line)}</p>" for line in damaged(reports.lines(body), _tail(publication)))
    title = publication.title
    head = f"<h1>{title}</h1>\n<p>发布时间:{publication.published}</p>\n<p>内容</p>\n<p>发送至邮箱</p>"
    return _page(title, f'{head}\n<div class="content">\n{text}\n</div>\n<p>查看详情》</p>')


def damaged(lines: Sequence[str], tail: str) -> tuple[str, ...]:
    once = (*(masked(line) for line in lines), f"相关链接:{tail}", "附件:", "附件:")
    return once * 2


def masked(line: str) -> str:
    for pattern, mask in MASKS:
        line = pattern.sub(mask, line)
    return line


def _tail(publication: Publication) -> str:
    return (publication.copy_of or yunchuan.GONE[0]).rpartition("/")[2]


def _page(title: str, main: str, *, status: int = 200) -> Page:
    text = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title} - 东海招标信息网</title></head>
<body><div class="top"><a href="/">首页</a> <a href="/news-list-1.html">最近搜索</a> 热门搜索</div>
{main}
<div class="foot">本网转载信息仅供参考</div></body></html>
"""
    return Page(body=text.encode(), status=status, media_type="text/html; charset=utf-8")
