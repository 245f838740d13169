"""The command line of product.md §5: it reads arguments and prints, and computes nothing itself.

Heavy libraries (web, database, readers) are imported by the command that needs them, so that
``cdalake sync`` is at work within a second.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from cdalake.access import Role
from cdalake.cli.choices import register
from cdalake.cli.options import (
    ConnectionName,
    Exclude,
    Finished,
    Include,
    Json,
    Layout,
    Rebase,
    SchemaChange,
    Source,
    Target,
)
from cdalake.errors import CdalakeError, UsageError

EXIT_USAGE = 64


class BadFile(StrEnum):
    """What a sync does about a file that cannot be read (R15)."""

    FAIL = "fail"
    QUARANTINE = "quarantine"


app = typer.Typer(
    name="cdalake",
    help="Guidewire CDA exports become Delta tables you can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point. Exit codes: product.md §5."""
    try:
        # By itself typer ends wrong usage with 2, which means "some tables failed" here.
        sys.exit(app(standalone_mode=False))
    except Finished as end:
        sys.exit(end.code)
    except CdalakeError as error:
        sys.exit(_told(error))
    except TyperException as error:
        refusal = _refusal(error)
        sys.exit(_told(refusal) if refusal else EXIT_USAGE)


def _told(error: CdalakeError) -> int:
    """Print an error; the exit code that goes with it."""
    print(f"cdalake: {error.code}: {error.message}\n  {error.hint}", file=sys.stderr)
    return EXIT_USAGE if isinstance(error, UsageError) else 1


