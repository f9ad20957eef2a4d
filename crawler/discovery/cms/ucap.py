"""Kaipuyun UCAP: a list's first rows stand in a script, the next ones are asked for by another.

    var listData = {articleList: [{"title": …, "urls": "{\\"pc\\":\\"/…/content_19….html\\"}", "articleFiles": […]}, …]}
    var params = {current: 1, unitid: '380055', webSiteCode: ['glqrmzf'], channelCode: ['col5307'], perPage: '15', …};
    loadPageData(params, '380055');
    -> POST /queryList, the parameters as a form -> {"data": {"total": 48, "results": [{"source": {…a row…}}, …]}}

The script may hold rows for several pages. The columns beside and below the page's own are a tree, drawn by a template.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from archive.reports.address import address
from crawler.discovery.cms.answer import FORM, SCRIPTED, Unreadable, number, page_of, read_answer, row_link, within
from crawler.discovery.links import Link
from crawler.discovery.listing import Ask, Listing, Source
from crawler.discovery.literal import Name, NotALiteral, literal, sound, value_of

SYSTEM = "ucap"
ROWS_A_PAGE = 15
MOST_UNITS = 20
MOST_NAMES = 20
NEAR = 20_000
"""Characters before a call in which its parameters were written."""
MOST_CHANNELS = 2000
MARKED = re.compile(r"\barticleList\b|\bloadPageData\s{0,9}\(|\bchannelsTag(?:Self|Parent)\b")
LOADED = re.compile(r"(?<!function )\bloadPageData\s{0,9}\(\s{0,9}(?=(\{|[A-Za-z_$][\w$]{0,60}))")
ENDPOINT = re.compile(r"""["']([^"'\s]{0,200}/queryList)["']""")
LISTS = ("results", "articleList", "list")
OF_NAME = ("webSiteCode", "channelCode", "unitid")
ROOT_ENDPOINT = "/queryList"
Kind = TypeVar("Kind", list[object], dict[str, object])


def read(source: Source) -> Iterator[Listing]:
    if source.asked:
        if source.asked.listing.startswith(f"{SYSTEM} "):
            yield _answered(source, source.asked)
    elif MARKED.search(source.text):
        yield from _page(source)


def _page(source: Source) -> Iterator[Listing]:
    """The rows in the script are those of the first unit that is loaded; any other has to be asked for."""
    try:
        columns = tuple(_channels(source))
        rows = _rows(value_of(source.text, "articleList"), source.url)
        asks = [_first_ask(unit, source) for unit in _units(source.text)]
    except NotALiteral as error:
        yield Listing(system=SYSTEM, name=f"{SYSTEM} {source.url}", trouble=f"its script cannot be read: {error}")
        return
    if asks:
        yield _begun(asks[0], rows, columns, source)
        yield from (Listing(system=SYSTEM, name=ask.listing, page=0, rows=0, further=(ask,)) for ask in asks[1:])
    elif rows or columns:
        yield Listing(system=SYSTEM, name=f"{SYSTEM} {source.url}", links=rows, columns=columns, rows=len(rows))


def _begun(first: Ask, rows: tuple[Link, ...], columns: tuple[Link, ...], source: Source) -> Listing:
    """Rows that fill several pages stand for all of these. The column's own count is no total: it is off by a few."""
    size = _size(first)
    full = len(rows) // size
    counted = _channel_count(source.text)
    whole = bool(rows) and (len(rows) >= counted if counted is not None else not full)
    return Listing(
        system=SYSTEM,
        name=first.listing,
        page=max(full, 1) if whole else full,
        links=rows,
        columns=columns,
        further=() if whole else (_turned(first, full + 1),),
        rows=len(rows) if whole else full * size,
    )


def _first_ask(unit: Mapping[str, object], source: Source) -> Ask:
    size = number(unit.get("pageSize")) or number(unit.get("perPage")) or ROWS_A_PAGE
    # The script says perPage, the endpoint hears pageSize: a form has both.
    fields = {**unit, "current": 1, "pageSize": size}
    name = "/".join(",".join(value for _, value in _fields(key, unit.get(key))) for key in OF_NAME)
    return Ask(
        url=_endpoint(source),
        listing=sound(f"{SYSTEM} {name}"),
        page=1,
        method="POST",
        body=urlencode([pair for key, value in fields.items() for pair in _fields(key, value)], errors="replace"),
        headers=(SCRIPTED, FORM, ("Referer", source.url)),
    )


def _turned(ask: Ask, page: int) -> Ask:
    fields = parse_qsl(ask.body, keep_blank_values=True)
    body = urlencode([(key, str(page) if key == "current" else value) for key, value in fields], errors="replace")
    return replace(ask, page=page, body=body)


