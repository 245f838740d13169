"""``verify`` and what a person may choose for a table: each is a run, and shows itself before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from cdalake.cli.options import (
    ConnectionName,
    Exclude,
    Finished,
    Include,
    Json,
    Layout,
    Rebase,
    Source,
    Target,
)
from cdalake.engine.spec import Action
from cdalake.errors import UsageError

Tables = Annotated[list[str], typer.Option("--table", help="The tables (globs)")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, write nothing")]
Files = Annotated[
    list[str],
    typer.Option(
        "--file",
        metavar="KEY",
        help="fingerprint/folder/name, as errors write it, or where it lies",
    ),
]
Since = Annotated[
    str,
    typer.Option(help="Folder timestamp to begin with: 2026-11-26T03:00Z or epoch milliseconds"),
]


@dataclass(frozen=True)
class Asked:
    """What every choice is told."""

    source: str | None
    target: str | None
    connection: str | None
    rebase: str | None
    layout: str | None
    dry_run: bool
    json: bool

    def do(
        self,
        action: Action,
        tables: Sequence[str],
        exclude: Sequence[str] = (),
        *,
        since: int | None = None,
        files: Sequence[str] = (),
    ) -> None:
        """Make the choice, or say what it would do.

        Raises:
            Finished: always, with the exit code.
        """
        from cdalake.cli.run import Request, run_here
        from cdalake.cli.show import show_plan

        request = Request(
            source=self.source,
            target=self.target,
            connection=self.connection,
            include=tuple(tables),
            exclude=tuple(exclude),
            rebase=self.rebase,
            layout=self.layout,
            action=action,
            since=since,
            files=tuple(files),
        )
        command = show_plan if self.dry_run else run_here
        raise Finished(command(request, as_json=self.json))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (verify, accept, resync, rebuild, quarantine, release):
        app.command()(command)


def verify(
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    table: Include = None,
    exclude: Exclude = None,
    rebase: Rebase = None,
    layout: Layout = None,
    repair: Annotated[bool, typer.Option("--repair", help="Bring what is missing")] = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Prove by full listings that no committed file is missing. Exit code 0, or 2 when one is."""
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.REPAIR if repair else Action.VERIFY, table or (), exclude or ())


def accept(
    table: Tables,
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    rebase: Rebase = None,
    layout: Layout = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Go on with held tables as they are: what others changed stays, the new manifest counts."""
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.ACCEPT, table)


def resync(
    table: Tables,
    since: Since,
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    rebase: Rebase = None,
    layout: Layout = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Read folders from a time on again, and take out what the table had of them, in one commit.

    Rows of earlier folders stay.
    """
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.RESYNC, table, since=folder_time(since))


def rebuild(
    table: Tables,
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    rebase: Rebase = None,
    layout: Layout = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Load tables anew from the whole export, in one commit; readers see the old one until then."""
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.REBUILD, table)


def quarantine(
    table: Tables,
    file: Files,
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    rebase: Rebase = None,
    layout: Layout = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Leave bad files out, so that the table goes on; every run says so until they are released."""
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.QUARANTINE, table, files=file)


def release(
    table: Tables,
    source: Source = None,
    target: Target = None,
    connection: ConnectionName = None,
    file: Annotated[
        list[str] | None, typer.Option("--file", metavar="KEY", help="Only these [default: all]")
    ] = None,
    rebase: Rebase = None,
    layout: Layout = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Take files out of quarantine and read them, however old they are."""
    asked = Asked(source, target, connection, rebase, layout, dry_run, json)
    asked.do(Action.RELEASE, table, files=file or ())


def folder_time(text: str) -> int:
    """A folder timestamp, epoch ms, from digits or from ISO 8601 (without a zone: UTC).

    Raises:
        UsageError: ``BAD_TIME``.
    """
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(
            "BAD_TIME",
            f"--since is {text!r}, which is no time.",
            "Write it like 2026-11-26T03:00Z, or as epoch milliseconds.",
        ) from error
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
