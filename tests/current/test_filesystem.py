"""DuckDB reads through our store: from several threads, and small files only once."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cdalake.current.duck import duck
from cdalake.current.files import Stores
from cdalake.current.filesystem import StoreFileSystem
from cdalake.current.table import read_files
from cdalake.delta.actions import DataFile
from cdalake.storage import Store


class Counted(Store):
    """A store that counts what is read."""

    reads = 0

    def get(self, path: str) -> bytes:
        self.reads += 1
        return super().get(path)

    def get_range(self, path: str, start: int, end: int) -> bytes:
        self.reads += 1
        return super().get_range(path, start, end)


@pytest.mark.parametrize("size", [1000, 3_000_000], ids=["small", "large"])
def test_a_thread_that_seeks_does_not_move_another(tmp_path: Path, size: int) -> None:
    """DuckDB seeks and reads in two steps, and shares a file between its threads."""
    store = Store.open(str(tmp_path))
    content = random.Random(1).randbytes(size)
    store.put("a", content)
    file = StoreFileSystem(store, "lake0").open(f"lake0://{size}/a")
    file.seek(10)

    with ThreadPoolExecutor(1) as other:
        other.submit(file.seek, 500).result()
        assert other.submit(file.read, 20).result() == content[500:520]

    assert file.read(5) == content[10:15]
    assert (file.seek(-3, 2), file.read(9), file.read()) == (size - 3, content[-3:], b"")


def test_a_file_of_many_row_groups_is_read_whole_by_many_threads(s3: Callable[[], str]) -> None:
    store = Store.open(s3())
    rows = 400_000
    chance = random.Random(2)
    data = pa.table({"id": range(rows), "x": [chance.random() for _ in range(rows)]})
    buffer = pa.BufferOutputStream()
    pq.write_table(data, buffer, row_group_size=20_000)
    content = bytes(buffer.getvalue())
    store.put("t/a [1].parquet", content)
    stores = Stores(store)
    url = stores.url("t", DataFile("a [1].parquet", len(content), 1, rows))

    with duck(stores) as db:
        db.run("SET threads = 4")
        db.run(f"CREATE VIEW t AS FROM {read_files([url])}")
        for _ in range(5):
            found = db.rows("SELECT count(*), sum(id), count(DISTINCT x) FROM t")
            assert found == [(rows, rows * (rows - 1) // 2, rows)]


def test_a_small_file_is_fetched_once(tmp_path: Path) -> None:
    store = Counted(Store.open(str(tmp_path / "[x]")).location)
    pq.write_table(pa.table({"id": [1, 2]}), buffer := pa.BufferOutputStream())
    content = bytes(buffer.getvalue())
    store.put("t/a.parquet", content)
    stores = Stores(store)
    files = read_files([stores.url("t", DataFile("a.parquet", len(content), 1, 2))])

    with duck(stores) as db:
        db.run(f"CREATE VIEW t AS FROM {files}")
        for _ in range(3):
            assert db.number("SELECT sum(id) FROM t") == 3

    assert store.reads == 1
