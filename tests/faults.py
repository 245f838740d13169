"""Faults at storage calls, and the truth that must hold after them.

Every storage call of a run passes through `Store._call`. `Faults` numbers the calls of all stores
it opens and lets a script carry each one out: end the process, lose the answer, let a rival in.

    faults = Faults(LostAnswer("put_new"))
    run(spec, sink, is_cancelled, open_store=faults.open)

As a program this file is the `Graveyard`'s: a process without threads that forks one that dies for
each line it reads.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from cdalake.engine.progress import Event, RunResult
from cdalake.engine.spec import RunSpec
from cdalake.engine.sync import run
from cdalake.errors import StoreUnavailable
from cdalake.samples import Export
from cdalake.settings import AMBIENT, AccessRef
from cdalake.storage import Location, Store, parse_location

DIED = 77
"""Exit code of a process that ended at the call it was meant to."""

THREADLESS = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "_RJEM_MALLOC_CONF": "background_thread:false",
}
"""The memory allocators of Arrow and delta-rs start threads, which a fork would lack."""

Action = Callable[[], Any]


class Call(NamedTuple):
    """The `number`-th storage call of a run, from 1 on."""

    number: int
    operation: str
    path: str


Script = Callable[["FaultStore", Call, Action], Any]
"""Carries one call out: calls `action`, or does not, or does so and more."""


class Faults:
    """Opens stores whose calls go through `script`, all numbered together."""

    def __init__(
        self, script: Script | None = None, locate: Callable[[str], Location] = parse_location
    ) -> None:
        self.calls: list[Call] = []
        self._script = script
        self._locate = locate
        self._lock = threading.Lock()

    def open(self, url: str, _: AccessRef = AMBIENT) -> FaultStore:
        """What `sync.run` takes as `open_store`."""
        return FaultStore(self._locate(url), self)

    def carry_out(self, store: FaultStore, operation: str, path: str, action: Action) -> Any:
        with self._lock:
            call = Call(len(self.calls) + 1, operation, path)
            self.calls.append(call)
        return self._script(store, call, action) if self._script else action()


class FaultStore(Store):
    """A store that asks `Faults` how each of its calls goes."""

    def __init__(self, location: Location, faults: Faults) -> None:
        super().__init__(location)
        self._faults = faults

    def _call(self, operation: str, path: str, action: Action) -> Any:
        def fateful() -> Any:
            return self._faults.carry_out(self, operation, path, action)

        return super()._call(operation, path, fateful)


@dataclass(frozen=True)
class Death:
    """Ends the process at one call.

    Attributes:
        moment: ``before`` or ``after`` the call; ``midway``: inside of it, for what a folder's
            store does in several steps (`LEAVES_HALF`).
        last_words: where to write which call it was.
    """

    number: int
    moment: str
    last_words: int

    def __call__(self, store: FaultStore, call: Call, action: Action) -> Any:
        if call.number != self.number:
            return action()
        os.write(self.last_words, json.dumps(call[1:]).encode())
        try:
            if self.moment == "after":
                action()
            elif self.moment == "midway":
                LEAVES_HALF[call.operation](store, call, action)
        except AssertionError:
            os._exit(1)
        finally:
            os._exit(DIED)


def _half_copied(store: FaultStore, call: Call, action: Action) -> None:
    """A file is there without content, or with all of it and without its name, by turns."""
    step = ("fcntl.ioctl", "os.link")[call.number % 2]
    sys.addaudithook(lambda event, _: os._exit(DIED) if event == step else None)
    action()
    raise AssertionError(f"a copy no longer comes through {step}")


def _half_staged(store: FaultStore, call: Call, action: Action) -> None:
    """object_store writes ``path#1`` and gives it its name when it is whole."""
    staged = store.local_path(f"{call.path}#1")
    staged.parent.mkdir(parents=True, exist_ok=True)
    staged.write_bytes(b'{"commitInfo":{"timesta')


def _unannounced_checkpoint(store: FaultStore, call: Call, action: Action) -> None:
    """The checkpoint is there; ``_last_checkpoint`` does not tell of it."""
    action()
    store.local_path(f"{call.path}/_delta_log/_last_checkpoint").unlink()


LEAVES_HALF: dict[str, Callable[[FaultStore, Call, Action], None]] = {
    "copy": _half_copied,
    "put_new": _half_staged,
    "put_if": _half_staged,
    "checkpoint": _unannounced_checkpoint,
}


@dataclass(frozen=True)
class LostAnswer:
    """Carries every `operation` out and says that the store could not be reached."""

    operation: str
    below: str = ""

    def __call__(self, _: FaultStore, call: Call, action: Action) -> Any:
        answer = action()
        if call.operation == self.operation and self.below in call.path:
            raise StoreUnavailable("STORE_UNAVAILABLE", "The answer was lost.", "Try again.")
        return answer


