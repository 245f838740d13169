"""How far the current table beside a raw one is."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lake_tables", sa.Column("current_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("lake_tables", "current_ms")
