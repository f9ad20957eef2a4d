"""Hanweb JCMS: a list's rows stand as CDATA in a script element, or in the answer of a proxy, never in the page.

    <div id="4567"><script type="text/xml"><datastore>
      <nextgroup>…a link to the next rows; at some sites its ids are encrypted, and the answer is empty…</nextgroup>
      <recordset><record><![CDATA[<li><a href=…>…</a><span>2024-01-18</span></li>]]></record>…</recordset>
    </datastore></script></div>
    $("#4567").jpage({totalRecord: 61, perPage: 15, groupSize: 3, proxyUrl: '/module/web/jpage/dataproxy.jsp',
                      ajaxParam: {columnid: 123, unitid: '4567', webid: 3, …}})

    GET  dataproxy.jsp?page=2&columnid=123&unitid=4567…            the next group
    POST dataproxy.jsp?startrecord=46&endrecord=61&perpage=15      ajaxParam as a form: what jquery.jpage.js sends
    ->   <datastore><totalrecord>61</totalrecord>…

The module 信息公开 lists in another way, see `crawler.discovery.cms.hanweb_search`. A column's page says the same with
whatever `uid` and `pageNum` its address is, so each of its lists is one, and always at its first page.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from archive.reports.address import address
from crawler.discovery.cms import hanweb_search
from crawler.discovery.cms.answer import SCRIPTED
from crawler.discovery.cms.hanweb_search import POSTED, SYSTEM
from crawler.discovery.links import Link, links_of
from crawler.discovery.listing import Ask, Listing, Source

PROXY = "dataproxy.jsp"
PROXY_PATH = "/module/web/jpage/dataproxy.jsp"
AROUND = re.compile(r"""\bid\s*=\s*["']?([\w-]+)""")
TOTAL = re.compile(r"<totalrecord>\s*(\d{1,9})\s*</totalrecord>")
CALL = re.compile(r"""["']#([\w-]+)["']\s*\)\s*\.\s*jpage\s*\(\s*\{""")
CALLED = re.compile(r"\}\s*\)")
PARAMETERS = re.compile(r"ajaxParam\s*:\s*(?:\{([^{}]*)\}|(\w+))")
PAIR = re.compile(r"""["']?(\w+)["']?\s*:\s*(?:'([^']*)'|"([^"]*)"|([\w.-]+))""")
COLUMN = re.compile(r"/col/col(\d+)/")
PLAIN_IDS = re.compile(r"\d[\d,]*")
WINDOW, MOST_UNITS, LONGEST_CALL = 15, 50, 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A list as its page's script was told of it. `parameters` is the form that the proxy takes."""

    total: int | None = None
    a_page: int = WINDOW
    a_group: int = 1
    proxy: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One <datastore>. `around` is the id of the element it stands in, `following` where its nextgroup leads."""

    around: str
    rows: tuple[str, ...]
    following: str | None
    total: int | None
    trouble: str | None


def read(source: Source) -> Iterator[Listing]:
    if PROXY in source.url or (source.asked and PROXY in source.asked.url):
        yield _answer(source)
    else:
        yield from _units(source)
        yield from hanweb_search.read(source)


def _further_rows(markup: str | None, base: str, charset: str) -> Iterator[str]:
    """Where the hidden markup says that the next rows are."""
    return (link.url for link in links_of(markup or "", base, charset) if PROXY in link.url)


def _units(source: Source) -> Iterator[Listing]:
    units = dict(_told(source.text))
    stores = {store.around: store for store in _stores(source)}
    for unit in (stores | units) if stores or units else ():
        store = stores.get(unit) or Store(around=unit, rows=(), following=None, total=None, trouble=None)
        yield _first(source, units.get(unit) or Unit(), store)


def _told(text: str) -> Iterator[tuple[str, Unit]]:
    for call in islice(CALL.finditer(text), MOST_UNITS):
        ended = CALLED.search(text, call.end(), call.end() + LONGEST_CALL)
        options = text[call.end() : ended.start() if ended else call.end()]
        named = {name: single or double or bare for name, single, double, bare in PAIR.findall(options)}
        numbers = {name: int(value) for name, value in named.items() if value.isdecimal() and len(value) < 10}
        yield (
            call[1],
            Unit(
                total=numbers.get("totalRecord"),
                a_page=numbers.get("perPage") or WINDOW,
                a_group=numbers.get("groupSize") or 1,
                proxy=named.get("proxyUrl", ""),
                parameters=_parameters(text, options),
            ),
        )


def _parameters(text: str, options: str) -> dict[str, str]:
    """They stand in the call, or in a variable that it names."""
    given = PARAMETERS.search(options + "}")
    inside = given[1] if given else None
    if given and inside is None:
        variable = re.search(rf"\b{given[2]}\s*=\s*\{{([^{{}}]*)\}}", text)
        inside = variable[1] if variable else None
    return {name: single or double or bare for name, single, double, bare in PAIR.findall(inside or "")}


def _stores(source: Source) -> Iterator[Store]:
    before, *parts = source.text.split("<datastore>", MOST_UNITS)
    for part in parts:
        block, closed, rest = part.partition("</datastore>")
        # a unit's id is a number; between it and the rows the script may have a name of its own
        ids = ["", *AROUND.findall(before[-500:])]
        around = next((one for one in reversed(ids) if one.isdecimal()), ids[-1])
        yield _store(source, block, around=around, closed=bool(closed))
        before = rest


def _store(source: Source, block: str, *, around: str, closed: bool) -> Store:
    records = [_cdata(part) for part in block.split("<record>")[1:]]
    rows = tuple(record for record in records if record is not None)
    trouble = f"{len(records) - len(rows)} of {len(records)} records are broken" if len(rows) < len(records) else None
    group = block.partition("<nextgroup>")[2].partition("</nextgroup>")[0]
    total = TOTAL.search(block)
    return Store(
        around=around,
        rows=rows,
        following=next(_further_rows(_cdata(group), source.url, source.charset), None),
        total=int(total[1]) if total else None,
        trouble=trouble if closed else f"cut off after {len(rows)} records",
    )


def _cdata(part: str) -> str | None:
    _, opened, inside = part.partition("<![CDATA[")
    text, closed, _ = inside.partition("]]>")
    return text if opened and closed else None


def _links(source: Source, store: Store) -> tuple[Link, ...]:
    return tuple(links_of("\n".join(store.rows), source.url, source.charset))


def _first(source: Source, unit: Unit, store: Store) -> Listing:
    parameters = unit.parameters or _plain(source, store)
    own, column = parameters.get("columnid", ""), COLUMN.search(source.url)
    if column and not PLAIN_IDS.fullmatch(own):
        own = column[1]
    name, shown = f"{SYSTEM} {own}/{store.around}", len(store.rows)
    total = unit.total if unit.total is not None else store.total
    over = total is not None and shown >= total
    return Listing(
        system=SYSTEM,
        name=name,
        page=1 if shown else 0,
        links=_links(source, store),
        further=() if over else tuple(_second(source, unit, store, parameters, name)),
        declared=total,
        rows=shown,
        trouble=store.trouble,
    )


def _plain(source: Source, store: Store) -> dict[str, str]:
    """A script that is told nothing leaves the nextgroup's parameters; for encrypted ids the page's own are put in."""
    if store.following is None:
        return {}
    told = dict(parse_qsl(urlsplit(store.following).query, keep_blank_values=True, encoding=source.charset))
    told.pop("page", None)
    column = COLUMN.search(source.url)
    own = {"columnid": column[1] if column else "", "unitid": store.around}
    return told | {name: value for name, value in own.items() if value and not PLAIN_IDS.fullmatch(told.get(name, ""))}


def _second(source: Source, unit: Unit, store: Store, parameters: Mapping[str, str], name: str) -> Iterator[Ask]:
    shown = len(store.rows)
    page = 2 if shown else 1
    if store.following:
        yield Ask(url=store.following, listing=name, page=page, headers=(SCRIPTED,))
    target = unit.proxy or (store.following or PROXY_PATH).partition("?")[0]
    proxy = address(target, base=source.url, charset=source.charset)
    if not parameters or proxy is None:
        return
    # the script asks for as many as the page shows, which is a group
    window = shown or unit.a_page * unit.a_group
    end = min(shown + window, unit.total or shown + window)
    url = f"{proxy}?startrecord={shown + 1}&endrecord={end}&perpage={unit.a_page}"
    form = urlencode(parameters, errors="replace")
    yield Ask(url=url, listing=name, page=page, method="POST", body=form, headers=POSTED)
    # some proxies refuse a form and take the same as a query
    yield Ask(url=f"{url}&{form}", listing=name, page=page, headers=(SCRIPTED,))


def _answer(source: Source) -> Listing:
    asked = source.asked or _as_asked(source)
    store = next(_stores(source), None)
    if store is None:
        trouble = f"no <datastore> in {len(source.text)} characters: {source.text[:60]!r}"
        return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=trouble)
    by_number = "startrecord=" in asked.url
    return Listing(
        system=SYSTEM,
        name=asked.listing,
        page=asked.page,
        links=_links(source, store),
        further=tuple(_after(asked, store) if by_number else _next_group(asked, store)) if store.rows else (),
        declared=store.total,
        rows=len(store.rows) if by_number else None,  # groups overlap with the rows that the column shows
        trouble=store.trouble,
    )


def _as_asked(source: Source) -> Ask:
    told = parse_qs(urlsplit(source.url).query)
    unit, column = (told.get(name, [""])[0] for name in ("unitid", "columnid"))
    return Ask(url=source.url, listing=f"{SYSTEM} {column}/{unit}", page=1)


def _after(asked: Ask, store: Store) -> Iterator[Ask]:
    start, end = (_number(asked.url, name) for name in ("startrecord", "endrecord"))
    shown, window = start - 1 + len(store.rows), max(end - start + 1, 1)
    # a server that gives more or fewer than were asked for is taken by what it gave
    if shown < store.total if store.total is not None else len(store.rows) >= window:
        url = _with(asked.url, "startrecord", shown + 1)
        url = _with(url, "endrecord", min(shown + window, store.total or shown + window))
        yield replace(asked, url=url, page=asked.page + 1)


def _next_group(asked: Ask, store: Store) -> Iterator[Ask]:
    if store.following:
        counted = _with(asked.url, "page", _number(asked.url, "page") + 1)
        for url in dict.fromkeys((store.following, counted)):
            yield replace(asked, url=url, page=asked.page + 1)


def _number(url: str, name: str) -> int:
    found = re.search(rf"[?&]{name}=(\d{{1,9}})", url)
    return int(found[1]) if found else 1


def _with(url: str, name: str, number: int) -> str:
    return re.sub(rf"(?<=[?&]{name}=)\d*", str(number), url, count=1)
