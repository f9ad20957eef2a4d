"""The module 信息公开 of Hanweb JCMS: a list that is posted for, and comes as HTML into an element of a page.

    loadDynamic('/module/xxgk/search.jsp?infotypeId=&vc_title=&area=001008', 'div1326694', '0', '0', '', '2237', '', '')
                address; what is put in between is an empty form's           element   infotypeId  …     jdid      area
    POST /module/xxgk/search.jsp?infotypeId=&vc_title=&area=001008&currpage=2
         infotypeId=0&jdid=2237&divid=div1326694&…&currpage=2&…
    ->   <tr class="tr_main_value_odd"><td><a href=…>…</a></td>…   共61条记录   共5页

A column whose first page is there already has the same parameters in hidden fields. Rows are ordinary links.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archive.reports.address import address
from archive.reports.text import bounded
from crawler.discovery.cms.answer import FORM, SCRIPTED
from crawler.discovery.listing import Ask, Listing, Source

SYSTEM = "hanweb"
POSTED = (FORM, SCRIPTED)
SEARCH = "/search.jsp"
CALL = re.compile(r"loadDynamic\s*\(\s*(?=[\"'][^\"']{0,300}/search\.jsp)")
TOKEN = re.compile(r"'([^']*)'|\"([^\"]*)\"|([(),])")
MOST_CALLS, LONGEST_CALL = 50, 1500
ROW = re.compile(r"\btr_main_value_(?:odd|even)\b")
PAGES = re.compile(r"共[^\d页条]{0,60}(\d{1,5})[^\d页条]{0,60}页")
ROWS = re.compile(r"共[^\d页条]{0,60}(\d{1,7})[^\d页条]{0,60}条")
NUMBER = re.compile(r"[?&](?:number|infotypeId)=(\w+)")
FIELDS = ("infotypeId", "jdid", "area", "divid")
EMPTY = dict.fromkeys(("vc_title", "vc_number", "vc_filenumber", "vc_all", "texttype", "fbtime"), "")


def read(source: Source) -> Iterator[Listing]:
    if _is_search(source.asked.url if source.asked else source.url):
        yield _answer(source, source.asked or _ask(source.url, {}, 1))
        return
    calls = [_arguments(source.text, call.end()) for call in islice(CALL.finditer(source.text), MOST_CALLS)]
    for arguments in calls:
        yield from _to_be_loaded(source, arguments)
    if not calls and ROW.search(source.text):
        yield from _loaded(source)


def _is_search(url: str) -> bool:
    path = urlsplit(url).path
    return path.endswith(SEARCH) and "xxgk" in path


def _arguments(text: str, start: int) -> list[str]:
    """Of each argument the strings in it, joined."""
    found, depth = [""], 0
    for token in TOKEN.finditer(text, start, start + LONGEST_CALL):
        mark = token[3]
        if mark == ")" and not depth:
            break
        if mark == "," and not depth:
            found.append("")
        elif mark is None:
            found[-1] += token[1] or token[2] or ""
        depth += {"(": 1, ")": -1}.get(mark, 0)
    return found


def _to_be_loaded(source: Source, arguments: list[str]) -> Iterator[Listing]:
    """Of such a list the column's page has nothing but the call."""
    target, element, infotype, _, _, jdid, _, area, *_ = (*arguments, *[""] * 8)
    url = address(target, base=source.url, charset=source.charset)
    if url is None or not _is_search(url):
        return
    chosen = NUMBER.search(source.url)  # the address of the column's page may name the kind of information
    # an area that the address names is not repeated in the form, as the script does not either
    fields = {"infotypeId": chosen[1] if chosen else infotype, "jdid": jdid, "area": area, "divid": element}
    first = _ask(url, {name: value for name, value in fields.items() if name != "area" or "area=" not in url}, 1)
    yield Listing(system=SYSTEM, name=first.listing, page=0, further=(first,))


def _loaded(source: Source) -> Iterator[Listing]:
    fields = _hidden(source.text)
    url = address("/module/xxgk/search.jsp", base=source.url, charset=source.charset)
    if url and fields.get("jdid"):
        yield _listing(source.text, _ask(url, fields, 1))


def _hidden(text: str) -> dict[str, str]:
    try:
        inputs = LexborHTMLParser(bounded(text)).css("input")
    except SelectolaxError:
        return {}
    named = {node.attributes.get("id") or node.attributes.get("name"): node.attributes.get("value") for node in inputs}
    return {name: named.get(name) or "" for name in FIELDS}


def _ask(url: str, fields: Mapping[str, str], page: int) -> Ask:
    place = re.sub(r"[?&]currpage=\d*", "", url)
    joint = "&" if "?" in place else "?"
    form = urlencode({**fields, **EMPTY, "currpage": page, "sortfield": ",compaltedate:0"}, errors="replace")
    told = " ".join(value for value in (fields.get(name, "") for name in FIELDS) if value)
    return Ask(
        url=f"{place}{joint}currpage={page}",
        listing=f"{SYSTEM} search {told} {urlsplit(place).query}".strip(),
        page=page,
        method="POST",
        body=form,
        headers=POSTED,
    )


def _answer(source: Source, asked: Ask) -> Listing:
    listing = _listing(source.text, asked)
    if listing.rows or listing.declared == 0:
        return listing
    trouble = f"no rows in {len(source.text)} characters: {source.text[:60]!r}"
    return Listing(system=SYSTEM, name=asked.listing, page=asked.page, trouble=trouble)


def _listing(text: str, asked: Ask) -> Listing:
    rows, pages, total = len(ROW.findall(text)), PAGES.search(text), ROWS.search(text)
    last = int(pages[1]) if pages else None
    goes_on = asked.page < last if last is not None else rows > 0
    return Listing(
        system=SYSTEM,
        name=asked.listing,
        page=asked.page,
        further=(_turned(asked),) if goes_on else (),
        declared=int(total[1]) if total else None,
        pages=last,
        rows=rows,
    )


def _turned(asked: Ask) -> Ask:
    url, body = (re.sub(r"(?<=\bcurrpage=)\d*", str(asked.page + 1), part) for part in (asked.url, asked.body))
    return replace(asked, url=url, body=body, page=asked.page + 1)
