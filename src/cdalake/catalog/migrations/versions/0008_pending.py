"""What tables still have to bring, and when their logs were read."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_pending",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("manifest_ms", sa.BigInteger(), nullable=False),
        sa.Column("folders", sa.Integer(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "table_name"),
    )
    op.add_column("lake_tables", sa.Column("read_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("lake_tables", "read_at")
    op.drop_table("table_pending")