def _size(ask: Ask) -> int:
    return number(dict(parse_qsl(ask.body)).get("pageSize")) or ROWS_A_PAGE


def _fields(key: str, value: object) -> Iterator[tuple[str, str]]:
    """As jQuery writes a form (https://api.jquery.com/jQuery.param/)."""
    if isinstance(value, list):
        yield from ((f"{key}[]", each) for one in value for _, each in _fields(key, one))
    elif isinstance(value, bool):
        yield key, str(value).lower()
    elif value is None or isinstance(value, str | int):
        yield key, "" if value is None else str(value)


def _endpoint(source: Source) -> str:
    """At the site's root, unless the page says otherwise; its script stands in a file of its own."""
    named = ENDPOINT.search(source.text)
    return address(named[1] if named else ROOT_ENDPOINT, base=source.url, charset=source.charset) or source.url


def _units(text: str) -> Iterator[dict[str, object]]:
    """What `loadPageData` is called with: an object, or the name of the one that was written last before it."""
    named: dict[str, object] = {}
    for call in islice(LOADED.finditer(text), MOST_UNITS):
        written = call.end() if call[1] == "{" else _assigned(text, call[1], call.start())
        found = literal(text, written) if written is not None else None
        if isinstance(found, dict):
            yield {key: _resolved(value, text, named) for key, value in found.items()}


def _assigned(text: str, name: str, end: int) -> int | None:
    start = max(0, end - NEAR)  # not the first of the page: each unit calls its own so
    places = [place.end() for place in re.finditer(rf"(?<![\w$.]){re.escape(name)}\s{{0,9}}=", text[start:end])]
    return start + places[-1] if places else None


def _resolved(value: object, text: str, named: dict[str, object]) -> object:
    """A name is for what the page's script calls so; `named` are those looked for already."""
    if isinstance(value, list):
        return [_resolved(each, text, named) for each in value]
    if not isinstance(value, Name):
        return value
    if value not in named and len(named) < MOST_NAMES:
        try:
            named[value] = value_of(text, value)
        except NotALiteral:
            named[value] = None
    return named.get(value)


def _rows(articles: object, base: str) -> tuple[Link, ...]:
    found = articles if isinstance(articles, list) else []
    return tuple(link for article in found for link in _article(article, base))


def _article(article: object, base: str) -> Iterator[Link]:
    """The article's page; its files, where it has none: a page names its own."""
    source = within(article, "source") or article
    title = within(source, "title") or within(source, "showTitle")
    if page := row_link(_address_for_readers(within(source, "urls")), title, base):
        yield page
        return
    for file in _unpacked(within(source, "articleFiles"), list):
        target = within(file, "url") or within(file, "filePath")
        if link := row_link(target, title or within(file, "fileName"), base):
            yield link


def _address_for_readers(urls: object) -> object:
    """Not the one for telephones."""
    return within(_unpacked(urls, dict), "pc")


def _unpacked(value: object, kind: type[Kind]) -> Kind:
    """JSON within JSON, or what it would be."""
    if isinstance(value, str):
        try:
            value = literal(value)
        except NotALiteral:
            value = None
    return value if isinstance(value, kind) else kind()


def _channels(source: Source) -> Iterator[Link]:
    """The page's own column's children, and its parents' ones."""
    waiting = [value_of(source.text, "channelsTagParent"), value_of(source.text, "channelsTagSelf")]
    for _ in range(MOST_CHANNELS):
        if not waiting:
            return
        channel = waiting.pop()
        if isinstance(channel, list):
            waiting += reversed(channel)
        elif isinstance(channel, dict):
            waiting.append(channel.get("children"))
            if link := row_link(_address_for_readers(channel.get("urls")), channel.get("name"), source.url):
                yield link


def _channel_count(text: str) -> int | None:
    """How many articles the page's own column has, by the system's count."""
    return number(within(value_of(text, "channelsTagSelf"), "articleCount"))


def _answered(source: Source, asked: Ask) -> Listing:
    try:
        answer = read_answer(source.text)
    except Unreadable as error:
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=str(error))
    found = next((rows for key in LISTS if isinstance(rows := within(answer, "data", key), list)), None)
    if found is None:
        trouble = f"no rows in {source.text[:60]!r}"
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=trouble)
    declared = number(within(answer, "data", "total"))
    going_on = bool(found) if declared is None else asked.page * _size(asked) < declared
    return Listing(
        system=SYSTEM,
        name=asked.listing,
        page=asked.page,
        links=_rows(found, page_of(asked)),
        further=(_turned(asked, asked.page + 1),) if going_on else (),
        declared=declared,
        rows=len(found),
    )
