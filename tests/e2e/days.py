"""Days: what may become of a portal overnight, as changes of a sample portal that need not know how it is made.

A day takes a site and gives the site of the day after. What it changes in a page it changes in the text that the site
serves, in its own charset, so that one day fits every content system whose lists are rows of HTML.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import md5

from crawler.demo.site import Answer, Page, Publication, Request, Site, redirect

Day = Callable[[Site], Site]
Edit = Callable[[str], str]

ROW = r"<(?P<tag>li|tr)\b[^>]*>(?:(?!</?(?:li|tr)\b).)*?{name}(?:(?!</?(?:li|tr)\b).)*?</(?P=tag)>"
NUMBER = re.compile(r"(?<=>)\d+(?=</td>)", re.IGNORECASE)
CLASS = re.compile(r"""(?<=\bclass=["'])""", re.IGNORECASE)
BODY = re.compile(r"(?<=<body>)|(?=</body>)", re.IGNORECASE)
BANNER = (
    '<div class="v3-bar"><a href="/">网站首页</a> <b>新版试运行</b> 今天是2026年11月23日 <i>浏览量 40213</i></div>\n'
)
CHALLENGE = (
    b'<!DOCTYPE html><html><head><meta charset="utf-8"><meta content="xF3kQ" r="m"><script type="text/javascript" '
    b'src="/Rv7e/294cc83.js" r="m"></script><script r="m">_$jh();</script></head><body></body></html>'
)
REFUSAL = b"<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>"
LOST = "<!DOCTYPE html><html><head><title>页面不存在</title></head><body>您访问的页面不存在或已被删除</body></html>"


def everywhere(site: Site, change: Callable[[Page], Page], *, but: tuple[str, ...] = ()) -> Site:
    """`but` are paths that stay as they are."""
    changed = {path: found if path in but else _changed(found, change) for path, found in site.pages.items()}
    return replace(site, pages=changed, missing=change(site.missing))


def _changed(found: Page | Answer, change: Callable[[Page], Page]) -> Page | Answer:
    return change(found) if isinstance(found, Page) else lambda request: change(found(request))


def edited(page: Page, edit: Edit) -> Page:
    """The page with another text, tagged anew; what is no text stays as it is."""
    if not page.media_type.startswith("text/"):
        return page
    charset = _charset(page.body)
    body = edit(page.body.decode(charset)).encode(charset)
    if body == page.body:
        return page
    return replace(page, body=body, etag=page.etag and f'"{md5(body, usedforsecurity=False).hexdigest()}"')


def _charset(body: bytes) -> str:
    try:
        body.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def with_page(site: Site, path: str, page: Page | Answer) -> Site:
    return replace(site, pages={**site.pages, path: page})


def page_of(site: Site, path: str) -> Page:
    return site.answer(Request(method="GET", target=path, headers={}))


def on(portal: str, day: Day) -> Day:
    """The day of one portal alone."""
    return lambda site: day(site) if site.id == portal else site


def typical(site: Site) -> Publication:
    """The newest report with tables on a page of its own, without a file."""
    plain = (one for one in site.publications if not (one.attachments or one.copy_of) and one.report.year >= 2019)
    return max(plain, key=lambda one: (one.report.year, one.path))


def report_added(site: Site) -> Site:
    """A year later the same organ publishes again: a page like its last one, listed beside it."""
    last = typical(site)
    year, (folder, _, name) = last.report.year, last.path.rpartition("/")
    stem, dot, suffix = name.rpartition(".")
    new = f"{stem}9{dot}{suffix}"

    def aged(text: str) -> str:
        return text.replace(f"{year}年", f"{year + 1}年").replace(str(last.published), f"{year + 2}-01-19")

    def listed(text: str) -> str:
        row = re.compile(ROW.format(name=re.escape(name)), re.IGNORECASE | re.DOTALL)
        return row.sub(lambda found: aged(found[0]).replace(name, new) + "\n" + found[0], text)

    grown = everywhere(site, lambda page: edited(page, listed), but=(last.path,))
    path = f"{folder}/{new}"
    return replace(with_page(grown, path, edited(page_of(site, last.path), aged)), added=(path,))


def number_edited(site: Site) -> Site:
    path = typical(site).path
    page = edited(page_of(site, path), lambda text: NUMBER.sub(lambda found: str(int(found[0]) + 1), text, count=1))
    return replace(with_page(site, path, page), edited=(path,))


def with_file(site: Site) -> Publication:
    return next(one for one in site.publications if one.attachments)


def file_swapped(site: Site) -> Site:
    """Other bytes at the same address; the page that links them stays as it is."""
    path = with_file(site).attachments[0]
    file = page_of(site, path)
    return replace(with_page(site, path, replace(file, body=file.body + b"\n% again\n")), edited=(path,))


def file_renamed(site: Site) -> Site:
    """Other bytes at another address, and the old address answers no more."""
    one = with_file(site)
    path, file = one.attachments[0], page_of(site, one.attachments[0])
    old = re.split(r"[/=]", path)[-1]
    new = "2" + old
    page = edited(page_of(site, one.path), lambda text: text.replace(old, new))
    renamed = with_page(with_page(site, one.path, page), path.replace(old, new), replace(file, body=file.body + b"\n"))
    return replace(with_page(renamed, path, site.missing), edited=(one.path,), added=(path.replace(old, new),))


GONE = (
    ("gone", Page(status=404, body=LOST.encode())),
    ("gone", Page(status=410, body=LOST.encode())),
    ("soft-404", Page(body=LOST.encode(), media_type="text/html; charset=utf-8")),
    ("redirect-home", redirect("/")),
)
"""Ways in which a page is no more, each with what a crawl should call it."""


def reports_gone(site: Site) -> Site:
    """The first reports, a way each; the lists still name them."""
    paths = [one.path for one in site.publications if not (one.attachments or one.copy_of)][: len(GONE)]
    lost = {path: page for path, (_, page) in zip(paths, GONE, strict=True)}
    return replace(site, pages={**site.pages, **lost}, withdrawn=tuple(paths))


def report_delisted(site: Site) -> Site:
    """Gone, and named by no list."""
    path = typical(site).path
    row = re.compile(ROW.format(name=re.escape(path.rpartition("/")[2])), re.IGNORECASE | re.DOTALL)
    bare = everywhere(site, lambda page: edited(page, lambda text: row.sub("", text)))
    return replace(with_page(bare, path, site.missing), withdrawn=(path,))


def column_moved(old: str, new: str, *, redirecting: bool) -> Day:
    """Every link follows; who comes to the old address finds nothing, or is sent on."""

    def moved(site: Site) -> Site:
        there = everywhere(site, lambda page: edited(page, lambda text: text.replace(old, new)))
        left = redirect(new) if redirecting else site.missing
        return replace(there, pages={**there.pages, new: there.pages[old], old: left})

    return moved


def answering(page: Page, *, robots: bool = False) -> Day:
    """Every page answers this; robots.txt too, if `robots`."""
    but = () if robots else ("/robots.txt",)
    return lambda site: everywhere(site, lambda _: page, but=but)


def redesigned(site: Site) -> Site:
    """Another header, another footer, other classes on every page; what the pages say is the same."""

    def edit(text: str) -> str:
        return CLASS.sub("v3-", BODY.sub(BANNER, text))

    return everywhere(site, lambda page: edited(page, edit))
