import { HttpResponse, type HttpResponseInit, http, type JsonBodyType } from "msw";
import { setupServer } from "msw/node";
import type { Me, ProblemDetails } from "@/api/generated";
import {
  makeComparison,
  makeConfiguration,
  makeConnection,
  makeDashboard,
  makeHistory,
  makeJob,
  makeLogPage,
  makeNulls,
  makeRun,
  makeSchema,
  makeSchemas,
  makeSystem,
  makeTableDetail,
  makeTableList,
  makeTimeline,
  makeTrends,
} from "./fixtures";
import { makeFacets, makePreflight } from "./run-fixtures";

/** The API as the tests see it; a test replaces the answer it is about. */

const at = (path: string) => `*${path}`;

export const answer = (path: string, body: JsonBodyType, init?: HttpResponseInit) =>
  http.get(at(path), () => HttpResponse.json(body, init));

export const PROBLEM: ProblemDetails = {
  type: "about:blank",
  title: "Internal Server Error",
  status: 500,
  detail: "The database did not answer within 5 s.",
  code: "DATABASE_BUSY",
  hint: "Try again; another process may hold the file.",
  request_id: "req-0f7d21c4",
};

export const refuse = (path: string, over: Partial<ProblemDetails> = {}) => {
  const body = { ...PROBLEM, ...over };
  return http.get(at(path), () =>
    HttpResponse.json(body, {
      status: body.status,
      headers: { "content-type": "application/problem+json" },
    }),
  );
};

export const never = (path: string) =>
  http.get(at(path), () => new Promise<never>(() => undefined));

export const silence = (path: string) => http.get(at(path), () => HttpResponse.error());

export const post = (path: string, body: JsonBodyType, seen: unknown[] = [], status = 202) =>
  http.post(at(path), async ({ request }) => {
    seen.push(await request.json().catch(() => null));
    return HttpResponse.json(body, { status });
  });

export const ME: Me = { name: "ana", role: "admin", has_login: true, can_log_out: true };

export const server = setupServer(
  answer("/api/me", ME),
  answer("/api/dashboard", makeDashboard()),
  http.get(at("/api/trends"), ({ request }) =>
    HttpResponse.json(makeTrends(Number(new URL(request.url).searchParams.get("days") ?? 30))),
  ),
  answer("/api/tables", makeTableList()),
  answer("/api/tables/_names", []),
  answer("/api/tables/:name", makeTableDetail()),
  answer("/api/tables/:name/history", makeHistory()),
  answer("/api/tables/:name/timeline", makeTimeline()),
  answer("/api/tables/:name/schemas", makeSchemas()),
  answer("/api/tables/:name/nulls", makeNulls()),
  http.get(at("/api/tables/:name/schema"), ({ request }) =>
    HttpResponse.json(makeSchema(Number(new URL(request.url).searchParams.get("version") ?? 4211))),
  ),
  answer("/api/config", makeConfiguration()),
  answer("/api/connections", [makeConnection()]),
  answer("/api/system", makeSystem()),
  answer("/api/system/log", {
    lines: [
      { at: "2026-11-23T09:29:50.000Z", level: "error", message: "Could not refresh prod-east" },
      {
        at: "2026-11-23T09:29:51.000Z",
        level: "info",
        message: "GET /api/tables 200",
        duration_ms: 3.4,
        request_id: "4f2a9c1be07d4a55",
      },
    ],
  }),
  answer("/api/guidewire/jobs", [makeRun()]),
  answer("/api/guidewire/jobs/:id", makeJob()),
  post("/api/guidewire/jobs/preflight", makePreflight(), [], 200),
  answer("/api/runs/facets", makeFacets()),
  answer("/api/runs/:id/compare", makeComparison()),
  answer("/api/runs/:id/logs/hits", {
    lines: [],
    next_offset: 0,
    last_line: 0,
    is_final: true,
  }),
  answer("/api/runs/:id/logs", makeLogPage([])),
);
