"""A listing: what one list on one page holds, whatever content system made it, and how its next page is asked for.

    Source -> a reader of `crawler.discovery.cms` -> Listing, Listing, …      (a page may hold several lists)

A reader claims nothing that it guesses: whether a further page is one is told by what it brings, and that is for
`crawler.discovery.pagination`. Ordinary anchors are read by `links_of`; a listing's `links` are those it does not see.
"""

from dataclasses import dataclass

from crawler.discovery.links import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A further page of the list named `listing`, asked for as the page's own script would. `page` counts as readers
    do: the second page is 2. A form stands in `body` as it is sent; a Referer is always added."""

    url: str
    listing: str
    page: int
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page as it was fetched, decoded. `asked` is the question it answers, None for a plain address; a page that
    was asked for is of the listing, and has the number, that the question names."""

    url: str
    text: str
    media_type: str = "text/html"
    charset: str = "utf-8"
    asked: Ask | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """`name` tells the lists of one portal apart and is the same on all pages of one list.

    `further` are guesses at the next page, the best first: the next is tried when one brings nothing new. `columns` are
    sub-columns that are no anchors (nodes of a tree). `declared` and `pages` are what the list says that it holds: rows
    and pages. `rows` is how many rows of it this page has, where that is known. `trouble` says in one line why an
    answer that should have been a list's page cannot be read as one.
    """

    system: str
    name: str
    page: int = 1
    links: tuple[Link, ...] = ()
    columns: tuple[Link, ...] = ()
    further: tuple[Ask, ...] = ()
    declared: int | None = None
    pages: int | None = None
    rows: int | None = None
    trouble: str | None = None
