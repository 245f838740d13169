from __future__ import annotations

from cdalake.storage.inline import KEPT, InlineKeys, KeyRing


def keys(name: str) -> InlineKeys:
    return InlineKeys.of(name, "secret", None)


def test_a_run_never_gets_the_keys_of_another_one_that_drew_its_id() -> None:
    ring = KeyRing()
    assert ring.put("a", keys("ONE"))
    assert not ring.put("a", keys("TWO"))
    assert ring.get("a") == keys("ONE")


def test_keys_of_a_run_that_came_to_nothing_are_forgotten() -> None:
    ring = KeyRing()
    ring.put("a", keys("ONE"))
    ring.drop("a")
    ring.drop("a")
    assert ring.get("a") is None


def test_only_the_newest_runs_keys_are_remembered() -> None:
    ring = KeyRing()
    for number in range(KEPT + 1):
        ring.put(str(number), keys("ONE"))
    assert ring.get("0") is None
    assert ring.get(str(KEPT)) == keys("ONE")