def _refusal(error: TyperException) -> UsageError | None:
    """What typer has against the arguments; None where it printed a command's help instead."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "cdalake"
    message = getattr(error, "format_message", lambda: "Stopped.")()
    if not message:
        return None
    return UsageError("BAD_ARGUMENTS", message, f"{command} --help lists what it takes.")


def version(value: bool) -> None:
    """Print the version and stop."""
    if value:
        from cdalake import __version__

        print(f"cdalake {__version__}")
        raise typer.Exit


@app.callback()
def about(
    _: Annotated[
        bool, typer.Option("--version", callback=version, is_eager=True, help="Show the version")
    ] = False,
) -> None:
    """Guidewire CDA exports become Delta tables you can trust."""


@app.command()
def sync(
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    table: Include = None,
    exclude: Exclude = None,
    rebase: Rebase = None,
    layout: Layout = None,
    s3a: Annotated[
        bool, typer.Option("--s3a", help="New zero_copy tables point at s3a:// instead of s3://")
    ] = False,
    current: Annotated[
        bool | None,
        typer.Option(
            "--current/--no-current",
            help="Keep tables of the latest state of each id [default: the connection's, else not]",
        ),
    ] = None,
    schema_change: SchemaChange = None,
    confirm_replace: Annotated[
        bool,
        typer.Option(
            "--confirm-replace", help="With replace: older rows leave the current snapshot"
        ),
    ] = False,
    commit_per_folder: Annotated[
        bool, typer.Option("--commit-per-folder", help="One version for each CDA folder")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, max=256, help="Tables at a time")] = None,
    on_bad_file: Annotated[
        BadFile, typer.Option(help="A file that cannot be read stops its table, or is set aside")
    ] = BadFile.FAIL,
    runner: Annotated[
        str | None, typer.Option(help="threads or ray [default: the connection's]")
    ] = None,
    ray_address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="A Ray cluster [default: one of its own]"),
    ] = None,
    json: Json = False,
) -> None:
    """Bring the tables up to date with the export. Exit code 0, 2, 1 or 130; 64 for wrong usage."""
    from cdalake.cli.run import Request, run_here

    request = Request(
        source=source,
        target=target,
        connection=connection,
        include=tuple(table or ()),
        exclude=tuple(exclude or ()),
        rebase=rebase,
        layout=layout,
        s3a=s3a,
        current=current,
        schema_change=schema_change,
        confirm_replace=confirm_replace,
        commit_per_folder=commit_per_folder,
        workers=workers,
        on_bad_file=on_bad_file.value,
        runner=runner,
        ray_address=ray_address,
    )
    raise Finished(run_here(request, as_json=json))


@app.command()
def plan(
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    table: Include = None,
    exclude: Exclude = None,
    rebase: Rebase = None,
    layout: Layout = None,
    schema_change: SchemaChange = None,
    json: Json = False,
) -> None:
    """Say what a sync would do, and write nothing."""
    from cdalake.cli.run import Request
    from cdalake.cli.show import show_plan

    include, excluded = tuple(table or ()), tuple(exclude or ())
    request = Request(source, target, connection, include, excluded, rebase, layout, schema_change)
    raise Finished(show_plan(request, as_json=json))


register(app)


@app.command()
def tables(
    target: Annotated[str, typer.Argument(help="Folder or URL of the Delta tables")],
    json: Json = False,
) -> None:
    """List the Delta tables of a target: version, rows, size, watermark."""
    from cdalake.cli.show import show_tables

    raise Finished(show_tables(target, as_json=json))


@app.command()
def sample(
    dest: Annotated[str, typer.Argument(help="Folder or URL for the export")],
    tables: Annotated[int, typer.Option(min=1, help="Number of tables")] = 11,
    folders: Annotated[int, typer.Option(min=1, help="Timestamp folders per table")] = 20,
    rows: Annotated[int, typer.Option(min=1, help="Rows of an initial load")] = 200,
    seed: Annotated[int, typer.Option(help="Equal seeds give equal bytes")] = 7,
    extra_folders: Annotated[
        int, typer.Option(min=0, help="Extend the export that is there, as CDA would")
    ] = 0,
    dirt: Annotated[bool, typer.Option("--dirt", help="With the ugly things of real ones")] = False,
) -> None:
    """Write a synthetic CDA export, or extend one."""
    from cdalake.cli.samples import extend, write
    from cdalake.samples import SampleSpec

    if extra_folders:
        extend(dest, extra_folders)
        return
    write(dest, SampleSpec(tables=tables, folders=folders, rows=rows, seed=seed, dirt=dirt))


@app.command()
def demo(
    home: Annotated[Path | None, typer.Option(help="Folder for export, tables and runs")] = None,
    tables: Annotated[int, typer.Option(min=1, help="Number of tables")] = 11,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port of the page, or the next free one")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the page")] = True,
) -> None:
    """Sample export, sync, web page: everything there is, without an account."""
    from cdalake.cli.demo import run_demo

    raise Finished(run_demo(home, tables, port, serve=serve))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port, or the next free one")
    ] = None,
) -> None:
    """Serve the web page and the API."""
    from cdalake.cli.serve import serve_page
    from cdalake.settings import load

    serve_page(load(), host, port)


@app.command()
def doctor(
    bundle: Annotated[
        Path | None, typer.Option(metavar="FILE.zip", help="Also write it all down for support")
    ] = None,
) -> None:
    """Say in words what is missing and how to mend it."""
    from cdalake.cli.doctor import examine
    from cdalake.settings import load

    raise Finished(examine(load(), bundle))


token = typer.Typer(help="Who may log in.", no_args_is_help=True)
app.add_typer(token, name="token")
TokenName = Annotated[str, typer.Argument(help="Name of a person or program")]


@token.command("add")
def add_token(
    name: TokenName,
    role: Annotated[Role, typer.Option(help="What it may do")],
) -> None:
    """Make a token and print it; it is shown only this once."""
    from cdalake.cli.token import add
    from cdalake.settings import load

    add(load(), name, role)


@token.command("list")
def list_tokens() -> None:
    """List tokens with role and last use, never the tokens themselves."""
    from cdalake.cli.token import show
    from cdalake.settings import load

    show(load())


@token.command("revoke")
def revoke_token(name: TokenName) -> None:
    """End a token and every login with it."""
    from cdalake.cli.token import revoke
    from cdalake.settings import load

    revoke(load(), name)