@dataclass(frozen=True)
class SentTwice:
    """Carries every `operation` out twice, as an HTTP client does that lost the first answer."""

    operation: str

    def __call__(self, _: FaultStore, call: Call, action: Action) -> Any:
        if call.operation == self.operation:
            action()
        return action()


@dataclass(frozen=True)
class Rival:
    """Lets somebody else's whole work happen just before call number `number`."""

    number: int
    work: Callable[[], RunResult]
    results: list[RunResult] = field(default_factory=list)

    def __call__(self, _: FaultStore, call: Call, action: Action) -> Any:
        if call.number == self.number:
            self.results.append(self.work())
        return action()


@dataclass(frozen=True)
class Meeting:
    """Every party waits for the others before its first write of a table's first `commits`."""

    barrier: threading.Barrier
    commits: int = 1
    _seen: Counter[str] = field(default_factory=Counter)

    def __call__(self, _: FaultStore, call: Call, action: Action) -> Any:
        table, _, rest = call.path.partition("/")
        if call.operation == "put_new" and rest.startswith("_delta_log/"):
            self._seen[table] += 1
            if self._seen[table] <= self.commits:
                self.barrier.wait(30)
        return action()


class Silence:
    """A sink for nobody."""

    def emit(self, event: Event) -> None:
        """Drop the event."""


def quiet_sync(
    source: str,
    target: str,
    script: Script | None = None,
    locate: Callable[[str], Location] = parse_location,
    **options: Any,
) -> tuple[RunResult, list[Call]]:
    """Sync one call after the other, always in the same order; how it ended, and its calls."""
    faults = Faults(script, locate)
    spec = RunSpec(uuid.uuid4().hex[:8], "test", source, target, workers=1, **options)
    result = run(spec, Silence(), lambda: False, faults.open, requests_in_flight=1)
    return result, faults.calls


class Corpse(NamedTuple):
    """How a process ended, and the operation and path of its last call."""

    code: int
    last_call: list[str]


