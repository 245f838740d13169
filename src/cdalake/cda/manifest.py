"""``manifest.json``: what CDA says is there (cda-format.md §1, rules R1 to R6)."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cdalake.errors import ManifestError, NotFound, Problem
from cdalake.storage import Store

MANIFEST = "manifest.json"
TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
LONGEST_LISTED = 128
"""Of a name that cannot be a table's: databases have no keys of any length."""
YEAR_2100_MS = 4_102_444_800_000
MOST_RECORDS = 2**63 - 1
MOST_DIGITS = 19
"""Of any number that can be right. Python refuses to read numbers of thousands of digits."""
REREAD_AFTER_S = 2.0


@dataclass(frozen=True)
class ManifestFact:
    """What tells one state of a manifest entry from another one; see `ManifestEntry`."""

    manifest_time: int
    records: int
    data_files_path: str
    schema_history: Mapping[str, int]


@dataclass(frozen=True)
class ManifestEntry:
    """One table's entry.

    Attributes:
        table: the manifest's key, as written.
        manifest_time: ``lastSuccessfulWriteTimestamp``, epoch ms: folders up to it are committed.
        records: ``totalProcessedRecordsCount``, over all fingerprints.
        data_files_path: ``dataFilesPath`` as written.
        schema_history: fingerprint → epoch ms, in the manifest's order. The times are hints for
            order and display and never filter folders (§1).
        was_list: the entry stood in a list of one (R1).
        part_of: the table of which this is one fingerprint (`cda.parts`).
    """

    table: str
    manifest_time: int
    records: int
    data_files_path: str
    schema_history: Mapping[str, int]
    was_list: bool = False
    part_of: str | None = None

    @property
    def is_heartbeat(self) -> bool:
        """A table of CDA's own, of which rows may go: its counts mean nothing (R44, §3.3)."""
        return (self.part_of or self.table).lower() == "heartbeat"

    @property
    def counted(self) -> int | None:
        """`records` where they say something of this very table, else None."""
        return None if self.is_heartbeat or self.part_of else self.records

    def fact(self) -> ManifestFact:
        """What tells this state of the entry from another one."""
        return ManifestFact(
            self.manifest_time, self.records, self.data_files_path, dict(self.schema_history)
        )


@dataclass(frozen=True)
class Manifest:
    """A manifest as one run uses it from beginning to end (R5).

    Attributes:
        entries: usable entries by table name, in the manifest's order.
        problems: why the others cannot be used, by table name.
        sha256: of the document, hexadecimal.
        is_split: its tables are single fingerprints (`cda.parts`).
    """

    entries: Mapping[str, ManifestEntry]
    problems: Mapping[str, Problem] = field(default_factory=dict)
    sha256: str = ""
    document: bytes = b""
    is_split: bool = False

    @property
    def names(self) -> list[str]:
        """Every table the manifest names, usable or not."""
        return [*self.entries, *self.problems]


