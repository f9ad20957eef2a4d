"""the DOM and the picture of a rendered page"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "renditions",
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("capture", "kind", name=op.f("pk_renditions")),
    )
    op.create_index(op.f("ix_renditions_record_id"), "renditions", ["record_id"], unique=False)
    op.create_index(op.f("ix_renditions_digest"), "renditions", ["digest"], unique=False)


def downgrade() -> None:
    op.drop_table("renditions")
