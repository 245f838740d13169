"""Composition root: settings become services."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cdalake.catalog.access import AccessStore
from cdalake.catalog.audit import AuditStore
from cdalake.catalog.changes import ChangeLog
from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.figures import FigureStore
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.leases import Leases
from cdalake.catalog.manifests import ManifestIndex
from cdalake.catalog.overview import Overview
from cdalake.catalog.pauses import Pauses
from cdalake.catalog.retention import OldRuns
from cdalake.catalog.run_list import RunList
from cdalake.catalog.run_matrix import MatrixStore
from cdalake.catalog.runs import RunStore
from cdalake.catalog.sampling import read_rows
from cdalake.catalog.table_history import TableHistory
from cdalake.catalog.tables import TableIndex
from cdalake.catalog.trends import TrendStore
from cdalake.errors import StoreUnavailable, UsageError
from cdalake.runners.process import ProcessRunner
from cdalake.services.access import AccessService, first_token
from cdalake.services.audit import AuditLog
from cdalake.services.browsing import BrowsingService
from cdalake.services.changes import ChangeFeed
from cdalake.services.comparison import ComparisonService
from cdalake.services.config_service import ConfigService
from cdalake.services.connection_service import ConnectionService
from cdalake.services.connections import Connections
from cdalake.services.dashboard_service import DashboardService
from cdalake.services.deadline import Deadline
from cdalake.services.delta_table_service import DeltaTableService
from cdalake.services.demo import DemoService
from cdalake.services.dry_run import DryRun
from cdalake.services.endpoints import Endpoints
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.job_service import JobManagementService
from cdalake.services.matrix import MatrixService
from cdalake.services.null_shares import NullShares
from cdalake.services.observation import Observation
from cdalake.services.preflight import PreflightService
from cdalake.services.reconciler import Reconciler
from cdalake.services.refresher import Refresher
from cdalake.services.refusals import Refusals
from cdalake.services.retention import RetentionService
from cdalake.services.run_history import RunHistory
from cdalake.services.run_logs import RunLogs
from cdalake.services.spark_service import SparkExecutionService
from cdalake.services.support import SupportBundle
from cdalake.services.table_history_service import TableHistoryService
from cdalake.services.table_list import TableListService
from cdalake.services.table_runs import TableRuns
from cdalake.services.trends_service import TrendsService
from cdalake.settings import Settings
from cdalake.storage.inline import KeyRing


class BackgroundThread(Protocol):
    """Work beside the requests."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    @property
    def is_working(self) -> bool:
        """It goes on."""


@dataclass(frozen=True)
class Services:
    """The services of one process.

    Attributes:
        stopping: set when the process is about to end; whoever waits long looks at it.
    """

    database: Database
    connections: Connections
    leases: Leases
    runner: ProcessRunner
    reconciler: Reconciler
    refresher: Refresher
    changes: ChangeFeed
    tables: DeltaTableService
    table_list: TableListService
    table_history: TableHistoryService
    nulls: NullShares
    table_runs: TableRuns
    dry_run: DryRun
    matrix: MatrixService
    comparison: ComparisonService
    guidewire: GuidewireService
    jobs: JobManagementService
    logs: RunLogs
    preflight: PreflightService
    history: RunHistory
    dashboard: DashboardService
    trends: TrendsService
    config: ConfigService
    audit: AuditLog
    access: AccessService
    refusals: Refusals
    retention: RetentionService
    observation: Observation
    sources: ConnectionService
    demo: DemoService
    support: SupportBundle
    browsing: BrowsingService
    patience: Deadline = field(default_factory=lambda: Deadline(2.0, rest_seconds=2.0))
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def threads(self) -> dict[str, BackgroundThread]:
        """What works beside the requests, in the order of its start."""
        return {
            "reconciler": self.reconciler,
            "refresher": self.refresher,
            "changes": self.changes,
            "retention": self.retention,
        }

    def start(self) -> None:
        """Start the background threads."""
        for thread in self.threads.values():
            thread.start()

    def stop(self) -> None:
        """Stop them; runs go on by themselves."""
        self.stopping.set()
        for thread in reversed(self.threads.values()):
            thread.stop()
        self.runner.forget()
        with suppress(StoreUnavailable):
            # Others need not wait for them to end by themselves.
            self.leases.release()
        self.database.close()

    def check_ready(self) -> None:
        """The database answers and the background threads live.

        Raises:
            StoreUnavailable: ``DATABASE_UNAVAILABLE`` or ``NOT_READY``; it names what is missing.
        """
        self._require_database()
        ended = [name for name, works in self.working().items() if not works]
        if ended:
            what = f"The background thread {ended[0]} has ended."
            if len(ended) > 1:
                what = f"The background threads {', '.join(ended)} have ended."
            raise StoreUnavailable("NOT_READY", what, "Restart the server.")

    def _require_database(self) -> None:
        try:
            self.patience.call(self.database.ping, "The database")
        except StoreUnavailable as error:
            hint = "Check that it runs and can be reached; see CDALAKE_DATABASE_URL."
            raise StoreUnavailable("DATABASE_UNAVAILABLE", error.message, hint) from error

    def working(self) -> dict[str, bool]:
        """Names of the background threads, and whether they work."""
        return {name: thread.is_working for name, thread in self.threads.items()}


