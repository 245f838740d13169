// @ts-nocheck
// Generated from openapi.json by `bun run gen`. Do not edit.

import type { Client, ClientMeta, Options as Options2, RequestResult, ServerSentEventsResult, TDataShape } from './client';
import { client } from './client.gen';
import type { AddConnectionData, AddConnectionErrors, AddConnectionResponses, AddTokenData, AddTokenErrors, AddTokenResponses, CancelGuidewireJobData, CancelGuidewireJobErrors, CancelGuidewireJobResponses, CancelJobRunData, CancelJobRunErrors, CancelJobRunResponses, ChangeManyRunsData, ChangeManyRunsErrors, ChangeManyRunsResponses, CleanUpRunsData, CleanUpRunsErrors, CleanUpRunsResponses, CompareRunData, CompareRunErrors, CompareRunResponses, CompareSchemasData, CompareSchemasErrors, CompareSchemasResponses, DownloadObjectData, DownloadObjectErrors, DownloadObjectResponses, ExportAuditData, ExportAuditErrors, ExportAuditResponses, ExportRunResultsData, ExportRunResultsErrors, ExportRunResultsResponses, ExportTablesData, ExportTablesErrors, ExportTablesResponses, GetChangesData, GetChangesErrors, GetChangesResponses, GetConfigData, GetConfigErrors, GetConfigResponses, GetConnectionData, GetConnectionErrors, GetConnectionResponses, GetDashboardData, GetDashboardErrors, GetDashboardResponses, GetGuidewireJobData, GetGuidewireJobErrors, GetGuidewireJobResponses, GetHealthData, GetHealthErrors, GetHealthResponses, GetJobLogsData, GetJobLogsErrors, GetJobLogsResponses, GetJobRunData, GetJobRunErrors, GetJobRunResponses, GetManifestData, GetManifestErrors, GetManifestResponses, GetMeData, GetMeErrors, GetMeResponses, GetMetricsData, GetMetricsErrors, GetMetricsResponses, GetReadinessData, GetReadinessErrors, GetReadinessResponses, GetRunFacetsData, GetRunFacetsErrors, GetRunFacetsResponses, GetRunLogFileData, GetRunLogFileErrors, GetRunLogFileResponses, GetRunLogHitsData, GetRunLogHitsErrors, GetRunLogHitsResponses, GetRunLogsData, GetRunLogsErrors, GetRunLogsResponses, GetRunManifestData, GetRunManifestErrors, GetRunManifestResponses, GetSupportBundleData, GetSupportBundleErrors, GetSupportBundleResponses, GetSystemData, GetSystemErrors, GetSystemLogData, GetSystemLogErrors, GetSystemLogResponses, GetSystemResponses, GetTableData, GetTableErrors, GetTableHistoryData, GetTableHistoryErrors, GetTableHistoryResponses, GetTableMatrixData, GetTableMatrixErrors, GetTableMatrixResponses, GetTableNullsData, GetTableNullsErrors, GetTableNullsResponses, GetTableResponses, GetTableSampleData, GetTableSampleErrors, GetTableSampleResponses, GetTableSchemaData, GetTableSchemaErrors, GetTableSchemaResponses, GetTableSchemasData, GetTableSchemasErrors, GetTableSchemasResponses, GetTableTimelineData, GetTableTimelineErrors, GetTableTimelineResponses, GetTrendsData, GetTrendsErrors, GetTrendsResponses, ListAuditData, ListAuditErrors, ListAuditResponses, ListColumnNamesData, ListColumnNamesErrors, ListColumnNamesResponses, ListConnectionsData, ListConnectionsErrors, ListConnectionsResponses, ListGuidewireJobsData, ListGuidewireJobsErrors, ListGuidewireJobsResponses, ListObjectsData, ListObjectsErrors, ListObjectsResponses, ListTableNamesData, ListTableNamesErrors, ListTableNamesResponses, ListTablesData, ListTablesErrors, ListTablesResponses, ListTokensData, ListTokensErrors, ListTokensResponses, LogInData, LogInErrors, LogInResponses, LogOutData, LogOutErrors, LogOutResponses, PauseRunsData, PauseRunsErrors, PauseRunsResponses, PlanTableData, PlanTableErrors, PlanTableResponses, PreflightGuidewireJobData, PreflightGuidewireJobErrors, PreflightGuidewireJobResponses, RefreshTablesData, RefreshTablesErrors, RefreshTablesResponses, RemoveConnectionData, RemoveConnectionErrors, RemoveConnectionResponses, ReplaceConnectionData, ReplaceConnectionErrors, ReplaceConnectionResponses, ResumeRunsData, ResumeRunsErrors, ResumeRunsResponses, RetryGuidewireJobData, RetryGuidewireJobErrors, RetryGuidewireJobResponses, RevokeTokenData, RevokeTokenErrors, RevokeTokenResponses, RunJobData, RunJobErrors, RunJobResponses, RunTablesData, RunTablesErrors, RunTablesResponses, StartDemoData, StartDemoErrors, StartDemoResponses, StartGuidewireJobData, StartGuidewireJobErrors, StartGuidewireJobResponses, StreamChangesData, StreamChangesErrors, StreamChangesResponses, StreamRunEventsData, StreamRunEventsErrors, StreamRunEventsResponses, TestConnectionData, TestConnectionErrors, TestConnectionResponses, TestValuesData, TestValuesErrors, TestValuesResponses } from './types.gen';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean, TResponse = unknown> = Options2<TData, ThrowOnError, TResponse> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: keyof ClientMeta extends never ? Record<string, unknown> : ClientMeta;
};

