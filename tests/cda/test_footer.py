"""Footers are read from the end of a file, and whatever is no parquet file is said to be none."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdalake.cda.footer import TAIL, bad_file, promised_rows, read_footer
from cdalake.delta.schema import schema_of_file
from cdalake.errors import NotFound, SchemaConflict, SourceError
from cdalake.storage import ObjectInfo, Store, Tail


def parquet(table: Any, **how: Any) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **how)
    return buffer.getvalue()


SMALL = parquet(pa.table({"id": [1, 2, 3]}))
WIDE = parquet(pa.table({f"a_rather_long_column_name_{n}": [n] for n in range(900)}))


class CountingStore(Store):
    """A store that counts what is asked of it."""

    calls: int = 0

    def _call(self, operation: str, path: str, action: Any) -> Any:
        self.calls += 1
        return super()._call(operation, path, action)


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    store = CountingStore(Store.open(str(tmp_path)).location)
    store.put("small.parquet", SMALL)
    store.put("wide.parquet", WIDE)
    store.calls = 0
    return store


def test_a_footer_tells_rows_and_columns_in_one_request(store: CountingStore) -> None:
    """R14"""
    footer = read_footer(store, "small.parquet", len(SMALL))

    assert footer.rows == 3
    assert footer.schema.names == ["id"]
    assert (footer.info.path, footer.info.size) == ("small.parquet", len(SMALL))
    assert store.calls == 1


def test_a_footer_longer_than_the_first_request_takes_a_second_one(store: CountingStore) -> None:
    """R14"""
    assert int.from_bytes(WIDE[-8:-4], "little") > TAIL

    footer = read_footer(store, "wide.parquet", len(WIDE))

    assert len(footer.schema.names) == 900
    assert store.calls == 2


def test_a_tail_at_hand_needs_no_request(store: CountingStore) -> None:
    """R14"""
    tail = store.get_tail("small.parquet", len(SMALL), TAIL)
    store.calls = 0

    assert read_footer(store, "small.parquet", len(SMALL), tail).rows == 3
    assert store.calls == 0


def test_a_file_without_rows_has_columns(store: CountingStore) -> None:
    """R14: the schema is in the footer."""
    empty = parquet(pa.table({"id": pa.array([], pa.int64()), "name": pa.array([], pa.string())}))
    store.put("empty.parquet", empty)

    footer = read_footer(store, "empty.parquet", len(empty))

    assert footer.rows == 0
    assert footer.schema.names == ["id", "name"]


def test_a_file_of_another_size_than_listed_is_read_as_it_is(store: CountingStore) -> None:
    """R32: the caller compares the sizes."""
    for listed in (20, len(SMALL) - 1, len(SMALL) + 1, 10 * TAIL):
        footer = read_footer(store, "small.parquet", listed)
        assert (footer.rows, footer.info.size) == (3, len(SMALL))


BAD = {
    "cut off at the end": SMALL[:-1],
    "cut off in the footer": SMALL[:-20],
    "cut off in the data": SMALL[:20],
    "nothing but magic": b"PAR1PAR1",
    "magic and a length": b"PAR1\x00\x00\x00\x00PAR1",
    "one byte": b"x",
    "text": b"id,name\n1,x\n" * 100,
    "an encrypted footer": SMALL[:-4] + b"PARE",
    "a footer longer than the file": SMALL[:-8] + (10**6).to_bytes(4, "little") + b"PAR1",
    "a footer of all ones": SMALL[:-8] + b"\xff\xff\xff\xffPAR1",
    "a footer of nothing": SMALL[:-8] + b"\x00\x00\x00\x00PAR1",
    "a footer that begins too late": SMALL[:-8] + (9).to_bytes(4, "little") + b"PAR1",
    "zeros for a footer": b"PAR1" + bytes(100) + (100).to_bytes(4, "little") + b"PAR1",
    "a wide one cut off in its footer": WIDE[: -TAIL - 500] + WIDE[-TAIL:],
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_readable_parquet_file_is_said_to_be_none(
    store: CountingStore, what: str
) -> None:
    """R15"""
    store.put("bad.parquet", BAD[what])

    with pytest.raises(SourceError) as caught:
        read_footer(store, "bad.parquet", len(BAD[what]))

    assert caught.value.code == "BAD_FILE"
    assert store.location.join("bad.parquet").url in caught.value.message
    assert "\n" not in caught.value.message
    assert ".." not in caught.value.message


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_footer_is_read_or_refused_but_never_a_surprise(data: st.DataObject) -> None:
    """R15: a table fails for one file, with a code."""
    store, damaged = Store.open("/nowhere"), bytearray(SMALL)
    footer = int.from_bytes(SMALL[-8:-4], "little")
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[-9 - data.draw(st.integers(0, footer - 1))] = data.draw(st.integers(0, 255))
    tail = Tail(bytes(damaged), ObjectInfo("x", len(damaged), None, store_time()))

    with contextlib.suppress(SourceError, SchemaConflict):
        schema_of_file(read_footer(store, "x", len(damaged), tail).schema)


def store_time() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 1, 1, tzinfo=UTC)


def test_a_file_that_vanished_is_not_called_bad(store: CountingStore) -> None:
    """R15"""
    with pytest.raises(NotFound):
        read_footer(store, "gone.parquet", 1000)


def test_the_reason_stands_in_the_sentence() -> None:
    error = bad_file("/cda/a.parquet", "Thrift says no.\nDump")

    assert error.message == "/cda/a.parquet is not a readable parquet file: Thrift says no."


def test_a_bad_copy_is_blamed_on_the_file_it_is_a_copy_of(store: CountingStore) -> None:
    """R15"""
    store.put("copy.parquet", SMALL[:-1])

    with pytest.raises(SourceError, match=r"s3://gw/cc_claim/a\.parquet"):
        read_footer(store, "copy.parquet", len(SMALL) - 1, origin="s3://gw/cc_claim/a.parquet")


@pytest.mark.parametrize("written", [0, 17, 2**40])
def test_batch_metrics_promise_rows(store: CountingStore, written: int) -> None:
    """R57"""
    store.put("metrics.json", json.dumps({"numRecordsWritten": written, "x": 1}).encode())

    assert promised_rows(store, "metrics.json") == written


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"{}",
        b"[]",
        b"null",
        b'{"numRecordsWritten": null}',
        b'{"numRecordsWritten": "many"}',
        b'{"numRecordsWritten": 1e999}',
        b'{"numRecordsWritten": {}}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_batch_metrics_that_cannot_be_read_promise_nothing(
    store: CountingStore, document: bytes
) -> None:
    """R43, R57: they never stop a table."""
    store.put("metrics.json", document)

    assert promised_rows(store, "metrics.json") is None


def test_missing_batch_metrics_promise_nothing(store: CountingStore) -> None:
    """R43"""
    assert promised_rows(store, "metrics.json") is None


def test_batch_metrics_nobody_may_read_promise_nothing(tmp_path: Path) -> None:
    """R43: the data files may still be readable."""

    class Refusing(Store):
        def _get(self, path: str) -> Any:
            raise PermissionError(13, "Permission denied", path)

    assert promised_rows(Refusing(Store.open(str(tmp_path)).location), "metrics.json") is None
