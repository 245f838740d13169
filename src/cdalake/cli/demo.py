"""``cdalake demo``: a sample export, its tables and the page, in one folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cdalake.cli.report import print_result
from cdalake.cli.run import Request, carry_out, terminal
from cdalake.cli.samples import extend, write
from cdalake.cli.serve import serve_page
from cdalake.engine.progress import utc_now
from cdalake.samples import SampleSpec
from cdalake.settings import Connection, Settings, load

MORE_FOLDERS = 2


def run_demo(home: Path | None, tables: int, port: int | None, *, serve: bool) -> int:
    """Write (or extend) the export, sync it, serve the page; the run's exit code."""
    settings = demo_settings(home)
    connection = settings.connection(None)
    if (Path(connection.source) / "manifest.json").exists():
        extend(connection.source, MORE_FOLDERS)
    else:
        write(connection.source, SampleSpec(tables=tables, end=utc_now()))
    spec = Request(None, None, None).spec(connection, "demo")
    result = carry_out(settings, spec, terminal())
    print_result(result, (connection.source, connection.target))
    if serve:
        serve_page(settings, None, port, show=True, exit_code=result.exit_code)
    return result.exit_code


def demo_settings(home: Path | None) -> Settings:
    """Settings whose only connection is the demo's own export and lake."""
    settings = load()
    folder = (home or settings.home / "demo").expanduser().absolute()
    connection = Connection(
        "demo",
        source=str(folder / "export"),
        target=str(folder / "lake"),
        origin="cdalake demo",
    )
    return replace(
        settings,
        home=folder,
        database_url=f"sqlite:///{folder / 'cdalake.db'}",
        connections={"demo": connection},
    )
