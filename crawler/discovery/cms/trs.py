"""TRS WCM: a list's further pages are files whose names stand in no link, but in what a script is told.

    createPageHTML(3, 0, "index", "html")                      pages, current
    createPageHTML(41, 3, 0, "index", "html")                  rows, pages, current
    createPageHTML('page_div', 3, 1, 'list', 'shtml', 41)      an element, pages, current, …, rows
    createPageHTML(3, 0, "index", "shtml", "black", 41)
    var countPage = 3, currentPage = 0;    totalPage: 3        the names are those of the page's own address

    index.html, index_1.html, index_2.html    News2.html, News2_2.html    1.html, 2.html    column-index-1.shtml, …

Names count from nought or from one, and so does `current`, and neither says which: the other way is the second guess.
What is found by a TRS WAS search (/was5/web/search?channelid=…&page=2) is a list too.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archive.reports.address import address
from archive.reports.text import bounded
from crawler.discovery.listing import Ask, Listing, Source

SYSTEM = "trs"
CALL = re.compile(r"createPageHTML\w*\s*\(([^()]{1,300})\)")
ARGUMENT = re.compile(r"""(?:"([^"]*)"|'([^']*)'|([^\s,'"]+))""")
NAME = re.compile(r"[\w./-]+")
SUFFIX = re.compile(r"s?html?|jhtml|jspx?|aspx?|php")
PAGES = re.compile(r"\b(?:total_?pages?|page_?count|count_?page)\s*[\"']?\s*[:=]\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
CURRENT = re.compile(r"\bcurrent_?page\s*[\"']?\s*[:=]\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
INTERFACE = re.compile(r"queryData|dataproxy\.jsp|loadPageData|listData|gkmlpt", re.IGNORECASE)
"""Systems whose pages come from an interface: a total that they state counts its answers, not files."""
OWN_NAME = re.compile(r"(?:(?P<stem>[\w-]*?)(?P<joint>[_-]))?(?P<number>\d{1,4})\.(?P<suffix>s?html?)")
PLAIN_NAME = re.compile(r"(?P<stem>(?!\w*\d{5})[\w-]+)\.(?P<suffix>s?html?)")
INDEX = re.compile(r"\bindex[\w\"'+ ]{0,30}\.(s?html?)\b")
DATE = re.compile(r"20\d\d\s?[-/.年]\s?\d{1,2}")
ROW = "li, tr, dd"
SEARCH = re.compile(r"/was\d*/web/search\?", re.IGNORECASE)
SEARCHED_BY_SCRIPT = re.compile(
    r"(?:\burl\s*:|\b(?:get|post|load|ajax|getJSON|fetch)\s*\()\s*[\"']([^\"'<>\s]{0,300}/was\d*/web/search\?[^\"'<>\s]{1,600})",
    re.IGNORECASE,
)
SHOWN_PAGES = re.compile(r"共[^\d页条]{0,60}(\d{1,5})[^\d页条]{0,60}页")
SHOWN_ROWS = re.compile(r"共[^\d页条篇]{0,60}(\d{1,6})[^\d页条篇]{0,60}[条篇]")
MOST_ROWS, LONGEST_STUB = 10**6, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The files of one list: `first`, then `prefix` and a number and `suffix`. `from_one`: page 2 is number 2."""

    first: str
    prefix: str
    suffix: str
    from_one: bool

    def number(self, url: str) -> int | None:
        """None on a first page without a number."""
        file = urlsplit(url).path.rpartition("/")[2]
        inside = file.removeprefix(self.prefix).removesuffix(self.suffix)
        numbered = file == f"{self.prefix}{inside}{self.suffix}" and inside.isdecimal() and len(inside) < 5
        return int(inside) if numbered else None

    def at(self, number: int) -> str:
        return f"{self.prefix}{number}{self.suffix}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """What a script was told. `current` counts as its list's names do, mostly."""

    names: Names
    pages: int
    current: int | None
    rows: int | None = None


def read(source: Source) -> Iterator[Listing]:
    if SEARCH.search(source.url):
        yield _found(source)
        return
    lists = {listing.name: listing for listing in (_listing(source, pager) for pager in _pagers(source))}
    if source.asked and source.asked.listing in lists:  # of other lists it is no page that was asked for
        lists = {source.asked.listing: lists[source.asked.listing]}
    yield from lists.values()
    if not lists and source.asked and _name(_first_page(source.asked.url)) == source.asked.listing:
        yield _without_pager(source, source.asked)
    yield from _searches(source)


def _pagers(source: Source) -> Iterator[Pager]:
    called = [*filter(None, map(_told, CALL.findall(source.text)))]
    if called:
        yield from called
    elif not INTERFACE.search(source.text):
        yield from _stated(source)


def _told(arguments: str) -> Pager | None:
    """None where the arguments are a script's variables: that is the function itself."""
    words = ["".join(parts) for parts in ARGUMENT.findall(arguments)]
    end = next((place for place, word in enumerate(words) if place > 2 and SUFFIX.fullmatch(word)), None)
    if end is None:
        return None
    numbers = [int(word) for word in words[: end - 1] if word.isdecimal()]
    after = [int(word) for word in words[end + 1 :] if word.isdecimal()]
    if len(numbers) < 2 or max(numbers[:3]) > MOST_ROWS or not NAME.fullmatch(words[end - 1]):
        return None
    pages, current, rows = *numbers[:2], max(after[-1:], default=0)
    # a third number may be rows ahead of the pages, which cannot be fewer, or anything behind the current page
    if len(numbers) > 2 and numbers[0] >= numbers[1] >= numbers[2]:
        rows, pages, current = numbers[:3]
    name, suffix = words[end - 1], words[end]
    names = Names(first=f"{name}.{suffix}", prefix=f"{name}_", suffix=f".{suffix}", from_one=not words[0].isdecimal())
    return Pager(names=names, pages=pages, current=current, rows=rows if rows >= pages > 1 else None)


