"""``cdalake sample``: write or extend an export at a folder or URL."""

from __future__ import annotations

from cdalake.samples import Export, SampleSpec, extend_export, write_export
from cdalake.storage import Store


def write(dest: str, spec: SampleSpec) -> Export:
    """Write a new export."""
    store = Store.open(dest)
    export = write_export(store.put, spec)
    _say(store, export)
    return export


def extend(dest: str, extra_folders: int) -> Export:
    """Add folders to the export that is there."""
    store = Store.open(dest)
    export = extend_export(store.put, store.get, extra_folders)
    _say(store, export)
    return export


def _say(store: Store, export: Export) -> None:
    print(f"{store.url}: {len(export.manifest)} tables, {export.folders} folders each")
