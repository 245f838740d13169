"""Tables whose files are elsewhere, read by the log and by nothing of ours."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pyarrow.dataset as ds
from obstore.fsspec import FsspecStore
from pyarrow.fs import FSSpecHandler, PyFileSystem

from conftest import Lake, in_order


class Anywhere(FSSpecHandler):
    """A filesystem for delta-rs' dataset that takes absolute paths for what they are.

    Relative ones begin at `root`, the table.
    """

    def __init__(self, root: str, **options: Any) -> None:
        super().__init__(FsspecStore("s3" if "://" in root else "file", **options))
        self._root = root

    def open_input_file(self, path: str) -> Any:
        is_absolute = path.startswith("/") or "://" in path
        return super().open_input_file(path if is_absolute else f"{self._root}/{path}")


def dataset(lake: Lake, table: str) -> ds.Dataset:
    """The table as pyarrow's dataset, made by delta-rs: the way docs/reference/readers.md tells."""
    options = {"client_options": {"allow_http": True}} if "://" in lake.target_url else {}
    where = PyFileSystem(Anywhere(f"{lake.target_url}/{table}", **options))
    return lake.delta(table).to_pyarrow_dataset(filesystem=where)


def rows(lake: Lake, table: str) -> list[dict[str, Any]]:
    """Every row, in `in_order`."""
    return in_order(dataset(lake, table).to_table().to_pylist())


def added(lake: Lake, table: str, version: int = 0) -> list[str]:
    """Where the files are that a version adds, as `Lake` writes places."""
    paths = [line["add"]["path"] for line in lake.commit(table, version) if "add" in line]
    return [unquote(path.removeprefix("file://")) for path in paths]
