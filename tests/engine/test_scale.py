"""product.md §10, R8, R11, R55: cost grows with what is new. A tenth of `make bench ARGS=scale`.

Every number of requests here is exact, counted over HTTP by the server.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from math import ceil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.counting import Server
from benchmarks.memory import Watch
from cdalake.engine.write import checkpoint_every
from conftest import Lake, result_of
from day import Day
from histories.foreign import ByHand

T0 = 1_680_000_000_000
MINUTE = 60_000
LOOK = 2
"""A table's memory, and its log from our newest version on."""


def counted(counting: Server, action: Callable[[], object]) -> Counter[str]:
    counting.reset()
    action()
    return Counter(counting.counts())


def total(counts: Counter[str]) -> int:
    return sum(counts.values())


def entry(table: str, time: int, *fingerprints: str) -> dict[str, object]:
    return {
        "lastSuccessfulWriteTimestamp": str(time),
        "totalProcessedRecordsCount": 1,
        "dataFilesPath": table,
        "schemaHistory": {name: str(T0) for name in fingerprints},
    }


def test_a_hundred_tables(counted_lake: Lake, counting: Server) -> None:
    names = [f"cc_table{number}" for number in range(100)]
    counted_lake.deliver(f"t/aa/{T0}", {"id": [1]})
    for name in names:
        counting.fill(
            counted_lake.source_url, f"t/aa/{T0}/part-00000.parquet", f"{name}/aa/{{}}/p.parquet",
            first=T0, count=1,
        )  # fmt: skip
    manifest = {name: entry(name, T0, "aa") for name in names}
    counted_lake.write_manifest(manifest)

    first = counted(counting, lambda: counted_lake.sync(rest_seconds=3600))
    # Per table: no memory, no log, one listing, one file in and out, one commit, the memory.
    # Once: the manifest, which tables the target remembers, who is at rest.
    assert total(first) == 100 * 7 + 4
    looked = counted(counting, lambda: counted_lake.sync(rest_seconds=0))
    assert looked == Counter({"GET:other": 1 + 100, "LIST": 100})
    rested = counted(counting, lambda: counted_lake.sync(rest_seconds=3600))
    assert total(rested) <= 5

    counted_lake.deliver(f"{names[7]}/aa/{T0 + 1}", {"id": [2]})
    counted_lake.write_manifest(manifest | {names[7]: entry(names[7], T0 + 1, "aa")})
    changed = counted(counting, lambda: counted_lake.sync(rest_seconds=3600))
    # Whatever the other 99 are: look, list, bring, commit, remember; and who is at rest.
    assert total(changed) - total(rested) == LOOK + 1 + 2 + 1 + 1 + 1


def test_a_table_with_five_thousand_folders(counted_lake: Lake, counting: Server) -> None:
    """R11, R12, R22: a page per thousand keys, a commit per 500 folders, nothing per folder."""
    lake, url = counted_lake, counted_lake.source_url
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    part = f"t/aa/{T0}/part-00000.parquet"
    lake.source.put(f"t/aa/{T0}/_SUCCESS", b"")
    counting.fill(url, f"t/aa/{T0}/_SUCCESS", "t/aa/{}/_SUCCESS", T0, 5000, MINUTE)
    counting.fill(url, part, "t/aa/{}/part-00000.parquet", T0, 250, 20 * MINUTE)
    newest = T0 + 4999 * MINUTE
    lake.announce("t", newest, "aa")

    first = counted(counting, lake.sync)
    assert lake.table("t").rows == 250
    pages = ceil(5250 / 1000)
    assert first["LIST"] == pages + 2  # of the log, of what the target remembers
    assert first["GET:parquet"] == 250
    assert first["PUT-COND"] == 250 + 10 + 1  # files, commits, memory

    lake.deliver(f"t/aa/{newest + MINUTE}", {"id": [2]})
    lake.announce("t", newest + MINUTE, "aa")
    one_more = counted(counting, lake.sync)
    assert total(one_more) == 1 + LOOK + 1 + 2 + 1 + 1

    lake.target.delete("_cdalake/t.json")
    forgotten = counted(counting, lake.sync)
    # The log is read once more, and no page of the export below the look-back.
    assert forgotten["LIST"] == 2
    assert total(forgotten) <= 20


def test_thirty_fingerprints_that_interleave(counted_lake: Lake, counting: Server) -> None:
    lake = counted_lake
    names = [f"{number:032x}" for number in range(30)]
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    for number, name in enumerate(names):
        lake.source.put(f"t/{name}/{T0}/p.parquet", parquet({"id": [1], f"c{number}": [1]}))
        counting.fill(
            lake.source_url, f"t/{name}/{T0}/p.parquet", f"t/{name}/{{}}/p.parquet",
            first=T0 + number, count=4, step=MINUTE,
        )  # fmt: skip
    lake.announce("t", T0 + 10 * MINUTE, *names)
    lake.sync()
    assert len(lake.table("t").files) == lake.table("t").rows == 30 * 5 - 1

    now = T0 + 20 * MINUTE
    for name in names[:2]:
        lake.source.put(f"t/{name}/{now}/p.parquet", parquet({"id": [2]}))
    lake.announce("t", now, *names)
    counts = counted(counting, lake.sync)

    assert lake.table("t").rows == 30 * 5 + 1
    # 6 + F, and a copy of each of the two files.
    assert total(counts) - 1 <= 6 + 30 + 2


