"""An index that answers the overview without the rows of the tables."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

COLUMNS = [
    "connection",
    "health_rank",
    "lag_s",
    "name",
    "health",
    "failing_since",
    "run_id",
    "last_data_at",
]


def upgrade() -> None:
    op.create_index("lake_tables_overview", "lake_tables", COLUMNS, unique=False)


def downgrade() -> None:
    op.drop_index("lake_tables_overview", table_name="lake_tables")
