"""`make dev` leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.dev import free_port

ROOT = Path(__file__).resolve().parents[2]
# A part with a child of its own, as a reloader has; the child does not listen to SIGTERM.
FAMILY = """
import os, signal, subprocess, sys, time
child = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
kid = subprocess.Popen([sys.executable, "-c", child])
with open(sys.argv[1], "a") as notes:
    notes.write(f"{os.getpid()} {kid.pid}\\n")
time.sleep(float(sys.argv[2]))
"""
RUN = """
import os, sys
from pathlib import Path
from tools import dev
dev.PATIENCE_S = 1.0
family, notes, *lives = sys.argv[1:]
commands = [[sys.executable, "-c", family, notes, life] for life in lives]
sys.exit(dev.run([dev.Part(command, Path.cwd(), os.environ) for command in commands]))
"""


def start(notes: Path, *lives: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", RUN, FAMILY, str(notes), *lives], cwd=ROOT)


def pids(notes: Path) -> list[int]:
    return [int(pid) for pid in notes.read_text().split()] if notes.exists() else []


def is_alive(pid: int) -> bool:
    """Whether a process runs; an ended one that nobody has collected yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def eventually(condition: Callable[[], bool]) -> bool:
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_process_of_both_parts(tmp_path: Path, number: signal.Signals) -> None:
    notes = tmp_path / "pids"
    dev = start(notes, "600", "600")
    assert eventually(lambda: len(pids(notes)) == 4)
    os.kill(dev.pid, number)
    assert dev.wait(20) == 0
    assert eventually(lambda: not any(is_alive(pid) for pid in pids(notes)))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_the_end_of_one_part_ends_the_other(tmp_path: Path) -> None:
    notes = tmp_path / "pids"
    dev = start(notes, "1", "600")
    assert dev.wait(30) == 0
    assert len(pids(notes)) == 4
    assert eventually(lambda: not any(is_alive(pid) for pid in pids(notes)))


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert free_port(port) != port
