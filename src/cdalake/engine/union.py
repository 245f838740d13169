"""A view over the tables of a table's fingerprints, as SQL: ``<target>/_views/<table>.sql``.

With ``schema_change = per_fingerprint`` no table holds all rows of a table; this does.
One file is for Spark and Databricks, one (``.duckdb.sql``) for DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cdalake.cda.manifest import Manifest, ManifestEntry
from cdalake.cda.parts import BETWEEN
from cdalake.delta.log import read_snapshot
from cdalake.delta.schema import Schema, Type, decimal_of, merge, type_text
from cdalake.engine.job import Job
from cdalake.engine.progress import Note, TableResult
from cdalake.errors import CdalakeError, NotFound, SchemaConflict
from cdalake.storage import Store

FOLDER = "_views"
FINGERPRINT = "_cda_fingerprint"
"""Column of a view: which of its tables a row is from."""


@dataclass(frozen=True)
class Part:
    """The table of one fingerprint. `url` is its place as engines take it."""

    fingerprint: str
    url: str
    schema: Schema


@dataclass(frozen=True)
class Dialect:
    """How an engine writes SQL.

    Attributes:
        quote: of a name.
        text: its type for text, which any value can become.
        table: how it reads a Delta table at a place.
        names: its names of Delta's simple types, where they differ.
    """

    suffix: str
    quote: str
    text: str
    table: Callable[[str], str]
    names: Mapping[str, str]

    def name(self, name: str) -> str:
        """A name, quoted."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def type(self, kind: Type) -> str:
        """A Delta type as the engine writes it."""
        if isinstance(kind, str):
            return kind if decimal_of(kind) else self.names.get(kind, kind)
        if kind["type"] == "array":
            return self._array(self.type(kind["elementType"]))
        if kind["type"] == "map":
            return self._map(self.type(kind["keyType"]), self.type(kind["valueType"]))
        fields = [(self.name(f["name"]), self.type(f["type"])) for f in kind["fields"]]
        return self._struct(fields)

    def _array(self, element: str) -> str:
        return f"array<{element}>"

    def _map(self, key: str, value: str) -> str:
        return f"map<{key}, {value}>"

    def _struct(self, fields: Sequence[tuple[str, str]]) -> str:
        return f"struct<{', '.join(f'{name}: {kind}' for name, kind in fields)}>"


class _DuckDb(Dialect):
    def _array(self, element: str) -> str:
        return f"{element}[]"

    def _map(self, key: str, value: str) -> str:
        return f"MAP({key}, {value})"

    def _struct(self, fields: Sequence[tuple[str, str]]) -> str:
        return f"STRUCT({', '.join(f'{name} {kind}' for name, kind in fields)})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


SPARK = Dialect(
    ".sql",
    "`",
    "string",
    lambda url: f"delta.`{url.replace('`', '``')}`",
    {"long": "bigint", "integer": "int", "short": "smallint", "byte": "tinyint"},
)
DUCKDB = _DuckDb(
    ".duckdb.sql",
    '"',
    "varchar",
    lambda url: f"delta_scan({_literal(url)})",
    {
        "long": "bigint",
        "short": "smallint",
        "byte": "tinyint",
        "string": "varchar",
        "binary": "blob",
        "timestamp": "timestamptz",
        "timestamp_ntz": "timestamp",
    },
)


def view_sql(table: str, parts: Sequence[Part], dialect: Dialect) -> str:
    """A ``CREATE VIEW`` over the parts: the union of their columns, null where one has none.

    A column whose types nothing holds both of is text in the view.
    """
    columns = _columns(parts)
    selects = [_select(part, columns, dialect) for part in parts]
    return (
        f"-- Every row of {table}, over its {len(parts)} fingerprints. Written by cdalake.\n"
        f"CREATE OR REPLACE VIEW {dialect.name(table)} AS\n" + "\nUNION ALL\n".join(selects) + ";\n"
    )


def _columns(parts: Sequence[Part]) -> dict[str, Type | None]:
    """By their first spelling; None for those that become text."""
    spelt: dict[str, str] = {}
    kinds: dict[str, Type | None] = {}
    for field in (field for part in parts for field in part.schema):
        name = spelt.setdefault(field.name.lower(), field.name)
        kinds[name] = _both(kinds[name], field.type) if name in kinds else field.type
    return kinds


def _both(one: Type | None, other: Type) -> Type | None:
    if one is None:
        return None
    try:
        (both,) = merge(Schema.of(c=one), Schema.of(c=other)).schema
    except SchemaConflict:
        return None
    return both.type


def _select(part: Part, columns: Mapping[str, Type | None], dialect: Dialect) -> str:
    shown = [_column(part, name, kind, dialect) for name, kind in columns.items()]
    mark = f"{_literal(part.fingerprint)} AS {dialect.name(FINGERPRINT)}"
    return f"SELECT {', '.join([*shown, mark])}\nFROM {dialect.table(part.url)}"


def _column(part: Part, name: str, kind: Type | None, dialect: Dialect) -> str:
    field = part.schema.find(name)
    wanted = dialect.text if kind is None else dialect.type(kind)
    shown = dialect.name(name)
    if field is None:
        return f"CAST(NULL AS {wanted}) AS {shown}"
    if kind is not None and type_text(field.type) == type_text(kind):
        return shown if field.name == name else f"{dialect.name(field.name)} AS {shown}"
    return f"CAST({dialect.name(field.name)} AS {wanted}) AS {shown}"


def write_views(job: Job, manifest: Manifest, results: Sequence[TableResult]) -> list[Note]:
    """Write the views of the tables that got something in this run; what failed, as warnings."""
    changed = {result.table for result in results if result.commits}
    tables = {e.part_of for e in manifest.entries.values() if e.table in changed and e.part_of}
    notes = []
    for table in sorted(tables):
        try:
            _write_view(job.target, table, _parts_of(job.target, manifest, table))
        except CdalakeError as error:
            notes.append(Note("VIEW_NOT_WRITTEN", f"The view of {table}: {error.message}"))
    return notes


def _parts_of(target: Store, manifest: Manifest, table: str) -> list[Part]:
    """The tables there are, in the manifest's order; a fingerprint without data has none."""
    entries = [entry for entry in manifest.entries.values() if entry.part_of == table]
    parts = (_part(target, entry) for entry in entries)
    return [part for part in parts if part is not None]


def _part(target: Store, entry: ManifestEntry) -> Part | None:
    snapshot = read_snapshot(target, entry.table)
    if snapshot is None:
        return None
    fingerprint = entry.table.removeprefix(f"{entry.part_of}{BETWEEN}")
    schema = Schema.parse(snapshot.metadata.schema_string)
    return Part(fingerprint, target.location.join(entry.table).url, schema)


def _write_view(target: Store, table: str, parts: Sequence[Part]) -> None:
    for dialect in (DUCKDB, SPARK):
        path = f"{FOLDER}/{table}{dialect.suffix}"
        text = view_sql(table, parts, dialect).encode()
        if _there(target, path) != text:
            target.put(path, text)


def _there(target: Store, path: str) -> bytes | None:
    try:
        return target.get(path)
    except NotFound:
        return None
