"""Tables of the database: runs, the index of tables, what the last checks said, and who did what.

Times are stored as UTC without zone by `UtcDateTime`, so that SQLite and PostgreSQL sort and
compare them alike. The migrations create exactly these tables; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

HEAD = "0020"
"""Revision the code needs; a test compares it with the newest migration."""

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone in Python, UTC without zone in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> datetime | None:
        """To UTC, then without zone."""
        del dialect
        if value is None:
            return None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """With its zone again."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


runs = Table(
    "runs",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("request_id", String(64), unique=True),
    Column("connection", String(128), nullable=False),
    Column("target", Text, nullable=False),
    Column("trigger", String(16), nullable=False),
    Column("requested_by", String(128), nullable=False),
    Column("owner", String(8), nullable=False),  # server: taken up again; guest: ends by itself
    Column("spec", JSON, nullable=False),
    Column("retry", JSON(none_as_null=True)),  # tables of a retried attempt
    Column("state", String(24), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("waiting_reason", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("heartbeat_at", UtcDateTime),
    Column("cancelled_at", UtcDateTime),
    Column("host", String(255)),
    Column("pid", Integer),
    Column("process_started", Float),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("keys_with", String(400)),  # the only holder that can start it: it has its keys
    Column("error", JSON(none_as_null=True)),
    Column("warnings", JSON, nullable=False),
    Column("totals", JSON, nullable=False),
    Column("action", String(16), nullable=False, server_default="sync"),
    Index("runs_by_time", "created_at", "run_id"),
    Index("runs_by_state", "state"),
)

run_tables = Table(
    "run_tables",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("start_watermark", BigInteger),
    Column("watermark", BigInteger),
    Column("manifest_records", BigInteger),
    Column("folders", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    Column("files_done", Integer, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("bytes_done", BigInteger, nullable=False),
    Column("commits", Integer, nullable=False),
    Column("version", BigInteger),
    Column("error", JSON(none_as_null=True)),
    Column("warnings", JSON, nullable=False),
    Column("checks", JSON(none_as_null=True)),  # what a verification counted
    Index("run_tables_by_table", "table_name", "finished_at"),
    Index("run_tables_by_end", "finished_at"),
    # few of many: a table is verified once a day and synced once a minute
    Index(
        "run_tables_checked",
        "table_name",
        "finished_at",
        sqlite_where=text("checks IS NOT NULL"),
        postgresql_where=text("checks IS NOT NULL"),
    ),
)

lake_tables = Table(
    "lake_tables",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("name", String(256), primary_key=True),
    Column("app", String(32), nullable=False),
    Column("is_typelist", Boolean, nullable=False),
    # what the manifest says
    Column("in_manifest", Boolean, nullable=False),
    Column("manifest_ms", BigInteger),
    Column("records", BigInteger),
    Column("data_files_path", Text),
    Column("fingerprints", JSON, nullable=False),
    Column("manifest_problem", JSON(none_as_null=True)),
    # what the Delta log says
    Column("read_error", JSON(none_as_null=True)),
    Column("table_id", String(64)),
    Column("version", BigInteger),
    Column("rows", BigInteger),
    Column("size_bytes", BigInteger),
    Column("files", Integer),
    Column("layout", String(16)),
    Column("cursors", JSON, nullable=False),
    Column("watermark_ms", BigInteger),
    Column("listed_ms", BigInteger),
    Column("change_ms", BigInteger),
    Column("current_ms", BigInteger),
    Column("gap_s", Float),
    Column("last_data_at", UtcDateTime),
    Column("history_to", BigInteger, nullable=False),
    # what the last run said
    Column("run_id", String(64)),
    Column("run_status", String(16)),
    Column("run_error", JSON(none_as_null=True)),
    Column("run_at", UtcDateTime),
    Column("failing_since", UtcDateTime),
    # what follows from it
    Column("health", String(16), nullable=False),
    Column("health_rank", Integer, nullable=False),
    Column("health_reason", Text, nullable=False),
    Column("lag_s", BigInteger),
    Column("quarantine", JSON, nullable=False, server_default="{}"),  # file key: why it is left out
    # what the last verification found wrong, until another one, a repair or a rebuild ends well
    Column("check_error", JSON(none_as_null=True)),
    Column("check_run_id", String(64)),
    Column("check_at", UtcDateTime),
    # last, so that SQLite finds all the others without reading past a long text; lists need neither
    Column("schema_string", Text),
    Column("commit_tag", String(128)),  # of the newest commit file, as the store lists it
    Column("read_at", UtcDateTime),  # when the log was last found to say all this
    Index("lake_tables_by_name", "name"),
    Index("lake_tables_by_health", "health"),
    # all that the overview asks of every table, so that it reads no row of them
    Index(
        "lake_tables_overview",
        "connection",
        "health_rank",
        "lag_s",
        "name",
        "health",
        "failing_since",
        "run_id",
        "last_data_at",
    ),
    # all that is counted of every table beside a list
    Index(
        "lake_tables_facets",
        "connection",
        "health",
        "app",
        "lag_s",
        "last_data_at",
        "size_bytes",
        "rows",
        "version",
    ),
)

commits = Table(
    "commits",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("timestamp", UtcDateTime, nullable=False),
    Column("operation", String(64), nullable=False),
    Column("user", String(256)),
    Column("engine", String(256)),
    Column("run_id", String(64)),
    Column("watermark_ms", BigInteger),
    Column("rows", BigInteger),
    Column("files_added", Integer, nullable=False),
    Column("files_removed", Integer, nullable=False),
    Column("bytes_added", BigInteger),
    # null: the log does not say, or the version was read before these were kept
    Column("bytes_removed", BigInteger),
    Column("metrics", JSON(none_as_null=True)),
    Column("data_change", Boolean, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("schema_string", Text),
    Column("schema_change", JSON(none_as_null=True)),
    Index("commits_by_time", "timestamp"),
    # few of many: without it the overview would read every commit of a week
    Index(
        "commits_by_schema_change",
        "timestamp",
        sqlite_where=text("schema_change IS NOT NULL"),
        postgresql_where=text("schema_change IS NOT NULL"),
    ),
)

table_days = Table(
    "table_days",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("commits", Integer, nullable=False),
    Index("table_days_by_day", "day"),
)

app_days = Table(
    "app_days",  # `table_days` summed by application: the overview reads no row a table
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("app", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("rows", BigInteger, nullable=False),
    Column("commits", Integer, nullable=False),
)

table_pending = Table(
    "table_pending",  # what the source still has for a table, as of `version` and `manifest_ms`
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("version", BigInteger),
    Column("manifest_ms", BigInteger, nullable=False),
    Column("folders", Integer),
    Column("files", Integer),
    Column("bytes", BigInteger),
    Column("error", JSON(none_as_null=True)),
    Column("counted_at", UtcDateTime, nullable=False),
)

recoveries = Table(
    "recoveries",  # a table that failed, until a run ended it well again
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("ended_at", UtcDateTime, primary_key=True),
    Column("began_at", UtcDateTime, nullable=False),
    Index("recoveries_by_end", "ended_at"),
)

lag_points = Table(
    "lag_points",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("run_id", String(64), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("lag_s", BigInteger, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("revision", String(32), nullable=False),  # another one with every change
    Column("given", JSON, nullable=False),  # the keys of a [connections.NAME]; never a secret
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(128), nullable=False),
)

pauses = Table(
    "pauses",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("by", String(128), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

column_words = Table(
    "column_words",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),  # a column's name in lower case
)

table_columns = Table(
    "table_columns",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("table_name", String(256), primary_key=True),
    Column("word_id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Index("table_columns_by_word", "word_id"),
)

connection_checks = Table(
    "connection_checks",
    metadata,
    Column("connection", String(128), primary_key=True),
    Column("target", Text, nullable=False),
    Column("source_ok", Boolean),
    Column("target_ok", Boolean),
    Column("source_ms", Float),
    Column("target_ms", Float),
    Column("error", JSON(none_as_null=True)),
    Column("checked_at", UtcDateTime),
    Column("as_of", UtcDateTime),
)

audit = Table(
    "audit",
    metadata,
    # SQLite counts up by itself only in a column of exactly this type.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", String(128), nullable=False),
    Column("role", String(16), nullable=False),
    Column("trigger", String(16), nullable=False),
    Column("action", String(64), nullable=False),
    Column("subject", String(512), nullable=False),
    Column("detail", JSON, nullable=False),
    Index("audit_by_time", "at"),
    Index("audit_by_who", "who", "id"),
    Index("audit_by_action", "action", "id"),
    Index("audit_by_subject", "subject", "id"),
)

changes = Table(
    "changes",
    metadata,
    # SQLite counts up by itself only what it calls INTEGER
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("connection", String(128)),
    Column("name", String(256)),  # a run, a table; none: more than were worth naming
    Index("changes_newest", "kind", "connection", "id"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(128), nullable=False),
    Column("last_used", UtcDateTime),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("token_digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index("sessions_by_token", "token_digest"),
)

leases = Table(
    "leases",
    metadata,
    Column("subject", String(256), primary_key=True),
    Column("holder", String(400), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
