"""What was learned of a portal: where its reports stood in earlier runs, and how one came there.

    home --via--> … --via--> list page --via--> report            the way back, from each report, is what is learned

Nothing of it is kept: the captures say who led to what, the publications what came of it. A list's page that answered a
posted or scripted request is not asked for by itself again, so what it brought is credited to the page it started from.
Kept is only when the portal was last explored afresh (`explorations`), as no capture says that.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from archive.capture.compose import warc_date
from archive.index.schema import captures, explorations, publications
from archive.reports.season import in_season
from archive.reports.sighting import PAGES
from crawler.discovery.revisiting import DETAILS, GONE, GOOD, LISTS, MOVED

EXPLORED_FOR, EXPLORED_FOR_IN_SEASON = timedelta(days=30), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedColumn:
    """A page that listed reports, or was fetched as a list. `reports` are those last found there, `newest_year` the
    last one reported on; `way` are the pages from home to it, without it; `seen` is its last good capture."""

    url: str
    reports: int
    newest_year: int | None
    way: tuple[str, ...]
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """`columns` by URL, the most fruitful first; `way` are those that yielded and all pages on the way to them.
    `explored_at` is the end of the last run that looked everywhere, whatever was known."""

    columns: Mapping[str, LearnedColumn] = field(default_factory=dict)
    way: frozenset[str] = frozenset()
    explored_at: datetime | None = None


def learned(connection: Connection, portals: Sequence[str]) -> dict[str, Learned]:
    """One for each portal named; an empty one where nothing is known."""
    edges = _by_portal(connection.execute(_edges(portals)))
    found = _by_portal(connection.execute(_publications(portals)))
    explored = {row.portal: datetime.fromisoformat(row.at) for row in connection.execute(_explorations(portals))}
    return {portal: _learned(_Paths(edges[portal]), found[portal], explored.get(portal)) for portal in portals}


def note_exploration(connection: Connection, *, portal: str, run: str, at: datetime, reason: str) -> None:
    """The run has looked everywhere on the portal, and why it did."""
    values = {"run": run, "at": warc_date(at), "reason": reason}
    this = explorations.c.portal == portal
    if not connection.execute(update(explorations).where(this).values(values)).rowcount:
        connection.execute(insert(explorations).values(portal=portal, **values))


def wants_exploration(known: Learned, now: datetime, failed_columns: Collection[str] = ()) -> str | None:
    """Why the portal is to be looked through afresh; None: what was learned will do."""
    if known.explored_at is None:
        return "it was never explored"
    if not any(column.reports for column in known.columns.values()):
        return "no column of reports is known"
    if failed := sorted(set(failed_columns) & known.columns.keys()):
        return f"{len(failed)} learned columns do not answer with content, such as {failed[0]}"
    longest = EXPLORED_FOR_IN_SEASON if in_season(now) else EXPLORED_FOR
    return f"it was last explored on {known.explored_at:%Y-%m-%d}" if now - known.explored_at > longest else None


def _by_portal(rows: Iterable[Row[Any]]) -> defaultdict[str, list[Row[Any]]]:
    by_portal: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_portal[row.portal].append(row)
    return by_portal


def _edges(portals: Sequence[str]) -> Select[Any]:
    """Who led to what: each pair once for every sort of answer, with its last time, the last at the end."""
    names = ("portal", "url", "via", "role", "status", "media_type")
    pair, posted = [captures.c[name] for name in names], captures.c.urlkey.contains("__wb_method=")
    wanted = captures.c.role.in_(LISTS + DETAILS) & captures.c.status.in_(GOOD + MOVED + GONE)
    last = func.max(captures.c.date).label("date")
    return (
        select(*pair, posted.label("posted"), last)
        .where(captures.c.portal.in_(portals), wanted, captures.c.truncated.is_(None))
        .group_by(*pair, "posted")
        .order_by(last, captures.c.url, captures.c.via)
    )


def _publications(portals: Sequence[str]) -> Select[Any]:
    shown = publications.c.portal.in_(portals) & (publications.c.status == "published")
    return select(publications.c.portal, publications.c.url, publications.c.year).where(shown)


def _explorations(portals: Sequence[str]) -> Select[Any]:
    return select(explorations.c.portal, explorations.c.at).where(explorations.c.portal.in_(portals))


class _Paths:
    """The ways through one portal, from its edges. `pages` are what a reader can open: no answers to a script."""

    def __init__(self, edges: Iterable[Row[Any]]) -> None:
        self.roles: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.pages: set[str] = set()
        self._led: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for edge in edges:
            if edge.via and edge.via != edge.url:
                self._led[edge.url].pop(edge.via, None)  # the last to lead there comes last
                self._led[edge.url][edge.via] = None
            if not edge.posted:
                self._take(edge)

    def _take(self, edge: Row[Any]) -> None:
        self.roles[edge.url] = edge.role
        if edge.media_type.lower() in PAGES and edge.status in GOOD:
            self.pages.add(edge.url)
        if edge.status in GOOD:
            self.seen[edge.url] = edge.date
        elif edge.status in GONE:
            self.gone[edge.url] = edge.date

    def lists(self, url: str) -> Iterator[str]:
        """The pages on which this was listed last: itself, where it is a list."""
        return self._starts([url] if self.roles.get(url) in LISTS else list(self._led[url])[-1:])

    def way(self, url: str) -> tuple[str, ...]:
        """The pages from home, or from where nothing led to, on the shortest way to this one, without it."""
        after, left = {url: ""}, deque([url])
        while left:
            page = left.popleft()
            before = [] if self.roles.get(page) == "home" else list(self._starts(reversed(self._led[page])))
            if not before:
                return tuple(_chain(after, after[page], page)) if page != url else ()
            fresh = [each for each in before if each not in after]
            after.update(dict.fromkeys(fresh, page))
            left += fresh
        return ()

    def _starts(self, urls: Iterable[str]) -> Iterator[str]:
        """The pages themselves; behind redirects and answers, those that led there."""
        left = list(urls)
        met = set(left)
        while left:
            url = left.pop()
            if url in self.pages:
                yield url
                continue
            before = [each for each in self._led[url] if each not in met]
            met.update(before)
            left += before


def _chain(after: Mapping[str, str], onward: str, first: str) -> Iterator[str]:
    yield first
    while after[onward]:
        yield onward
        onward = after[onward]


def _learned(paths: _Paths, found: Sequence[Row[Any]], explored_at: datetime | None) -> Learned:
    years: defaultdict[str, list[int]] = defaultdict(list)
    for report in found:
        for page in paths.lists(report.url):
            years[page].append(report.year)
    lists = (url for url in sorted(paths.pages) if paths.roles[url] in LISTS)
    named = (url for url in lists if paths.roles[url] == "column" or url in years)
    columns = [_column(paths, url, years[url]) for url in named if not _is_lost(paths, url, explored_at)]
    columns.sort(key=lambda column: -column.reports)
    way = frozenset(page for column in columns if column.reports for page in (column.url, *column.way))
    return Learned(columns={column.url: column for column in columns}, way=way, explored_at=explored_at)


def _column(paths: _Paths, url: str, years: Sequence[int]) -> LearnedColumn:
    newest, seen = max(years, default=None), datetime.fromisoformat(paths.seen[url])
    return LearnedColumn(url=url, reports=len(years), newest_year=newest, way=paths.way(url), seen=seen)


def _is_lost(paths: _Paths, url: str, explored_at: datetime | None) -> bool:
    """Gone, and the portal has been explored since for where it went."""
    gone = paths.gone.get(url, "")
    return gone > paths.seen[url] and explored_at is not None and explored_at >= datetime.fromisoformat(gone)
