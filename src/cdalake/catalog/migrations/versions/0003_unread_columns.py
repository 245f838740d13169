"""Columns of runs that nobody read: the spec and the directory say the same."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("runs", "config")
    op.drop_column("runs", "last_line")


def downgrade() -> None:
    op.add_column("runs", sa.Column("config", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("runs", sa.Column("last_line", sa.Integer(), nullable=False, server_default="0"))
