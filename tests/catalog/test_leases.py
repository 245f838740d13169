from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from cdalake.catalog.database import Database
from cdalake.catalog.leases import Holder, Leases
from cdalake.engine.process import process_start

ELSEWHERE = replace(Holder.this(), host="another.machine")


def server(database: Database, holder: Holder | None = None, lasting_s: float = 12) -> Leases:
    return Leases(database, holder or Holder.this(), lasting_s)


def test_what_one_holds_another_does_not_get(database: Database) -> None:
    one, other = server(database), server(database)
    assert one.hold(["a", "b"]) == {"a", "b"}
    assert other.hold(["b", "c"]) == {"c"}
    assert one.hold(["a", "b", "c"]) == {"a", "b"}


def test_of_many_that_ask_at_once_one_gets_it(database: Database) -> None:
    servers = [server(database) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda one: one.hold(["a"]), servers))
    assert sorted(map(len, got)) == [0] * 7 + [1]


def test_what_is_given_back_is_free_at_once(database: Database) -> None:
    one, other = server(database), server(database)
    one.hold(["a", "b"])
    one.release(["a"])
    assert other.hold(["a", "b"]) == {"a"}
    one.release()
    assert other.hold(["a", "b"]) == {"a", "b"}
    assert not one.has("a")


def test_a_lease_that_is_not_renewed_goes_to_another_machine(database: Database) -> None:
    one = server(database, ELSEWHERE, lasting_s=0)
    one.hold(["a"])
    assert not one.has("a")
    assert server(database).hold(["a"]) == {"a"}
    assert one.hold(["a"]) == frozenset()


def test_a_holder_renews_in_time_and_keeps_what_it_has(database: Database) -> None:
    one = server(database, ELSEWHERE, lasting_s=3600)
    one.hold(["a"])
    # As if nearly the whole of it had gone by.
    one._until["a"] -= 3590
    assert one.hold(["a"]) == {"a"}
    assert server(database).hold(["a"]) == frozenset()


def test_a_server_that_died_on_this_machine_is_followed_at_once(database: Database) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    dead = replace(Holder.this(), pid=child.pid, started=process_start(child.pid))
    one = server(database, dead)
    assert one.share(["a"]) == {"a"}
    assert server(database).hold(["a"]) == frozenset()
    child.communicate(b"\n")
    other = server(database)
    assert other.share(["a"]) == {"a"}
    assert other.servers() == [str(other.me)]


def test_everybody_sees_who_holds_what_until_when(database: Database) -> None:
    one, other = server(database), server(database, ELSEWHERE, lasting_s=3600)
    one.hold(["run/1"])
    other.hold(["run/2", "retention"])
    server(database, replace(ELSEWHERE, pid=1), lasting_s=0).hold(["run/gone"])
    held = one.held()
    assert held == other.held()
    assert [(each.subject, each.holder) for each in held] == [
        ("retention", ELSEWHERE),
        ("run/1", one.me),
        ("run/2", ELSEWHERE),
    ]
    assert held[1].until < held[2].until
    assert [each.subject for each in one.held("run/")] == ["run/1", "run/2"]


def test_servers_share_what_there_is_to_do(database: Database) -> None:
    work = ["a", "b", "c", "d", "e"]
    one, other = server(database), server(database)
    assert one.share(work) == set(work)
    assert other.share(work) == frozenset()
    kept = one.share(work)
    assert len(kept) == 3
    assert other.share(work) == set(work) - kept
    assert one.share(work) == kept
    other.release()
    assert one.share(work) == set(work)
