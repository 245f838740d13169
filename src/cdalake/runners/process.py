"""Runs as child processes of this machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from cdalake.engine.process import Process, process_start
from cdalake.storage.inline import InlineKeys


class ProcessRunner:
    """One process per attempt, in a session of its own."""

    def __init__(self) -> None:
        self.host = socket.gethostname()
        self._lock = threading.Lock()
        self._children: dict[Process, subprocess.Popen[bytes]] = {}
        self._ended: dict[Process, int] = {}

    def start(self, directory: Path, attempt: int, keys: InlineKeys | None = None) -> Process:
        """Start the worker; it goes on when this process ends."""
        # -P: a file of the working folder must never be taken for a module of ours.
        command = [sys.executable, "-P", "-m", "cdalake.runners.worker"]
        with (directory / "output.log").open("ab") as output:
            child = subprocess.Popen(  # noqa: S603 - our own module, no shell
                [*command, str(directory), str(attempt)],
                stdin=subprocess.PIPE if keys else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if keys is not None and child.stdin is not None:
            # It reads at once. One that died already is found out by whoever follows it.
            with suppress(OSError), child.stdin as pipe:
                pipe.write(keys.to_pipe())
        process = Process(self.host, child.pid, process_start(child.pid))
        with self._lock:
            self._children[process] = child
        return process

    def is_alive(self, process: Process) -> bool | None:
        """The process lives; None for one of another machine."""
        if process.host != self.host:
            return None
        self._reap()
        with self._lock:
            if process in self._children:
                # Seen from outside it may be gone while its last threads still end.
                return True
        started = process_start(process.pid)
        return started is not None and process.started in (None, started)

    def exit_code(self, process: Process) -> int | None:
        """How a child ended; None for a process that goes on or that another server started."""
        self._reap()
        with self._lock:
            return self._ended.get(process)

    def kill(self, process: Process) -> None:
        """End the process and what it started."""
        if self.is_alive(process):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def _reap(self) -> None:
        """Take note of children that ended, so that none stays as a zombie."""
        with self._lock:
            for process, child in list(self._children.items()):
                code = child.poll()
                if code is not None:
                    self._ended[process] = code
                    del self._children[process]

    def forget(self) -> None:
        """Leave the children to themselves; they are looked after by the next server."""
        with self._lock:
            for child in self._children.values():
                # Popen would warn about a child that outlives it, which is the point here.
                child.returncode = 0
            self._children.clear()
