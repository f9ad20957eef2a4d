"""Every other system: a list's next page as its reader would find it, by the words and numbers of a pager.

    下一页, 后页, rel=next, »          the link, or what its script leads to
    1 [2] 3 … 尾页                     the successor of the current number, where no word says "next"
    <select><option>第2页…             the successor of the selected option
    共52条 第1/11页                    what the list declares

Where the pager's script is elsewhere, the page's own address is counted on. Frames, years, bodies are ordinary links.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.discovery.cms.answer import FORM
from crawler.discovery.cms.forms import Sending, sent_by
from crawler.discovery.cms.numbering import renumbered, second_pages, unnumbered
from crawler.discovery.links import Page, page_at
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.places import Place

SYSTEM = "generic"
LISTS_MOST = 3
NEXT = re.compile(r"[<《«]*\s*(?:下一?页|后一?页|下1页|next(?:\s*page)?)\s*[>》»›]*", re.IGNORECASE)
ARROW = re.compile(r"[>›»]")
NUMBER = re.compile(r"第?\s*(\d{1,4})\s*页?")
OF_ALL = re.compile(r"(?<![\d/])(\d{1,4})\s*页?\s*/\s*共?\s*(\d{1,4})(?!\s*[\d/])")
OF_ALL_SAID = re.compile(r"(\d{1,4})\s*页?\s*/\s*共?\s*(\d{1,4})\s*页")
CURRENT = re.compile(r"(?:第|当前(?:第|页码?[::]?)?)\s*(\d{1,4})\s*(?:页|/)")
PAGES = re.compile(r"(?:共|总)(?:有|计)?\s*(\d{1,4})\s*页|(?:总页数|页数)\s*[::]?\s*(\d{1,4})")
ROWS = re.compile(
    r"(?:共|总计)(?:有|计)?\s*(\d{1,6})\s*(?:条|篇|个?记录)|(?:总记录数?|记录总数|总条数)\s*[::]?\s*(\d{1,6})"
)
PAGES_NAME = re.compile(r"(?:total|all|max)_?pages?(?:num|count)?|page_?(?:count|total|s)|count_?page", re.IGNORECASE)
ROWS_NAME = re.compile(r"(?:total|all)_?(?:records?|rows?|count|num)|(?:record|row)_?(?:count|total)", re.IGNORECASE)
SCRIPTED = re.compile(r"\w\s*\((?!\s*0?\s*\))")
"""A call with anything in its brackets: not void(0)."""
DISABLED = re.compile(r"disable|\bdis\b|no-?page|gray", re.IGNORECASE)
HERE = re.compile(r"\b(?:cur(?:rent)?|active|on|selected|this-?page|now)\b", re.IGNORECASE)
CONTAINER_MOST, CLIMB_MOST, BODY_MOST, BESIDE_MOST = 400, 5, 100_000, 60
"""Characters of a pager with all its numbers; elements around one; characters searched where there is no pager."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """What a page says of its list. `following` are the links called "next", each to another page,
    `unread` the code of those that lead nowhere that can be told."""

    following: tuple[str, ...]
    numbered: tuple[str, ...]
    current: int | None
    pages: int | None
    declared: int | None
    unread: tuple[str, ...]


def read(source: Source) -> Iterator[Listing]:
    if "html" not in source.media_type:
        return
    page = page_at(source.url, source.text, source.charset)
    pager = pager_of(page, source.asked.page if source.asked else None)
    number = pager.current or 1
    ended = pager.pages is not None and number >= pager.pages
    guesses = [] if ended else list(_guesses(page, pager, number))
    if not (guesses or pager.pages or pager.declared or source.asked):
        return
    # each "next" that leads elsewhere is another list's; of a page that was asked for, the list is known
    several = len(pager.following) > 1 and not ended and not source.asked
    lists = [[each] for each in guesses[: len(pager.following)]][:LISTS_MOST] if several else [guesses]
    for order, further in enumerate(lists):
        name = f"{SYSTEM} {unnumbered(source.url)}{f' #{order + 1}' if order else ''}"
        yield _listing(source, page, pager, number, source.asked.listing if source.asked else name, further)


def _listing(source: Source, page: Page, pager: Pager, number: int, name: str, further: Sequence[Sending]) -> Listing:
    return Listing(
        system=SYSTEM,
        name=name,
        page=number,
        further=tuple(
            Ask(
                url=each.url,
                listing=name,
                page=number + 1,
                method=each.method,
                body=each.body,
                headers=(FORM, ("Referer", source.url)) if each.body else (),
            )
            for each in further
        ),
        declared=pager.declared,
        pages=pager.pages,
        rows=page.rows,
    )


def _guesses(page: Page, pager: Pager, number: int) -> Iterator[Sending]:
    """First what the pager leads to; if that cannot be told, what its form sends, or the address counted on."""
    found = [*pager.following[:LISTS_MOST], *pager.numbered]
    sent = [sending for code in pager.unread if (sending := sent_by(page, code))]
    if not found and not sent and (pager.unread or (pager.pages or 0) > number):
        again = renumbered(page.url)
        found += [again] if again else second_pages(page.url) if number == 1 else []
    yield from (Sending(url=url, method="GET", body="") for url in dict.fromkeys(found) if url != page.url)
    yield from dict.fromkeys(sent)


def pager_of(page: Page, number: int | None = None) -> Pager:
    """What the page's pager says, whatever the system that drew it. `number` is the page's, where that is known."""
    places = [place for place in page.places if place.position == "pager" or _is_next(place)]
    text = _text(page, places)
    of_all = _of_all(OF_ALL if places else OF_ALL_SAID, text)
    choice = _chosen(places)
    said = of_all[0] if of_all else _first(CURRENT, text)
    current = number or said or choice or _marked(page, places)
    # of arrows the first: the others lead to the end
    named = [place for place in places if _is_next(place)] or [p for p in places if ARROW.fullmatch(p.words)][:1]
    usable = [place for place in named if not _disabled(place)]
    following = [url for place in usable for url in _urls(page, place)]
    following += [url for node in page.tree.css("link[rel=next]") if (url := page.address(_href(node)))]
    after = [place for place in places if current and _number(place) == current + 1]
    return Pager(
        following=tuple(url for url in dict.fromkeys(following) if url != page.url),
        numbered=tuple(dict.fromkeys(url for place in after for url in _urls(page, place))),
        current=current,
        pages=of_all[1] if of_all else _first(PAGES, text) or _named(page, PAGES_NAME),
        declared=_first(ROWS, text) or _named(page, ROWS_NAME),
        unread=() if following else tuple(code for place in (*usable, *after) if SCRIPTED.search(code := _code(place))),
    )


def _urls(page: Page, place: Place) -> Iterator[str]:
    return (link.url for link in page.links_at(place))


def _is_next(place: Place) -> bool:
    attributes = place.node.attributes
    named = place.words or attributes.get("value") or attributes.get("title") or ""
    return bool(NEXT.fullmatch(named.strip()) or attributes.get("rel") == "next")


def _disabled(place: Place) -> bool:
    around = place.node.parent
    own = place.node.attributes.get("class") or ""
    return bool(DISABLED.search(f"{own} {(around.attributes.get('class') or '') if around is not None else ''}"))


def _code(place: Place) -> str:
    return f"{_href(place.node)} {place.node.attributes.get('onclick') or ''}"


def _href(node: LexborNode) -> str:
    return node.attributes.get("href") or ""


def _number(place: Place) -> int | None:
    found = NUMBER.fullmatch(place.words)
    return int(found[1]) if found else None


def _chosen(places: Sequence[Place]) -> int | None:
    """The page that a <select> of pages shows: the option marked so, else its first."""
    options = [place for place in places if place.node.tag == "option" and _number(place) is not None]
    marked = [place for place in options if "selected" in place.node.attributes]
    return _number((marked or options)[0]) if options else None


def _marked(page: Page, places: Sequence[Place]) -> int | None:
    """The current number beside the others: marked as the one, or no link; before the second, the first."""
    numbers = [place for place in places if _number(place) is not None]
    for place in numbers:
        led = any(True for _ in _urls(page, place)) or SCRIPTED.search(_code(place))
        if HERE.search(place.node.attributes.get("class") or "") or not led:
            return _number(place)
    beside = _container(numbers[0].node).css("span, b, strong, em, font, i, li") if numbers else []
    bare = (node for node in beside[:BESIDE_MOST] if node.css_first("a") is None and _above(node) != "a")
    found = next((each for node in bare if (each := NUMBER.fullmatch(" ".join(node.text().split())))), None)
    return int(found[1]) if found else 1 if numbers and _number(numbers[0]) == 2 else None


def _above(node: LexborNode) -> str | None:
    return node.parent.tag if node.parent is not None else None


def _container(node: LexborNode) -> LexborNode:
    """What holds the pager, as far as that holds nothing else."""
    for _ in range(CLIMB_MOST):
        if node.parent is None or len(node.parent.text(separator=" ")) > CONTAINER_MOST:
            break
        node = node.parent
    return node


def _text(page: Page, places: Sequence[Place]) -> str:
    """The pager's own words; without a pager, the whole page's."""
    if places:
        return " ".join(_container(places[0].node).text(separator=" ").split())
    body = page.tree.body
    return body.text(separator=" ")[:BODY_MOST] if body is not None else ""


def _of_all(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """The page's number and how many there are. Outside a pager 7/24 is a hotline's hours."""
    counted = ((int(found[1]), int(found[2])) for found in pattern.finditer(text))
    return next(((page, pages) for page, pages in counted if 0 < page <= pages), None)


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(next(group for group in found.groups() if group)) if found else None


def _named(page: Page, pattern: re.Pattern[str]) -> int | None:
    known = (value for name, value in page.script.names.items() if pattern.fullmatch(name))
    return next((int(value.text) for value in known if value.text.isdecimal() and len(value.text) < 7), None)
