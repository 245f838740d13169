"""Indexes for what is counted beside the list of tables, and for changes of schemas."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FACETS = [
    "connection",
    "health",
    "app",
    "lag_s",
    "last_data_at",
    "size_bytes",
    "rows",
    "version",
]
CHANGED = sa.text("schema_change IS NOT NULL")


def upgrade() -> None:
    op.create_index("lake_tables_facets", "lake_tables", FACETS, unique=False)
    op.create_index(
        "commits_by_schema_change",
        "commits",
        ["timestamp"],
        unique=False,
        sqlite_where=CHANGED,
        postgresql_where=CHANGED,
    )


def downgrade() -> None:
    op.drop_index("commits_by_schema_change", table_name="commits")
    op.drop_index("lake_tables_facets", table_name="lake_tables")