/**
 * List Audit
 *
 * Who did what, newest first.
 */
export const listAudit = <ThrowOnError extends boolean = false>(options?: Options<ListAuditData, ThrowOnError>): RequestResult<ListAuditResponses, ListAuditErrors, ThrowOnError> => (options?.client ?? client).get<ListAuditResponses, ListAuditErrors, ThrowOnError>({ url: '/api/audit', ...options });

/**
 * Export Audit
 *
 * The same as a file, every entry that matches.
 */
export const exportAudit = <ThrowOnError extends boolean = false>(options?: Options<ExportAuditData, ThrowOnError>): RequestResult<ExportAuditResponses, ExportAuditErrors, ThrowOnError> => (options?.client ?? client).get<ExportAuditResponses, ExportAuditErrors, ThrowOnError>({ url: '/api/audit/export', ...options });

/**
 * Get Changes
 *
 * Which runs, tables and connections changed; whoever did it, another process too.
 */
export const getChanges = <ThrowOnError extends boolean = false>(options?: Options<GetChangesData, ThrowOnError>): RequestResult<GetChangesResponses, GetChangesErrors, ThrowOnError> => (options?.client ?? client).get<GetChangesResponses, GetChangesErrors, ThrowOnError>({ url: '/api/changes', ...options });

/**
 * Compare Schemas
 *
 * The columns of two tables, or of two versions of one, by name; order is no difference.
 */
export const compareSchemas = <ThrowOnError extends boolean = false>(options: Options<CompareSchemasData, ThrowOnError>): RequestResult<CompareSchemasResponses, CompareSchemasErrors, ThrowOnError> => (options.client ?? client).get<CompareSchemasResponses, CompareSchemasErrors, ThrowOnError>({ url: '/api/compare', ...options });

/**
 * Get Config
 *
 * Every setting with its origin; no secret is in it.
 */
export const getConfig = <ThrowOnError extends boolean = false>(options?: Options<GetConfigData, ThrowOnError>): RequestResult<GetConfigResponses, GetConfigErrors, ThrowOnError> => (options?.client ?? client).get<GetConfigResponses, GetConfigErrors, ThrowOnError>({ url: '/api/config', ...options });

/**
 * List Connections
 *
 * Every connection with what the last look at it said.
 */
export const listConnections = <ThrowOnError extends boolean = false>(options?: Options<ListConnectionsData, ThrowOnError>): RequestResult<ListConnectionsResponses, ListConnectionsErrors, ThrowOnError> => (options?.client ?? client).get<ListConnectionsResponses, ListConnectionsErrors, ThrowOnError>({ url: '/api/connections', ...options });

/**
 * Add Connection
 *
 * Keep a new connection.
 */
