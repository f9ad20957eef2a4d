"""The forms of Shanghai's districts: lists numbered from nought, and pages that are filled by a script.

    /…/<column>/List/list_0.htm                    the first page; list_1.htm is the second
    /goverList.html?deptcode=…&categorynum=…       filled by a script: the rows are asked for as it would ask
    /multilevelList.html?categoryNum=…             (see `crawler.discovery.cms.endpoint`)
    /infoDirectory.html?cate=…
    /article.html?infoid=…, /details?id=…          one report, filled by a script: for the browser

Reports under /govxxgk/<organ>/<date>/, with days of the year or without a suffix are ordinary links.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from crawler.discovery.cms import endpoint
from crawler.discovery.cms.generic import pager_of
from crawler.discovery.links import page_at
from crawler.discovery.listing import Ask, Listing, Source

SYSTEM = "shanghai"
FROM_NOUGHT = re.compile(r"(?i)(/List/list_)(\d{1,4})(\.html?)$")
FILLED = re.compile(r"(?i)/(?:goverList|multilevelList|infoDirectory)\.html$")


def read(source: Source) -> Iterator[Listing]:
    place = urlsplit(source.url)
    if "html" not in source.media_type:
        return
    if found := FROM_NOUGHT.search(place.path):
        yield _from_nought(source, f"{place.path[: found.start()]}{found[1]}", int(found[2]), found[3])
    elif FILLED.search(place.path) and source.asked is None:
        for listing in endpoint.read(source):
            yield replace(listing, system=SYSTEM)


def _from_nought(source: Source, stem: str, number: int, rest: str) -> Listing:
    page = page_at(source.url, source.text, source.charset)
    pager = pager_of(page)
    name = source.asked.listing if source.asked else f"{SYSTEM} {stem}*"
    goes_on = number + 1 < pager.pages if pager.pages else bool(pager.following or pager.numbered)
    found = (*pager.following[:1], page.address(f"{stem}{number + 1}{rest}")) if goes_on else ()
    return Listing(
        system=SYSTEM,
        name=name,
        page=number + 1,
        further=tuple(Ask(url=url, listing=name, page=number + 2) for url in dict.fromkeys(found) if url),
        declared=pager.declared,
        pages=pager.pages,
        rows=page.rows,
    )
