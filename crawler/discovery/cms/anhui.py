"""The openness platforms of Anhui: one list for each organ, and for reports a kind of page of its own.

    /XxgkContent/showList/<organ>/0/page_1.html          an organ's list; page_2.html, …
    /OpennessAnnualReport/show/<id>.html, …/download/    a report and its file (ordinary links)
    /xxgkContent/?branch_id=…&column_code=…&page=2       a column of an organ
    /…/spage.xp?doAction=sgknb&unitid=…                  an organ's reports behind one address, by year

Pagers are drawn by a script that is told how many pages there are; the number in the address is the page's.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.discovery.cms.generic import pager_of
from crawler.discovery.links import Link, page_at
from crawler.discovery.listing import Ask, Listing, Source

SYSTEM = "anhui"
LIST = re.compile(r"(?i)(/(?:xxgk|openness)\w*/showList/[\w-]+/\d+/page_)(\d{1,4})(\.html)$")
COLUMN = re.compile(r"(?i)/(?:xxgk|openness)Content/?$")
YEARS = re.compile(r"(?i)/spage\.xp$")
YEAR = re.compile(r"(?:19|20)\d\d")
ROWS_A_PAGE = 10
"""A list that does not say how long it is may go on from so many rows."""


def read(source: Source) -> Iterator[Listing]:
    if "html" not in source.media_type:
        return
    place = urlsplit(source.url)
    asked = dict(parse_qsl(place.query))
    if found := LIST.search(place.path):
        path = f"{place.path[: found.start()]}{found[1]}"
        yield _numbered(source, f"{path}*", int(found[2]), f"{path}{{}}{found[3]}")
    elif COLUMN.search(place.path) and "column_code" in asked:
        number = asked.pop("page", "1")
        stem = f"{place.path}?{urlencode(asked)}"
        yield _numbered(source, stem, int(number) if number.isdecimal() else 1, f"{stem}&page={{}}")
    elif YEARS.search(place.path):
        years = tuple(_years(source))
        if years:
            yield Listing(system=SYSTEM, name=f"{SYSTEM} {place.path}?{place.query}", columns=years)


def _numbered(source: Source, stem: str, number: int, form: str) -> Listing:
    """The link that the pager has, else the number after this one."""
    page = page_at(source.url, source.text, source.charset)
    pager = pager_of(page)
    rows = page.rows or 0
    name = source.asked.listing if source.asked else f"{SYSTEM} {stem}"
    pages = pager.pages or (-(-pager.declared // rows) if pager.declared and rows and number == 1 else None)
    goes_on = bool(pager.following) if pages is None else number < pages
    guess = page.address(form.format(number + 1))
    found = (*pager.following[:1], guess) if goes_on or (pages is None and rows >= ROWS_A_PAGE) else ()
    return Listing(
        system=SYSTEM,
        name=name,
        page=number,
        further=tuple(Ask(url=url, listing=name, page=number + 1) for url in dict.fromkeys(found) if url),
        declared=pager.declared,
        pages=pager.pages,
        rows=rows or None,
    )


def _years(source: Source) -> Iterator[Link]:
    """What its select or its tabs offer, each with an address of its own."""
    page = page_at(source.url, source.text, source.charset)
    place = urlsplit(source.url)
    asked = dict(parse_qsl(place.query))
    for select in page.tree.css("select[name]"):
        name = select.attributes.get("name") or ""
        for option in select.css("option[value]"):
            year = option.attributes.get("value") or ""
            if YEAR.fullmatch(year) and asked.get(name) != year:
                url = urlunsplit(place._replace(query=urlencode(asked | {name: year})))
                yield Link(url=url, text=f"{year}年", tag="option")
