"""What a run tells of its stores' troubles: that one was slowed down, and what was sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from cdalake.engine.progress import Event, Note, Sink, warning
from cdalake.storage import Store
from cdalake.storage.pace import Gate, Slowed
from cdalake.storage.patience import Cause


@contextmanager
def told_of_trouble(stores: Iterable[Store], sink: Sink) -> Iterator[None]:
    """Tell `sink` once of each store that is slowed down, and in the end what was sent again."""
    gates = {id(store.gate): store.gate for store in stores if store.gate}
    with ExitStack() as listening:
        for gate in gates.values():
            listening.enter_context(_told(gate, sink))
        yield


@contextmanager
def _told(gate: Gate, sink: Sink) -> Iterator[None]:
    before, told = Counter(gate.failed), list[Slowed]()

    def hear(slowed: Slowed) -> None:
        told.append(slowed)
        if len(told) == 1:
            sink.emit(_slowed(slowed))

    try:
        with gate.heard_by(hear):
            yield
    finally:
        if failed := gate.failed - before:
            sink.emit(_failed(gate, failed))


def _slowed(slowed: Slowed) -> Event:
    text = (
        f"{slowed.store} cannot keep up ({slowed.cause.value}): it is given {slowed.now} requests "
        f"at a time instead of {slowed.before}, and more when it answers well again."
    )
    return warning(Note("STORE_SLOWED", text))


def _failed(gate: Gate, failed: Counter[Cause]) -> Event:
    causes = ", ".join(f"{count} {cause}" for cause, count in sorted(failed.items()))
    text = f"{gate.store}: requests that came to nothing: {causes}. Pace: {gate.pace.at_once}."
    data = {"failed": {cause.value: count for cause, count in failed.items()}}
    return Event("log", text, data=data | {"requests_at_once": gate.pace.at_once})
