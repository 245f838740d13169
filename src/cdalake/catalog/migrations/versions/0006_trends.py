"""Days by application, and how long failed tables took to recover."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "app_days",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("app", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("commits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "app", "day"),
    )
    op.execute(
        "INSERT INTO app_days (connection, app, day, rows, commits) "
        "SELECT d.connection, t.app, d.day, SUM(d.rows), SUM(d.commits) "
        "FROM table_days d JOIN lake_tables t "
        "ON t.connection = d.connection AND t.name = d.table_name "
        "GROUP BY d.connection, t.app, d.day"
    )
    op.create_table(
        "recoveries",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "table_name", "ended_at"),
    )
    op.create_index("recoveries_by_end", "recoveries", ["ended_at"], unique=False)


def downgrade() -> None:
    op.drop_table("recoveries")
    op.drop_table("app_days")
