"""Hanweb jpaas: a column is a shell, and each of its lists a unit that a script asks for.

    <script url="/api-gateway/jpaas-publish-server/front/page/build/unit"
            queryData="{'webId':'7','pageId':'210','tagId':'信息列表','parseType':'bulidstatic',…}">   the first page
    <div class="pagination" rows="15" count="48" pageNo="1" unitUrl="…" queryData="{…}">               the next ones
    -> {"data": {"html": "<li><a href=…>…</li>… <div class=\\"pagination\\" rows=… count=… pageNo=…>"}}

Some servers answer every page with the first one to who asks from far away: what a list declares is told, so that it
shows.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from selectolax.lexbor import LexborNode

from archive.reports.address import address
from crawler.discovery.cms.answer import SCRIPTED, Unreadable, number, page_of, read_answer, within
from crawler.discovery.links import Link, links_of
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.literal import NotALiteral, literal, sound
from crawler.discovery.markup import tree_of

SYSTEM = "jpaas"
ENDPOINT = "/front/page/build/unit"
SIZE = 14
MOST_UNITS = 50
MOST_MARKS = 5
LONGEST_LIST = 200_000
"""Characters of a list's markup; what holds more is no list but the page."""
OF_PAGING = {"paramJson", "pageNo", "pageSize"}
OF_NAME = ("webId", "pageId", "tagId")
MARKED = re.compile(r"\bquerydata\s*=", re.IGNORECASE)
PAIR = re.compile(r"""['"](\w+)['"]\s*:\s*['"]([^'"]*)['"]""")
LISTS = re.compile("列表|list", re.IGNORECASE)
COUNTED = re.compile(r"""\b(rows|count|pageNo)\b["']?\s{0,9}[:=]\s{0,9}["']?(\d{1,8})""", re.IGNORECASE)
PAGER = re.compile(r"""pagination|\bcount\b["']?\s{0,9}[:=]""", re.IGNORECASE)
BEFORE, AFTER = 200, 800
"""Characters around a pager's mark in which its numbers stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One list, as its script asks for it. `size` and `extra` are of `paramJson`: rows a page, what else is asked."""

    name: str
    endpoint: str
    query: Mapping[str, str]
    extra: Mapping[str, object]
    size: int

    def ask(self, page: int, referer: str) -> Ask:
        paging = _written({**self.extra, "pageNo": page, "pageSize": self.size})
        query = urlencode({**self.query, "paramJson": paging}, quote_via=quote, errors="replace")
        joint = "&" if "?" in self.endpoint else "?"
        headers = (SCRIPTED, ("Referer", referer))
        return Ask(url=f"{self.endpoint}{joint}{query}", listing=self.name, page=page, headers=headers)


def read(source: Source) -> Iterator[Listing]:
    if source.asked and source.asked.listing.startswith(f"{SYSTEM} "):
        yield _answered(source, source.asked)
    elif source.asked is None and urlsplit(source.url).path.endswith(ENDPOINT):
        yield _answered(source, _asked_by_address(source.url))
    elif MARKED.search(source.text):
        yield from _shell(source)


def _shell(source: Source) -> Iterator[Listing]:
    """Pagers before scripts: where one stands, the first page does too. What calls itself a list comes first."""
    tree = tree_of(source.text)
    nodes = [*tree.css("[uniturl][querydata]"), *tree.css("script[url][querydata]")][:MOST_UNITS]
    found: dict[str, Listing] = {}
    for node in nodes:
        listing = _begun(node, source) if "uniturl" in node.attributes else _hidden(node, source)
        found.setdefault(listing.name, listing)
    yield from sorted(found.values(), key=lambda listing: not LISTS.search(listing.name))


def _hidden(node: LexborNode, source: Source) -> Listing:
    """Of this list nothing stands on the page yet."""
    unit = _unit(node, "url", source, size=SIZE)
    if unit is None:
        return _mistaken(node)
    return Listing(system=SYSTEM, name=unit.name, page=0, rows=0, further=(unit.ask(1, source.url),))


def _begun(node: LexborNode, source: Source) -> Listing:
    """Its first rows stand on the page, beside the pager that tells how many there are."""
    counted = _counted(node.html or "")
    unit = _unit(node, "uniturl", source, size=counted.get("rows") or SIZE)
    if unit is None:
        return _mistaken(node)
    around = node.parent
    # The rows are ordinary anchors too; they are told here, for else a total would look like a shortfall.
    html = around.html or "" if around is not None and around.tag not in {"body", "html"} else ""
    rows = _rows(html, source.url, source.charset) if len(html) < LONGEST_LIST else ()
    listing = _listing(unit, rows, counted, page=1, referer=source.url)
    return listing if rows else replace(listing, rows=min(unit.size, listing.declared or 0))


