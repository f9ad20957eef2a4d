"""Numbering: where in an address the number of a list's page stands.

    list.jsp?dept=3&pageNo=2     a parameter named like one            list_2.html, page_2.html     the end of the name
    list/2.html                  the whole name, if it is short

A first page often has no number at all, and whether numbers begin with nought or one is each list's own.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

PARAMETER = re.compile(
    r"((?:^|&)(?:cur(?:rent)?_?)?(?:p|pn|page|pages|page_?(?:no|num|index|number|id)|cur_?page|cp)=)(\d{1,4})(?=&|$)",
    re.IGNORECASE,
)
NAME = re.compile(r"(?P<stem>/[\w-]*?[a-z])(?P<joint>[_-])(?P<number>\d{1,3})(?P<rest>\.\w{2,5})$", re.IGNORECASE)
BARE = re.compile(r"/(?P<number>\d{1,3})(?P<rest>\.\w{2,5})$")
FIRST = re.compile(r"(?P<stem>/(?:index|list|default|[a-z]\w{0,30}))?(?P<rest>\.s?html?)$", re.IGNORECASE)


def unnumbered(url: str) -> str:
    """What the pages of one list have in common."""
    try:
        place = urlsplit(url)
    except ValueError:
        return url
    path = BARE.sub(r"/\g<rest>", NAME.sub(r"\g<stem>\g<rest>", place.path))
    query = PARAMETER.sub("", place.query).removeprefix("&")
    return urlunsplit((place.scheme, place.netloc, path.removesuffix("/index.html"), query, "")).rstrip("/")


def renumbered(url: str, *, by: int = 1) -> str | None:
    """The same address with its page's number raised; None where it has none."""
    try:
        place = urlsplit(url)
    except ValueError:
        return None
    if PARAMETER.search(place.query):
        query = PARAMETER.sub(lambda found: f"{found[1]}{int(found[2]) + by}", place.query)
        return urlunsplit(place._replace(query=query))
    for form in (NAME, BARE):
        if found := form.search(place.path):
            at, end = found.span("number")
            path = f"{place.path[:at]}{int(found['number']) + by}{place.path[end:]}"
            return urlunsplit(place._replace(path=path))
    return None


def second_pages(url: str) -> Iterator[str]:
    """Guesses at the second page of a list whose first has no number: both ways to count."""
    place = urlsplit(url)
    found = FIRST.search(place.path)
    stem, rest = (place.path[: found.start("rest")], found["rest"]) if found else (f"{place.path}index", ".html")
    if found is None and not place.path.endswith("/"):
        return
    for number in (2, 1):
        yield urlunsplit(place._replace(path=f"{stem}_{number}{rest}"))
