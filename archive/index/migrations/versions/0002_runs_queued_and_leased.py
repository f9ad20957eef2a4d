"""runs that are queued, told of and leased"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _added() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("cause", sa.String(), nullable=False, server_default="crawl"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("host", sa.String(), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("queued_at", sa.String(), nullable=True),
        sa.Column("heard_until", sa.String(), nullable=True),
    )


def upgrade() -> None:
    with op.batch_alter_table("runs") as runs:
        for column in _added():
            runs.add_column(column)
        runs.alter_column("started_at", existing_type=sa.String(), nullable=True)
        runs.create_index(op.f("ix_runs_state"), ["state"])
    _portal_runs()
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "schedules",
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("paused_at", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("portal", name=op.f("pk_schedules")),
    )


def _portal_runs() -> None:
    table = op.create_table(
        "portal_runs",
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("portal", "run", name=op.f("pk_portal_runs")),
    )
    runs = sa.table("runs", sa.column("run", sa.String()), sa.column("portals", sa.JSON()))
    rows = op.get_bind().execute(sa.select(runs)).all()
    op.bulk_insert(table, [{"portal": portal, "run": row.run} for row in rows for portal in row.portals])


def downgrade() -> None:
    for name in ("schedules", "leases", "portal_runs"):
        op.drop_table(name)
    op.execute("DELETE FROM runs WHERE started_at IS NULL")
    with op.batch_alter_table("runs") as runs:
        runs.drop_index(op.f("ix_runs_state"))
        runs.alter_column("started_at", existing_type=sa.String(), nullable=False)
        for column in _added():
            runs.drop_column(column.name)
