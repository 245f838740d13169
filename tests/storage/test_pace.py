"""How many requests a store is given at once, as arithmetic and as a gate."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from obstore.exceptions import GenericError, PermissionDeniedError

from cdalake.storage.pace import FORGETS_AFTER_S, Gate, Gates, Pace, Slowed
from cdalake.storage.patience import Cause, GaveUp, Patience

STATUS = "Generic S3 error: Server returned non-2xx status code: {}"
NO_TIME = Patience(first_pause=0.0, silence=300.0)


def answer(status: int) -> GenericError:
    return GenericError(STATUS.format(status))


@given(
    ceiling=st.integers(1, 200),
    answers=st.lists(st.tuples(st.booleans(), st.integers(1, 200)), max_size=200),
)
def test_the_pace_stays_between_one_and_its_ceiling_and_moves_only_as_told(
    ceiling: int, answers: list[tuple[bool, int]]
) -> None:
    """R52"""
    pace = Pace.of(ceiling)
    for number, (is_good, wished) in enumerate(answers, start=1):
        in_flight, before = min(wished, pace.at_once), pace
        pace = pace.eased(in_flight) if is_good else pace.slowed(number, number, in_flight)
        assert 1 <= pace.at_once <= ceiling
        assert (pace.width >= before.width) if is_good else (pace.width <= before.width)
        assert pace.at_once <= before.at_once + 1


@given(ceiling=st.integers(2, 200), failed=st.integers(1, 200))
def test_requests_that_fail_together_slow_a_store_down_once(ceiling: int, failed: int) -> None:
    pace = Pace.of(ceiling)
    for number in range(1, failed + 1):
        pace = pace.slowed(number, failed, ceiling)
    assert pace.at_once == max(1, ceiling // 2)


@given(ceiling=st.integers(1, 100))
def test_a_slowed_store_gets_back_what_it_bears_in_as_many_rounds(ceiling: int) -> None:
    pace, rounds = Pace.of(ceiling).slowed(1, 1, 1), 0
    while pace.at_once < ceiling:
        for _ in range(pace.at_once):
            pace = pace.eased(pace.at_once)
        rounds += 1
    assert rounds <= 2 * ceiling


@given(ceiling=st.integers(2, 100), in_flight=st.integers(1, 100))
def test_a_pace_that_nobody_makes_use_of_does_not_grow(ceiling: int, in_flight: int) -> None:
    pace = Pace.of(ceiling).slowed(1, 1, ceiling)
    assert pace.eased(in_flight) == pace or in_flight >= pace.at_once


def test_good_answers_leave_a_store_at_its_ceiling_alone() -> None:
    pace = Pace.of(64)
    assert pace.eased(64) is pace


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def gate(clock: Clock, patience: Patience = NO_TIME, ceiling: int = 8) -> Gate:
    return Gate("s3://bucket", patience, ceiling, clock, clock.sleep)


def failing(*errors: Exception) -> Callable[[], str]:
    """A request that fails so often, then succeeds."""
    waiting = list(errors)

    def request() -> str:
        if waiting:
            raise waiting.pop(0)
        return "done"

    return request


def fail_for_ever(gate: Gate, error: Exception) -> GaveUp:
    def request() -> None:
        raise error

    with pytest.raises(GaveUp) as caught:
        gate.ask("get", request)
    return caught.value


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_a_store_in_trouble_is_asked_again(clock: Clock, status: int) -> None:
    """R50"""
    assert gate(clock).ask("get", failing(answer(status), answer(status))) == "done"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 416])
def test_a_refusal_is_not_asked_again(clock: Clock, status: int) -> None:
    """R50"""
    with pytest.raises(GenericError):
        gate(clock).ask("get", failing(answer(status)))


def test_pauses_grow_are_jittered_and_end(clock: Clock) -> None:
    """R50"""
    patience = Patience()
    pauses = [patience.pause(tries) for tries in range(1, 20) for _ in range(20)]
    whole = [min(5.0, 0.2 * 2 ** (tries - 1)) for tries in range(1, 20) for _ in range(20)]
    assert all(w / 2 <= pause <= w for pause, w in zip(pauses, whole, strict=True))
    assert len(set(pauses)) > 300

    error = fail_for_ever(gate(clock, patience), answer(503))

    assert error.cause is Cause.THROTTLED
    assert 10 <= error.tries <= 20
    assert error.seconds <= patience.trying + patience.longest_pause


def test_an_answer_that_never_comes_is_waited_for_twice(clock: Clock) -> None:
    lost = GenericError("HTTP error\n\nDebug source:\nHttpError { kind: Timeout, source: x }")

    def hang() -> None:
        clock.sleep(60)
        raise lost

    with pytest.raises(GaveUp) as caught:
        gate(clock, Patience()).ask("get", hang)

    assert (caught.value.cause, caught.value.tries) == (Cause.TIMEOUT, 2)


def test_an_address_that_never_answered_is_given_up_soon(clock: Clock) -> None:
    refused = GenericError("HTTP error\nHttpError {\n    kind: Connect,\n}")
    new, known = gate(clock), gate(clock)
    known.ask("get", failing())

    assert fail_for_ever(new, refused).tries < fail_for_ever(known, refused).tries


def test_whoever_listens_hears_once_of_each_slowing_down(clock: Clock) -> None:
    slow, heard = gate(clock), list[Slowed]()
    numbers = [slow.enter() for _ in range(8)]
    with slow.heard_by(heard.append):
        for number in numbers:
            slow.leave(number, answer(503))
    slow.leave(slow.enter(), answer(503))

    assert heard == [Slowed("s3://bucket", Cause.THROTTLED, 8, 4)]


def test_threads_never_get_in_at_once_more_than_the_pace_allows(clock: Clock) -> None:
    narrow = gate(clock)
    for _ in range(3):
        narrow.leave(narrow.enter(), answer(503))
    most, lock = [0], threading.Lock()

    def request() -> None:
        with lock:
            most[0] = max(most[0], narrow.in_flight)
        assert narrow.in_flight <= narrow.pace.at_once

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: narrow.ask("get", request), range(300)))

    assert narrow.in_flight == 0
    assert most[0] <= 8
    assert narrow.pace.at_once > 1


def test_a_store_that_is_down_is_asked_by_one_at_a_time_and_nobody_waits(clock: Clock) -> None:
    down = gate(clock, Patience(silence=100))
    for _ in range(2):
        down.leave(down.enter(), answer(500))
        clock.sleep(20)
    for _ in range(4):
        down.leave(down.enter(), answer(500))
        clock.sleep(20)
    probe = down.enter()

    error = fail_for_ever(down, answer(500))
    assert (error.cause, error.tries, error.seconds) == (Cause.BROKEN, 0, 120)

    down.leave(probe)
    assert down.ask("get", failing()) == "done"


def test_a_refusal_too_says_that_the_store_is_there(clock: Clock) -> None:
    up = gate(clock, Patience(silence=10))
    up.leave(up.enter(), answer(500))
    clock.sleep(11)
    up.leave(up.enter(), PermissionDeniedError("no"))

    first, second = up.enter(), up.enter()
    assert (first, second) == (3, 4)


def test_a_silence_in_which_nobody_asked_is_none(clock: Clock) -> None:
    left = gate(clock, Patience(silence=10))
    left.leave(left.enter(), answer(500))
    clock.sleep(FORGETS_AFTER_S + 1)

    assert [left.enter(), left.enter()] == [2, 3]


def test_all_stores_of_a_bucket_share_one_gate() -> None:
    gates = Gates()
    assert gates.of("s3://a", NO_TIME) is gates.of("s3://a", NO_TIME)
    assert gates.of("s3://a", NO_TIME) is not gates.of("s3://b", NO_TIME)
