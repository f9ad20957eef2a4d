"""Questions about captures that operators, replay and tests ask: by URL, by time, by run, by portal."""

from collections.abc import Iterator

from sqlalchemy import Select, bindparam, func, or_, select

from archive.index.catalog import Catalog, Row
from archive.index.schema import captures, segments
from archive.index.surt import url_key

KEYS = ("record_id", "url", "timestamp", "status", "media_type", "digest", "revisit_of", "object", "offset", "length",
        "portal", "run", "role")  # fmt: skip


def list_captures(catalog: Catalog, *, url: str | None, portal: str | None, run: str | None) -> Iterator[Row]:
    question = select(captures).order_by(captures.c.date, captures.c.record_id)
    if url:
        # Also what was posted there: that has a key of its own.
        question = question.where(or_(captures.c.urlkey == url_key(url), captures.c.url == url))
    if portal:
        question = question.where(captures.c.portal == portal)
    if run:
        question = question.where(captures.c.run == run)
    return catalog.rows(question)


def closest_capture(catalog: Catalog, url: str, at: str) -> Row | None:
    """The newest capture up to the 14-digit time, else the first one after it; the very URL before its look-alikes."""
    this = select(captures).where(captures.c.urlkey == url_key(url))
    very = (captures.c.url == url).desc()
    before = this.where(captures.c.timestamp <= at).order_by(very, captures.c.date.desc())
    after = this.where(captures.c.timestamp > at).order_by(very, captures.c.date)
    return _first(catalog, before) or _first(catalog, after)


def _first(catalog: Catalog, question: Select[tuple[object, ...]]) -> Row | None:
    return next(catalog.rows(question.limit(1)), None)


_PORTAL_AFTER = select(func.min(captures.c.portal)).where(captures.c.portal > bindparam("last"))


def portals_of(catalog: Catalog) -> list[str]:
    """Whose captures there are, sorted; one step of the index a portal, however many captures."""
    found: list[str] = []
    with catalog.reading() as connection:
        while (portal := connection.scalar(_PORTAL_AFTER, {"last": found[-1] if found else ""})) is not None:
            found.append(portal)
    return found


def newest_object(catalog: Catalog) -> str | None:
    """The key of the segment ingested that was begun last."""
    with catalog.reading() as connection:
        return connection.scalar(select(segments.c.object).order_by(segments.c.name.desc()).limit(1))
