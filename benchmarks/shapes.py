"""The scale shapes at full size; `tests/engine/test_scale.py` has a tenth of each."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from measuring import Bench, Measured

from cdalake.storage import Store

T0 = 1_680_000_000_000
MINUTE = 60_000
GROWS = "with what is new alone"


def entry(table: str, time: int, *fingerprints: str) -> dict[str, Any]:
    return {
        "lastSuccessfulWriteTimestamp": str(time),
        "totalProcessedRecordsCount": 1,
        "dataFilesPath": table,
        "schemaHistory": {name: str(T0) for name in fingerprints},
    }


def parquet(**columns: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="none", use_dictionary=False)
    return buffer.getvalue()


class Shape:
    """An export and a lake of its own on the counting server."""

    def __init__(self, bench: Bench, name: str) -> None:
        self.bench, self.name = bench, name
        plain = re.sub("[^0-9a-z]+", "-", name.lower())
        self.source = f"{bench.server.bucket(f'{plain}-cda')}/cda"
        self.target = f"{bench.server.bucket(f'{plain}-lake')}/lake"
        self.store = Store.open(self.source)
        self.store.put("one.parquet", parquet(id=[1]))

    def announce(self, **entries: dict[str, Any]) -> None:
        self.store.put("manifest.json", json.dumps(entries).encode())

    def fill(self, to: str, first: int = T0, count: int = 1, key: str = "one.parquet") -> None:
        """Put so many files, their numbers a minute apart."""
        self.bench.server.fill(self.source, key, to, first, count, MINUTE)

    def sync(self, what: str, *options: str, goal: str = GROWS, rests: bool = True) -> Measured:
        name = f"{self.name}: {what}"
        return self.bench.sync(name, self.source, self.target, *options, goal=goal, rests=rests)


def thousand_tables(bench: Bench) -> list[Measured]:
    shape = Shape(bench, "1,000 tables")
    names = [f"cc_table{number}" for number in range(1000)]
    for name in names:
        shape.fill(f"{name}/aa/{{}}/p.parquet")
    entries = {name: entry(name, T0, "aa") for name in names}
    shape.announce(**entries)
    rows = [shape.sync("initial"), shape.sync("nothing new", goal="<= 5 in all")]
    rows.append(shape.sync("nothing new, all looked at", rests=False, goal="<= 2.1 per table"))
    shape.fill(f"{names[7]}/aa/{{}}/p.parquet", T0 + 1)
    shape.announce(**entries | {names[7]: entry(names[7], T0 + 1, "aa")})
    rows.append(shape.sync("one changed"))
    assert sum(bench.rows(shape.target).values()) == 1001
    return rows


def many_folders(bench: Bench) -> list[Measured]:
    count = 50_000
    shape = Shape(bench, "50,000 folders")
    shape.fill("t/aa/{}/p.parquet", count=count)
    shape.announce(t=entry("t", T0 + (count - 1) * MINUTE, "aa"))
    rows = [shape.sync("initial")]
    shape.fill("t/aa/{}/p.parquet", T0 + count * MINUTE)
    shape.announce(t=entry("t", T0 + count * MINUTE, "aa"))
    rows.append(shape.sync("one more", goal="<= 6 + F + 1, and the run's 3"))
    assert bench.rows(shape.target) == {"t": count + 1}
    return rows


def many_fingerprints(bench: Bench) -> list[Measured]:
    count = 300
    shape = Shape(bench, "300 fingerprints")
    names = [f"{number:032x}" for number in range(count)]
    for number, name in enumerate(names):
        shape.fill(f"t/{name}/{{}}/p.parquet", T0 + number, 5)
    shape.announce(t=entry("t", T0 + 10 * MINUTE, *names))
    rows = [shape.sync("initial")]
    shape.fill(f"t/{names[0]}/{{}}/p.parquet", T0 + 20 * MINUTE)
    shape.announce(t=entry("t", T0 + 20 * MINUTE, *names))
    rows.append(shape.sync("one more", goal="<= 6 + F + 1, and the run's 3"))
    assert bench.rows(shape.target) == {"t": count * 5 + 1}
    return rows


def large_manifest(bench: Bench) -> list[Measured]:
    shape = Shape(bench, "5 MB manifest")
    names = [f"{number:032x}" for number in range(20)]
    others = {f"cc_{number}": entry(f"cc_{number}", T0, *names) for number in range(4500)}
    shape.fill("t/aa/{}/p.parquet")
    shape.announce(**others, t=entry("t", T0, "aa"))
    size = len(shape.store.get("manifest.json"))
    assert size > 5_000_000, size
    return [shape.sync("one table of 4,501", "--table", "t")]


def large_file(bench: Bench, megabytes: int = 3000) -> list[Measured]:
    shape = Shape(bench, f"one file of {megabytes / 1000:g} GB")
    blob = bytes(1 << 20)
    content = parquet(id=list(range(megabytes)), blob=pa.array([blob] * megabytes, pa.binary()))
    shape.store.put(f"t/aa/{T0}/p.parquet", content)
    shape.announce(t=entry("t", T0, "aa"))
    return [shape.sync("between buckets", goal="<= 300 MB")]


def ten_large_files(bench: Bench) -> list[Measured]:
    shape = Shape(bench, "ten files of 200 MB")
    blob = bytes(1 << 20)
    content = parquet(id=list(range(200)), blob=pa.array([blob] * 200, pa.binary()))
    shape.store.put("large.parquet", content)
    shape.fill("t/aa/{}/p.parquet", count=10, key="large.parquet")
    shape.announce(t=entry("t", T0 + 9 * MINUTE, "aa"))
    rows = [shape.sync("between buckets", goal="<= 300 MB")]
    assert bench.rows(shape.target) == {"t": 2000}
    return rows


def long_history(bench: Bench) -> list[Measured]:
    count = 5000
    shape = Shape(bench, "5,000 commits")
    shape.fill("t/aa/{}/p.parquet", count=40)
    shape.announce(t=entry("t", T0 + 39 * MINUTE, "aa"))
    shape.sync("40 commits", "--commit-per-folder")
    rows = [shape.sync("nothing new after 40", rests=False, goal="<= 2.1 per table")]
    shape.fill("t/aa/{}/p.parquet", count=count)
    shape.announce(t=entry("t", T0 + (count - 1) * MINUTE, "aa"))
    rows.append(shape.sync("the other 4,960", "--commit-per-folder"))
    rows.append(shape.sync("nothing new after 5,000", rests=False, goal="as after 40"))
    assert bench.rows(shape.target) == {"t": count}
    return rows


SHAPES = (
    thousand_tables,
    many_folders,
    many_fingerprints,
    large_manifest,
    ten_large_files,
    large_file,
    long_history,
)
