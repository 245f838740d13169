"""What people choose for tables: a request has to say what it is about."""

from __future__ import annotations

from cdalake.engine.patterns import is_one
from cdalake.engine.spec import Action, RunSpec
from cdalake.errors import UsageError

ASK_NOBODY = (Action.SYNC, Action.VERIFY)
"""These do to all tables what they do to one, and take nothing away."""


def check_choice(spec: RunSpec) -> None:
    """Refuse a choice that does not say what it is about.

    Raises:
        UsageError: ``TABLES_NOT_NAMED``, ``SINCE_MISSING``, ``FILES_NOT_NAMED`` or
            ``NOT_OF_THIS_ACTION``.
    """
    action = spec.action.value
    if spec.action not in ASK_NOBODY and not _are_named(spec):
        raise UsageError(
            "TABLES_NOT_NAMED",
            f"{action} was asked for without naming its tables one by one.",
            "Give table_names without patterns: a choice is never made for all by accident.",
        )
    if (spec.action is Action.RESYNC) != (spec.since is not None):
        raise _since(action)
    if spec.files and spec.action not in (Action.QUARANTINE, Action.RELEASE):
        raise _not_of_this("files", action)
    if spec.action is Action.QUARANTINE and not spec.files:
        raise UsageError(
            "FILES_NOT_NAMED",
            "quarantine was asked for without files.",
            "Give files as errors write them: fingerprint/folder/name.",
        )


def _are_named(spec: RunSpec) -> bool:
    return bool(spec.include) and not spec.exclude and all(map(is_one, spec.include))


def _since(action: str) -> UsageError:
    if action != Action.RESYNC:
        return _not_of_this("since", action)
    return UsageError(
        "SINCE_MISSING",
        "A re-sync needs the folder timestamp to begin with.",
        "Give since in epoch milliseconds; to read everything, rebuild.",
    )


def _not_of_this(field: str, action: str) -> UsageError:
    return UsageError(
        "NOT_OF_THIS_ACTION",
        f"{field} says nothing to {action}.",
        f"Leave {field} out, or choose the action it belongs to.",
    )
