import type { Preflight, PreflightStep, RunFacets } from "@/api/generated";

export const makeStep = (over: Partial<PreflightStep> = {}): PreflightStep => ({
  name: "source.manifest",
  title: "Read the manifest",
  state: "ok",
  seconds: 0.112,
  sentence: "The manifest names 3 tables, 3 of them chosen.",
  code: null,
  hint: null,
  ...over,
});

export const makePreflight = (over: Partial<Preflight> = {}): Preflight => ({
  connection: "prod-east",
  can_start: true,
  tables_chosen: 3,
  tables_total: 3,
  steps: [makeStep()],
  pending: null,
  pause: null,
  waits_for: [],
  usual: null,
  ...over,
});

export const makeFacets = (over: Partial<RunFacets> = {}): RunFacets => ({
  states: { completed: 1 },
  triggers: { page: 1 },
  requested_by: { ana: 1 },
  connections: { "prod-east": 1 },
  actions: { sync: 1 },
  ...over,
});
