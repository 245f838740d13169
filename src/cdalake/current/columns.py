"""The columns that order the changes of an id, and Delta's types as DuckDB names them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdalake.delta.schema import WHOLE, Field, Schema, Type
from cdalake.errors import SchemaConflict

ID = "id"
OPERATION = "gwcbi___operation"
SEQVAL = "gwcbi___seqval_hex"
LSN = "gwcbi___lsn"
PAYLOAD = "gwcbi___payload_ts_ms"
FOLDER_TIME = "_cda_timestamp"
FILE_NAME = "_cda_file"
ORIGIN = (Field(FOLDER_TIME, "long"), Field(FILE_NAME, "string"))
"""Where a row came from: two columns that a current table has beside the raw table's. They are part
of the order, so a later change can be compared without reading the raw table again (R35)."""

KNOWN_OPERATIONS = (0, 1, 2, 4)
DELETED = 3
RANK = "CASE {0} WHEN 1 THEN 3 WHEN 4 THEN 2 WHEN 2 THEN 1 WHEN 0 THEN 0 END"
"""Operation to rank: delete > update > insert > snapshot; null for what is no operation (R36)."""

LOWEST = -(2**63)
SEPARATOR = "chr(31)"


def quoted(name: str) -> str:
    """A name in SQL."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def literal(text: str) -> str:
    """A text in SQL."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


_TYPES = {
    "boolean": "BOOLEAN",
    "byte": "TINYINT",
    "short": "SMALLINT",
    "integer": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "binary": "BLOB",
    "date": "DATE",
    "timestamp": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ntz": "TIMESTAMP",
}


def sql_type(kind: Type) -> str:
    """The DuckDB type of a Delta type.

    Raises:
        SchemaConflict: ``UNSUPPORTED_COLUMN_TYPE``.
    """
    if isinstance(kind, str):
        return kind.upper() if kind.startswith("decimal(") else _primitive(kind)
    if kind["type"] == "array":
        return f"{sql_type(kind['elementType'])}[]"
    if kind["type"] == "map":
        return f"MAP({sql_type(kind['keyType'])}, {sql_type(kind['valueType'])})"
    if kind["type"] != "struct":
        return _primitive(str(kind["type"]))
    inner = (f"{quoted(field['name'])} {sql_type(field['type'])}" for field in kind["fields"])
    return f"STRUCT({', '.join(inner)})"


def _primitive(kind: str) -> str:
    if kind not in _TYPES:
        raise SchemaConflict(
            "UNSUPPORTED_COLUMN_TYPE",
            f"A current table cannot hold a column of the type {kind}.",
            "Sync the table without its current table.",
        )
    return _TYPES[kind]


@dataclass(frozen=True)
class Columns:
    """A table's columns, and which of them order its changes.

    Attributes:
        fields: the raw table's, in order.
        lsn, payload: the tie-breaks' names; None where the table has none: null for every row.
    """

    fields: tuple[Field, ...]
    id: str
    operation: str
    seqval: str
    lsn: str | None
    payload: str | None

    @classmethod
    def of(cls, table: str, schema: Schema) -> Columns:
        """Find them, ignoring case.

        Raises:
            SchemaConflict: ``NO_CDC_COLUMNS`` (R20), or ``UNSUPPORTED_COLUMN_TYPE`` for a raw
                column that has the name of one of `ORIGIN`.
        """
        found = {name: schema.find(name) for name in (ID, OPERATION, SEQVAL, LSN, PAYLOAD)}
        missing = [name for name in (ID, OPERATION, SEQVAL) if found[name] is None]
        if missing:
            raise SchemaConflict(
                "NO_CDC_COLUMNS",
                f"{table} has no column {', '.join(missing)}; without it nobody can say which "
                "change is the latest, so it has no current table.",
                "Nothing needs to be done; its raw table is complete.",
            )
        for field in ORIGIN:
            if schema.find(field.name):
                raise SchemaConflict(
                    "UNSUPPORTED_COLUMN_TYPE",
                    f"{table} has a column {field.name} of its own, which a current table needs.",
                    "Sync the table without its current table.",
                )
        names = {name: field.name if field else None for name, field in found.items()}
        return cls(
            schema.fields,
            names[ID] or ID,
            names[OPERATION] or OPERATION,
            names[SEQVAL] or SEQVAL,
            names[LSN],
            names[PAYLOAD],
        )

    @property
    def schema(self) -> Schema:
        """Of the current table: the raw table's columns, all nullable, and `ORIGIN`."""
        return Schema((*self.fields, *ORIGIN))

    @property
    def names(self) -> list[str]:
        """The raw table's columns, quoted for SQL."""
        return [quoted(field.name) for field in self.fields]

    @property
    def id_field(self) -> Field:
        """The key column."""
        return next(field for field in self.fields if field.name == self.id)

    @property
    def has_whole_id(self) -> bool:
        """Ids are whole numbers: a file's statistics say exactly which it may hold."""
        return self.id_field.type in WHOLE

    @property
    def rank(self) -> str:
        """SQL of the operation's rank; null for an unknown operation."""
        return RANK.format(f"TRY_CAST({quoted(self.operation)} AS INTEGER)")

    @property
    def seqval_text(self) -> str:
        """SQL of the sequence value as it compares: 64 digits; '' for null, null for no hex."""
        text = f"CAST({quoted(self.seqval)} AS VARCHAR)"
        return (
            f"CASE WHEN {text} IS NULL THEN '' "
            f"WHEN regexp_full_match({text}, '[0-9a-fA-F]{{1,64}}') "
            f"THEN lpad(lower({text}), 64, '0') END"
        )

    @property
    def seqval_number(self) -> str:
        """SQL of the sequence value as a number: faster; null for null and what does not fit."""
        text = quoted(self.seqval)
        # A cast takes '_' between digits as Python does.
        return f"CASE WHEN NOT contains({text}, '_') THEN TRY_CAST('0x' || {text} AS UHUGEINT) END"

    @property
    def lsn_number(self) -> str:
        """SQL of the first tie-break; the lowest number for null (R70)."""
        return _number(self.lsn)

    @property
    def payload_number(self) -> str:
        """SQL of the second tie-break; the lowest number for null (R70)."""
        return _number(self.payload)

    @property
    def row_hash(self) -> str:
        """SQL of the last tie-break: a hash of the row's values.

        Nulls and widenings leave it as it is, so that a row hashes as it did before its table got
        another column or a wider one (R41).
        """
        return f"md5({' || '.join(_hashed(field) for field in self.fields)})"