def _stated(source: Source) -> Iterator[Pager]:
    total = PAGES.search(source.text)
    if total and int(total[1]) > 1 and (names := _own_names(source, int(total[1]))):
        current = CURRENT.search(source.text)
        yield Pager(names=names, pages=int(total[1]), current=int(current[1]) if current else None)


def _own_names(source: Source, pages: int) -> Names | None:
    file = urlsplit(source.url).path.rpartition("/")[2]
    if not file:
        index = INDEX.search(source.text)
        file = f"index.{index[1] if index else 'html'}"
    numbered, plain = OWN_NAME.fullmatch(file), PLAIN_NAME.fullmatch(file)
    if numbered and int(numbered["number"]) <= pages:
        prefix, suffix = f"{numbered['stem'] or ''}{numbered['joint'] or ''}", f".{numbered['suffix']}"
        first = f"{numbered['stem']}{suffix}" if numbered["joint"] == "_" else f"{prefix}1{suffix}"
        return Names(first=first, prefix=prefix, suffix=suffix, from_one=True)
    if plain is None:
        return None
    stem, suffix = plain["stem"], f".{plain['suffix']}"
    return Names(first=f"{stem}{suffix}", prefix=f"{stem}_", suffix=suffix, from_one=not CURRENT.search(source.text))


def _listing(source: Source, pager: Pager) -> Listing:
    name = _name(urljoin(source.url, pager.names.first))
    shown = _rows(source.text) if pager.rows else 0
    if pager.rows and shown >= pager.rows:  # the script only hides some of them
        return Listing(system=SYSTEM, name=name, declared=pager.rows, rows=shown)
    number = pager.names.number(source.url)
    # who asked knows the page for sure: number 2 is the second page of one list and the third of another
    page = source.asked.page if source.asked else _page(pager, number)
    files = [pager.names.at(guess) for guess in _guesses(pager, number)] if page < pager.pages else []
    return Listing(
        system=SYSTEM,
        name=name,
        page=page,
        further=tuple(Ask(url=urljoin(source.url, file), listing=name, page=page + 1) for file in files),
        declared=pager.rows,
        pages=pager.pages,
    )


def _page(pager: Pager, number: int | None) -> int:
    if number is None:
        return 1
    return number if pager.names.from_one or pager.current == number - 1 else number + 1


def _guesses(pager: Pager, number: int | None) -> list[int]:
    if number is None:
        # scripts link the page after `current`, so that is what its list counts by, if it counts as its names do
        following = int(pager.names.from_one) if pager.current is None else pager.current
        return [following + 1, *({1, 2} - {following + 1} if following < 2 else ())]
    told = pager.current + 1 if pager.current is not None else 0
    return [number + 1, *([told] if told > number + 1 else [])]


def _rows(text: str) -> int:
    """Of the longest list on the page whose rows have a link and a date."""
    try:
        tree = LexborHTMLParser(bounded(text))
    except SelectolaxError:
        return 0
    dated = (row for row in tree.css(ROW) if row.parent and row.css_first("a[href]") and DATE.search(row.text()))
    return max(Counter(row.parent.mem_id for row in dated if row.parent).values(), default=0)


def _name(url: str) -> str:
    """Other readers name their lists by addresses too: a page without a pager must be known for one of ours."""
    return f"{SYSTEM} {url}"


def _first_page(url: str) -> str:
    folder, _, file = url.rpartition("/")
    return f"{folder}/{re.sub(r'_[0-9]{1,4}(?=[.])', '', file)}"


def _without_pager(source: Source, asked: Ask) -> Listing:
    """Scripts promise more pages than are made: for an old one there is a stub of some 300 bytes."""
    length = len(source.text)
    trouble = f"page {asked.page} is a stub of {length} characters" if length <= LONGEST_STUB else None
    return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=trouble)


def _searches(source: Source) -> Iterator[Listing]:
    """The list is elsewhere; here is no page of it."""
    for target in dict.fromkeys(SEARCHED_BY_SCRIPT.findall(source.text)):
        url = address(target.replace("&amp;", "&"), base=source.url, charset=source.charset)
        if url and "channelid=" in url:
            first = _turned_to(url, 1)
            yield Listing(
                system=SYSTEM, name=_name(first), page=0, further=(Ask(url=first, listing=_name(first), page=1),)
            )


def _found(source: Source) -> Listing:
    name = source.asked.listing if source.asked else _name(_turned_to(source.url, 1))
    stated = re.search(r"[?&]page=(\d{1,5})", source.url)
    page = int(stated[1]) if stated else 1
    total, rows = SHOWN_PAGES.search(source.text), SHOWN_ROWS.search(source.text)
    pages = int(total[1]) if total else None
    goes_on = page < pages if pages is not None else _rows(source.text) > 0
    following = Ask(url=_turned_to(source.url, page + 1), listing=name, page=page + 1)
    return Listing(
        system=SYSTEM,
        name=name,
        page=page,
        further=(following,) if goes_on else (),
        declared=int(rows[1]) if rows else None,
        pages=pages,
    )


def _turned_to(url: str, page: int) -> str:
    turned, count = re.subn(r"([?&]page=)\d*", rf"\g<1>{page}", url)
    return turned if count else f"{url}&page={page}"
