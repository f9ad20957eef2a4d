"""Revisiting: when what is known is fetched again, and with which conditions.

    lists      home, columns, the way there         always due, conditionally: what is new shows there first
    details    reports, attachments                 due by their history

    after a change    1 day,  then twice as long with every look that finds it unchanged, to half a year
    never changed     7 days, then the same; a report of the newest year begins as if it had just changed
    gone              1 day,  then the same: whether it stays away is asked soon, then ever more rarely
    in season         not beyond 3 days for reports of the newest year, 14 days for all others

A look is a capture that says something of the page: its content, that it is unchanged, that it is gone. A refusal or a
fault of the server's is none, so that what met one stays due. Whether a report changed is told by its publication's
text where there is one, for a page's bytes may change with every visitor; of a file, by its bytes.
`--refresh` makes all due now, `--full` forgets that any is known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from archive.capture.exchange import Digest, Original, RecordId
from archive.errors import NotArchived
from archive.index.catalog import capture_of
from archive.index.reader import payload, read_bounded, read_capture
from archive.index.schema import attachments, captures, publications
from archive.reports.season import SHANGHAI, in_season
from archive.reports.sighting import PAGE_MOST
from archive.stores import Stores
from crawler.discovery.canonical import page_key

DAY, WEEK, LONGEST = timedelta(days=1), timedelta(days=7), timedelta(days=180)
SEASON_NEWEST, SEASON_OTHERS = timedelta(days=3), timedelta(days=14)
SLACK = timedelta(hours=6)
"""A nightly run comes to a page at another minute each night, and must not find it due only in the next one."""
DETAILS, LISTS = ("report", "attachment"), ("home", "column", "other")
GOOD, MOVED, GONE = (200, 304), (301, 302, 303, 307, 308), (404, 410)
HOLDER = captures.alias("holder")
HOLDING = ("record_id", "url", "date", "digest")
SEEN = ("url", "date", "status", "etag", "last_modified", "role", "via", "anchor", "found_in")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The looks at one page. `unchanged` counts those since it was first seen, or changed, or went, that found it the
    same; `year` is that of the report it is, if it is one."""

    at: datetime
    unchanged: int = 0
    changed: bool = False
    gone: bool = False
    year: int | None = None


