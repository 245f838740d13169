"""Signs that CDA was set up anew: rows may come again, or never (R47)."""

from __future__ import annotations

from collections.abc import Iterator

from cdalake.cda.manifest import ManifestEntry, ManifestFact
from cdalake.cda.source import plain_path
from cdalake.errors import Choice, TableHeld
from cdalake.words import moment

CHOICES = (Choice.REBUILD, Choice.ACCEPT, Choice.WAIT)


def check_no_reset(entry: ManifestEntry, seen: ManifestFact | None) -> None:
    """Hold a table whose entry contradicts the one we acted upon last.

    Args:
        seen: `ManifestEntry.fact` of that one; None when there was none.

    Raises:
        TableHeld: ``RESET_SUSPECTED``.
    """
    signs = list(_signs(entry, seen)) if seen else []
    if signs:
        raise suspected(entry.table, " ".join(signs))


def suspected(table: str, sign: str) -> TableHeld:
    """The error for a table whose source seems to have begun anew."""
    return TableHeld(
        "RESET_SUSPECTED",
        f"CDA seems to have been set up anew for {table}. {sign}",
        "Choose: rebuild the table from the export as it is now, accept and go on, or wait for "
        "the export to come back.",
        CHOICES,
    )


def _signs(entry: ManifestEntry, seen: ManifestFact) -> Iterator[str]:
    if entry.manifest_time < seen.manifest_time:
        before, now = moment(seen.manifest_time), moment(entry.manifest_time)
        yield f"The manifest time went back from {before} to {now}."
    if entry.records < seen.records:
        yield f"totalProcessedRecordsCount fell from {seen.records} to {entry.records}."
    if plain_path(entry.data_files_path) != plain_path(seen.data_files_path):
        yield f"dataFilesPath was {seen.data_files_path} and is {entry.data_files_path}."
    for fingerprint, time in seen.schema_history.items():
        yield from _of_fingerprint(entry, seen, fingerprint, time)


def _of_fingerprint(
    entry: ManifestEntry, seen: ManifestFact, fingerprint: str, time: int
) -> Iterator[str]:
    now = entry.schema_history.get(fingerprint)
    if now is None:
        yield f"The fingerprint {fingerprint} is gone."
    elif not (now == time or _moves_along(entry, seen, now, time) or _is_back(entry, now, time)):
        was, is_now = moment(time), moment(now)
        yield f"The time of the fingerprint {fingerprint} was {was} and is {is_now}."


def _moves_along(entry: ManifestEntry, seen: ManifestFact, now: int, before: int) -> bool:
    """Some exports keep a fingerprint's newest folder there, which moves on with every write (§1).

    A fingerprint's beginning lies before the manifest time and stays; only such a newest folder was
    at the manifest time then.
    """
    return before == seen.manifest_time and before < now <= entry.manifest_time


def _is_back(entry: ManifestEntry, now: int, before: int) -> bool:
    """A schema that came back after another one: the map has room for its newer time only (§4)."""
    return any(before < time < now for time in entry.schema_history.values())
