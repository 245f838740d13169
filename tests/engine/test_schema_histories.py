"""Columns that come, go, widen and conflict: a matrix by hand, and histories by chance."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cdalake.engine.spec import Action
from cdalake.errors import Choice
from conftest import Lake, in_order, result_of
from faults import difference, multiset

T0 = 1_768_000_000_000
CENTS = Decimal("1.10")


@dataclass(frozen=True)
class Case:
    """What a history of folders, each of a fingerprint with its columns, comes to.

    Attributes:
        folders: fingerprint and columns but the id, oldest first.
        state, code: how the table ends in the run that loads all of it.
        rows: of the table, without their id, which counts folders from 0 on.
        columns: types by name, as Delta has them.
    """

    folders: Sequence[tuple[str, dict[str, Any]]]
    rows: Sequence[dict[str, Any]]
    columns: dict[str, str]
    state: str = "ok"
    code: str | None = None


INT, LONG = pa.int32(), pa.int64()
D18, D20, D18_4 = pa.decimal128(18, 2), pa.decimal128(20, 2), pa.decimal128(18, 4)


def v(value: Any, kind: Any = None) -> dict[str, Any]:
    return {"v": pa.array([value], kind)}


def row(value: Any) -> dict[str, Any]:
    return {"v": value}


MATRIX = {
    "add": Case([("a", {}), ("b", v(7))], [row(None), row(7)], {"v": "long"}),
    "drop": Case([("a", v(7)), ("b", {})], [row(7), row(None)], {"v": "long"}),
    "re-add": Case(
        [("a", v(7)), ("b", {}), ("c", v(9))], [row(7), row(None), row(9)], {"v": "long"}
    ),
    "int->long": Case(
        [("a", v(7, INT)), ("b", v(2**40, LONG))], [row(7), row(2**40)], {"v": "long"}
    ),
    "long->int": Case(
        [("a", v(2**40, LONG)), ("b", v(7, INT))], [row(2**40), row(7)], {"v": "long"}
    ),
    "decimal p up": Case(
        [("a", v(CENTS, D18)), ("b", v(CENTS * 10**17, D20))],
        [row(CENTS), row(CENTS * 10**17)],
        {"v": "decimal(20,2)"},
    ),
    "decimal p down": Case(
        [("a", v(CENTS * 10**17, D20)), ("b", v(CENTS, D18))],
        [row(CENTS * 10**17), row(CENTS)],
        {"v": "decimal(20,2)"},
    ),
    "scale change": Case(
        [("a", v(CENTS, D18)), ("b", v(CENTS, D18_4))],
        [row(CENTS)],
        {"v": "decimal(18,2)"},
        "paused",
        "SCHEMA_CONFLICT",
    ),
    "string->int": Case(
        [("a", v("seven")), ("b", v(7))],
        [row("seven")],
        {"v": "string"},
        "paused",
        "SCHEMA_CONFLICT",
    ),
    "int->string": Case(
        [("a", v(7)), ("b", v("seven"))], [row(7)], {"v": "long"}, "paused", "SCHEMA_CONFLICT"
    ),
    "float->double": Case(
        [("a", v(1.5, pa.float32())), ("b", v(1e300))], [row(1.5), row(1e300)], {"v": "double"}
    ),
    "double->float": Case(
        [("a", v(1e300)), ("b", v(1.5, pa.float32()))], [row(1e300), row(1.5)], {"v": "double"}
    ),
    "A->B->A": Case(
        [("a", v(7, INT)), ("b", {**v(2**40), "w": ["x"]}), ("a", v(9, INT))],
        [{"v": 7, "w": None}, {"v": 2**40, "w": "x"}, {"v": 9, "w": None}],
        {"v": "long", "w": "string"},
    ),
    "interleaved": Case(
        [("a", v(1, INT)), ("b", v(2**40)), ("a", v(3, INT)), ("b", v(4)), ("a", {})],
        [row(1), row(2**40), row(3), row(4), row(None)],
        {"v": "long"},
    ),
    "other case": Case(
        [("a", {"v": [1]}), ("b", {"V": [2]}), ("a", {"v": [3]})],
        [row(1), row(2), row(3)],
        {"v": "long"},
    ),
    "names alike in one file": Case(
        [("a", v(7)), ("b", {"v": [1], "V": [2]})],
        [row(7)],
        {"v": "long"},
        "paused",
        "DUPLICATE_COLUMN",
    ),
    "nested": Case(
        [
            ("a", {"v": pa.array([{"x": 1, "y": ["a"]}])}),
            ("a", {"v": pa.array([None], pa.struct({"x": LONG, "y": pa.list_(pa.string())}))}),
        ],
        [row({"x": 1, "y": ["a"]}), row(None)],
        {"v": "struct<x:long,y:array<string>>"},
    ),
    "nested that changes": Case(
        [("a", {"v": pa.array([{"x": 1}])}), ("b", {"v": pa.array([{"x": "one"}])})],
        [row({"x": 1})],
        {"v": "struct<x:long>"},
        "paused",
        "SCHEMA_CONFLICT",
    ),
    "binary": Case(
        [("a", v(b"\x00\xff")), ("a", v(b""))], [row(b"\x00\xff"), row(b"")], {"v": "binary"}
    ),
}


@pytest.fixture(params=["in one run", "a run for each"])
def at_once(request: pytest.FixtureRequest) -> bool:
    """The folders come together, or the table is there before the next one comes."""
    return bool(request.param == "in one run")


@pytest.mark.parametrize("name", MATRIX)
def test_r16_r17_r68_the_matrix_of_changes(lake: Lake, name: str, at_once: bool) -> None:
    case = MATRIX[name]
    fingerprints = list(dict.fromkeys(fingerprint for fingerprint, _ in case.folders))
    result = None
    for place, (fingerprint, columns) in enumerate(case.folders):
        data = {"id": pa.array([place], LONG), **columns}
        lake.deliver(f"t/{fingerprint}/{T0 + place}", data)
        lake.announce("t", T0 + place, *fingerprints)
        if not at_once:
            result = result_of(lake.sync(lookback_seconds=0), "t")
    if result is None:
        result = result_of(lake.sync(lookback_seconds=0), "t")

    assert (result.status, result.error and result.error.code) == (case.state, case.code)
    found = [{k: value for k, value in row.items() if k != "id"} for row in lake.rows("t")]
    assert found == list(case.rows)
    by_polars = pl.read_delta(f"{lake.target_url}/t").sort("id").drop("id").to_dicts()
    assert by_polars == list(case.rows)
    assert types(lake) == {"id": "long", **case.columns}
    if case.code:
        assert result.error is not None
        assert f"{case.folders[-1][0]}/{T0 + len(case.folders) - 1}/" in result.error.message
        assert result.error.choices == (Choice.QUARANTINE,)


def test_r17_a_file_that_fits_nothing_can_be_set_aside(lake: Lake) -> None:
    """The choice that the pause offers, with the file that it names."""
    for place, column in enumerate((v(1), v("two"), v(3))):
        lake.deliver(f"t/fp/{T0 + place}", {"id": [place], **column})
    lake.announce("t", T0 + 2, "fp")
    error = result_of(lake.sync(), "t").error
    assert error is not None
    assert error.subject == f"fp/{T0 + 1}/part-00000.parquet"

    lake.sync(action=Action.QUARANTINE, files=(error.subject,))

    assert result_of(lake.sync(), "t").status == "ok"
    assert [row["id"] for row in lake.rows("t")] == [0, 2]


def types(lake: Lake) -> dict[str, str]:
    from cdalake.delta.schema import Schema, type_text

    schema = Schema.parse(lake.table("t").metadata.schema_string)
    return {each.name: type_text(each.type) for each in schema}


def test_r17_a_conflict_within_a_column_names_the_path(lake: Lake) -> None:
    inner = [{"points": [{"x": 1.5, "tags": {"k": 1}}]}, {"points": [{"x": 1.5, "tags": {"k": 1}}]}]
    tags = [pa.map_(pa.string(), INT), pa.map_(pa.string(), pa.string())]
    for place, kind in enumerate(tags):
        point = pa.struct({"x": pa.float64(), "tags": kind})
        shape = pa.struct({"points": pa.list_(point)})
        value = inner[place] if place == 0 else {"points": []}
        column = pa.array([value], shape)
        lake.deliver(f"t/fp{place}/{T0 + place}", {"id": [place], "shape": column})
    lake.announce("t", T0 + 1, "fp0", "fp1")

    error = result_of(lake.sync(), "t").error

    assert error is not None
    assert "differ at shape.points.element.tags.value: integer and string" in error.message
    assert error.subject == f"fp1/{T0 + 1}/part-00000.parquet"


def test_r18_r68_int96_is_kept_and_read(lake: Lake) -> None:
    """Spark's own times: as they come, and in microseconds where a file is rewritten."""
    from datetime import UTC, datetime

    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    for place, name in enumerate(("v", "V")):
        sink = io.BytesIO()
        table = pa.table({"id": [place], name: pa.array([moment], pa.timestamp("us"))})
        pq.write_table(table, sink, use_deprecated_int96_timestamps=True)
        lake.source.put(f"t/fp{place}/{T0 + place}/part-00000.parquet", sink.getvalue())
    lake.announce("t", T0 + 1, "fp0", "fp1")

    assert result_of(lake.sync(), "t").status == "ok"

    assert [row["v"] for row in lake.rows("t")] == [moment, moment]
    assert pl.read_delta(f"{lake.target_url}/t")["v"].to_list() == [moment, moment]
    assert types(lake) == {"id": "long", "v": "timestamp"}


