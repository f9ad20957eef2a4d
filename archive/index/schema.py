"""The catalog's tables, in two kinds.

Derived: made by `ingest` from the segments alone, dropped and made again by `rebuild` (I3).
Operational: what no segment says (runs, leases, problems, groups and their positions); a rebuild leaves them as they
are, so they name derived rows by stable ids and never by row numbers.
"""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

NAMES = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
         "pk": "pk_%(table_name)s"}  # fmt: skip
metadata = MetaData(naming_convention=NAMES)
Key = Text().with_variant(Text(collation="C"), "postgresql")  # by bytes, as CDXJ is sorted and as prefixes need
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows only in an INTEGER key

segments = Table(
    "segments",
    metadata,
    Column("name", String, primary_key=True),
    Column("object", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    Column("sealed_at", String, nullable=False),
    Column("previous", String),
)

captures = Table(
    "captures",
    metadata,
    Column("record_id", String, primary_key=True),
    Column("segment", String, nullable=False, index=True),
    Column("object", String, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("url", Text, nullable=False),
    Column("urlkey", Key, nullable=False),
    Column("timestamp", String, nullable=False),
    Column("date", String, nullable=False),
    Column("status", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("payload_length", BigInteger, nullable=False),
    Column("revisit_of", String),
    Column("truncated", String),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("portal", String),
    Column("run", String, index=True),
    Column("role", String, nullable=False),
    Column("via", Text),
    Column("anchor", Text),
    Column("found_in", Text),
    # A rendered page asks for what it likes: PostgreSQL's trees hold 2,700 bytes, its hashes anything.
    Index(None, "url", postgresql_using="hash"),
    Index(None, "urlkey", "timestamp"),
    Index(None, "digest"),
    Index(None, "portal"),
)

renditions = Table(
    "renditions",
    metadata,
    Column("capture", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("record_id", String, nullable=False, index=True),
    Column("digest", String, nullable=False, index=True),
    Column("media_type", String, nullable=False),
    Column("object", String, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("url", Text, primary_key=True),
    Column("report", String, primary_key=True, index=True),
    Column("portal", String, nullable=False, index=True),
    Column("aggregator", Boolean, nullable=False),
    Column("organ", String, nullable=False),
    Column("organ_as_written", String, nullable=False),
    Column("within", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("media_type", String, nullable=False),
    Column("charset", String),
    Column("published", String),
    Column("first_captured_at", String, nullable=False),
    Column("captured_at", String, nullable=False),
    Column("record_id", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("text_digest", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String, nullable=False),
    Column("canonical", Boolean, nullable=False),
    Column("duplicate_of", Text),
    Column("relation", String),
    Column("flags", JSON, nullable=False),
    Column("pending", Boolean, nullable=False),
    Index(None, "organ", "year"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("page", Text, primary_key=True),
    Column("report", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("url", Text, nullable=False, index=True),
    Column("media_type", String),
    Column("digest", String),
    Column("record_id", String),
)

versions = Table(
    "versions",
    metadata,
    Column("report", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("url", Text, nullable=False),
    Column("aggregator", Boolean, nullable=False),
    Column("record_id", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("content", String, nullable=False),
    Column("captured_at", String, nullable=False),
    Column("handoff", String, nullable=False),
    Column("run", String, nullable=False, index=True),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("report", String, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("message", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("group", String, primary_key=True),
    Column("handoff", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("leased_until", String),
    Column("tries", Integer, nullable=False),
    Column("acked_at", String),
)

runs = Table(
    "runs",
    metadata,
    Column("run", String, primary_key=True),
    Column("portals", JSON, nullable=False),
    Column("cause", String, nullable=False, server_default="crawl"),
    Column("state", String, nullable=False, index=True),
    Column("reason", Text),
    Column("tries", Integer, nullable=False, server_default="1"),
    Column("host", String),
    Column("pid", Integer),
    Column("queued_at", String),
    Column("started_at", String),
    Column("heard_until", String),
    Column("ended_at", String),
    Column("summary", JSON),
)

portal_runs = Table(
    "portal_runs",
    metadata,
    Column("portal", String, primary_key=True),
    Column("run", String, primary_key=True),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("token", BigInteger, nullable=False),
    Column("holder", String, nullable=False),
    Column("host", String, nullable=False),
    Column("until", String, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("portal", String, primary_key=True),
    Column("paused_at", String, nullable=False),
    Column("reason", Text),
)

explorations = Table(
    "explorations",
    metadata,
    Column("portal", String, primary_key=True),
    Column("run", String, nullable=False),
    Column("at", String, nullable=False),
    Column("reason", Text, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("run", String, nullable=False, index=True),
    Column("portal", String),
    Column("url", Text),
    Column("kind", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at", String, nullable=False),
)

DERIVED = (handoffs, versions, attachments, publications, renditions, captures, segments)
