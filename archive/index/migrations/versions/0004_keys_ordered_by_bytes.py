"""URL keys that PostgreSQL orders by their bytes, whatever language the database speaks"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("captures", "urlkey", type_=sa.Text(collation="C"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("captures", "urlkey", type_=sa.Text(collation="default"))
