"""Delta schemas, and the union of a table's schema with a file's (cda-format.md R16 to R19)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cdalake.errors import Disagreement, SchemaConflict, SourceError

Type = str | Mapping[str, Any]
"""A Delta type: the name of a primitive, or a struct, array or map as JSON."""

MOST_DIGITS = 38
"""Of a decimal, in Delta."""
DEEPEST = 64
"""Types within each other; a log may claim any number."""
WHOLE = {"byte": 0, "short": 1, "integer": 2, "long": 3}


@dataclass(frozen=True)
class Field:
    """A column. `metadata` (comments and more) is kept as it is."""

    name: str
    type: Type
    nullable: bool = True
    metadata: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The field inside a schema string."""
        return {
            "name": self.name,
            "type": self.type,
            "nullable": self.nullable,
            "metadata": dict(self.metadata or {}),
        }


@dataclass(frozen=True)
class Schema:
    """Columns in their order."""

    fields: tuple[Field, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Schema:
        """Read a schema string of a ``metaData`` action.

        Raises:
            SourceError: ``LOG_BROKEN`` when it is none.
        """
        try:
            return cls(_fields(json.loads(text)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(
                "LOG_BROKEN",
                "The schema in the table's log cannot be understood: "
                f"{type(error).__name__}: {str(error)[:200]}.",
                "Restore the file, or rebuild the table from the export.",
            ) from error

    @classmethod
    def of(cls, **columns: Type) -> Schema:
        """A schema of nullable columns."""
        return cls(tuple(Field(name, kind) for name, kind in columns.items()))

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def to_string(self) -> str:
        """The schema string of a ``metaData`` action."""
        return json.dumps({"type": "struct", "fields": [f.to_json() for f in self.fields]})

    def find(self, name: str) -> Field | None:
        """The column of that name, ignoring case."""
        return next((f for f in self.fields if f.name.lower() == name.lower()), None)


def _fields(struct: Mapping[str, Any], depth: int = 0) -> tuple[Field, ...]:
    if not isinstance(struct["fields"], list):
        raise TypeError("the fields are no list")
    return tuple(_field(each, depth) for each in struct["fields"])


def _field(body: Mapping[str, Any], depth: int) -> Field:
    field = Field(body["name"], body["type"], body.get("nullable", True), body.get("metadata"))
    if not isinstance(field.name, str) or not isinstance(field.nullable, bool):
        raise TypeError(f"{body!r} is no field")
    if not isinstance(field.metadata, Mapping | None):
        raise TypeError(f"the metadata of {field.name!r} are none")
    _check_type(field.type, depth)
    return field


def _check_type(kind: Any, depth: int) -> None:
    """Whoever walks through the type finds what belongs there, and an end."""
    if depth > DEEPEST:
        raise ValueError(f"there are more than {DEEPEST} types within each other")
    if isinstance(kind, str):
        decimal_of(kind)
        return
    if kind["type"] == "struct":
        _fields(kind, depth + 1)
        return
    if kind["type"] not in _PARTS:
        raise ValueError(f"there is no type {kind['type']!r}")
    for part in _PARTS[kind["type"]]:
        _check_type(kind[part], depth + 1)


_PARTS = {"array": ("elementType",), "map": ("keyType", "valueType"), "udt": ("sqlType",)}


def type_text(kind: Type) -> str:
    """A type as people write it, e.g. ``decimal(18,2)``, ``array<string>``."""
    if isinstance(kind, str):
        return kind
    if kind["type"] == "array":
        return f"array<{type_text(kind['elementType'])}>"
    if kind["type"] == "map":
        return f"map<{type_text(kind['keyType'])},{type_text(kind['valueType'])}>"
    if kind["type"] == "udt":
        return type_text(kind["sqlType"])  # which Spark has names of its own for
    inner = ",".join(f"{f['name']}:{type_text(f['type'])}" for f in kind["fields"])
    return f"struct<{inner}>"


def decimal_of(kind: Type) -> tuple[int, int] | None:
    """Precision and scale of a decimal type; None for any other."""
    if not isinstance(kind, str) or not kind.startswith("decimal("):
        return None
    precision, scale = kind.removeprefix("decimal(").removesuffix(")").split(",")
    return int(precision), int(scale)


def schema_of_file(arrow: Any) -> Schema:
    """The Delta schema of a parquet file's Arrow schema (``pyarrow.Schema``), all nullable (R16).

    Raises:
        SchemaConflict: ``UNSUPPORTED_COLUMN_TYPE`` or ``DUPLICATE_COLUMN``.
    """
    fields = tuple(Field(f.name, _type(f.name, f.type)) for f in arrow)
    seen: set[str] = set()
    for field in fields:
        if field.name.lower() in seen:
            raise SchemaConflict(
                "DUPLICATE_COLUMN",
                f"The column {field.name!r} is there twice, ignoring case.",
                "Delta cannot hold both; ask for one of them to be renamed at the source.",
            )
        seen.add(field.name.lower())
    return Schema(fields)


# Parquet's unsigned integers need the next wider signed type.
_PRIMITIVES = {
    "bool": "boolean",
    "int8": "byte",
    "int16": "short",
    "int32": "integer",
    "int64": "long",
    "uint8": "short",
    "uint16": "integer",
    "uint32": "long",
    "uint64": "decimal(20,0)",
    "halffloat": "float",
    "float": "float",
    "double": "double",
    "string": "string",
    "large_string": "string",
    "binary": "binary",
    "large_binary": "binary",
    "date32[day]": "date",
    "null": "string",
}


def _type(name: str, arrow: Any) -> Type:
    import pyarrow as pa

    if pa.types.is_timestamp(arrow):
        return "timestamp"  # of any unit and zone: read as microseconds in UTC (R18)
    if pa.types.is_decimal(arrow) and arrow.precision <= MOST_DIGITS:
        return f"decimal({arrow.precision},{arrow.scale})"
    if pa.types.is_fixed_size_binary(arrow):
        return "binary"
    if pa.types.is_list(arrow) or pa.types.is_large_list(arrow):
        element = _type(name, arrow.value_type)
        return {"type": "array", "elementType": element, "containsNull": True}
    if pa.types.is_map(arrow):
        key, value = _type(name, arrow.key_type), _type(name, arrow.item_type)
        return {"type": "map", "keyType": key, "valueType": value, "valueContainsNull": True}
    if pa.types.is_struct(arrow):
        inner = [Field(f.name, _type(name, f.type)).to_json() for f in arrow]
        return {"type": "struct", "fields": inner}
    if (primitive := _PRIMITIVES.get(str(arrow))) is not None:
        return primitive
    raise SchemaConflict(
        "UNSUPPORTED_COLUMN_TYPE",
        f"The column {name!r} has the type {arrow}, which Delta does not have.",
        "Ask for another type at the source, or exclude the table.",
    )


@dataclass(frozen=True)
class Merged:
    """A table's schema after a file's columns were taken in.

    Attributes:
        changed: columns were added or widened.
        rewrite: the file must be rewritten to the table's names and types before it is in the
            table, because readers would see NULL (R67) or cannot be trusted to read it (R68).
        narrow: columns of the file are narrower in a way that every reader is known to accept.
    """

    schema: Schema
    changed: bool
    rewrite: bool
    narrow: bool


def merge(table: Schema, file: Schema) -> Merged:
    """The union by name, ignoring case: existing columns first, then new ones (R16, R17).

    Raises:
        SchemaConflict: ``SCHEMA_CONFLICT`` when no type holds both.
    """
    merged = {f.name.lower(): f for f in table}
    rewrite = narrow = False
    for field in file:
        known = merged.get(field.name.lower())
        if known is None:
            merged[field.name.lower()] = field
            continue
        kind = _wider(field.name, known.type, field.type)
        is_cast = needs_cast(kind, field.type)
        rewrite |= known.name != field.name or is_cast
        narrow |= not (is_cast or _is_same(kind, field.type))
        if kind is not known.type:
            merged[field.name.lower()] = replace(known, type=kind)
    schema = Schema(tuple(merged.values()))
    return Merged(schema, schema.fields != table.fields, rewrite, narrow)


def _is_same(one: Type, other: Type) -> bool:
    """The same but for what inner fields say of themselves; thousands of files are compared so."""
    return one == other or _bare(one) == _bare(other)


def _wider(name: str, table: Type, file: Type) -> Type:
    if _is_same(table, file):
        return table
    if isinstance(table, str) and isinstance(file, str):
        kind = _wider_primitive(table, file)
        if kind is not None:
            return kind
    raise _conflict(name, table, file)


def _conflict(name: str, table: Type, file: Type) -> SchemaConflict:
    path, ours, theirs = _difference(name, table, file)
    inside = f" (they differ at {path}: {ours} and {theirs})" if path != name else ""
    return SchemaConflict(
        "SCHEMA_CONFLICT",
        f"The column {name!r} is {type_text(table)} in the table and {type_text(file)} in the "
        f"export{inside}; no type holds both without losing values.",
        "Have the file written anew, or set it aside (quarantine) and go on without it.",
        about=Disagreement(path, ours, theirs),
    )


def _difference(path: str, table: Type, file: Type) -> tuple[str, str, str]:
    """Where within a type two of them part, and what either has there."""
    if isinstance(table, str) or isinstance(file, str) or table["type"] != file["type"]:
        return path, type_text(table), type_text(file)
    ours, theirs = _inner(table), _inner(file)
    for name in (*ours, *(name for name in theirs if name not in ours)):
        one, other = ours.get(name), theirs.get(name)
        if one is None or other is None:
            return f"{path}.{name}", _or_nothing(one), _or_nothing(other)
        if _bare(one) != _bare(other):
            return _difference(f"{path}.{name}", one, other)
    return path, type_text(table), type_text(file)


def _inner(kind: Mapping[str, Any]) -> dict[str, Type]:
    """The types directly within one, by the names SQL has for them."""
    if kind["type"] == "struct":
        return {field["name"]: field["type"] for field in kind["fields"]}
    return {_PART_NAMES[part]: kind[part] for part in _PARTS[kind["type"]]}


_PART_NAMES = {"elementType": "element", "keyType": "key", "valueType": "value", "sqlType": "sql"}


def _or_nothing(kind: Type | None) -> str:
    return "nothing" if kind is None else type_text(kind)


def _bare(kind: Any) -> Any:
    """A type without what its inner fields say of themselves, e.g. comments."""
    if isinstance(kind, Mapping):
        return {key: _bare(value) for key, value in kind.items() if key != "metadata"}
    return [_bare(item) for item in kind] if isinstance(kind, list) else kind


def _wider_primitive(table: str, file: str) -> str | None:
    if table in WHOLE and file in WHOLE:
        return max(table, file, key=lambda kind: WHOLE[kind])
    if {table, file} == {"double", "float"}:
        return "double"
    ours, theirs = decimal_of(table), decimal_of(file)
    if ours and theirs and ours[1] == theirs[1]:
        return f"decimal({max(ours[0], theirs[0])},{ours[1]})"
    return None


def needs_cast(table: Type, file: Type) -> bool:
    """Not every reader can be trusted to read a float column as double (R68)."""
    return table == "double" and file == "float"


def describe_change(before: Schema, after: Schema) -> tuple[list[str], list[str], list[str]]:
    """Names added, names removed, and ``name: old -> new`` for types; order is no change."""
    old = {f.name: type_text(f.type) for f in before}
    new = {f.name: type_text(f.type) for f in after}
    changed = [
        f"{name}: {old[name]} -> {new[name]}"
        for name in new
        if name in old and old[name] != new[name]
    ]
    return [n for n in new if n not in old], [n for n in old if n not in new], changed


def arrow_type(kind: Type) -> Any:
    """The Arrow type (``pyarrow.DataType``) a primitive Delta type is written as."""
    import pyarrow as pa

    if isinstance(kind, str) and (parts := decimal_of(kind)):
        return pa.decimal128(*parts)
    return {
        "boolean": pa.bool_(),
        "byte": pa.int8(),
        "short": pa.int16(),
        "integer": pa.int32(),
        "long": pa.int64(),
        "float": pa.float32(),
        "double": pa.float64(),
        "string": pa.string(),
        "binary": pa.binary(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", "UTC"),
    }.get(kind if isinstance(kind, str) else "")
