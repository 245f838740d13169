"""What a store does when the network or the other side goes wrong, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdalake.errors import AccessDenied, CdalakeError, StoreUnavailable
from cdalake.storage import Store
from cdalake.storage.store import STREAM_ABOVE, Pages
from faulty_s3 import (
    PASSING,
    Answer,
    Cut,
    Fault,
    FaultyS3,
    Hang,
    Html,
    LostAnswer,
    Reset,
    Rule,
    hasty,
)

BUCKETS = Callable[[], str]

OPERATIONS: dict[str, Callable[[Store], Any]] = {
    "list": lambda store: [info.path for info in store.list("p")],
    "list_folders": lambda store: store.list_folders("p"),
    "get": lambda store: store.get("p/a/x"),
    "get_tail": lambda store: store.get_tail("p/a/x", 10, 4).data,
    "put": lambda store: store.put("p/n", b"new"),
    "delete": lambda store: store.delete("p/a/x"),
}
EXPECTED: dict[str, Any] = {
    "list": ["p/a/x"],
    "list_folders": ["a"],
    "get": b"0123456789",
    "get_tail": b"6789",
    "put": None,
    "delete": None,
}


@pytest.fixture
def store(shaky_s3: FaultyS3, s3: BUCKETS) -> Store:
    store = hasty(f"{s3()}/lake")
    store.put("p/a/x", b"0123456789")
    return store


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_passes_is_waited_for(
    shaky_s3: FaultyS3, store: Store, operation: str, fault: Fault
) -> None:
    """R50"""
    shaky_s3.rules = [Rule(fault, nth=(1,))]

    assert OPERATIONS[operation](store) == EXPECTED[operation]
    assert shaky_s3.struck == 1


@pytest.mark.parametrize("lost", [LostAnswer(), Hang(takes_effect=True)], ids=["reset", "silence"])
def test_a_conditional_put_whose_answer_was_lost_is_found_to_have_happened(
    shaky_s3: FaultyS3, store: Store, lost: Fault
) -> None:
    """R64: the second try is refused, and who wrote looks whether it was itself."""
    shaky_s3.rules = [Rule(lost, verb="PUT", nth=(1,))]

    with pytest.raises(FileExistsError):
        store.put_new("p/commit", b"ours")

    assert store.get("p/commit") == b"ours"


@pytest.mark.parametrize("fault", [Reset(), Answer(503, "SlowDown"), Hang()])
def test_a_conditional_put_that_never_arrived_is_sent_again(
    shaky_s3: FaultyS3, store: Store, fault: Fault
) -> None:
    shaky_s3.rules = [Rule(fault, verb="PUT", nth=(1,))]

    assert store.put_new("p/commit", b"ours")
    assert store.get("p/commit") == b"ours"


def test_two_conditional_puts_at_the_same_time_are_no_object_that_exists(
    shaky_s3: FaultyS3, store: Store
) -> None:
    """409: S3 asks for another try, since it does not know yet who was first."""
    shaky_s3.rules = [Rule(Answer(409, "ConditionalRequestConflict"), verb="PUT", nth=(1,))]

    tag = store.put_new("p/commit", b"ours")

    shaky_s3.rules = [Rule(Answer(409, "ConditionalRequestConflict"), verb="PUT", nth=(1,))]
    assert store.put_if("p/commit", b"later", tag)
    assert store.get("p/commit") == b"later"


def big() -> bytes:
    return b"".join(number.to_bytes(4, "big") for number in range(STREAM_ABOVE // 4 + 12_345))


@pytest.fixture
def source(shaky_s3: FaultyS3, s3: BUCKETS) -> Store:
    return hasty(f"{s3()}/cda")


SERIOUS = {k: PASSING[k] for k in ("throttled", "reset", "answer lost", "cut off", "no answer")}


@pytest.mark.parametrize("fault", SERIOUS.values(), ids=SERIOUS)
@pytest.mark.parametrize("verb", ["GET", "PUT"])
def test_a_small_copy_comes_whole_through_faults_on_both_sides(
    shaky_s3: FaultyS3, source: Store, store: Store, verb: str, fault: Fault
) -> None:
    source.put("a", b"content" * 1000)
    (info,) = source.list()
    shaky_s3.rules = [Rule(fault, verb=verb, nth=(1,))]

    try:
        store.copy_from(source, info, "p/copy")
    except FileExistsError:
        assert fault in (LostAnswer(), Cut(is_reset=False)), "only its own copy may be there"

    assert shaky_s3.struck == 1
    assert store.get("p/copy") == b"content" * 1000


@pytest.mark.parametrize("kind", ["throttled", "answer lost", "cut off"])
@pytest.mark.parametrize("verb", ["GET", "POST", "PART", "COMPLETE"])
def test_a_large_copy_comes_whole_through_faults_at_every_step(
    shaky_s3: FaultyS3, source: Store, store: Store, verb: str, kind: str
) -> None:
    data = big()
    source.put("a", data)
    (info,) = source.list()
    shaky_s3.rules = [Rule(PASSING[kind], verb=verb, nth=(1,))]

    try:
        store.copy_from(source, info, "p/copy")
    except FileExistsError:
        assert verb == "COMPLETE", "only its own upload may be there"

    assert shaky_s3.struck == 1
    assert store.get("p/copy") == data


@pytest.mark.parametrize("fault", SERIOUS.values(), ids=SERIOUS)
def test_a_copy_inside_of_a_bucket_comes_through_faults(
    shaky_s3: FaultyS3, store: Store, fault: Fault
) -> None:
    (info,) = store.list()
    shaky_s3.rules = [Rule(fault, verb="COPY", nth=(1,))]

    store.copy_from(store, info, "p/copy")

    assert store.get("p/copy") == b"0123456789"


def test_a_long_listing_goes_on_at_the_page_that_failed(shaky_s3: FaultyS3, s3: BUCKETS) -> None:
    store = hasty(s3())
    names = [f"p/{number}" for number in range(9)]
    for name in names:
        store.put(name, b"")
    shaky_s3.page_size = 2
    shaky_s3.rules = [Rule(Answer(503), verb="LIST", nth=(3,)), Rule(Cut(), verb="LIST", nth=(4,))]
    before, found = shaky_s3.count("LIST"), list[str]()

    pages = Pages(store._objects, "p", None, size=2)
    while page := store._ask("list", pages.next):
        found += [meta["path"] for meta in page]

    assert found == names
    assert shaky_s3.count("LIST") - before == 5 + 2
    assert [info.path for info in store.list("p", "p/3")] == names[4:]


# -- what does not pass ---------------------------------------------------------------------


def caught_by(operation: Callable[[Store], Any], store: Store) -> CdalakeError:
    with pytest.raises(CdalakeError) as caught:
        operation(store)
    assert store.url in caught.value.message
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("operation", OPERATIONS)
def test_throttling_without_end_has_its_code(
    shaky_s3: FaultyS3, store: Store, operation: str
) -> None:
    shaky_s3.rules = [Rule(Answer(503, "SlowDown"))]

    error = caught_by(OPERATIONS[operation], store)

    assert isinstance(error, StoreUnavailable)
    assert error.code == "STORE_THROTTLED"
    verb = operation.partition("_")[0]
    assert f"to {verb} it, tried {shaky_s3.struck} times" in error.message


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Answer(500, "InternalError"), "500 Internal Server Error"),
        (Reset(), "HTTP error"),
        (Hang(), "no answer in time"),
        (Hang(stalls=True), "no answer in time"),
        (Cut(), "body error"),
    ],
)
def test_a_store_that_stays_in_trouble_is_named_with_how_often_it_was_tried(
    shaky_s3: FaultyS3, store: Store, fault: Fault, said: str
) -> None:
    """R50"""
    shaky_s3.rules = [Rule(fault, verb="GET")]

    error = caught_by(OPERATIONS["get"], store)

    assert error.code == "STORE_UNAVAILABLE"
    assert f"tried {shaky_s3.struck} times" in error.message
    assert said in error.message


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ExpiredToken", "CREDENTIALS_EXPIRED"),
        ("RequestTimeTooSkewed", "CLOCK_SKEWED"),
        ("AccessDenied", "ACCESS_DENIED"),
    ],
)
def test_a_refusal_is_final_and_says_what_to_change(
    shaky_s3: FaultyS3, store: Store, operation: str, code: str, expected: str
) -> None:
    """R50: 403 is tried once."""
    shaky_s3.rules = [Rule(Answer(403, code))]

    error = caught_by(OPERATIONS[operation], store)

    assert isinstance(error, AccessDenied)
    assert (error.code, shaky_s3.struck) == (expected, 1)


def test_a_proxy_that_answers_in_the_stores_place_is_suspected(
    shaky_s3: FaultyS3, store: Store
) -> None:
    shaky_s3.rules = [Rule(Html(400))]

    error = caught_by(OPERATIONS["get"], store)

    assert (error.code, shaky_s3.struck) == ("STORE_UNAVAILABLE", 1)
    assert "400 Bad Request, with a web page" in error.message
    assert "HTTPS_PROXY" in error.hint
    assert "<" not in str(error)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("status", [409, 412])
def test_a_condition_that_nobody_made_cannot_fail(
    shaky_s3: FaultyS3, store: Store, operation: str, status: int
) -> None:
    shaky_s3.rules = [Rule(Answer(status, "Odd"))]

    assert caught_by(OPERATIONS[operation], store).code == "STORE_UNAVAILABLE"


def test_a_broken_off_download_is_one_of_our_errors(shaky_s3: FaultyS3, store: Store) -> None:
    shaky_s3.rules = [Rule(Cut(), verb="GET")]
    _, chunks = store.open_stream("p/a/x")

    with pytest.raises(StoreUnavailable):
        b"".join(chunks)


def test_a_store_that_stays_silent_is_left_alone_by_the_others(
    shaky_s3: FaultyS3, store: Store
) -> None:
    """Many tables do not wait one after the other for a store that is down."""
    shaky_s3.rules = [Rule(Answer(500), path="never"), Rule(Hang())]
    for _ in range(2):
        caught_by(OPERATIONS["get"], store)
    assert store.gate is not None
    probe = store.gate.enter()
    before = len(shaky_s3.asked)

    errors = [caught_by(OPERATIONS[name], store) for name in OPERATIONS]

    assert {error.code for error in errors} == {"STORE_UNAVAILABLE"}
    assert all("not tried since" in error.message for error in errors)
    assert len(shaky_s3.asked) == before
    store.gate.leave(probe)
