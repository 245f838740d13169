"""A Ray cluster as a run uses it: one that is there, or one of its own for as long as it lasts."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from typing import Any

import grpc
import ray
from ray._private.authentication.authentication_token_setup import (
    maybe_enable_token_auth_if_token_available,
)
from ray._private.grpc_utils import init_grpc_channel
from ray.core.generated import gcs_service_pb2, gcs_service_pb2_grpc
from ray.exceptions import AuthenticationError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from cdalake.errors import AccessDenied, CdalakeError, StoreUnavailable
from cdalake.runners import ray_reaper
from cdalake.runners.cluster import ClusterStatus, Node
from cdalake.runners.ray_tasks import Letter, Office, fetch, work_at
from cdalake.telemetry.redact import redact

log = logging.getLogger("cdalake.ray")

OWN = "local"
OBJECT_STORE_BYTES = 128 * 1024 * 1024
"""Plans, events and results are small; data goes from store to store and never through Ray."""
REACH_S = 10


class Cluster:
    """A cluster that is connected: tasks go there, letters come back.

    Attributes:
        address: None for the run's own.
    """

    def __init__(self, address: str | None) -> None:
        self.address = address
        here = ray.get_runtime_context().get_node_id()
        # Beside the run's process: should that machine go, the run has gone with it.
        beside = NodeAffinitySchedulingStrategy(here, soft=False)
        self.office: Any = (
            ray.remote(Office).options(num_cpus=0, scheduling_strategy=beside).remote()
        )
        # Ray's own retries would take up a table without counting what was committed already.
        once = {"num_cpus": 1, "max_retries": 0, "scheduling_strategy": "SPREAD"}
        self.work_at: Any = ray.remote(work_at).options(**once)
        self.fetch: Any = ray.remote(fetch).options(**once)
        self._memory: dict[str, tuple[int, int]] = {}

    def letters(self) -> list[Letter]:
        """What workers told since the last time."""
        letters: list[Letter] = ray.get(self.office.take.remote())
        for letter in letters:
            if letter.memory is not None:
                self._memory[letter.node] = letter.memory
        return letters

    def status(self, running: int, pending: int) -> ClusterStatus:
        """How it stands, with so many tasks of this run."""
        known: Any = ray
        nodes = tuple(self._node(facts) for facts in known.nodes())
        cpus = sum(node.cpus for node in nodes if node.is_alive)
        free = known.available_resources().get("CPU", 0.0)
        return ClusterStatus(self.address, nodes, max(0.0, cpus - free), running, pending)

    def _node(self, facts: dict[str, Any]) -> Node:
        used, total = self._memory.get(facts["NodeID"], (None, None))
        cpus = facts["Resources"].get("CPU", 0.0)
        # Several nodes may share a machine, so its address alone would not tell them apart.
        name = f"{facts['NodeManagerAddress']} ({facts['NodeID'][:6]})"
        return Node(name, facts["Alive"], cpus, used, total)


@contextmanager
def connected(address: str | None, *, show_logs: bool) -> Iterator[Cluster]:
    """The cluster at `address`, or a private one on this machine; left, or ended, by the block.

    The thread that enters has to last until the end: with it the private one's processes would go.

    Args:
        address: ``HOST:PORT`` from a machine of the cluster, or ``ray://HOST:PORT`` from elsewhere.
        show_logs: what workers print goes to this process's output.

    Raises:
        StoreUnavailable: ``RAY_CONNECT_FAILED``.
        AccessDenied: ``RAY_AUTH_FAILED``.
    """
    if address is not None:
        _knock(address)
    # Ray prints what happens to its nodes; standard output belongs to the results.
    with redirect_stdout(sys.stderr), _reaper() if address is None else nullcontext():
        _connect(address, show_logs=show_logs)
        try:
            yield Cluster(address)
        finally:
            ray.shutdown()


@contextmanager
def _reaper() -> Iterator[None]:
    """Somebody who sees our end by its input; who kills our session spares its own."""
    command = [sys.executable, "-I", ray_reaper.__file__, str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):  # noqa: S603 - our own
        yield


def _knock(address: str) -> None:
    """See whether somebody answers and takes our token: Ray itself would try again and again."""
    # Ray looks for a token by itself only where it looks for the cluster too.
    maybe_enable_token_auth_if_token_available(warn_if_disabled=False)
    host, _, port = address.removeprefix("ray://").rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_S).close()
    except OSError as error:
        raise _unreachable(address, error.strerror or str(error)) from None
    if not address.startswith("ray://"):
        _show_token(address)


def _show_token(address: str) -> None:
    with init_grpc_channel(address) as channel:
        made: Any = (gcs_service_pb2_grpc, gcs_service_pb2)  # by a generator, without types
        calls, messages = made
        stub = calls.NodeInfoGcsServiceStub(channel)
        try:
            stub.CheckAlive(messages.CheckAliveRequest(), timeout=REACH_S)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.UNAUTHENTICATED:
                raise _refused(address) from None
            raise _unreachable(address, f"its head answers {error.code().name}") from None


def _refused(address: str | None) -> AccessDenied:
    return AccessDenied(
        "RAY_AUTH_FAILED",
        f"The Ray cluster at {address} wants a token, and ours is none or another one.",
        "Set RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH or ~/.ray/auth_token to the cluster's token.",
    )


def _connect(address: str | None, *, show_logs: bool) -> None:
    # Always said: else RAY_ADDRESS, or whatever cluster of this machine was found, would be taken.
    where: dict[str, Any] = {"address": address or OWN, "configure_logging": False}
    if address is None:
        where |= {"include_dashboard": False, "object_store_memory": OBJECT_STORE_BYTES}
    logging.getLogger("ray").setLevel(logging.ERROR)
    try:
        with _our_signals():
            _init(log_to_driver=show_logs, logging_level=logging.ERROR, **where)
    except AuthenticationError:
        raise _refused(address) from None
    except Exception as error:  # noqa: BLE001 - Ray raises anything, bare exceptions too
        raise _unreachable(address, _first_line(error)) from None


def _init(**options: Any) -> None:
    """Ray gives its raylet half a minute, which on a busy machine is too little; so twice."""
    try:
        ray.init(**options)
    except Exception as error:
        if "timed out during startup" not in str(error):
            raise
        ray.shutdown()
        ray.init(**options)


def _unreachable(address: str | None, why: str) -> CdalakeError:
    where = f"The Ray cluster at {address} cannot be used" if address else "Ray does not start here"
    return StoreUnavailable(
        "RAY_CONNECT_FAILED",
        f"{where}: {why.rstrip('.')}.",
        "Check address, versions and firewall; from a machine that is no node of the cluster the "
        "address is ray://HOST:10001. The runner `threads` needs no cluster.",
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return redact(lines[0][:300]) if lines else type(error).__name__


@contextmanager
def _our_signals() -> Iterator[None]:
    """Ray takes SIGTERM for itself, which for us means: stop at the next folder."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)
