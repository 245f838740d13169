"""How to read a table with the engines that people have at hand; shown to be copied, never run."""

from __future__ import annotations

from cdalake.engine.zero_copy import ZERO_COPY
from cdalake.models.table import Snippet
from cdalake.settings import Connection

DATASET = '''\
from deltalake import DeltaTable
from obstore.fsspec import FsspecStore
from pyarrow.fs import FSSpecHandler, PyFileSystem


class Anywhere(FSSpecHandler):
    """Absolute paths are taken for what they are; relative ones begin at `root`, the table."""

    def __init__(self, root, **options):
        super().__init__(FsspecStore("s3" if "://" in root else "file", **options))
        self.root = root

    def open_input_file(self, path):
        is_absolute = path.startswith("/") or "://" in path
        return super().open_input_file(path if is_absolute else f"{self.root}/{path}")


def dataset(url, **options):
    files = PyFileSystem(Anywhere(url, **options))
    return DeltaTable(url).to_pyarrow_dataset(filesystem=files)
'''
"""Of docs/reference/readers.md: reads what lies outside of the table's folder, and inside."""


def snippets(connection: Connection, table: str, layout: str | None) -> list[Snippet]:
    """One for each engine.

    Args:
        layout: of the table; None while it is not there: it will be the connection's.
    """
    url = f"{connection.target.rstrip('/')}/{table}"
    own = _through_a_dataset(url) if (layout or connection.layout) == ZERO_COPY else _directly(url)
    texts = {
        **own,
        "Spark": f'df = spark.read.format("delta").load({_for_spark(url)!r})\n',
        "SQL": _selected(f"delta.`{_for_spark(url)}`"),
    }
    return [Snippet(engine=engine, text=text) for engine, text in texts.items()]


def _directly(url: str) -> dict[str, str]:
    return {
        "Polars": f"import polars as pl\n\ndf = pl.read_delta({url!r})\n",
        "DuckDB": _selected(f"delta_scan({_quoted(url)})"),
    }


def _through_a_dataset(url: str) -> dict[str, str]:
    """Their own Delta readers look for every file below the table."""
    begin = f"{DATASET}\n\ndata = dataset({url!r})\n"
    first = _selected("data").strip()
    return {
        "Polars": f"import polars as pl\n{begin}df = pl.scan_pyarrow_dataset(data).collect()\n",
        "DuckDB": f"import duckdb\n{begin}df = duckdb.sql({first!r})\n",
    }


def _selected(table: str) -> str:
    return f"SELECT * FROM {table} LIMIT 100;\n"  # noqa: S608 - shown to be copied, never run


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def _for_spark(url: str) -> str:
    """Outside of Databricks Spark reads S3 as ``s3a``; there both are the same."""
    return f"s3a://{url.removeprefix('s3://')}" if url.startswith("s3://") else url
