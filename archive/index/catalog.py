"""The catalog: the SQL database that indexes what the segments hold. SQLite (WAL) embedded, PostgreSQL for many hosts.

Here are its door (engine, schema, one transaction at a time) and the questions about captures; reports and handoffs ask
their own, in the folders named after them, on the same connection.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, create_engine, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from archive.capture.exchange import Digest, Original, RecordId
from archive.errors import CatalogError
from archive.index import migrations
from archive.index.schema import captures, segments

Row = dict[str, Any]


class Catalog:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. Raises CatalogError."""
        with translated(self.engine), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and so never waits for a writer."""
        with translated(self.engine), self.engine.execution_options(reading=True).begin() as connection:
            yield connection

    def rows(self, question: Select[Any]) -> Iterator[Row]:
        with self.reading() as connection:
            yield from (dict(row) for row in connection.execute(question).mappings())

    def close(self) -> None:
        self.engine.dispose()


def open_catalog(url: str) -> Catalog:
    """Connects, and brings the schema up to date. Raises CatalogError."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _wal)
        event.listen(engine, "begin", _begin)
    try:
        with translated(engine):
            migrations.upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return Catalog(engine)


def _wal(connection: Any, _: object) -> None:
    # The driver must not begin transactions by itself: it would begin them too late (see _begin).
    connection.isolation_level = None
    # Ten minutes' patience: another process may be ingesting a large segment, and waiting is better than failing.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=600000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: a transaction that reads first and writes later could be refused half-way.
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get("reading") else "BEGIN IMMEDIATE")


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as exc:
        reason = str(getattr(exc, "orig", None) or exc).splitlines()[0]
        raise CatalogError(f"catalog {engine.url.render_as_string(hide_password=True)}: {reason}") from exc


def alone(connection: Connection, what: str) -> None:
    """Until this transaction ends, no other one does `what`. On SQLite a writer is alone anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def insert_once(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    """Inserts rows; those whose key stands there already stay as they are."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    if rows:
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def is_ingested(connection: Connection, segment: str) -> bool:
    return connection.scalar(select(segments.c.name).where(segments.c.name == segment)) is not None


# Built once: it is asked for every page fetched, and building it costs more than asking.
_ORIGINAL = (
    select(captures.c.record_id, captures.c.url, captures.c.date)
    .where(captures.c.digest == bindparam("digest"))
    .where(captures.c.revisit_of.is_(None), captures.c.truncated.is_(None))
    .order_by(captures.c.date, captures.c.record_id)
    .limit(1)
)


def original_with(connection: Connection, digest: Digest) -> Original | None:
    """The oldest whole `response` record with this payload."""
    row = connection.execute(_ORIGINAL, {"digest": digest}).first()
    return row and Original(record_id=RecordId(row.record_id), url=row.url, date=row.date, payload_digest=digest)


def capture_of(connection: Connection, record_id: str) -> Row | None:
    row = connection.execute(select(captures).where(captures.c.record_id == record_id)).mappings().first()
    return dict(row) if row else None


def fetched_file(connection: Connection, url: str, *, hops: int = 5) -> Row | None:
    """The newest whole 200 capture of this URL, or of where the portal redirected it to."""
    at_url = select(captures).where(captures.c.url == url).order_by(captures.c.date.desc(), captures.c.record_id)
    rows = [dict(row) for row in connection.execute(at_url).mappings()]
    whole = next((row for row in rows if row["status"] == 200 and row["truncated"] is None), None)
    if whole or not hops or not any(300 <= row["status"] < 400 for row in rows):
        return whole
    target = select(captures.c.url).where(captures.c.via == url, captures.c.role == rows[0]["role"])
    onward = connection.scalar(target.order_by(captures.c.date.desc()).limit(1))
    return fetched_file(connection, onward, hops=hops - 1) if onward else None
