"""A manifest in which each fingerprint of a table has a table: ``<table>__<fingerprint>``.

For those who want no schema to change under a reader: each part has one schema for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from cdalake.cda.manifest import Manifest, ManifestEntry, is_table_name
from cdalake.errors import Problem

BETWEEN = "__"


def part_name(table: str, fingerprint: str) -> str:
    """What the table of one fingerprint is called."""
    return f"{table}{BETWEEN}{fingerprint}"


def by_fingerprint(manifest: Manifest) -> Manifest:
    """The same manifest with the parts of its tables; one that has them already is the answer.

    A table whose parts cannot be named has a problem: ``BAD_TABLE_NAME``, ``DUPLICATE_TABLE``.
    """
    if manifest.is_split:
        return manifest
    parts = {name: list(_parts(entry)) for name, entry in manifest.entries.items()}
    named = [*manifest.names, *(part.table for some in parts.values() for part in some)]
    seen = Counter(name.lower() for name in named)
    entries: dict[str, ManifestEntry] = {}
    problems = dict(manifest.problems)
    for name, some in parts.items():
        problem = _problem(name, some, seen)
        if problem is not None:
            problems[name] = problem
        else:
            entries |= {part.table: part for part in some}
    return replace(manifest, entries=entries, problems=problems, is_split=True)


def _parts(entry: ManifestEntry) -> Iterator[ManifestEntry]:
    """`records` counts all fingerprints together, so that it says nothing of one: 0."""
    for fingerprint, time in entry.schema_history.items():
        yield replace(
            entry,
            table=part_name(entry.table, fingerprint),
            records=0,
            schema_history={fingerprint: time},
            part_of=entry.table,
        )


def _problem(table: str, parts: list[ManifestEntry], seen: Counter[str]) -> Problem | None:
    for part in parts:
        if not is_table_name(part.table):
            return Problem(
                "BAD_TABLE_NAME",
                f"A fingerprint of {table} cannot name a folder: {part.table[:200]!r}.",
                "Use another schema_change for this connection.",
            )
        if seen[part.table.lower()] > 1:
            return Problem(
                "DUPLICATE_TABLE",
                f"The table {part.table} would be there twice.",
                "Use another schema_change for this connection.",
            )
    return None
