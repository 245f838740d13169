from __future__ import annotations

import logging

from cdalake.services.background import Loop

LOG = logging.getLogger("test")


def test_a_loop_that_is_stopped_at_once_has_had_its_first_look() -> None:
    looks: list[int] = []
    loop = Loop("test", lambda: looks.append(1), 3600, LOG, "failed")
    loop.ask_to_stop()
    loop.start()
    loop.join(10)
    assert (looks, loop.is_working) == ([1], False)