class Graveyard:
    """A process without threads, so that it can fork: each fork syncs and dies where it is told.

    A fork costs a few milliseconds where a new interpreter costs half a second.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Graveyard]:
        """Start the process; it ends with the block."""
        # Coverage would write a file for each death.
        env = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")} | THREADLESS
        pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen([sys.executable, __file__], env=env, **pipes) as process:
            yield cls(process)
            process.stdin.close()

    def bury(self, source: str, target: str, number: int, moment: str, **options: Any) -> Corpse:
        """Sync in a process of its own that ends at call `number`."""
        order = {"source": source, "target": target, "number": number, "moment": moment}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({**order, "options": options}) + "\n")
        self._process.stdin.flush()
        return Corpse(*json.loads(self._process.stdout.readline()))


def _dig() -> None:
    """The program of the `Graveyard`."""
    import deltalake  # noqa: F401 - so that no fork has to
    import pyarrow.parquet  # noqa: F401

    for line in sys.stdin:
        if sys.platform == "linux":
            assert len(list(Path("/proc/self/task").iterdir())) == 1, "a fork would lack threads"
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            _die(json.loads(line), said)
        os.close(said)
        _, status = os.waitpid(child, 0)
        with os.fdopen(heard) as pipe:
            words = pipe.read()
        last_call = json.loads(words) if words else []
        print(json.dumps([os.waitstatus_to_exitcode(status), last_call]), flush=True)  # noqa: T201


def _die(order: dict[str, Any], last_words: int) -> None:
    try:
        death = Death(order["number"], order["moment"], last_words)
        quiet_sync(order["source"], order["target"], death, **order["options"])
    finally:
        os._exit(1)


class Program:
    """`cdalake sync` as a process of its own."""

    def __init__(self, source: str, target: str, home: Path, *options: str) -> None:
        command = [sys.executable, "-m", "cdalake", "sync", source, target, "--json", *options]
        self._process = subprocess.Popen(
            command,
            env=os.environ | {"CDALAKE_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> dict[str, Any]:
        """Wait for it to end well; its result."""
        said, complained = self._process.communicate(timeout=120)
        assert self._process.returncode == 0, complained + said[-2000:]
        result: dict[str, Any] = json.loads(said.splitlines()[-1])
        return result

    def kill_after(self, seconds: float) -> bool:
        """Kill it then; False when it was done before and had ended well."""
        try:
            _, complained = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            return True
        assert self._process.returncode == 0, complained
        return False


class Killings(NamedTuple):
    """What became of programs that were to be killed; `midway` are those that had written."""

    killed: int
    midway: int
    finished: int


def kill_at_random(
    source: str, target: str, home: Path, grow: Callable[[], object], rounds: int, seed: int
) -> Killings:
    """Start the program again and again and kill it at random moments; `grow` comes between.

    A moment is a share of the time that the program last needed. The first third of it goes by
    before the program does anything; it is left out.
    """
    dice = random.Random(seed)
    began = time.monotonic()
    Program(source, f"{target}-whole", home).end()
    whole = time.monotonic() - began
    killed = midway = 0
    for number in range(rounds):
        options = ["--commit-per-folder"] if dice.random() < 0.7 else []
        objects = len(Store.open(target).list())
        began = time.monotonic()
        program = Program(source, target, home, *options)
        if program.kill_after(whole * dice.uniform(0.33, 1)):
            killed += 1
            midway += len(Store.open(target).list()) > objects
        else:
            whole = time.monotonic() - began
        if number % 2:
            grow()
    return Killings(killed, midway, rounds - killed)


class Told(NamedTuple):
    """What a table's log tells, read without a line of the engine.

    Attributes:
        adds: (version, path) of every ``add`` action there ever was.
        stats: the statistics' text by active path.
        sizes: bytes by active path.
        cursors: ``txn`` application id → version.
        infos: ``commitInfo`` by version.
    """

    adds: list[tuple[int, str]]
    stats: dict[str, str]
    sizes: dict[str, int]
    cursors: dict[str, int]
    infos: dict[int, dict[str, Any]]


def told(target: Store, table: str) -> Told:
    """Replay a log whose commit files are all there and remove nothing."""
    log = Told([], {}, {}, {}, {})
    for info in target.list(f"{table}/_delta_log"):
        name = info.path.rpartition("/")[2]
        if name.endswith(".json") and name[:-5].isdigit():
            _replay(log, int(name[:-5]), target.get(info.path))
    return log


def _replay(log: Told, version: int, data: bytes) -> None:
    for line in data.splitlines():
        (kind, body), *_ = json.loads(line).items()
        if kind == "add":
            path = unquote(body["path"])
            log.adds.append((version, path))
            log.stats[path], log.sizes[path] = body["stats"], body["size"]
        elif kind == "txn":
            log.cursors[body["appId"]] = body["version"]
        elif kind == "commitInfo":
            log.infos[version] = body
        else:
            assert kind in {"protocol", "metaData"}, kind


def multiset(rows: Iterable[Mapping[str, Any]]) -> Counter[Any]:
    """Rows to be compared without regard to their order or that of their columns."""
    return Counter(tuple(sorted(row.items(), key=lambda cell: cell[0])) for row in rows)


def read_by_delta_rs(target: Store, table: str) -> list[dict[str, Any]]:
    """The rows of a table as delta-rs sees them."""
    from deltalake import DeltaTable

    url = target.location.join(table).url
    loaded = DeltaTable(url, storage_options=target.delta_options())
    rows: list[dict[str, Any]] = loaded.to_pyarrow_table().to_pylist()
    return rows


@dataclass(frozen=True)
class Truth:
    """What the tables must hold, worked out from the generator alone.

    Attributes:
        paths: of every file, relative to its table, by table.
        rows: every row, by table.
    """

    paths: dict[str, list[str]]
    rows: dict[str, Counter[Any]]

    @classmethod
    def of(cls, export: Export) -> Truth:
        """The truth of the committed part of an export."""
        tables = export.tables
        paths = {t: [f.path.removeprefix(f"{t}/") for f in export.files(t)] for t in tables}
        return cls(paths, {t: multiset(export.rows(t)) for t in tables})

    def check(self, target: Store) -> None:
        """The tables hold every file and every row once, and nothing else."""
        there = {info.path: info.size for info in target.list()}
        for table, rows in self.rows.items():
            log = told(target, table)
            assert_log_adds_once(log, self.paths[table])
            for path, size in log.sizes.items():
                assert there.get(f"{table}/{path}") == size, f"{table}/{path}"
            assert difference(rows, multiset(read_by_delta_rs(target, table))) == {}, table


def difference(wanted: Counter[Any], found: Counter[Any]) -> dict[Any, int]:
    """Rows that are missing (below zero) or too many."""
    return {row: found[row] - wanted[row] for row in wanted | found if found[row] != wanted[row]}


def assert_log_adds_once(log: Told, wanted: Iterable[str]) -> None:
    """No path twice, none missing, none too many; each folder in one commit; sums that agree."""
    paths = Counter(path for _, path in log.adds)
    assert [path for path, times in paths.items() if times > 1] == []
    assert sorted(paths) == sorted(wanted)
    commits_of: dict[str, set[int]] = {}
    for version, path in log.adds:
        commits_of.setdefault(path.rpartition("/")[0], set()).add(version)
    assert {folder: found for folder, found in commits_of.items() if len(found) > 1} == {}
    total = sum(json.loads(stats)["numRecords"] for stats in log.stats.values())
    newest = max(log.infos)
    assert log.infos[newest]["total_rows"] == sum(i["rows"] for i in log.infos.values()) == total
    assert sorted(log.infos) == list(range(newest + 1))


if __name__ == "__main__":
    _dig()
