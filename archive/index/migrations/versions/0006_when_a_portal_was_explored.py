"""when a portal was last looked through afresh"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "explorations",
        sa.Column("portal", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("portal", name=op.f("pk_explorations")),
    )


def downgrade() -> None:
    op.drop_table("explorations")