def parquet(columns: dict[str, list[int]]) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_a_manifest_of_half_a_megabyte(counted_lake: Lake, counting: Server) -> None:
    lake = counted_lake
    names = [f"{number:032x}" for number in range(20)]
    manifest = {f"cc_{number}": entry(f"cc_{number}", T0, *names) for number in range(450)}
    lake.write_manifest(manifest | {"t": entry("t", T0, "aa")})
    assert len(lake.source.get("manifest.json")) > 500_000
    lake.deliver(f"t/aa/{T0}", {"id": [1]})

    counts = counted(counting, lambda: lake.sync(include=("t",)))

    assert total(counts) == 2 + 7
    assert lake.table("t").rows == 1


def test_a_table_whose_history_is_long(counted_lake: Lake, counting: Server) -> None:
    """R55: the same requests at 40 commits and at 540, and few of them without the memory."""
    lake = counted_lake
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    part = f"t/aa/{T0}/part-00000.parquet"

    def go_on(last: int) -> int:
        counting.fill(lake.source_url, part, "t/aa/{}/part-00000.parquet", T0, last, MINUTE)
        lake.announce("t", T0 + (last - 1) * MINUTE, "aa", totalProcessedRecordsCount=last)
        return total(counted(counting, lambda: lake.sync(commit_per_folder=True)))

    go_on(40)
    nothing = total(counted(counting, lake.sync))
    one_more = go_on(41)
    go_on(140)
    ByHand().alter(lake.target, "t")
    log = "t/_delta_log/00000000000000000"
    counting.fill(lake.target_url, f"{log}140.json", f"{log}{{}}.json", 141, 399)
    go_on(141)
    assert lake.table("t").version == 540

    assert total(counted(counting, lake.sync)) == nothing
    assert go_on(142) == one_more
    assert lake.table("t").rows == 142


@pytest.mark.parametrize(
    ("files", "every"), [(0, 50), (9_999, 50), (10_000, 100), (20_000, 200), (1_000_000, 6400)]
)
def test_r55_larger_tables_get_checkpoints_less_often(files: int, every: int) -> None:
    assert checkpoint_every(files) == every


def test_without_its_memory_a_log_is_read_from_the_newest_checkpoint(
    counted_lake: Lake, counting: Server
) -> None:
    lake = counted_lake
    lake.deliver(f"t/aa/{T0}", {"id": [1]})
    part = f"t/aa/{T0}/part-00000.parquet"
    counting.fill(lake.source_url, part, "t/aa/{}/part-00000.parquet", T0, 120, MINUTE)
    lake.announce("t", T0 + 119 * MINUTE, "aa")
    lake.sync(commit_per_folder=True)
    lake.target.delete("_cdalake/t.json")

    counts = counted(counting, lake.sync)

    assert counts["GET:log"] <= 2 + 120 - 100
    assert result_of(lake.sync(), "t").version == 119


def test_a_large_file_passes_through_a_bounded_memory(
    counted_lake: Lake, counting: Server, tmp_path: Path
) -> None:
    """From bucket to bucket; the peak is of the whole process."""
    lake = counted_lake
    lake.deliver(f"small/aa/{T0}", {"id": [1]})
    size = 64 << 20
    blobs = [bytes(1 << 20)] * (size >> 20)
    table = pa.table({"id": list(range(len(blobs))), "blob": pa.array(blobs, pa.binary())})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="none", use_dictionary=False)
    lake.source.put(f"large/aa/{T0}/part-00000.parquet", buffer.getvalue())
    lake.write_manifest({name: entry(name, T0, "aa") for name in ("small", "large")})

    small = peak_of_sync(lake, tmp_path, "small")
    large = peak_of_sync(lake, tmp_path, "large")

    assert lake.table("large").size_bytes > size
    assert large - small < size * 2 // 3


def peak_of_sync(lake: Lake, home: Path, table: str) -> int:
    """Most bytes of memory that `cdalake sync` had at once."""
    command = [sys.executable, "-m", "cdalake", "sync", lake.source_url, lake.target_url]
    environment = os.environ | {"CDALAKE_HOME": str(home)}
    with subprocess.Popen(
        [*command, "--table", table, "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        watch = Watch(process.pid)
        said, _ = process.communicate()
    assert json.loads(said.splitlines()[-1])["status"] == "completed", said[-1000:]
    return watch.end()


def test_a_twentieth_of_a_day_of_two_syncs_a_minute(
    counted_lake: Lake, counting: Server, tmp_path: Path
) -> None:
    """144 cycles, 3 of them by the command line; `make soak` has the whole day."""
    day = Day(counted_lake, counting, tmp_path / "home", 144, tables=("cc_claim",))

    cycles = day.live()

    assert day.rows() == {144}
    assert {cycle.requests for cycle in cycles[5:15]} == {cycle.requests for cycle in cycles[-10:]}
    most = [cycle.requests for cycle in cycles if cycle.requests > cycles[5].requests]
    assert len(most) <= 144 // 50 + 1  # those that wrote a checkpoint
