"""Which place a run's tables are worked at; Ray is imported only for a run that wants it."""

from __future__ import annotations

import os
from importlib.util import find_spec

from cdalake.engine.spec import RunSpec
from cdalake.engine.workplace import Threads, Workplace
from cdalake.errors import UsageError
from cdalake.settings import RAY_ADDRESS, RUNNERS
from cdalake.storage.inline import InlineKeys

DEDUP_LOGS = "RAY_DEDUP_LOGS"
_OPTIONS = (
    # Under `uv run` Ray would send the working folder to every node and start workers by uv.
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV=0",
    "RAY_USAGE_STATS_ENABLED=0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO=0",
)


def is_ray_installed() -> bool:
    """The extra is there; nothing is imported."""
    return find_spec("ray") is not None


def check_place(spec: RunSpec) -> None:
    """The place exists as far as can be told without going there.

    Raises:
        UsageError: ``BAD_RUNNER``, ``BAD_RAY_ADDRESS`` or ``RAY_NOT_INSTALLED``.
    """
    if spec.runner not in RUNNERS:
        raise UsageError(
            "BAD_RUNNER", f"There is no runner {spec.runner!r}.", "Use --runner threads or ray."
        )
    if spec.ray_address is not None and not RAY_ADDRESS.fullmatch(spec.ray_address):
        raise UsageError(
            "BAD_RAY_ADDRESS",
            "What was given as the address of the Ray cluster is no address.",
            "Write HOST:PORT or ray://HOST:PORT; a token goes into RAY_AUTH_TOKEN.",
        )
    if spec.runner == "ray" and not is_ray_installed():
        raise UsageError(
            "RAY_NOT_INSTALLED",
            "The runner `ray` needs Ray, which is not installed.",
            "Run pip install 'cdalake[ray]', or use --runner threads.",
        )


def place_for(
    spec: RunSpec, keys: InlineKeys | None = None, *, show_logs: bool = False
) -> Workplace:
    """The place that a run asks for.

    Args:
        keys: those that came with the request.
        show_logs: what workers of other processes print goes to this one's output.

    Raises:
        UsageError: as of `check_place`.
    """
    check_place(spec)
    if spec.runner == "threads":
        return Threads()
    _set_options(spec)
    from cdalake.runners.ray_workplace import RayWorkplace

    return RayWorkplace(spec, keys, show_logs=show_logs)


def _set_options(spec: RunSpec) -> None:
    """Options that Ray reads when it is imported; what the environment says of them wins."""
    for option in (*_OPTIONS, f"{DEDUP_LOGS}={int(spec.ray_dedup_logs)}"):
        name, _, value = option.partition("=")
        os.environ.setdefault(name, value)
