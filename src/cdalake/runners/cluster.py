"""How a cluster stands while a run works on it, as its events and ``state.json`` tell it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Node:
    """A machine of the cluster, or what stands for one.

    Attributes:
        cpus: that Ray may give away.
        memory_used: bytes in use on the machine, by whomever; None before a worker of ours told.
        memory_total: bytes of the machine; None as before.
    """

    name: str
    is_alive: bool
    cpus: float
    memory_used: int | None = None
    memory_total: int | None = None


@dataclass(frozen=True)
class ClusterStatus:
    """A cluster at one moment.

    Attributes:
        address: where it is; None for one that the run started for itself.
        cpus_used: of the CPUs of its living nodes, by this run or others.
        tasks_running: of this run: tables, and parcels of files of large ones.
        tasks_pending: of this run: waiting for a CPU.
    """

    address: str | None
    nodes: tuple[Node, ...]
    cpus_used: float
    tasks_running: int
    tasks_pending: int

    @property
    def cpus(self) -> float:
        """CPUs of the living nodes."""
        return sum(node.cpus for node in self.nodes if node.is_alive)

    @property
    def alive(self) -> int:
        """Living nodes."""
        return sum(node.is_alive for node in self.nodes)

    @property
    def sentence(self) -> str:
        """For a log."""
        dead = len(self.nodes) - self.alive
        nodes = f"{self.alive} node{'' if self.alive == 1 else 's'}" + (
            f", {dead} dead" if dead else ""
        )
        tasks = f"{self.tasks_running} tasks running, {self.tasks_pending} pending"
        return f"{nodes}, {self.cpus_used:g} of {self.cpus:g} CPUs, {tasks}"

    def to_json(self) -> dict[str, Any]:
        """A plain dict."""
        return {**asdict(self), "nodes": [asdict(node) for node in self.nodes], "cpus": self.cpus}
