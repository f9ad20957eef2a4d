"""A CDX query: which captures, in which order; and its answer, the lines of our CDXJ one by one.

The words are those of the CDX servers of pywb and OutbackCDX, so that their users and clients find what they know.
However many captures are asked for, only a batch of rows is in memory.
"""

from calendar import monthrange
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, RowMapping, Select, and_, or_, select

from archive.index.catalog import Catalog
from archive.index.cdxj import REVISIT, CdxLine, timestamp_of
from archive.index.schema import captures
from archive.index.surt import UrlKey, url_key

MATCHES = ("exact", "prefix", "host", "domain")
BATCH = 1000
LATEST = "29991231235959"
ORIGINAL = captures.alias("original")
BORROWED = ("object", "offset", "length", "status", "media_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class CdxQuery:
    """`since`, `until` and `closest` are 1 to 14 digits, UTC: short ones mean the year's, month's or day's last second,
    `since` the first.

    Sorted by key and time; by their distance from `closest` where it is given; or all turned round. `resolve`: a
    revisit's line has mime and status of what a reader would see, and says in `orig.…` where the payload stands.
    """

    url: str
    match: str = "exact"
    since: str | None = None
    until: str | None = None
    closest: str | None = None
    reverse: bool = False
    limit: int | None = None
    portal: str | None = None
    resolve: bool = False


def cdx_lines(catalog: Catalog, query: CdxQuery) -> Generator[CdxLine]:
    """Holds a connection to the catalog until it is read to its end or closed."""
    with catalog.reading() as connection, ExitStack() as stack:
        streams = [stack.enter_context(connection.execute(one)).mappings() for one in _questions(query)]
        for row in islice(_merged(streams, query), query.limit):
            yield _line(row, resolve=query.resolve)


def _merged(streams: Sequence[Iterable[RowMapping]], query: CdxQuery) -> Iterable[RowMapping]:
    """With `closest` the streams are two, each leading away from that time."""
    if not query.closest:
        return streams[0]
    at = moment(query.closest)
    return merge(*streams, key=lambda row: abs(moment(row["timestamp"]) - at))


def _questions(query: CdxQuery) -> list[Select[Any]]:
    within = _within(query)
    places = () if query.match == "exact" else (captures.c.urlkey,)
    times = (captures.c.timestamp, captures.c.date, captures.c.record_id)
    if query.closest:
        at = timestamp_of(moment(query.closest).isoformat())
        # Of several in one second the last comes first: what was tried again is what came of it.
        second, *within_it = times[0], *(time.desc() for time in times[1:])
        before = within.where(second < at).order_by(second.desc(), *places, *within_it)
        after = within.where(second >= at).order_by(second, *places, *within_it)
        return [before, after]
    order = (*places, *times)
    return [within.order_by(*(column.desc() for column in order) if query.reverse else order)]


def _within(query: CdxQuery) -> Select[Any]:
    """The captures asked for, in no order yet."""
    question = select(captures).where(_matches(query)).limit(query.limit)
    if query.resolve:
        place = (ORIGINAL.c[name].label(f"original_{name}") for name in BORROWED)
        of_revisit = captures.c.revisit_of == ORIGINAL.c.record_id
        question = question.add_columns(*place).select_from(captures.outerjoin(ORIGINAL, of_revisit))
    if query.portal is not None:
        question = question.where(captures.c.portal == query.portal)
    if query.since:
        question = question.where(captures.c.timestamp >= query.since)
    if query.until:
        question = question.where(captures.c.timestamp <= query.until.ljust(14, "9"))
    # A short answer comes at once; a long one through a cursor of the server, where there is one.
    return question if query.limit and query.limit <= BATCH else question.execution_options(yield_per=BATCH)


def _matches(query: CdxQuery) -> ColumnElement[bool]:
    key, host = keys_of(query.url)
    match query.match:
        case "prefix":
            return _begins(_stem(key, query.url))
        case "host":
            return _begins(f"{host})")
        case "domain":
            return or_(_begins(f"{host})"), _begins(f"{host},"))
        case _:
            return captures.c.urlkey == key


def keys_of(url: str) -> tuple[UrlKey, str]:
    """Of the URL, which may lack its scheme, and of its host. Raises ValueError."""
    host = url_key(f"http://{urlsplit(url).netloc or url.partition('/')[0]}/").removesuffix(")/")
    return url_key(url if "://" in url else f"http://{url}"), host


def _begins(stem: str) -> ColumnElement[bool]:
    """As a range, which an index can answer where it orders by bytes; LIKE cannot be answered so on SQLite."""
    return and_(captures.c.urlkey >= stem, captures.c.urlkey < f"{stem[:-1]}{chr(ord(stem[-1]) + 1)}")


def _stem(key: str, url: str) -> str:
    # The key of a folder ends without its slash; as a prefix, the slash keeps `/a/` from meaning `/about`.
    return f"{key}/" if url.endswith("/") and not key.endswith("/") else key


def _line(row: RowMapping, *, resolve: bool) -> CdxLine:
    mime, status = _shown(row, resolve=resolve)
    return CdxLine(
        urlkey=row["urlkey"],
        timestamp=row["timestamp"],
        url=row["url"],
        mime=mime,
        status=status,
        digest=row["digest"],
        length=row["length"],
        offset=row["offset"],
        filename=_filename(row["object"]),
        original=_original(row) if resolve else {},
    )


def _shown(row: RowMapping, *, resolve: bool) -> tuple[str, int | None]:
    if row["revisit_of"] is None:
        return row["media_type"], row["status"]
    if not resolve or row["original_object"] is None:
        return REVISIT, None
    return row["original_media_type"], row["original_status"] if row["status"] == 304 else row["status"]


def _original(row: RowMapping) -> dict[str, str]:
    """As pywb says it: a dash where a capture holds its payload itself."""
    if row["original_object"] is None:
        return dict.fromkeys(("orig.length", "orig.offset", "orig.filename"), "-")
    length, offset = str(row["original_length"]), str(row["original_offset"])
    return {"orig.length": length, "orig.offset": offset, "orig.filename": _filename(row["original_object"])}


def _filename(key: str) -> str:
    return key.rsplit("/", 1)[-1]


def moment(timestamp: str) -> datetime:
    """The last second that the digits can mean; where they are no date, the nearest one. As pywb reads them."""
    full = timestamp + LATEST[len(timestamp) :]
    year = max(int(full[:4]), 1)
    month = min(max(int(full[4:6]), 1), 12)
    day = min(max(int(full[6:8]), 1), monthrange(year, month)[1])
    clock = (min(int(full[8:10]), 23), min(int(full[10:12]), 59), min(int(full[12:]), 59))
    return datetime(year, month, day, *clock, tzinfo=UTC)
