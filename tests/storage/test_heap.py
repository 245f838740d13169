"""What streams through a process must not stay in it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from cdalake.storage.heap import give_back_large_buffers
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
def use(_):
    held = [bytearray(5 << 20) for _ in range(3)]
    for each in held:
        each[::4096] = bytes(len(each[::4096]))
if sys.argv[1] == "give back":
    give_back_large_buffers()
with ThreadPoolExecutor(16) as pool:
    list(pool.map(use, range(64)))
    print(resident() >> 20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc, and asks glibc")
def test_large_buffers_are_given_back_when_they_end() -> None:
    def left(how: str) -> int:
        command = [sys.executable, "-c", PROGRAM, how]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert left("give back") <= left("keep")
