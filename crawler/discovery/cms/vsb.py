"""博达 VSB: the pages of a list are numbered downwards, so that what is old keeps its address.

    zfxxgknb.htm            page 1 of 11      <span class="p_next p_fun"><a href="zfxxgknb/10.htm">下页</a></span>
    zfxxgknb/10.htm         page 2            <span class="p_next p_fun"><a href="9.htm">下页</a></span>
    zfxxgknb/1.htm          page 11           <span class="p_t">11/11</span>, 共52条

With a new page at the front every other one moves back: a page's number is what it says, not what its address says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawler.discovery.links import Page, page_at
from crawler.discovery.listing import Ask, Listing, Source

SYSTEM = "vsb"
MARKS = re.compile(
    r"pb_sys_common|class=[\"']?p_pages|Announced by Visual SiteBuilder|_sitegray|\.vsb\.css|\bid=[\"']?fanye"
)
PAGERS = ".p_pages, .pb_sys_common, [id^=fanye], .PrevDisabled, a.Next, .NextDisabled"
COUNTS = ".p_t, [id^=fanye], .pb_sys_common"
FOLLOWING = ".p_next a[href], a.p_next[href]"
OLDER = "a.Next[href]"
NUMBERS = ".p_no a[href], a.p_no[href]"
DECLARED = re.compile(r"共\s*(\d{1,6})\s*条")
OF_ALL = re.compile(r"(?<!\d)(\d{1,4})\s*/\s*(\d{1,4})(?!\d)")
INNER = re.compile(r"/(\d{1,4})\.html?$")
FIRST = re.compile(r"\.html?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    page: int
    pages: int | None
    declared: int | None


def read(source: Source) -> Iterator[Listing]:
    if "html" not in source.media_type or not MARKS.search(source.text):
        return
    page = page_at(source.url, source.text, source.charset)
    if page.tree.css_first(PAGERS) is None:
        return
    counted = _counted(page.tree, source)
    name = source.asked.listing if source.asked else f"{SYSTEM} {_column(source.url, counted.pages)}"
    ended = counted.pages is not None and counted.page >= counted.pages
    found = () if ended else tuple(dict.fromkeys(_following(page, counted)))
    yield Listing(
        system=SYSTEM,
        name=name,
        page=counted.page,
        further=tuple(Ask(url=url, listing=name, page=counted.page + 1) for url in found if url != source.url),
        declared=counted.declared,
        pages=counted.pages,
        rows=page.rows,
    )


def _counted(tree: LexborHTMLParser, source: Source) -> Counted:
    text = " ".join(node.text(separator=" ") for node in tree.css(COUNTS)[:8])
    of_all, declared = OF_ALL.search(text), DECLARED.search(text)
    asked = source.asked.page if source.asked else 1
    return Counted(
        page=int(of_all[1]) if of_all else asked,
        pages=int(of_all[2]) if of_all else None,
        declared=int(declared[1]) if declared else None,
    )


def _following(page: Page, counted: Counted) -> Iterator[str]:
    """The link that says so, the number after this one, and where the next page must be if there is no link."""
    # the last page's link is called the same in older versions
    older = [node for node in page.tree.css(OLDER) if "下" in node.text()]
    numbers = [node for node in page.tree.css(NUMBERS) if node.text().strip() == str(counted.page + 1)]
    for node in (*page.tree.css(FOLLOWING), *older, *numbers):
        if url := page.address(node.attributes.get("href") or ""):
            yield url
    if counted.pages is not None:
        yield _counted_down(page.url, counted.pages - counted.page)


def _counted_down(url: str, number: int) -> str:
    place = urlsplit(url)
    path = INNER.sub("", place.path) if INNER.search(place.path) else FIRST.sub("", place.path)
    return urlunsplit(place._replace(path=f"{path}/{number}.htm", query="", fragment=""))


def _column(url: str, pages: int | None) -> str:
    """The list's own address without its suffix; an inner page's folder is called the same."""
    place = urlsplit(url)
    inner = INNER.search(place.path) if pages != 1 else None
    path = INNER.sub("", place.path) if inner else FIRST.sub("", place.path)
    return urlunsplit(place._replace(path=path, query="", fragment=""))
