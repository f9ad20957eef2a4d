"""an index of URLs that takes them however long they are"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_captures_url", table_name="captures")
        op.create_index("ix_captures_url", "captures", ["url"], postgresql_using="hash")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_captures_url", table_name="captures")
        op.create_index("ix_captures_url", "captures", ["url"])