def _number(name: str | None) -> str:
    value = "NULL" if name is None else quoted(name)
    return f"coalesce(TRY_CAST({value} AS BIGINT), {LOWEST})"


def _hashed(field: Field) -> str:
    value = quoted(field.name)
    if field.type == "float":
        value = f"CAST({value} AS DOUBLE)"
    name = literal(f"{field.name.lower()}=")
    return f"coalesce({name} || CAST({value} AS VARCHAR) || {SEPARATOR}, '')"


def select_list(fields: Sequence[Field], there: dict[str, str]) -> str:
    """SQL that reads `fields` from a relation, in their order and types.

    Args:
        there: the relation's columns, lower-cased name → DuckDB type; what is missing is null.
    """
    return ", ".join(_read(field, there.get(field.name.lower())) for field in fields)


def _read(field: Field, found: str | None) -> str:
    name, wanted = quoted(field.name), sql_type(field.type)
    if found is None:
        return f"CAST(NULL AS {wanted}) AS {name}"
    if found == wanted:
        return name
    if found.endswith("_NS"):
        # A cast would round up what readers of the raw table cut off (R18).
        return f"CAST(make_timestamp(epoch_ns({name}) // 1000) AS {wanted}) AS {name}"
    return f"CAST({name} AS {wanted}) AS {name}"