def build(settings: Settings, environment: Mapping[str, str] | None = None) -> Services:
    """The services over `settings`; nothing is started yet.

    Raises:
        UsageError: the database or the home cannot be used.
    """
    database = Database.open(settings.database_url)
    with _in_home(settings.home):
        settings.runs_dir.mkdir(parents=True, exist_ok=True)
    runs, index, listed = RunStore(database), TableIndex(database), RunList(database)
    finder = TableFinder(database)
    runner = ProcessRunner()
    kept, leases = ConnectionStore(database), Leases(database)
    connections = Connections(settings, kept)
    ring, endpoints = KeyRing(), Endpoints(settings)
    refresher = Refresher(connections.all, index, runs, settings.refresh_seconds, leases)
    pauses = Pauses(database)
    reconciler = Reconciler(
        runs, runner, settings.runs_dir, refresher.nudge_tables, leases, ring, pauses
    )
    environment = os.environ if environment is None else environment
    config = ConfigService(settings, connections, index, environment)
    guidewire = GuidewireService(
        settings,
        connections,
        runs,
        listed,
        runner,
        reconciler.wake,
        ring,
        str(leases.me),
        endpoints,
        config.region,
    )
    logs = RunLogs(runs, settings.runs_dir)
    spark = SparkExecutionService(read_rows, settings.preview)
    history = TableHistory(database)
    tables = DeltaTableService(connections, index, runs, history, spark)
    table_list = TableListService(connections, index, finder)
    audit = AuditLog(AuditStore(database))
    old_runs = OldRuns(database, settings.runs_dir)
    retention = RetentionService(settings.retention, old_runs, audit, leases)
    observation = Observation(FigureStore(database), connections, retention, leases, settings.home)
    support = SupportBundle(settings, connections, config, observation, index, finder, runs, listed)
    sources = ConnectionService(
        settings,
        connections,
        kept,
        index,
        runs,
        pauses,
        changed=refresher.look_for_connections,
        resumed=reconciler.wake,
    )
    services = Services(
        database=database,
        connections=connections,
        leases=leases,
        runner=runner,
        reconciler=reconciler,
        refresher=refresher,
        tables=tables,
        table_history=TableHistoryService(connections, tables.find, history, spark.masking),
        nulls=NullShares(connections, tables.find, settings.preview.seconds),
        table_list=table_list,
        table_runs=TableRuns(table_list, guidewire),
        dry_run=DryRun(connections, endpoints, guidewire),
        matrix=MatrixService(connections, table_list, runs, MatrixStore(database)),
        comparison=ComparisonService(tables, history),
        changes=ChangeFeed(ChangeLog(database)),
        guidewire=guidewire,
        jobs=JobManagementService(guidewire, logs),
        logs=logs,
        preflight=PreflightService(guidewire, runs, index, listed, pauses),
        history=RunHistory(runs, listed),
        dashboard=DashboardService(connections, index, Overview(database), runs, pauses),
        trends=TrendsService(connections, TrendStore(database)),
        config=config,
        audit=audit,
        refusals=Refusals(audit),
        access=_access(settings, database),
        retention=retention,
        observation=observation,
        sources=sources,
        demo=DemoService(settings.home / "demo", connections, sources, guidewire),
        support=support,
        browsing=BrowsingService(connections, ManifestIndex(database), index, endpoints),
    )
    observation.watch(services.working)
    return services


def _access(settings: Settings, database: Database) -> AccessService:
    known = settings.access
    with _in_home(settings.home):
        first = first_token(known.token, settings.home) if settings.needs_login else known.token
    return AccessService(AccessStore(database), first, known.session_seconds)


@contextmanager
def _in_home(home: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(
            "HOME_UNUSABLE",
            f"The home {home} cannot be written ({error.strerror}).",
            "Set CDALAKE_HOME to a folder of yours.",
        ) from error
