"""Composition root: settings become services."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from cdalake.catalog.access import AccessStore
from cdalake.catalog.audit import AuditStore
from cdalake.catalog.changes import ChangeLog
from cdalake.catalog.connections import ConnectionStore
from cdalake.catalog.database import Database
from cdalake.catalog.finding import TableFinder
from cdalake.catalog.leases import Leases
from cdalake.catalog.run_list import RunList
from cdalake.catalog.run_matrix import MatrixStore
from cdalake.catalog.runs import RunStore
from cdalake.catalog.sampling import read_rows
from cdalake.catalog.table_history import TableHistory
from cdalake.catalog.tables import TableIndex
from cdalake.catalog.trends import TrendStore
from cdalake.errors import StoreUnavailable
from cdalake.runners.process import ProcessRunner
from cdalake.services.access import AccessService, first_token
from cdalake.services.audit import AuditLog
from cdalake.services.changes import ChangeFeed
from cdalake.services.comparison import ComparisonService
from cdalake.services.config_service import ConfigService
from cdalake.services.connections import Connections
from cdalake.services.dashboard_service import DashboardService
from cdalake.services.delta_table_service import DeltaTableService
from cdalake.services.guidewire_service import GuidewireService
from cdalake.services.job_service import JobManagementService
from cdalake.services.matrix import MatrixService
from cdalake.services.preflight import PreflightService
from cdalake.services.reconciler import Reconciler
from cdalake.services.refresher import Refresher
from cdalake.services.run_history import RunHistory
from cdalake.services.run_logs import RunLogs
from cdalake.services.spark_service import SparkExecutionService
from cdalake.services.table_history_service import TableHistoryService
from cdalake.services.table_list import TableListService
from cdalake.services.table_runs import TableRuns
from cdalake.services.trends_service import TrendsService
from cdalake.settings import Settings


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
    table_runs: TableRuns
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
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the background threads."""
        self.reconciler.start()
        self.refresher.start()
        self.changes.start()

    def stop(self) -> None:
        """Stop them; runs go on by themselves."""
        self.stopping.set()
        self.changes.stop()
        self.refresher.stop()
        self.reconciler.stop()
        self.runner.forget()
        with suppress(StoreUnavailable):
            # Others need not wait for them to end by themselves.
            self.leases.release()
        self.database.close()

    def check_ready(self) -> None:
        """The database answers and the background threads live.

        Raises:
            StoreUnavailable: ``NOT_READY``.
        """
        self.database.ping()
        threads = (self.reconciler, self.refresher, self.changes)
        if not all(thread.is_working for thread in threads):
            raise StoreUnavailable(
                "NOT_READY", "A background thread has ended.", "Restart the server."
            )


def build(settings: Settings, environment: Mapping[str, str] | None = None) -> Services:
    """The services over `settings`; nothing is started yet.

    Raises:
        UsageError: the database cannot be used.
    """
    settings.runs_dir.mkdir(parents=True, exist_ok=True)
    database = Database.open(settings.database_url)
    runs, index, listed = RunStore(database), TableIndex(database), RunList(database)
    finder = TableFinder(database)
    runner = ProcessRunner()
    connections = Connections(settings, ConnectionStore(database))
    leases = Leases(database)
    refresher = Refresher(connections.all, index, runs, settings.refresh_seconds, leases)
    reconciler = Reconciler(runs, runner, settings.runs_dir, refresher.nudge_tables, leases)
    environment = os.environ if environment is None else environment
    config = ConfigService(settings, connections, index, environment)
    guidewire = GuidewireService(
        settings, connections, runs, listed, runner, reconciler.wake, config.region
    )
    logs = RunLogs(runs, settings.runs_dir)
    spark = SparkExecutionService(read_rows)
    history = TableHistory(database)
    tables = DeltaTableService(connections, index, runs, history, spark)
    table_list = TableListService(connections, index, finder)
    return Services(
        database=database,
        connections=connections,
        leases=leases,
        runner=runner,
        reconciler=reconciler,
        refresher=refresher,
        tables=tables,
        table_history=TableHistoryService(connections, tables.find, history),
        table_list=table_list,
        table_runs=TableRuns(table_list, guidewire),
        matrix=MatrixService(connections, table_list, runs, MatrixStore(database)),
        comparison=ComparisonService(tables, history),
        changes=ChangeFeed(ChangeLog(database)),
        guidewire=guidewire,
        jobs=JobManagementService(guidewire, logs),
        logs=logs,
        preflight=PreflightService(guidewire, runs, index, listed),
        history=RunHistory(runs, listed),
        dashboard=DashboardService(connections, index, finder, runs),
        trends=TrendsService(connections, TrendStore(database)),
        config=config,
        audit=AuditLog(AuditStore(database)),
        access=_access(settings, database),
    )


def _access(settings: Settings, database: Database) -> AccessService:
    known = settings.access
    first = first_token(known.token, settings.home) if settings.needs_login else known.token
    return AccessService(AccessStore(database), first, known.session_seconds)
