"""Runs, the index of tables and the checks of connections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "commits",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=256), nullable=True),
        sa.Column("engine", sa.String(length=256), nullable=True),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.Column("watermark_ms", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("files_added", sa.Integer(), nullable=False),
        sa.Column("files_removed", sa.Integer(), nullable=False),
        sa.Column("bytes_added", sa.BigInteger(), nullable=False),
        sa.Column("data_change", sa.Boolean(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("schema_string", sa.Text(), nullable=True),
        sa.Column("schema_change", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("connection", "table_name", "version"),
    )
    op.create_index("commits_by_time", "commits", ["timestamp"], unique=False)
    op.create_table(
        "connection_checks",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("source_ok", sa.Boolean(), nullable=True),
        sa.Column("target_ok", sa.Boolean(), nullable=True),
        sa.Column("source_ms", sa.Float(), nullable=True),
        sa.Column("target_ms", sa.Float(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("connection"),
    )
    op.create_table(
        "lag_points",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("lag_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "table_name", "run_id"),
    )
    op.create_table(
        "lake_tables",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("app", sa.String(length=32), nullable=False),
        sa.Column("is_typelist", sa.Boolean(), nullable=False),
        sa.Column("in_manifest", sa.Boolean(), nullable=False),
        sa.Column("manifest_ms", sa.BigInteger(), nullable=True),
        sa.Column("records", sa.BigInteger(), nullable=True),
        sa.Column("data_files_path", sa.Text(), nullable=True),
        sa.Column("fingerprints", sa.JSON(), nullable=False),
        sa.Column("manifest_problem", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("read_error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("table_id", sa.String(length=64), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.BigInteger(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("files", sa.Integer(), nullable=True),
        sa.Column("layout", sa.String(length=16), nullable=True),
        sa.Column("cursors", sa.JSON(), nullable=False),
        sa.Column("watermark_ms", sa.BigInteger(), nullable=True),
        sa.Column("listed_ms", sa.BigInteger(), nullable=True),
        sa.Column("gap_s", sa.Float(), nullable=True),
        sa.Column("last_data_at", sa.DateTime(), nullable=True),
        sa.Column("history_to", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.Column("run_status", sa.String(length=16), nullable=True),
        sa.Column("run_error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("run_at", sa.DateTime(), nullable=True),
        sa.Column("failing_since", sa.DateTime(), nullable=True),
        sa.Column("health", sa.String(length=16), nullable=False),
        sa.Column("health_rank", sa.Integer(), nullable=False),
        sa.Column("health_reason", sa.Text(), nullable=False),
        sa.Column("lag_s", sa.BigInteger(), nullable=True),
        sa.Column("schema_string", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("connection", "name"),
    )
    op.create_index("lake_tables_by_health", "lake_tables", ["health"], unique=False)
    op.create_index("lake_tables_by_name", "lake_tables", ["name"], unique=False)
    op.create_table(
        "run_tables",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("start_watermark", sa.BigInteger(), nullable=True),
        sa.Column("watermark", sa.BigInteger(), nullable=True),
        sa.Column("manifest_records", sa.BigInteger(), nullable=True),
        sa.Column("folders", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("files_done", sa.Integer(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("bytes_done", sa.BigInteger(), nullable=False),
        sa.Column("commits", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "table_name", "attempt"),
    )
    op.create_index("run_tables_by_end", "run_tables", ["finished_at"], unique=False)
    op.create_index(
        "run_tables_by_table", "run_tables", ["table_name", "finished_at"], unique=False
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("requested_by", sa.String(length=128), nullable=False),
        sa.Column("owner", sa.String(length=8), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("retry", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("waiting_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(), nullable=True),
        sa.Column("host", sa.String(length=255), nullable=True),
        sa.Column("pid", sa.Integer(), nullable=True),
        sa.Column("process_started", sa.Float(), nullable=True),
        sa.Column("lease_owner", sa.String(length=64), nullable=True),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("last_line", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index("runs_by_state", "runs", ["state"], unique=False)
    op.create_index("runs_by_time", "runs", ["created_at", "run_id"], unique=False)
    op.create_table(
        "table_days",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("commits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "table_name", "day"),
    )
    op.create_index("table_days_by_day", "table_days", ["day"], unique=False)


def downgrade() -> None:
    op.drop_index("table_days_by_day", table_name="table_days")
    op.drop_table("table_days")
    op.drop_index("runs_by_time", table_name="runs")
    op.drop_index("runs_by_state", table_name="runs")
    op.drop_table("runs")
    op.drop_index("run_tables_by_end", table_name="run_tables")
    op.drop_index("run_tables_by_table", table_name="run_tables")
    op.drop_table("run_tables")
    op.drop_index("lake_tables_by_name", table_name="lake_tables")
    op.drop_index("lake_tables_by_health", table_name="lake_tables")
    op.drop_table("lake_tables")
    op.drop_table("lag_points")
    op.drop_table("connection_checks")
    op.drop_index("commits_by_time", table_name="commits")
    op.drop_table("commits")
