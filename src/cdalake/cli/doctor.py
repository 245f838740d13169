"""``cdalake doctor``: what is missing, and how to mend it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path

from rich.markup import escape

from cdalake.cda.manifest import read_manifest
from cdalake.cli.report import console
from cdalake.cli.run import Request
from cdalake.engine.sync import check
from cdalake.errors import CdalakeError, UsageError
from cdalake.runners.places import is_ray_installed
from cdalake.settings import Connection, Settings, mask_key
from cdalake.storage import Store


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `hint` is empty where nothing is to be done."""

    what: str
    ok: bool
    says: str
    hint: str = ""


def examine(settings: Settings, bundle: Path | None = None) -> int:
    """Print every finding; 0 when all is well, 1 otherwise.

    Args:
        bundle: where to write the support bundle, with the findings in it.
    """
    screen = console()
    findings = list(_findings(settings))
    for finding in findings:
        mark = "[green]ok  [/]" if finding.ok else "[red]MEND[/]"
        screen.print(f"{mark}  {escape(f'{finding.what}: {finding.says}')}", soft_wrap=True)
        if finding.hint and not finding.ok:
            screen.print(f"      {escape(finding.hint)}", soft_wrap=True)
    if bundle is not None:
        _write_bundle(settings, bundle, findings)
        screen.print(f"Wrote {escape(str(bundle))}: no secrets, no rows.", soft_wrap=True)
    return 0 if all(finding.ok for finding in findings) else 1


def _write_bundle(settings: Settings, path: Path, findings: list[Finding]) -> None:
    from cdalake.bootstrap import build

    services = build(settings)
    try:
        data = services.support.build({"doctor.json": [asdict(each) for each in findings]})
    finally:
        services.database.close()
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UsageError(
            "BUNDLE_NOT_WRITTEN",
            f"{path} cannot be written ({error.strerror}).",
            "Name another file with --bundle.",
        ) from error


def _findings(settings: Settings) -> Iterator[Finding]:
    yield Finding("Python", ok=True, says=sys.version.split()[0])
    yield _home(settings)
    yield _database(settings)
    yield _page()
    yield _ray(settings)
    if not settings.connections:
        yield Finding(
            "Connections",
            ok=False,
            says="there is none",
            hint="Set CDALAKE_SOURCE and CDALAKE_TARGET, or write a cdalake.toml; "
            "`cdalake demo` needs neither.",
        )
    for connection in settings.connections.values():
        yield from _connection(connection)


def _home(settings: Settings) -> Finding:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            return Finding("Home", ok=True, says=str(settings.home))
    except OSError as error:
        says = f"{settings.home} cannot be written ({error.strerror})"
        return Finding("Home", ok=False, says=says, hint="Set CDALAKE_HOME to a folder of yours.")


def _database(settings: Settings) -> Finding:
    try:
        from cdalake.catalog.registration import describe_database

        return Finding("Database", ok=True, says=describe_database(settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        says = f"not usable ({str(error).splitlines()[0][:200]})"
        hint = "Check CDALAKE_DATABASE_URL and that its server runs; SQLite needs a writable home."
        return Finding("Database", ok=False, says=says, hint=hint)


def _page() -> Finding:
    built = files("cdalake").joinpath("ui/dist/index.html").is_file()
    says = "built" if built else "not built"
    return Finding(
        "Page",
        built,
        says,
        "In a checkout run `make setup`; an installed wheel should have it: install it again.",
    )


def _ray(settings: Settings) -> Finding:
    wants = [each.name for each in settings.connections.values() if each.runner == "ray"]
    if is_ray_installed():
        return Finding("Ray", ok=True, says=f"{metadata.version('ray')}, for the runner `ray`")
    if not wants:
        return Finding("Ray", ok=True, says="not installed; only the runner `ray` needs it")
    says = f"not installed, and {', '.join(wants)} has the runner `ray`"
    return Finding("Ray", ok=False, says=says, hint="Run pip install 'cdalake[ray]'.")


def _connection(connection: Connection) -> Iterator[Finding]:
    name = f"Connection {connection.name}"
    yield Finding(name, ok=True, says=f"from {connection.origin}")
    try:
        source, target, _ = check(Request(None, None, None).spec(connection))
        yield Finding(f"{name}, credentials", ok=True, says=_credentials(source, target))
        manifest = read_manifest(source, pause=lambda _: None)
    except CdalakeError as error:
        yield Finding(f"{name}, source", ok=False, says=error.message, hint=error.hint)
        return
    says = f"{connection.source} names {len(manifest.names)} tables"
    yield Finding(f"{name}, source", ok=True, says=says)
    yield _target(name, target)


def _target(name: str, target: Store) -> Finding:
    try:
        count = len([f for f in target.list_folders() if not f.startswith(("_", "."))])
    except CdalakeError as error:
        return Finding(f"{name}, target", ok=False, says=error.message, hint=error.hint)
    return Finding(f"{name}, target", ok=True, says=f"{target.url} can be listed, {count} folders")


def _credentials(*stores: Store) -> str:
    if all(store.location.scheme != "s3" for store in stores):
        return "no S3 credentials needed"
    key = mask_key(os.environ.get("AWS_ACCESS_KEY_ID"))
    return f"AWS_ACCESS_KEY_ID is {key}" if key else "no AWS_ACCESS_KEY_ID, so this machine's role"
