"""``cdalake sample``: write or extend an export at a folder or URL."""

from __future__ import annotations

from cdalake.cda.manifest import MANIFEST
from cdalake.errors import UsageError
from cdalake.samples import Export, SampleSpec, extend_export, write_export
from cdalake.storage import Store


def write(dest: str, spec: SampleSpec) -> Export:
    """Write a new export where there is none.

    Raises:
        UsageError: ``EXPORT_EXISTS``; nothing was written.
    """
    store = Store.open(dest)
    _refuse_an_export(store)
    export = write_export(store.put, spec)
    _say(store, export)
    return export


def extend(dest: str, extra_folders: int) -> Export:
    """Add folders to the export that is there."""
    store = Store.open(dest)
    export = extend_export(store.put, store.get, extra_folders)
    _say(store, export)
    return export


def _refuse_an_export(store: Store) -> None:
    """A manifest that is replaced takes its tables with it."""
    if any(info.path == MANIFEST for info in store.level().objects):
        raise UsageError(
            "EXPORT_EXISTS",
            f"{store.url} has a {MANIFEST} already; nothing was written.",
            "Choose an empty place. To let a sample export move on, give --extra-folders.",
        )


def _say(store: Store, export: Export) -> None:
    print(f"{store.url}: {len(export.manifest)} tables, {export.folders} folders each")
