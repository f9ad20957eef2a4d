"""Endpoints that nobody described: a list whose rows the page's own script asks for, page by page.

    goverList.html?deptcode=… -- its script --> /rest/list, pageIndex=0 --> {"data": {"total": 12, "list": [{…}, …]}}

Of an answer in JSON the longest array of objects with a title and an address is the list; an answer may hold HTML too.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.discovery.calls import calls_of, form_of
from crawler.discovery.cms.answer import FORM, SCRIPTED, Unreadable, number, page_of, read_answer, row_link
from crawler.discovery.cms.numbering import PARAMETER, renumbered
from crawler.discovery.links import Link, links_of, page_at
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.scripts import fetches

SYSTEM = "endpoint"
TITLES = ("title", "infotitle", "doctitle", "showtitle", "articletitle", "name")
ADDRESSES = ("url", "href", "infourl", "linkurl", "link", "staticurl", "docpuburl", "visiturl", "path")
ROWS = re.compile(
    r"total_?(?:count|num|records?|rows?|elements?)?|(?:record|row)_?(?:count|total)|count", re.IGNORECASE
)
PAGES = re.compile(r"total_?pages?|pages?_?(?:count|total)|pages", re.IGNORECASE)
JSON_PAGE = re.compile(r'("(?:p|pn|page|current|page_?(?:no|num|index|number))":\s?"?)(\d{1,4})', re.IGNORECASE)
SIZE = re.compile(r'(?:page_?size|size|limit|per_?page)(?:=|":\s?"?)(\d{1,4})', re.IGNORECASE)
JSON = ("Content-Type", "application/json; charset=UTF-8")
VALUES_MOST = 200_000

Row = tuple[object, object]


def read(source: Source) -> Iterator[Listing]:
    if source.asked:
        if source.asked.listing.startswith(f"{SYSTEM} "):
            yield _answered(source, source.asked)
    elif "html" in source.media_type and fetches(source.text):
        yield from _called(source)


def _called(source: Source) -> Iterator[Listing]:
    page = page_at(source.url, source.text, source.charset)
    forms = ((call, form_of(call, page.script)) for call in calls_of(page.code))
    for order, (call, form) in enumerate((call, form) for call, form in forms if form):
        url = page.address(form[0])
        name = f"{SYSTEM} {source.url}{f' #{order + 1}' if order else ''}"
        headers = (SCRIPTED, *((JSON if call.as_json else FORM,) if call.post else ()), ("Referer", source.url))
        if url:
            method = "POST" if call.post else "GET"
            ask = Ask(url=url, listing=name, page=1, method=method, body=form[1], headers=headers)
            yield Listing(system=SYSTEM, name=name, page=0, rows=0, further=(ask,))


def _answered(source: Source, asked: Ask) -> Listing:
    if source.text.lstrip()[:1] == "<":
        links: Sequence[Link] = links_of(source.text, page_of(asked), source.charset)
        return _listing(asked, links, None, None)
    try:
        values = list(_within(read_answer(source.text)))
    except Unreadable as error:
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=str(error))
    rows = max((_rows(value) for value in values if isinstance(value, list)), key=len, default=[])
    links = [link for target, title in rows if (link := row_link(target, title, page_of(asked)))]
    if not links:
        marked = (value for value in values if isinstance(value, str) and "<a" in value)
        links = [link for markup in marked for link in links_of(markup, page_of(asked))]
    counted = [each for value in values if isinstance(value, dict) for each in value.items()]
    return _listing(asked, links, _count(ROWS, counted), _count(PAGES, counted))


def _listing(asked: Ask, links: Sequence[Link], declared: int | None, pages: int | None) -> Listing:
    # the last page is short: what was asked for tells how long a full one is
    size = SIZE.search(f"{asked.url} {asked.body}")
    a_page = max(int(size[1]) if size else 0, len(links))
    ended = not links or (pages is not None and asked.page >= pages)
    following = None if ended or (declared is not None and declared <= a_page * asked.page) else _next(asked)
    return Listing(
        system=SYSTEM,
        name=asked.listing,
        page=asked.page,
        links=tuple(replace(link, row=True) for link in links),
        further=(following,) if following else (),
        declared=declared,
        pages=pages,
        rows=len(links),
    )


def _next(asked: Ask) -> Ask | None:
    def raised(found: re.Match[str]) -> str:
        return f"{found[1]}{int(found[2]) + 1}"

    body = JSON_PAGE.sub(raised, asked.body) if asked.body.startswith("{") else PARAMETER.sub(raised, asked.body)
    url = asked.url if body != asked.body else renumbered(asked.url)
    return replace(asked, url=url, body=body, page=asked.page + 1) if url else None


def _within(value: object) -> Iterator[object]:
    """The value and all in it, the outer ones first, without recursion."""
    waiting: deque[object] = deque([value])
    for _ in range(VALUES_MOST):
        if not waiting:
            return
        value = waiting.popleft()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _rows(values: list[object]) -> list[Row]:
    found = [_row({name.lower(): each for name, each in value.items()}) for value in values if isinstance(value, dict)]
    return [row for row in found if row is not None]


def _row(value: dict[str, object]) -> Row | None:
    title = next((value[name] for name in TITLES if isinstance(value.get(name), str)), None)
    target = next((value[name] for name in ADDRESSES if isinstance(value.get(name), str)), None)
    if target is None and isinstance(value.get("infoid"), str):  # of portals whose details are one page for all
        target = f"article.html?infoid={value['infoid']}"
    return (target, title) if title and target else None


def _count(pattern: re.Pattern[str], counted: Sequence[tuple[str, object]]) -> int | None:
    found = (number(value) for name, value in counted if pattern.fullmatch(name))
    return next((each for each in found if each), None)
