"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _attachments()
    _captures()
    _deliveries()
    _handoffs()
    _problems()
    _publications()
    _runs()
    _segments()
    _versions()


def _attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("record_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("page", "report", "position", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_url"), "attachments", ["url"], unique=False)


def _captures() -> None:
    op.create_table(
        "captures",
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("urlkey", sa.Text(), nullable=False),
        sa.Column("timestamp", sa.String(), nullable=False),
        sa.Column("date", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("payload_length", sa.BigInteger(), nullable=False),
        sa.Column("revisit_of", sa.String(), nullable=True),
        sa.Column("truncated", sa.String(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("portal", sa.String(), nullable=True),
        sa.Column("run", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("via", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.Column("found_in", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_digest"), "captures", ["digest"], unique=False)
    op.create_index(op.f("ix_captures_portal"), "captures", ["portal"], unique=False)
    op.create_index(op.f("ix_captures_run"), "captures", ["run"], unique=False)
    op.create_index(op.f("ix_captures_segment"), "captures", ["segment"], unique=False)
    op.create_index(op.f("ix_captures_url"), "captures", ["url"], unique=False)
    op.create_index(op.f("ix_captures_urlkey_timestamp"), "captures", ["urlkey", "timestamp"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("handoff", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("leased_until", sa.String(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("acked_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("group", "handoff", name=op.f("pk_deliveries")),
    )


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_handoffs")),
        sa.UniqueConstraint("id", name=op.f("uq_handoffs_id")),
    )
    op.create_index(op.f("ix_handoffs_report"), "handoffs", ["report"], unique=False)


def _problems() -> None:
    op.create_table(
        "problems",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("portal", sa.String(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
    )
    op.create_index(op.f("ix_problems_run"), "problems", ["run"], unique=False)


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("aggregator", sa.Boolean(), nullable=False),
        sa.Column("organ", sa.String(), nullable=False),
        sa.Column("organ_as_written", sa.String(), nullable=False),
        sa.Column("within", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("charset", sa.String(), nullable=True),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("first_captured_at", sa.String(), nullable=False),
        sa.Column("captured_at", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("text_digest", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("canonical", sa.Boolean(), nullable=False),
        sa.Column("duplicate_of", sa.Text(), nullable=True),
        sa.Column("relation", sa.String(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("url", "report", name=op.f("pk_publications")),
    )
    op.create_index(op.f("ix_publications_organ_year"), "publications", ["organ", "year"], unique=False)
    op.create_index(op.f("ix_publications_portal"), "publications", ["portal"], unique=False)
    op.create_index(op.f("ix_publications_report"), "publications", ["report"], unique=False)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("portals", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_runs")),
    )


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_segments")),
    )


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("aggregator", sa.Boolean(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("captured_at", sa.String(), nullable=False),
        sa.Column("handoff", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("report", "version", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_run"), "versions", ["run"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_versions_run"), table_name="versions")
    op.drop_table("versions")
    op.drop_table("segments")
    op.drop_table("runs")
    op.drop_index(op.f("ix_publications_report"), table_name="publications")
    op.drop_index(op.f("ix_publications_portal"), table_name="publications")
    op.drop_index(op.f("ix_publications_organ_year"), table_name="publications")
    op.drop_table("publications")
    op.drop_index(op.f("ix_problems_run"), table_name="problems")
    op.drop_table("problems")
    op.drop_index(op.f("ix_handoffs_report"), table_name="handoffs")
    op.drop_table("handoffs")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_captures_urlkey_timestamp"), table_name="captures")
    op.drop_index(op.f("ix_captures_url"), table_name="captures")
    op.drop_index(op.f("ix_captures_segment"), table_name="captures")
    op.drop_index(op.f("ix_captures_run"), table_name="captures")
    op.drop_index(op.f("ix_captures_portal"), table_name="captures")
    op.drop_index(op.f("ix_captures_digest"), table_name="captures")
    op.drop_table("captures")
    op.drop_index(op.f("ix_attachments_url"), table_name="attachments")
    op.drop_table("attachments")