def _mistaken(node: LexborNode) -> Listing:
    written = node.attributes.get("querydata") or ""
    return Listing(
        system=SYSTEM, name=f"{SYSTEM} ?", page=0, trouble=f"a unit's query cannot be read: {written[:60]!r}"
    )


def _unit(node: LexborNode, attribute: str, source: Source, *, size: int) -> Unit | None:
    endpoint = address(node.attributes.get(attribute) or "", base=source.url, charset=source.charset)
    query = _query(node.attributes.get("querydata") or "")
    return _paged(endpoint, query, size=size) if endpoint and query else None


def _paged(endpoint: str, query: Mapping[str, str], *, size: int, name: str = "") -> Unit:
    """`size` counts where neither the query nor its `paramJson` names one."""
    extra = _object(query.get("paramJson", ""))
    stated = (number(paging.get("pageSize")) for paging in (extra, query))
    return Unit(
        name=name or _name(endpoint, query, extra),
        endpoint=endpoint,
        query={key: value for key, value in query.items() if key not in OF_PAGING},
        extra={key: value for key, value in extra.items() if key not in OF_PAGING},
        size=next((rows for rows in stated if rows), size),
    )


def _name(endpoint: str, query: Mapping[str, str], extra: Mapping[str, object]) -> str:
    # A shell and its pager differ in the rest (editType, tplSetId), and are one list.
    parts = "/".join(query[key] for key in OF_NAME if key in query) or endpoint
    search = f" {extra['search']}" if extra.get("search") else ""
    return sound(f"{SYSTEM} {parts}{search}")


def _query(written: str) -> dict[str, str]:
    """Quotes within quotes of the same kind are no literal: then the pairs that can be told apart count."""
    try:
        value = literal(written)
    except NotALiteral:
        return dict(PAIR.findall(written))
    return {name: _written(each) for name, each in value.items()} if isinstance(value, dict) else {}


def _written(value: object) -> str:
    """As a script would put it into a query."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _object(written: str) -> dict[str, object]:
    try:
        value = literal(written)
    except NotALiteral:
        return {}
    return value if isinstance(value, dict) else {}


def _asked_by_address(url: str) -> Ask:
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    unit = _paged(url.partition("?")[0], query, size=SIZE)
    page = number(_object(query.get("paramJson", "")).get("pageNo")) or 1
    return Ask(url=url, listing=unit.name, page=page)


def _answered(source: Source, asked: Ask) -> Listing:
    try:
        answer = read_answer(source.text)
    except Unreadable as error:
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=str(error))
    html = within(answer, "data", "html")
    if not isinstance(html, str):
        trouble = f"the unit's answer has no rows: {source.text[:60]!r}"
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=trouble)
    # Relative links are the column's, into whose page the script puts them, not the endpoint's.
    counted = _counted(html) or {"count": number(within(answer, "data", "total"))}
    query = dict(parse_qsl(urlsplit(asked.url).query, keep_blank_values=True))
    unit = _paged(asked.url.partition("?")[0], query, size=counted.get("rows") or SIZE, name=asked.listing)
    rows = _rows(sound(html), page_of(asked), source.charset)
    return _listing(unit, rows, counted, page=asked.page, referer=page_of(asked))


def _listing(
    unit: Unit, rows: tuple[Link, ...], counted: Mapping[str, int | None], *, page: int, referer: str
) -> Listing:
    """Without a total, the next page is asked for as long as there are rows: not all give as many as asked."""
    declared = counted.get("count")
    going_on = bool(rows) if declared is None else page * (counted.get("rows") or unit.size) < declared
    return Listing(
        system=SYSTEM,
        name=unit.name,
        page=page,
        links=rows,
        further=(unit.ask(page + 1, referer),) if going_on else (),
        declared=declared,
        rows=len({link.url for link in rows}) or None,
    )


def _rows(html: str, page: str, charset: str) -> tuple[Link, ...]:
    """All links but the pager's, which lead nowhere but to the page itself."""
    here = page.partition("#")[0]
    return tuple(link for link in links_of(html, here, charset) if link.url != here)


def _counted(html: str) -> dict[str, int | None]:
    """Rows a page, rows in all, number of the page: a pager's attributes, its query, or the script that draws it."""
    for mark in islice(PAGER.finditer(html), MOST_MARKS):
        around = html[max(0, mark.start() - BEFORE) : mark.end() + AFTER]
        found = {name.lower(): number(value) for name, value in reversed(COUNTED.findall(around))}
        if "count" in found:
            return found
    return {}
