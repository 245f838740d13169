"""What people chose for tables, what verifications counted, and which files are set aside."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

IS_CHECKED = sa.text("checks IS NOT NULL")
OF_TABLE = (
    sa.Column("quarantine", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("check_error", sa.JSON(none_as_null=True)),
    sa.Column("check_run_id", sa.String(64)),
    sa.Column("check_at", sa.DateTime),
)


def upgrade() -> None:
    action = sa.Column("action", sa.String(16), nullable=False, server_default="sync")
    op.add_column("runs", action)
    op.add_column("run_tables", sa.Column("checks", sa.JSON(none_as_null=True)))
    op.create_index(
        "run_tables_checked",
        "run_tables",
        ["table_name", "finished_at"],
        sqlite_where=IS_CHECKED,
        postgresql_where=IS_CHECKED,
    )
    if op.get_bind().dialect.name != "sqlite":
        for column in OF_TABLE:
            op.add_column("lake_tables", column)
        return
    # Made anew: lists need these columns, and SQLite finds them only in front of the long text.
    with op.batch_alter_table("lake_tables", recreate="always") as batch:
        for column in OF_TABLE:
            batch.add_column(column, insert_before="schema_string")


def downgrade() -> None:
    with op.batch_alter_table("lake_tables") as batch:
        for name in ("check_at", "check_run_id", "check_error", "quarantine"):
            batch.drop_column(name)
    op.drop_index("run_tables_checked", "run_tables")
    with op.batch_alter_table("run_tables") as batch:
        batch.drop_column("checks")
    with op.batch_alter_table("runs") as batch:
        batch.drop_column("action")
