"""Questions about captures that operators, replay and tests ask: by URL, by key, by time, by run."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, or_, select

from archive.index.catalog import Catalog, Row
from archive.index.cdxj import REVISIT, CdxLine
from archive.index.schema import captures
from archive.index.surt import UrlKey, url_key

KEYS = ("record_id", "url", "timestamp", "status", "media_type", "digest", "revisit_of", "object", "offset", "length",
        "portal", "run", "role")  # fmt: skip


def list_captures(catalog: Catalog, *, url: str | None, portal: str | None, run: str | None) -> Iterator[Row]:
    question = select(captures).order_by(captures.c.date, captures.c.record_id)
    if url:
        question = question.where(captures.c.urlkey == url_key(url))
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


def cdx_lines(catalog: Catalog, url: str, match: str) -> Iterator[str]:
    """CDXJ lines in their order; `match`: exact, prefix, host or domain."""
    # By their bytes, as every reader of CDXJ expects: a database of PostgreSQL may order as a dictionary does.
    key = captures.c.urlkey.collate("C" if catalog.engine.dialect.name == "postgresql" else "BINARY")
    question = select(captures).where(_matches(url, match)).order_by(key, captures.c.timestamp)
    return (str(_line(row)) for row in catalog.rows(question))


def _matches(url: str, match: str) -> ColumnElement[bool]:
    key = url_key(url if "://" in url else f"http://{url}")
    host = url_key(f"http://{urlsplit(url).netloc or url.partition('/')[0]}/").removesuffix(")/")
    match match:
        case "prefix":
            return captures.c.urlkey.startswith(_stem(key, url), autoescape=True)
        case "host":
            return captures.c.urlkey.startswith(f"{host})", autoescape=True)
        case "domain":
            ways = (captures.c.urlkey.startswith(f"{host}{end}", autoescape=True) for end in (")", ","))
            return or_(*ways)
        case _:
            return captures.c.urlkey == key


def _stem(key: UrlKey, url: str) -> str:
    # The key of a folder ends without its slash; as a prefix, the slash keeps `/a/` from meaning `/about`.
    return f"{key}/" if url.endswith("/") and not key.endswith("/") else key


def _line(row: Row) -> CdxLine:
    revisit = row["revisit_of"] is not None
    return CdxLine(
        urlkey=row["urlkey"],
        timestamp=row["timestamp"],
        url=row["url"],
        mime=REVISIT if revisit else row["media_type"],
        status=None if revisit else row["status"],
        digest=row["digest"],
        length=row["length"],
        offset=row["offset"],
        filename=row["object"].rsplit("/", 1)[-1],
    )