export const addConnection = <ThrowOnError extends boolean = false>(options: Options<AddConnectionData, ThrowOnError>): RequestResult<AddConnectionResponses, AddConnectionErrors, ThrowOnError> => (options.client ?? client).post<AddConnectionResponses, AddConnectionErrors, ThrowOnError>({
    url: '/api/connections',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Test Values
 *
 * Try a connection that is not kept yet, step by step.
 */
export const testValues = <ThrowOnError extends boolean = false>(options: Options<TestValuesData, ThrowOnError>): RequestResult<TestValuesResponses, TestValuesErrors, ThrowOnError> => (options.client ?? client).post<TestValuesResponses, TestValuesErrors, ThrowOnError>({
    url: '/api/connections/test',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Remove Connection
 *
 * Forget a connection; its source and target are not touched.
 */
export const removeConnection = <ThrowOnError extends boolean = false>(options: Options<RemoveConnectionData, ThrowOnError>): RequestResult<RemoveConnectionResponses, RemoveConnectionErrors, ThrowOnError> => (options.client ?? client).delete<RemoveConnectionResponses, RemoveConnectionErrors, ThrowOnError>({ url: '/api/connections/{name}', ...options });

/**
 * Get Connection
 *
 * One connection; its `revision` is the If-Match of a change.
 */
export const getConnection = <ThrowOnError extends boolean = false>(options: Options<GetConnectionData, ThrowOnError>): RequestResult<GetConnectionResponses, GetConnectionErrors, ThrowOnError> => (options.client ?? client).get<GetConnectionResponses, GetConnectionErrors, ThrowOnError>({ url: '/api/connections/{name}', ...options });

/**
 * Replace Connection
 *
 * Give a connection other values; those of the file or environment are read-only.
 */
export const replaceConnection = <ThrowOnError extends boolean = false>(options: Options<ReplaceConnectionData, ThrowOnError>): RequestResult<ReplaceConnectionResponses, ReplaceConnectionErrors, ThrowOnError> => (options.client ?? client).put<ReplaceConnectionResponses, ReplaceConnectionErrors, ThrowOnError>({
    url: '/api/connections/{name}',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Manifest
 *
 * The manifest's entries by table, as they were read last; no store is asked.
 */
export const getManifest = <ThrowOnError extends boolean = false>(options: Options<GetManifestData, ThrowOnError>): RequestResult<GetManifestResponses, GetManifestErrors, ThrowOnError> => (options.client ?? client).get<GetManifestResponses, GetManifestErrors, ThrowOnError>({ url: '/api/connections/{name}/manifest', ...options });

/**
 * List Objects
 *
 * One folder of a source or target, read live within eight seconds.
 */
export const listObjects = <ThrowOnError extends boolean = false>(options: Options<ListObjectsData, ThrowOnError>): RequestResult<ListObjectsResponses, ListObjectsErrors, ThrowOnError> => (options.client ?? client).get<ListObjectsResponses, ListObjectsErrors, ThrowOnError>({ url: '/api/connections/{name}/objects', ...options });

/**
 * Download Object
 *
 * An object as a file, up to 256 MiB; written to the audit log.
 */
export const downloadObject = <ThrowOnError extends boolean = false>(options: Options<DownloadObjectData, ThrowOnError>): RequestResult<DownloadObjectResponses, DownloadObjectErrors, ThrowOnError> => (options.client ?? client).get<DownloadObjectResponses, DownloadObjectErrors, ThrowOnError>({ url: '/api/connections/{name}/objects/content', ...options });

/**
 * Pause Runs
 *
 * Let no run of the connection begin until it is resumed; those that go on do.
 */
export const pauseRuns = <ThrowOnError extends boolean = false>(options: Options<PauseRunsData, ThrowOnError>): RequestResult<PauseRunsResponses, PauseRunsErrors, ThrowOnError> => (options.client ?? client).post<PauseRunsResponses, PauseRunsErrors, ThrowOnError>({ url: '/api/connections/{name}/pause', ...options });

/**
 * Resume Runs
 *
 * Let runs of the connection begin again, even where it is gone from the configuration.
 */
export const resumeRuns = <ThrowOnError extends boolean = false>(options: Options<ResumeRunsData, ThrowOnError>): RequestResult<ResumeRunsResponses, ResumeRunsErrors, ThrowOnError> => (options.client ?? client).post<ResumeRunsResponses, ResumeRunsErrors, ThrowOnError>({ url: '/api/connections/{name}/resume', ...options });

/**
 * Test Connection
 *
 * Try a connection step by step; nothing is written without consent.
 */
export const testConnection = <ThrowOnError extends boolean = false>(options: Options<TestConnectionData, ThrowOnError>): RequestResult<TestConnectionResponses, TestConnectionErrors, ThrowOnError> => (options.client ?? client).post<TestConnectionResponses, TestConnectionErrors, ThrowOnError>({
    url: '/api/connections/{name}/test',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Dashboard
 *
 * Is anything wrong, and what; of all connections or of one.
 */
export const getDashboard = <ThrowOnError extends boolean = false>(options?: Options<GetDashboardData, ThrowOnError>): RequestResult<GetDashboardResponses, GetDashboardErrors, ThrowOnError> => (options?.client ?? client).get<GetDashboardResponses, GetDashboardErrors, ThrowOnError>({ url: '/api/dashboard', ...options });

/**
 * Start Demo
 *
 * Write a sample export beside the server's data, connect it, and start its first run.
 */
export const startDemo = <ThrowOnError extends boolean = false>(options?: Options<StartDemoData, ThrowOnError>): RequestResult<StartDemoResponses, StartDemoErrors, ThrowOnError> => (options?.client ?? client).post<StartDemoResponses, StartDemoErrors, ThrowOnError>({ url: '/api/demo', ...options });

/**
 * Stream Changes
 *
 * Events `changes` (as GET /api/changes) and, while nothing changes, `tick`.
 *
 * `Last-Event-ID`, or `after`, resumes without a gap. The server closes the stream after 90
 * seconds; the browser resumes it.
 */
export const streamChanges = <ThrowOnError extends boolean = false>(options?: Options<StreamChangesData, ThrowOnError, unknown>): Promise<ServerSentEventsResult<StreamChangesResponses>> => (options?.client ?? client).sse.get<StreamChangesResponses, StreamChangesErrors, ThrowOnError>({ url: '/api/events', ...options });

/**
 * List Guidewire Jobs
 *
 * Runs, newest first.
 *
 * The header `X-Total-Count` has their number, `X-Next-Before` the next page's `before`.
 */
export const listGuidewireJobs = <ThrowOnError extends boolean = false>(options?: Options<ListGuidewireJobsData, ThrowOnError>): RequestResult<ListGuidewireJobsResponses, ListGuidewireJobsErrors, ThrowOnError> => (options?.client ?? client).get<ListGuidewireJobsResponses, ListGuidewireJobsErrors, ThrowOnError>({ url: '/api/guidewire/jobs', ...options });

/**
 * Preflight Guidewire Job
 *
 * Try what a run of this config would do first: nothing is started, written or made.
 */
export const preflightGuidewireJob = <ThrowOnError extends boolean = false>(options: Options<PreflightGuidewireJobData, ThrowOnError>): RequestResult<PreflightGuidewireJobResponses, PreflightGuidewireJobErrors, ThrowOnError> => (options.client ?? client).post<PreflightGuidewireJobResponses, PreflightGuidewireJobErrors, ThrowOnError>({
    url: '/api/guidewire/jobs/preflight',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Start Guidewire Job
 *
 * Start a run; a repeated `request_id` answers with the run it already started.
 */
export const startGuidewireJob = <ThrowOnError extends boolean = false>(options: Options<StartGuidewireJobData, ThrowOnError>): RequestResult<StartGuidewireJobResponses, StartGuidewireJobErrors, ThrowOnError> => (options.client ?? client).post<StartGuidewireJobResponses, StartGuidewireJobErrors, ThrowOnError>({
    url: '/api/guidewire/jobs/start',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Cancel Guidewire Job
 *
 * Ask a run to stop at the next folder.
 */
export const cancelGuidewireJob = <ThrowOnError extends boolean = false>(options: Options<CancelGuidewireJobData, ThrowOnError>): RequestResult<CancelGuidewireJobResponses, CancelGuidewireJobErrors, ThrowOnError> => (options.client ?? client).delete<CancelGuidewireJobResponses, CancelGuidewireJobErrors, ThrowOnError>({ url: '/api/guidewire/jobs/{job_id}', ...options });

/**
 * Get Guidewire Job
 *
 * A run with every table.
 */
export const getGuidewireJob = <ThrowOnError extends boolean = false>(options: Options<GetGuidewireJobData, ThrowOnError>): RequestResult<GetGuidewireJobResponses, GetGuidewireJobErrors, ThrowOnError> => (options.client ?? client).get<GetGuidewireJobResponses, GetGuidewireJobErrors, ThrowOnError>({ url: '/api/guidewire/jobs/{job_id}', ...options });

/**
 * Retry Guidewire Job
 *
 * Try the tables again that did not end well: the next attempt of the same run.
 */
export const retryGuidewireJob = <ThrowOnError extends boolean = false>(options: Options<RetryGuidewireJobData, ThrowOnError>): RequestResult<RetryGuidewireJobResponses, RetryGuidewireJobErrors, ThrowOnError> => (options.client ?? client).post<RetryGuidewireJobResponses, RetryGuidewireJobErrors, ThrowOnError>({ url: '/api/guidewire/jobs/{job_id}/retry', ...options });

/**
 * Run Job
 *
 * Start a run; `parameters` has the fields of GuidewireConfig.
 */
export const runJob = <ThrowOnError extends boolean = false>(options: Options<RunJobData, ThrowOnError>): RequestResult<RunJobResponses, RunJobErrors, ThrowOnError> => (options.client ?? client).post<RunJobResponses, RunJobErrors, ThrowOnError>({
    url: '/api/jobs/run',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Cancel Job Run
 *
 * Ask a run to stop at the next folder.
 */
export const cancelJobRun = <ThrowOnError extends boolean = false>(options: Options<CancelJobRunData, ThrowOnError>): RequestResult<CancelJobRunResponses, CancelJobRunErrors, ThrowOnError> => (options.client ?? client).delete<CancelJobRunResponses, CancelJobRunErrors, ThrowOnError>({ url: '/api/jobs/{run_id}', ...options });

/**
 * Get Job Run
 *
 * Where a run stands.
 */
export const getJobRun = <ThrowOnError extends boolean = false>(options: Options<GetJobRunData, ThrowOnError>): RequestResult<GetJobRunResponses, GetJobRunErrors, ThrowOnError> => (options.client ?? client).get<GetJobRunResponses, GetJobRunErrors, ThrowOnError>({ url: '/api/jobs/{run_id}', ...options });

/**
 * Get Job Logs
 *
 * Log lines after `offset` as text.
 */
export const getJobLogs = <ThrowOnError extends boolean = false>(options: Options<GetJobLogsData, ThrowOnError>): RequestResult<GetJobLogsResponses, GetJobLogsErrors, ThrowOnError> => (options.client ?? client).get<GetJobLogsResponses, GetJobLogsErrors, ThrowOnError>({ url: '/api/jobs/{run_id}/logs', ...options });

/**
 * Log In
 *
 * Begin a session with a token; the answer sets the cookie that later requests are known by.
 */
export const logIn = <ThrowOnError extends boolean = false>(options: Options<LogInData, ThrowOnError>): RequestResult<LogInResponses, LogInErrors, ThrowOnError> => (options.client ?? client).post<LogInResponses, LogInErrors, ThrowOnError>({
    url: '/api/login',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Log Out
 *
 * End the session of this browser; it is no error when there is none.
 */
export const logOut = <ThrowOnError extends boolean = false>(options?: Options<LogOutData, ThrowOnError>): RequestResult<LogOutResponses, LogOutErrors, ThrowOnError> => (options?.client ?? client).post<LogOutResponses, LogOutErrors, ThrowOnError>({ url: '/api/logout', ...options });

/**
 * Get Me
 *
 * Who asks, and what they may do.
 */
export const getMe = <ThrowOnError extends boolean = false>(options?: Options<GetMeData, ThrowOnError>): RequestResult<GetMeResponses, GetMeErrors, ThrowOnError> => (options?.client ?? client).get<GetMeResponses, GetMeErrors, ThrowOnError>({ url: '/api/me', ...options });

/**
 * Change Many Runs
 *
 * Cancel or retry many; each has its own outcome, and one that refuses stops no other.
 */
export const changeManyRuns = <ThrowOnError extends boolean = false>(options: Options<ChangeManyRunsData, ThrowOnError>): RequestResult<ChangeManyRunsResponses, ChangeManyRunsErrors, ThrowOnError> => (options.client ?? client).post<ChangeManyRunsResponses, ChangeManyRunsErrors, ThrowOnError>({
    url: '/api/runs/bulk',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Run Facets
 *
 * What the list of runs can be filtered by, and how many have each.
 */
export const getRunFacets = <ThrowOnError extends boolean = false>(options?: Options<GetRunFacetsData, ThrowOnError>): RequestResult<GetRunFacetsResponses, GetRunFacetsErrors, ThrowOnError> => (options?.client ?? client).get<GetRunFacetsResponses, GetRunFacetsErrors, ThrowOnError>({ url: '/api/runs/facets', ...options });

/**
 * Compare Run
 *
 * The run beside the one before of the same selection.
 */
export const compareRun = <ThrowOnError extends boolean = false>(options: Options<CompareRunData, ThrowOnError>): RequestResult<CompareRunResponses, CompareRunErrors, ThrowOnError> => (options.client ?? client).get<CompareRunResponses, CompareRunErrors, ThrowOnError>({ url: '/api/runs/{run_id}/compare', ...options });

/**
 * Stream Run Events
 *
 * Events `base`, `log` (array of lines), `progress` (what changed) and `end`.
 *
 * After `base` read the run once; from then on `progress` has what differs: `run` the changed
 * fields, `results` the changed fields of changed tables. Ids are line numbers: `Last-Event-ID`,
 * or `after`, resumes without a gap. The server closes the stream after 90 seconds; the browser
 * resumes it.
 */
export const streamRunEvents = <ThrowOnError extends boolean = false>(options: Options<StreamRunEventsData, ThrowOnError, unknown>): Promise<ServerSentEventsResult<StreamRunEventsResponses>> => (options.client ?? client).sse.get<StreamRunEventsResponses, StreamRunEventsErrors, ThrowOnError>({ url: '/api/runs/{run_id}/events', ...options });

/**
 * Get Run Logs
 *
 * Log lines after a number.
 */
export const getRunLogs = <ThrowOnError extends boolean = false>(options: Options<GetRunLogsData, ThrowOnError>): RequestResult<GetRunLogsResponses, GetRunLogsErrors, ThrowOnError> => (options.client ?? client).get<GetRunLogsResponses, GetRunLogsErrors, ThrowOnError>({ url: '/api/runs/{run_id}/logs', ...options });

/**
 * Get Run Log File
 *
 * Every line that matches, as text.
 */
export const getRunLogFile = <ThrowOnError extends boolean = false>(options: Options<GetRunLogFileData, ThrowOnError>): RequestResult<GetRunLogFileResponses, GetRunLogFileErrors, ThrowOnError> => (options.client ?? client).get<GetRunLogFileResponses, GetRunLogFileErrors, ThrowOnError>({ url: '/api/runs/{run_id}/logs/file', ...options });

/**
 * Get Run Log Hits
 *
 * Numbers of the lines that match; ask again from `next_offset` until it is `last_line`.
 */
export const getRunLogHits = <ThrowOnError extends boolean = false>(options: Options<GetRunLogHitsData, ThrowOnError>): RequestResult<GetRunLogHitsResponses, GetRunLogHitsErrors, ThrowOnError> => (options.client ?? client).get<GetRunLogHitsResponses, GetRunLogHitsErrors, ThrowOnError>({ url: '/api/runs/{run_id}/logs/hits', ...options });

/**
 * Get Run Manifest
 *
 * The manifest that the run was made from, as CDA wrote it.
 */
export const getRunManifest = <ThrowOnError extends boolean = false>(options: Options<GetRunManifestData, ThrowOnError>): RequestResult<GetRunManifestResponses, GetRunManifestErrors, ThrowOnError> => (options.client ?? client).get<GetRunManifestResponses, GetRunManifestErrors, ThrowOnError>({ url: '/api/runs/{run_id}/manifest', ...options });

/**
 * Export Run Results
 *
 * Every table of the run as a file, or those in some states.
 */
export const exportRunResults = <ThrowOnError extends boolean = false>(options: Options<ExportRunResultsData, ThrowOnError>): RequestResult<ExportRunResultsResponses, ExportRunResultsErrors, ThrowOnError> => (options.client ?? client).get<ExportRunResultsResponses, ExportRunResultsErrors, ThrowOnError>({ url: '/api/runs/{run_id}/results', ...options });

/**
 * Get Support Bundle
 *
 * Settings, checks, runs, errors and log as one zip file, without secrets and without rows.
 */
export const getSupportBundle = <ThrowOnError extends boolean = false>(options?: Options<GetSupportBundleData, ThrowOnError>): RequestResult<GetSupportBundleResponses, GetSupportBundleErrors, ThrowOnError> => (options?.client ?? client).get<GetSupportBundleResponses, GetSupportBundleErrors, ThrowOnError>({ url: '/api/support-bundle', ...options });

/**
 * Get System
 *
 * Versions, threads, index, runs and how long things take.
 */
export const getSystem = <ThrowOnError extends boolean = false>(options?: Options<GetSystemData, ThrowOnError>): RequestResult<GetSystemResponses, GetSystemErrors, ThrowOnError> => (options?.client ?? client).get<GetSystemResponses, GetSystemErrors, ThrowOnError>({ url: '/api/system', ...options });

/**
 * Clean Up Runs
 *
 * Forget the runs that the retention settings no longer keep, now and not within the hour.
 */
export const cleanUpRuns = <ThrowOnError extends boolean = false>(options?: Options<CleanUpRunsData, ThrowOnError>): RequestResult<CleanUpRunsResponses, CleanUpRunsErrors, ThrowOnError> => (options?.client ?? client).post<CleanUpRunsResponses, CleanUpRunsErrors, ThrowOnError>({ url: '/api/system/clean-up', ...options });

/**
 * Get System Log
 *
 * The newest lines of the server's log.
 */
export const getSystemLog = <ThrowOnError extends boolean = false>(options?: Options<GetSystemLogData, ThrowOnError>): RequestResult<GetSystemLogResponses, GetSystemLogErrors, ThrowOnError> => (options?.client ?? client).get<GetSystemLogResponses, GetSystemLogErrors, ThrowOnError>({ url: '/api/system/log', ...options });

/**
 * List Tables
 *
 * Tables of manifest and target, filtered and sorted; `-` before a sort key turns it round.
 */
export const listTables = <ThrowOnError extends boolean = false>(options?: Options<ListTablesData, ThrowOnError>): RequestResult<ListTablesResponses, ListTablesErrors, ThrowOnError> => (options?.client ?? client).get<ListTablesResponses, ListTablesErrors, ThrowOnError>({ url: '/api/tables', ...options });

/**
 * List Column Names
 *
 * Up to 20 columns whose name contains `search`, and how many tables have each.
 */
export const listColumnNames = <ThrowOnError extends boolean = false>(options?: Options<ListColumnNamesData, ThrowOnError>): RequestResult<ListColumnNamesResponses, ListColumnNamesErrors, ThrowOnError> => (options?.client ?? client).get<ListColumnNamesResponses, ListColumnNamesErrors, ThrowOnError>({ url: '/api/tables/_columns', ...options });

/**
 * Export Tables
 *
 * Every table that matches, as a file that is sent while it is read.
 */
export const exportTables = <ThrowOnError extends boolean = false>(options?: Options<ExportTablesData, ThrowOnError>): RequestResult<ExportTablesResponses, ExportTablesErrors, ThrowOnError> => (options?.client ?? client).get<ExportTablesResponses, ExportTablesErrors, ThrowOnError>({ url: '/api/tables/_export', ...options });

/**
 * Get Table Matrix
 *
 * How each table of a page ended in each of the newest runs, from old to new.
 */
export const getTableMatrix = <ThrowOnError extends boolean = false>(options?: Options<GetTableMatrixData, ThrowOnError>): RequestResult<GetTableMatrixResponses, GetTableMatrixErrors, ThrowOnError> => (options?.client ?? client).get<GetTableMatrixResponses, GetTableMatrixErrors, ThrowOnError>({ url: '/api/tables/_matrix', ...options });

/**
 * List Table Names
 *
 * The names of all tables and nothing else, by connection.
 */
export const listTableNames = <ThrowOnError extends boolean = false>(options?: Options<ListTableNamesData, ThrowOnError>): RequestResult<ListTableNamesResponses, ListTableNamesErrors, ThrowOnError> => (options?.client ?? client).get<ListTableNamesResponses, ListTableNamesErrors, ThrowOnError>({ url: '/api/tables/_names', ...options });

/**
 * Run Tables
 *
 * Run, or retry, exactly these tables: one run a connection, and one answer a table.
 */
export const runTables = <ThrowOnError extends boolean = false>(options: Options<RunTablesData, ThrowOnError>): RequestResult<RunTablesResponses, RunTablesErrors, ThrowOnError> => (options.client ?? client).post<RunTablesResponses, RunTablesErrors, ThrowOnError>({
    url: '/api/tables/_run',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Refresh Tables
 *
 * Ask for a fresh look at manifest and target; the answer does not wait for it.
 */
export const refreshTables = <ThrowOnError extends boolean = false>(options?: Options<RefreshTablesData, ThrowOnError>): RequestResult<RefreshTablesResponses, RefreshTablesErrors, ThrowOnError> => (options?.client ?? client).post<RefreshTablesResponses, RefreshTablesErrors, ThrowOnError>({ url: '/api/tables/refresh', ...options });

/**
 * Get Table
 *
 * One table with what its page shows first.
 */
export const getTable = <ThrowOnError extends boolean = false>(options: Options<GetTableData, ThrowOnError>): RequestResult<GetTableResponses, GetTableErrors, ThrowOnError> => (options.client ?? client).get<GetTableResponses, GetTableErrors, ThrowOnError>({ url: '/api/tables/{name}', ...options });

/**
 * Get Table History
 *
 * Versions of a table, newest first.
 */
export const getTableHistory = <ThrowOnError extends boolean = false>(options: Options<GetTableHistoryData, ThrowOnError>): RequestResult<GetTableHistoryResponses, GetTableHistoryErrors, ThrowOnError> => (options.client ?? client).get<GetTableHistoryResponses, GetTableHistoryErrors, ThrowOnError>({ url: '/api/tables/{name}/history', ...options });

/**
 * Get Table Nulls
 *
 * How much of each column is null, from the statistics in the log, counted within seconds.
 */
export const getTableNulls = <ThrowOnError extends boolean = false>(options: Options<GetTableNullsData, ThrowOnError>): RequestResult<GetTableNullsResponses, GetTableNullsErrors, ThrowOnError> => (options.client ?? client).get<GetTableNullsResponses, GetTableNullsErrors, ThrowOnError>({ url: '/api/tables/{name}/nulls', ...options });

/**
 * Plan Table
 *
 * The dry run of an action: what it would read and take out; nothing is started or written.
 */
export const planTable = <ThrowOnError extends boolean = false>(options: Options<PlanTableData, ThrowOnError>): RequestResult<PlanTableResponses, PlanTableErrors, ThrowOnError> => (options.client ?? client).post<PlanTableResponses, PlanTableErrors, ThrowOnError>({
    url: '/api/tables/{name}/plan',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Get Table Sample
 *
 * Rows read live within two seconds; personal columns are masked, nothing is stored.
 */
export const getTableSample = <ThrowOnError extends boolean = false>(options: Options<GetTableSampleData, ThrowOnError>): RequestResult<GetTableSampleResponses, GetTableSampleErrors, ThrowOnError> => (options.client ?? client).get<GetTableSampleResponses, GetTableSampleErrors, ThrowOnError>({ url: '/api/tables/{name}/sample', ...options });

/**
 * Get Table Schema
 *
 * The schema in force at a version (the newest by default), from that version's metadata.
 */
export const getTableSchema = <ThrowOnError extends boolean = false>(options: Options<GetTableSchemaData, ThrowOnError>): RequestResult<GetTableSchemaResponses, GetTableSchemaErrors, ThrowOnError> => (options.client ?? client).get<GetTableSchemaResponses, GetTableSchemaErrors, ThrowOnError>({ url: '/api/tables/{name}/schema', ...options });

/**
 * Get Table Schemas
 *
 * Versions that brought a schema of their own, newest first.
 */
export const getTableSchemas = <ThrowOnError extends boolean = false>(options: Options<GetTableSchemasData, ThrowOnError>): RequestResult<GetTableSchemasResponses, GetTableSchemasErrors, ThrowOnError> => (options.client ?? client).get<GetTableSchemasResponses, GetTableSchemasErrors, ThrowOnError>({ url: '/api/tables/{name}/schemas', ...options });

/**
 * Get Table Timeline
 *
 * Lag, rows, commits and events of the last days.
 */
export const getTableTimeline = <ThrowOnError extends boolean = false>(options: Options<GetTableTimelineData, ThrowOnError>): RequestResult<GetTableTimelineResponses, GetTableTimelineErrors, ThrowOnError> => (options.client ?? client).get<GetTableTimelineResponses, GetTableTimelineErrors, ThrowOnError>({ url: '/api/tables/{name}/timeline', ...options });

/**
 * List Tokens
 *
 * Every named token, without the token itself.
 */
export const listTokens = <ThrowOnError extends boolean = false>(options?: Options<ListTokensData, ThrowOnError>): RequestResult<ListTokensResponses, ListTokensErrors, ThrowOnError> => (options?.client ?? client).get<ListTokensResponses, ListTokensErrors, ThrowOnError>({ url: '/api/tokens', ...options });

/**
 * Add Token
 *
 * Make a token; it is in this answer and nowhere else.
 */
export const addToken = <ThrowOnError extends boolean = false>(options: Options<AddTokenData, ThrowOnError>): RequestResult<AddTokenResponses, AddTokenErrors, ThrowOnError> => (options.client ?? client).post<AddTokenResponses, AddTokenErrors, ThrowOnError>({
    url: '/api/tokens',
    ...options,
    headers: {
        'Content-Type': 'application/json',
        ...options.headers
    }
});

/**
 * Revoke Token
 *
 * End a token and every login with it.
 */
export const revokeToken = <ThrowOnError extends boolean = false>(options: Options<RevokeTokenData, ThrowOnError>): RequestResult<RevokeTokenResponses, RevokeTokenErrors, ThrowOnError> => (options.client ?? client).delete<RevokeTokenResponses, RevokeTokenErrors, ThrowOnError>({ url: '/api/tokens/{name}', ...options });

/**
 * Get Trends
 *
 * How it went over the last days, beside as many days before them; a minute old at most.
 */
export const getTrends = <ThrowOnError extends boolean = false>(options?: Options<GetTrendsData, ThrowOnError>): RequestResult<GetTrendsResponses, GetTrendsErrors, ThrowOnError> => (options?.client ?? client).get<GetTrendsResponses, GetTrendsErrors, ThrowOnError>({ url: '/api/trends', ...options });

/**
 * Get Health
 *
 * What the last checks of the connections said.
 */
export const getHealth = <ThrowOnError extends boolean = false>(options?: Options<GetHealthData, ThrowOnError>): RequestResult<GetHealthResponses, GetHealthErrors, ThrowOnError> => (options?.client ?? client).get<GetHealthResponses, GetHealthErrors, ThrowOnError>({ url: '/health', ...options });

/**
 * Get Readiness
 *
 * The database answers and the background threads live; 503 otherwise.
 */
export const getReadiness = <ThrowOnError extends boolean = false>(options?: Options<GetReadinessData, ThrowOnError>): RequestResult<GetReadinessResponses, GetReadinessErrors, ThrowOnError> => (options?.client ?? client).get<GetReadinessResponses, GetReadinessErrors, ThrowOnError>({ url: '/health/ready', ...options });

/**
 * Get Metrics
 *
 * Everything that is counted, for Prometheus.
 */
export const getMetrics = <ThrowOnError extends boolean = false>(options?: Options<GetMetricsData, ThrowOnError>): RequestResult<GetMetricsResponses, GetMetricsErrors, ThrowOnError> => (options?.client ?? client).get<GetMetricsResponses, GetMetricsErrors, ThrowOnError>({ url: '/metrics', ...options });