# --- by chance --------------------------------------------------------------------------------

WIDTHS: dict[str, list[Any]] = {
    "whole": [pa.int8(), pa.int16(), INT, LONG],
    "money": [pa.decimal128(9, 2), D18, D20, pa.decimal128(38, 2)],
    "share": [pa.float32(), pa.float64()],
    "text": [pa.string()],
    "flag": [pa.bool_()],
}
"""Columns that a history may have, and the types that each may have in some file."""


@dataclass
class History:
    """A table as CDA might write it, and every row that it was ever given.

    Attributes:
        shapes: by fingerprint, the columns of its files: name as spelt, kind and type.
    """

    dice: random.Random
    shapes: dict[str, list[tuple[str, str, Any]]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    folder: int = 0

    def shape(self) -> list[tuple[str, str, Any]]:
        """Some columns, each as wide and spelt as chance has it."""
        kinds = [kind for kind in WIDTHS if self.dice.random() < 0.7]
        spelt = (kind.upper() if self.dice.random() < 0.15 else kind for kind in kinds)
        shape = [
            (name, k, self.dice.choice(WIDTHS[k])) for name, k in zip(spelt, kinds, strict=True)
        ]
        self.dice.shuffle(shape)
        return shape

    def value(self, kind: str, arrow: Any) -> Any:
        """A value that the type just holds; or none."""
        if self.dice.random() < 0.2:
            return None
        if kind == "whole":
            return self.dice.choice([-1, 1]) * self.dice.randrange(2 ** (arrow.bit_width - 2))
        if kind == "money":
            return Decimal(self.dice.randrange(10**arrow.precision)).scaleb(-2)
        if kind == "share":
            return self.dice.randrange(1000) / 8
        return self.dice.choice(["", "ü", "x" * 40]) if kind == "text" else self.dice.random() < 0.5

    def deliver(self, lake: Lake) -> None:
        """One more folder, of an old fingerprint or a new one: they interleave as they like."""
        if len(self.shapes) < 2 or self.dice.random() < 0.25:
            self.shapes[f"fp{len(self.shapes)}"] = self.shape()
        fingerprint = self.dice.choice(list(self.shapes))
        for part in range(self.dice.randint(1, 2)):
            self._write(lake, fingerprint, part)
        lake.announce("t", T0 + self.folder, *self.shapes)
        self.folder += 1

    def _write(self, lake: Lake, fingerprint: str, part: int) -> None:
        shape, ids = self.shapes[fingerprint], [len(self.rows) + n for n in range(3)]
        rows = [{kind: self.value(kind, arrow) for _, kind, arrow in shape} for _ in ids]
        columns = {name: pa.array([r[kind] for r in rows], arrow) for name, kind, arrow in shape}
        path = f"t/{fingerprint}/{T0 + self.folder}"
        lake.deliver(path, {"id": pa.array(ids, LONG), **columns}, f"part-{part:05}.parquet")
        self.rows += [{"id": n, **r} for n, r in zip(ids, rows, strict=True)]

    @property
    def oracle(self) -> list[dict[str, Any]]:
        """What the table must hold: every row, null for columns that its file lacked."""
        known = {kind for row in self.rows for kind in row}
        return in_order({**dict.fromkeys(known), **row} for row in self.rows)


def lowered(rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows by the names that all spellings share."""
    return ({name.lower(): value for name, value in row.items()} for row in rows)


@pytest.mark.parametrize("seed", range(25))
def test_r16_r17_r68_any_history_of_columns_ends_with_every_row(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    lake = Lake(str(tmp_path / "export"), str(tmp_path / "lake"))
    history = History(dice)
    for _ in range(dice.randint(4, 9)):
        for _ in range(dice.randint(1, 3)):
            history.deliver(lake)
        lookback = dice.choice([0, 0, 7200])
        result = result_of(lake.sync(lookback_seconds=lookback), "t")
        assert result.status == "ok", result
        if dice.random() < 0.2:
            lake.delta("t").optimize.compact()
        by_polars = pl.read_delta(f"{lake.target_url}/t").to_arrow().to_pylist()
        for found in (lake.rows("t"), by_polars):
            assert difference(multiset(history.oracle), multiset(lowered(found))) == {}
