"""The template of a portal: what its content system prints around a page's main part, around a report, and in lists."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape

from crawler.demo import report as reports
from crawler.demo.attachment import pdf
from crawler.demo.site import Answer, Framing, Page, Publication, Row

Pages = dict[str, Page | Answer]
ROBOTS = Page(media_type="text/plain", body=b"User-agent: *\nAllow: /\n")
CSS = Page(media_type="text/css", body=b".list li{list-style:none}")
EVERY_FIFTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """`article` is the attribute that marks an article's element; `column` the path and name of the column that a
    report's breadcrumb shows; `head` is on every page."""

    name: str
    article: str
    column: tuple[str, str]
    head: str = ""

    def page(
        self, title: str, main: str, metas: Mapping[str, str] | None = None, *, head: str = "", status: int = 200
    ) -> Page:
        tags = "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in (metas or {}).items())
        text = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}-{self.name}</title>
<meta name="SiteName" content="{self.name}">
{tags}
{self.head}{head}<link rel="stylesheet" href="/css/site.css"></head>
<body><div class="header"><a href="/">{self.name}</a></div>
{main}
<div class="footer">主办:{self.name}办公室</div></body></html>
"""
        return Page(body=text.encode(), status=status, media_type="text/html;charset=utf-8", framing=Framing.CHUNKED)

    def furniture(self) -> Pages:
        return {"/robots.txt": ROBOTS, "/css/site.css": CSS}

    def missing(self) -> Page:
        return self.page("404", "<p>您访问的页面不存在</p>", status=404)

    def column_page(self, name: str, main: str, *, head: str = "") -> Page:
        return self.page(name, f"<h2>{name}</h2>\n{main}", {"ColumnName": name}, head=head)

    def neighbours(self, rows: Iterable[Row]) -> Pages:
        """What stands among reports and is none."""
        return {path: self.page(title, f"<h1>{title}</h1><p>具体以正式文件为准。</p>") for path, title, _ in rows}

    def details(self, published: Iterable[Publication], *, in_file: bool = False) -> Pages:
        """Reports and their files; `in_file`: what has a file stands in it alone."""
        pages: Pages = {}
        for each in published:
            pages[each.path] = self.detail(each, alone=in_file and bool(each.attachments))
            text = (each.title, *reports.lines(reports.blocks(each.report)))
            pages |= {path: Page(media_type="application/pdf", body=pdf(text)) for path in each.attachments}
        return pages

    def detail(self, publication: Publication, *, alone: bool = False, head: str = "") -> Page:
        title, organ, day = publication.title, publication.report.organ, publication.published
        path, column = self.column
        files = "".join(f'<p>附件:<a href="{file}">{title}</a></p>' for file in publication.attachments)
        body = "<p>报告全文见附件。</p>" if alone else reports.html(reports.blocks(publication.report))
        main = f"""<div class="position">当前位置:<a href="/">首页</a> &gt; <a href="{path}">{column}</a></div>
<h1 class="title">{title}</h1>
<div class="info">发布日期:{day} 来源:{organ}</div>
<div {self.article}>
{body}
{files}</div>"""
        metas = {"ArticleTitle": title, "PubDate": f"{day} 09:30", "ContentSource": organ, "ColumnName": column}
        return self.page(title, main, metas, head=head)


def with_files(published: Iterable[Publication], path: Callable[[int], str]) -> tuple[Publication, ...]:
    """Every fifth report has a file, at the path that its number gives."""
    return tuple(
        replace(each, attachments=(path(number),)) if number % EVERY_FIFTH == 0 else each
        for number, each in enumerate(published)
    )


def newest_first(published: Iterable[Publication], others: Iterable[Row]) -> list[Row]:
    return sorted((*(each.row for each in published), *others), key=lambda row: row[2], reverse=True)


def items(rows: Iterable[Row]) -> str:
    return "\n".join(
        f'<li><a href="{path}" title="{title}">{title}</a><span>{day}</span></li>' for path, title, day in rows
    )


def anchors(links: Mapping[str, str]) -> str:
    return "\n".join(f'<li><a href="{escape(path)}">{name}</a></li>' for path, name in links.items())


def json_page(value: object, *, status: int = 200) -> Page:
    body = json.dumps(value, ensure_ascii=False).encode()
    return Page(body=body, status=status, media_type="application/json;charset=UTF-8", framing=Framing.CHUNKED)