def read_manifest(
    store: Store,
    *,
    known: Manifest | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Manifest:
    """Read ``manifest.json`` at the store's root.

    A document that is no JSON is read once more after two seconds: CDA replaces it in place (R2).

    Args:
        known: what was read before; it is the answer while the document is still the same.

    Raises:
        ManifestError: ``MANIFEST_NOT_FOUND`` or ``MANIFEST_INVALID``.
        AccessDenied, StoreUnavailable: from the store.
    """
    document = _read(store)
    if known is not None and known.sha256 and document == known.document:
        return known
    try:
        return parse_manifest(document, store.url)
    except ManifestError as error:
        if error.code != "MANIFEST_INVALID":
            raise
    pause(REREAD_AFTER_S)
    return parse_manifest(_read(store), store.url)


def _read(store: Store) -> bytes:
    try:
        return store.get(MANIFEST)
    except NotFound as error:
        if error.code == "BUCKET_NOT_FOUND":
            raise
        raise ManifestError(
            "MANIFEST_NOT_FOUND",
            f"There is no {MANIFEST} at {store.url}.",
            "Set the source to the folder or prefix that contains it.",
        ) from error


class _Pairs(list[tuple[str, Any]]):
    """A JSON object before duplicate keys are lost."""


def parse_manifest(document: bytes, where: str = MANIFEST) -> Manifest:
    """Parse a manifest. A bad entry is a problem of its table only (R2).

    Raises:
        ManifestError: ``MANIFEST_INVALID`` when the document as a whole cannot be used.
    """
    try:
        root = json.loads(document.decode("utf-8-sig"), object_pairs_hook=_Pairs, parse_int=_number)
    except (ValueError, RecursionError) as error:
        raise _invalid(where, f"is not valid JSON ({error})") from error
    if not isinstance(root, _Pairs):
        raise _invalid(where, "is not a JSON object of tables")
    entries, problems = _sorted_out(root)
    digest = hashlib.sha256(document).hexdigest()
    return Manifest(entries, problems, digest, document)


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _invalid(where: str, what: str) -> ManifestError:
    return ManifestError(
        "MANIFEST_INVALID",
        f"The manifest at {where} {what}.",
        "CDA may be writing it: try again; if it stays so, ask Guidewire to write it anew.",
    )


def _sorted_out(root: _Pairs) -> tuple[dict[str, ManifestEntry], dict[str, Problem]]:
    seen = Counter(name.lower() for name, _ in root)
    entries: dict[str, ManifestEntry] = {}
    problems: dict[str, Problem] = {}
    for name, value in root:
        try:
            _check_name(name, seen)
            entries[name] = _entry(name, value)
        except ManifestError as error:
            problems[_listed(name)] = error.as_problem()
    return entries, problems


def _listed(name: str) -> str:
    """A name as it can be kept and shown, whatever the manifest has there."""
    whole = name.encode(errors="replace").decode().replace("\0", "?")
    # With a sign that no usable name has: cut, it could be another table's.
    return whole if len(whole) <= LONGEST_LISTED else f"{whole[:LONGEST_LISTED]}..."


def is_table_name(name: str) -> bool:
    """It can be the name of a table of ours, and of its folder (R3)."""
    return TABLE_NAME.fullmatch(name) is not None and not name.startswith("_")


def _check_name(name: str, seen: Counter[str]) -> None:
    if not TABLE_NAME.fullmatch(name):
        raise ManifestError(
            "BAD_TABLE_NAME",
            f"The manifest names a table {name[:80]!r}, which cannot be a folder's name.",
            "Names are letters, digits and underscores, at most 128; ask Guidewire for its name.",
        )
    if name.startswith("_"):
        raise ManifestError(
            "BAD_TABLE_NAME",
            f"The manifest names a table {name!r}; names that begin with _ are cdalake's own.",
            "Ask Guidewire for another name of this table.",
        )
    if seen[name.lower()] > 1:
        raise ManifestError(
            "DUPLICATE_TABLE",
            f"The manifest names {name!r} {seen[name.lower()]} times, ignoring case.",
            "One of the entries must go: both would be written to the same table.",
        )


def _entry(name: str, value: Any) -> ManifestEntry:
    was_list = type(value) is list and len(value) == 1
    fields = value[0] if was_list else value
    if not isinstance(fields, _Pairs):
        raise _bad_entry(name, "is not an object")
    facts = dict(fields)
    return ManifestEntry(
        table=name,
        manifest_time=_timestamp(name, "lastSuccessfulWriteTimestamp", facts),
        records=_count(name, facts),
        data_files_path=_path(name, facts),
        schema_history=_history(name, facts),
        was_list=was_list,
    )


def _bad_entry(name: str, what: str) -> ManifestError:
    return ManifestError(
        "MANIFEST_ENTRY_INVALID",
        f"The manifest's entry of {name} {what}.",
        "Other tables go on; ask Guidewire to write this entry anew.",
    )


def _required(name: str, key: str, facts: dict[str, Any]) -> Any:
    if facts.get(key) is None:
        raise _bad_entry(name, f"has no {key}")
    return facts[key]


def _whole(value: Any) -> int | None:
    """A whole number that is written as a number or as a string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    digits = value.strip() if isinstance(value, str) else ""
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return int(digits) if is_number else None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def _is_text(value: str) -> bool:
    """JSON can hold half of a character, which no store and no file can."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _timestamp(name: str, key: str, facts: dict[str, Any]) -> int:
    value = _required(name, key, facts)
    number = _whole(value)
    if number is None or not 0 <= number <= YEAR_2100_MS:
        raise _bad_entry(name, f"has {key} {_short(value)}, which is no time in milliseconds")
    return number


def _count(name: str, facts: dict[str, Any]) -> int:
    value = _required(name, "totalProcessedRecordsCount", facts)
    number = _whole(value)
    if number is None or not 0 <= number <= MOST_RECORDS:
        raise _bad_entry(name, f"has totalProcessedRecordsCount {_short(value)}, which is no count")
    return number


def _path(name: str, facts: dict[str, Any]) -> str:
    value = _required(name, "dataFilesPath", facts)
    if not isinstance(value, str) or not value.strip("/ ") or not _is_text(value):
        raise _bad_entry(name, f"has dataFilesPath {_short(value)}, which is no path")
    return value


def _history(name: str, facts: dict[str, Any]) -> dict[str, int]:
    value = _required(name, "schemaHistory", facts)
    if not isinstance(value, _Pairs):
        raise _bad_entry(name, "has a schemaHistory that is not an object")
    history = dict(value)
    for fingerprint in history:
        if "/" in fingerprint or fingerprint in ("", ".", "..") or not _is_text(fingerprint):
            what = f"has the fingerprint {_short(fingerprint)}, which is no folder"
            raise _bad_entry(name, what)
    return {fp: _timestamp(name, fp, history) for fp in history}
