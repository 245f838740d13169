"""Arguments and options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Source = Annotated[str | None, typer.Argument(help="Folder or URL that holds manifest.json")]
Target = Annotated[str | None, typer.Argument(help="Folder or URL for the Delta tables")]
ConnectionName = Annotated[
    str | None, typer.Option("--connection", help="A connection of cdalake.toml instead")
]
Include = Annotated[list[str] | None, typer.Option("--table", help="Only these tables (globs)")]
Exclude = Annotated[list[str] | None, typer.Option("--exclude", help="Not these tables (globs)")]
Json = Annotated[bool, typer.Option("--json", help="JSON on standard output")]
Rebase = Annotated[
    str | None, typer.Option("--rebase", metavar="FROM=TO", help="Where dataFilesPath really is")
]

Layout = Annotated[
    str | None,
    typer.Option(help="How files reach the table: copy or zero_copy [default: the connection's]"),
]

SchemaChange = Annotated[
    str | None,
    typer.Option(help="merge, fail, per_fingerprint or replace [default: the connection's]"),
]


class Finished(Exception):
    """A command ended with an exit code of ours."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)
