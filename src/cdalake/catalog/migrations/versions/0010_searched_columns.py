"""Columns of tables, to find a table by one of them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = op.create_table(
        "column_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    columns = op.create_table(
        "table_columns",
        sa.Column("connection", sa.String(length=128), nullable=False),
        sa.Column("table_name", sa.String(length=256), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "table_name", "word_id"),
    )
    op.create_index("table_columns_by_word", "table_columns", ["word_id"])
    _fill(words, columns)


def _fill(words: sa.Table, columns: sa.Table) -> None:
    """Take the columns of the tables that are known already."""
    connection = op.get_bind()
    texts = (sa.column(name, sa.Text()) for name in ("connection", "name", "schema_string"))
    tables = sa.table("lake_tables", *texts)
    known = sa.select(tables).where(tables.c.schema_string.is_not(None))
    found = [(t.connection, t.name, _names(t.schema_string)) for t in connection.execute(known)]
    keys = sorted({key for _, _, names in found for key in names})
    if not keys:
        return
    connection.execute(words.insert(), [{"key": key} for key in keys])
    ids = {word.key: word.id for word in connection.execute(sa.select(words))}
    rows = [
        {"connection": where, "table_name": table, "word_id": ids[key], "name": name}
        for where, table, names in found
        for key, name in names.items()
    ]
    connection.execute(columns.insert(), rows)


def _names(schema: str) -> dict[str, str]:
    try:
        return {field["name"].lower(): field["name"] for field in json.loads(schema)["fields"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        # Others write logs too; a table whose schema makes no sense is found by its name alone.
        return {}


def downgrade() -> None:
    op.drop_table("table_columns")
    op.drop_table("column_words")
