"""A budget of bytes lets in what fits, and nobody waits for ever."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cdalake.storage.budget import Budget


def test_what_fits_goes_in_together_and_the_rest_waits() -> None:
    budget, order = Budget(10), []
    inside, leave = threading.Barrier(3), threading.Event()

    def hold(need: int) -> None:
        with budget.hold(need):
            inside.wait(30)
            leave.wait(30)
            order.append(need)

    def wait_for(need: int) -> None:
        with budget.hold(need):
            order.append(need)

    with ThreadPoolExecutor(3) as pool:
        held = [pool.submit(hold, 5), pool.submit(hold, 5)]
        inside.wait(30)
        waiting = pool.submit(wait_for, 1)
        assert order == []
        leave.set()
        for future in (*held, waiting):
            future.result(30)

    # It may go in between the two that leave, but never before one of them has left.
    assert (order[0], sorted(order)) == (5, [1, 5, 5])


def test_a_need_above_the_limit_is_let_through_alone() -> None:
    budget = Budget(10)

    with budget.hold(1000):
        pass
    with budget.hold(10):
        pass


def test_an_error_gives_the_bytes_back() -> None:
    budget = Budget(10)

    with pytest.raises(ValueError, match="lost"), budget.hold(10):
        raise ValueError("lost")

    with budget.hold(10):
        pass


def test_many_threads_never_hold_more_than_the_limit() -> None:
    budget, lock = Budget(7), threading.Lock()
    held, most = 0, 0

    def use(need: int) -> None:
        nonlocal held, most
        with budget.hold(need):
            with lock:
                held += need
                most = max(most, held)
            with lock:
                held -= need

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, [1, 2, 3, 7, 5, 4] * 50))

    assert (held, most <= 7) == (0, True)