def interval(history: History, now: datetime) -> timedelta:
    """How long after the last look the next one is due."""
    newest = history.year is not None and history.year >= now.astimezone(SHANGHAI).year - 1
    first = DAY if history.changed or history.gone or newest else WEEK
    length = min(first * (1 << min(history.unchanged, 8)), LONGEST)  # a day, eight times doubled, is more than that
    if history.gone or not in_season(now):
        return length
    return min(length, SEASON_NEWEST if newest else SEASON_OTHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The newest good capture of a page, with the facts it was asked for by; `original` is the `response` record that
    holds its payload."""

    url: str
    role: str
    via: str
    anchor: str
    column: str
    etag: str | None
    last_modified: str | None
    original: Original
    history: History

    def due(self, now: datetime) -> bool:
        return now - self.history.at + SLACK >= interval(self.history, now)

    def conditions(self) -> dict[str, str]:
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in wanted.items() if value}


def known_details(connection: Connection, portals: Sequence[str]) -> dict[str, Known]:
    """Reports and attachments fetched whole in earlier runs, by page key; also by that of what redirected there."""
    reports = {row.url: row for row in connection.execute(_reports(portals))}
    years = {row.url: row.year for row in connection.execute(_years_of_files(portals))}
    known = _by_page(_known(looks, reports, years) for looks in _by_url(connection, _looks(portals, DETAILS)))
    moved = select(captures.c.url, captures.c.via).where(
        captures.c.portal.in_(portals), captures.c.role.in_(DETAILS), captures.c.status.in_(MOVED)
    )
    came_by = {row.url: row.via for row in connection.execute(moved)}
    return {**{key: one for one in known.values() for key in _keys_before(one, came_by)}, **known}


def known_lists(connection: Connection, portals: Sequence[str]) -> dict[str, Known]:
    """Pages that lead to reports, by page key: for their conditions, as they are always due. What was posted shares its
    URL with other answers and is not among them."""
    posted = captures.c.urlkey.contains("__wb_method=")
    return _by_page(_known(looks, {}, {}) for looks in _by_url(connection, _looks(portals, LISTS).where(~posted)))


def due_details(known: Mapping[str, Known], now: datetime, *, refresh: bool = False) -> list[Known]:
    """Those to be looked at now, the longest unseen first: also what no list names any more, which only so shows
    whether it is gone."""
    due = {one.url: one for one in known.values() if refresh or one.due(now)}
    return sorted(due.values(), key=lambda one: (one.history.at, one.url))


def payload_of(stores: Stores, original: Original) -> tuple[bytes, str]:
    """The decoded entity that a 304 stands for, up to 8 MiB, and its Content-Type ("" where there was none). Raises
    NotArchived, SegmentDamaged, StoreError, CatalogError."""
    with stores.catalog.reading() as connection:
        capture = capture_of(connection, original.record_id)
    if capture is None:
        raise NotArchived(f"capture {original.record_id} of {original.url} is not in the catalog")
    with read_capture(stores.objects, capture) as record:
        head, chunks = payload(record)
        return read_bounded(chunks, PAGE_MOST), head.content_type or ""


def _looks(portals: Sequence[str], roles: Sequence[str]) -> Select[Any]:
    """Every look at every page, a page's in the order of time."""
    # What a revisit names may have been fetched in another role or by another portal: it is joined, not looked up here.
    holds = HOLDER.c.record_id == func.coalesce(captures.c.revisit_of, captures.c.record_id)
    look = captures.c.role.in_(roles) & captures.c.status.in_([*GOOD, *GONE]) & captures.c.truncated.is_(None)
    return (
        select(*(captures.c[name] for name in SEEN), *(HOLDER.c[name].label(f"original_{name}") for name in HOLDING))
        .join(HOLDER, holds)
        .where(captures.c.portal.in_(portals), look)
        .order_by(captures.c.url, captures.c.date, captures.c.record_id)
    )


def _reports(portals: Sequence[str]) -> Select[Any]:
    """When the text of a page was last another, and its report's year; of a page with several files, of the newest."""
    newest = (func.max(publications.c[name]).label(name) for name in ("year", "version", "captured_at"))
    return select(publications.c.url, *newest).where(publications.c.portal.in_(portals)).group_by(publications.c.url)


def _years_of_files(portals: Sequence[str]) -> Select[Any]:
    of_report = (publications.c.url == attachments.c.page) & (publications.c.report == attachments.c.report)
    newest = func.max(publications.c.year).label("year")
    question = select(attachments.c.url, newest).join(publications, of_report)
    return question.where(publications.c.portal.in_(portals)).group_by(attachments.c.url)


def _by_url(connection: Connection, looks: Select[Any]) -> Iterator[list[Row[Any]]]:
    return (list(one) for _, one in groupby(connection.execute(looks), attrgetter("url")))


def _known(looks: Sequence[Row[Any]], reports: Mapping[str, Row[Any]], years: Mapping[str, int]) -> Known | None:
    good = [look for look in looks if look.status in GOOD]
    if not good:
        return None
    last, report = good[-1], reports.get(good[-1].url)
    return Known(
        url=last.url,
        role=last.role,
        via=last.via or "",
        anchor=last.anchor or "",
        column=last.found_in or "",
        etag=last.etag,
        last_modified=last.last_modified,
        original=_original(last),
        history=_history(looks, good, report, report.year if report else years.get(last.url)),
    )


def _history(looks: Sequence[Row[Any]], good: Sequence[Row[Any]], report: Row[Any] | None, year: int | None) -> History:
    since = report.captured_at if report else _changed_at(good)
    gone = [look for look in looks if look.date > good[-1].date]
    same = gone or [look for look in good if look.date >= since]
    return History(
        at=datetime.fromisoformat(looks[-1].date),
        unchanged=max(len(same) - 1, 0),
        changed=report.version > 1 if report else since > good[0].date,
        gone=bool(gone),
        year=year,
    )


def _changed_at(good: Sequence[Row[Any]]) -> str:
    """When the content was first what it is now."""
    another = [look.date for look in good if look.original_digest != good[-1].original_digest]
    return min(str(look.date) for look in good if not another or look.date > another[-1])


def _original(row: Row[Any]) -> Original:
    return Original(
        record_id=RecordId(row.original_record_id),
        url=row.original_url,
        date=row.original_date,
        payload_digest=Digest(row.original_digest),
    )


def _by_page(known: Iterable[Known | None]) -> dict[str, Known]:
    """Of several spellings of one page, the one asked for last."""
    return {page_key(one.url): one for one in sorted(filter(None, known), key=lambda one: one.history.at)}


def _keys_before(one: Known, came_by: Mapping[str, str | None]) -> Iterator[str]:
    """Of the addresses that redirected to it, from the last to the first."""
    met: set[str] = set()
    via = one.via
    while via in came_by and via not in met:
        met.add(via)
        yield page_key(via)
        via = came_by[via] or ""
