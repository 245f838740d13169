import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import {
  ago,
  COLUMNS,
  CONNECTION,
  DENIED,
  makeDashboard,
  makeError,
  makeHistory,
  makeNulls,
  makeSchema,
  makeSchemas,
  makeTable,
  makeTableDetail,
  makeTableList,
  makeTimeline,
  makeVersion,
} from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, PROBLEM, refuse, server } from "@/testing/server";

const TWO = makeDashboard().connections.flatMap((each) => [each, { ...each, name: "prod-west" }]);

const SAMPLE = {
  version: 4211,
  columns: ["id", "claimnumber", "reportedbyemail"],
  masked_columns: ["reportedbyemail"],
  rows: [
    { id: 1, claimnumber: 'a "quoted", one', reportedbyemail: "*" },
    { id: 2, claimnumber: null, reportedbyemail: null },
  ],
  error: null,
};

test("the head has health and its reason", async () => {
  server.use(
    answer(
      "/api/tables/:name",
      makeTableDetail({
        health: "Late",
        health_reason: "manifest 09:40 − watermark 08:05 = 1 h 35 min; limit 1 h",
      }),
    ),
  );
  visit("/tables/cc_claim");
  expect(await screen.findByRole("heading", { level: 1, name: "cc_claim" })).toBeInTheDocument();
  expect(await screen.findByText(/^Manifest 09:40 − watermark 08:05/)).toBeInTheDocument();
  expect(screen.getAllByText("48,213,904")[0]).toBeInTheDocument();
});

const WARNED = { code: "METRICS_MISMATCH", message: "A folder differs." };

test.each([
  ["is caught up", {}, true],
  ["waits for a choice", { health: "Failed" as const }, false],
  ["is behind", { processing_lag_seconds: 60 }, false],
  ["leaves files out", { quarantined_files: 1 }, false],
  ["has more to read", { warnings: [{ code: "PENDING_FILES", message: "3 files." }] }, false],
])("data is called complete beside warnings only where it is: it %s", async (_, over, told) => {
  const caughtUp = { health: "Healthy" as const, processing_lag_seconds: 0 };
  const table = makeTableDetail({ warnings: [WARNED], ...caughtUp, ...over });
  server.use(answer("/api/tables/:name", table));
  visit("/tables/cc_claim");
  const card = await screen.findByRole("region", { name: "1 warning" });
  expect(card.textContent?.includes("the data is complete")).toBe(told);
});

test("unknown rows are a dash with a reason, never 0", async () => {
  server.use(
    answer(
      "/api/tables/:name",
      makeTableDetail({ row_count: null, unknown_reason: "12 files have no statistics" }),
    ),
  );
  visit("/tables/cc_claim");
  const reason = await screen.findByText("12 files have no statistics");
  expect(reason.parentElement).toHaveTextContent("Rows–");
});

test.each([
  ["zero_copy", 1],
  ["copy", 0],
])(
  "a table in the layout %s says who can read it, where not everybody can",
  async (layout, notes) => {
    server.use(answer("/api/tables/:name", makeTableDetail({ layout })));
    visit("/tables/cc_claim");
    expect(await screen.findByText(`${layout.replace("_", " ")} layout`)).toBeInTheDocument();
    expect(screen.queryAllByText(/needs access to the export/)).toHaveLength(notes);
  },
);

test("an error says what stops the table", async () => {
  server.use(answer("/api/tables/:name", makeTableDetail({ health: "Failed", error: DENIED })));
  visit("/tables/cc_claim");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent(DENIED.message);
  expect(alert).toHaveTextContent(DENIED.hint);
});

test("an unknown table is a real 404", async () => {
  server.use(refuse("/api/tables/:name", { status: 404, code: "TABLE_NOT_FOUND" }));
  visit("/tables/cc_clam");
  expect(await screen.findByText("No table “cc_clam”")).toBeInTheDocument();
});

test("a name that several connections have leads to each of them", async () => {
  const asked: (string | null)[] = [];
  const hidden = makeTable({ name: "cc_claim_old", connection: "prod-west" });
  server.use(
    answer("/api/dashboard", makeDashboard({ connections: TWO })),
    answer(
      "/api/tables",
      makeTableList({ tables: [makeTable(), makeTable({ connection: "prod-west" }), hidden] }),
    ),
    http.get("*/api/tables/:name", ({ request }) => {
      const connection = new URL(request.url).searchParams.get("connection");
      asked.push(connection);
      return connection
        ? HttpResponse.json(makeTableDetail({ connection }))
        : HttpResponse.json(
            { ...PROBLEM, status: 409, code: "AMBIGUOUS_TABLE" },
            { status: 409, headers: { "content-type": "application/problem+json" } },
          );
    }),
    http.get("*/api/tables/:name/history", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("connection"));
      return HttpResponse.json(makeHistory({ history: [makeVersion(4211)], total: 1 }));
    }),
  );
  const { user, history } = visit("/tables/cc_claim?tab=history");
  const list = await screen.findByRole("list", { name: "Connections with this table" });
  const links = await within(list).findAllByRole("link");
  expect(links.map((link) => link.textContent)).toEqual([CONNECTION, "prod-west"]);
  await user.click(within(list).getByRole("link", { name: "prod-west" }));
  const versions = await screen.findByRole("table", { name: /Versions/ });
  expect(new URLSearchParams(history.location.search).get("connection")).toBe("prod-west");
  expect(asked).not.toContain(CONNECTION);
  expect(asked.at(-1)).toBe("prod-west");
  expect(within(versions).getByRole("link", { name: /^data/ })).toHaveAttribute(
    "href",
    expect.stringContaining("connection=prod-west"),
  );
});

test("a server error and waiting are told apart", async () => {
  server.use(refuse("/api/tables/:name"));
  visit("/tables/cc_claim");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
});

test("waiting keeps the name", async () => {
  server.use(never("/api/tables/:name"));
  visit("/tables/cc_claim");
  expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent("cc_claim");
  expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("the tab is in the address; the schema filters and marks", async () => {
  const { user, history } = visit("/tables/cc_claim");
  await user.click(await screen.findByRole("tab", { name: /Schema/ }));
  expect(history.location.search).toBe("?tab=schema");
  expect(await screen.findByRole("cell", { name: /^id Key/ })).toBeInTheDocument();
  expect(screen.getByRole("cell", { name: /reportedbyemail Masked/ })).toBeInTheDocument();
  await user.type(screen.getByLabelText("Filter columns"), "gwcbi");
  expect(screen.queryByRole("cell", { name: /^id Key/ })).not.toBeInTheDocument();
  expect(screen.getByRole("cell", { name: /gwcbi___operation CDA/ })).toBeInTheDocument();
  await user.type(screen.getByLabelText("Filter columns"), "zzz");
  expect(screen.getByText("No column matches")).toBeInTheDocument();
});

test("history comes in pages and filters by operation", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/tables/:name/history", ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams.get("before") ?? "newest");
      const first = Number(searchParams.get("before") ?? 4212) - 1;
      const rows = [makeVersion(first), makeVersion(first - 1, { schema_changed: true })];
      return HttpResponse.json(
        makeHistory({ history: rows, next_before: first > 4209 ? first - 1 : null }),
      );
    }),
  );
  const { user, history } = visit("/tables/cc_claim?tab=history");
  const versions = await screen.findByRole("table", { name: /Versions/ });
  expect(within(versions).getByText("4,211")).toBeInTheDocument();
  expect(within(versions).getAllByRole("link", { name: "8c42" })[0]).toHaveAttribute(
    "href",
    "/runs/20261123-094630-8c42?table=cc_claim",
  );
  expect(within(versions).getAllByRole("link", { name: /^\d{13}$/ })[0]).toHaveAttribute(
    "href",
    expect.stringMatching(/^\/sources\/prod-east\?tab=objects&path=claims%2Fcc_claim%2F6f0c3a1e9d/),
  );
  expect(await within(versions).findByText("4,208")).toBeInTheDocument();
  expect(asked).toEqual(["newest", "4210"]);
  await user.selectOptions(screen.getByLabelText("Operation"), "OPTIMIZE");
  await waitFor(() => expect(history.location.search).toContain("op=OPTIMIZE"));
});

test("a version shows what its writer measured, and what it removed", async () => {
  const rows = [
    makeVersion(2, {
      operation: "OPTIMIZE",
      bytes_removed: 12_000_000,
      metrics: { numFilesRemoved: 1200, filesSkipped: "none" },
      parameters: { predicate: "[]" },
    }),
    makeVersion(1, { bytes_removed: null, rows: 222, net_rows: -41 }),
    makeVersion(0, { operation: "REBUILD", net_rows: null }),
  ];
  server.use(answer("/api/tables/:name/history", makeHistory({ history: rows, total: 3 })));
  const { user } = visit("/tables/cc_claim?tab=history");
  const versions = await screen.findByRole("table", { name: /^Versions/ });
  expect(await within(versions).findByText("−41")).toBeVisible();
  expect(within(versions).getByText("unknown")).toBeVisible();
  expect(await within(versions).findByText(/^12(\.0)? MB$/)).toBeVisible();
  await user.click(within(versions).getByRole("button", { name: "Figures of version 2" }));
  const figures = screen.getByRole("dialog", { name: "Figures of version 2" });
  expect(figures).toHaveTextContent("numFilesRemoved1,200");
  expect(figures).toHaveTextContent("predicate[]");
  expect(within(versions).queryByRole("button", { name: "Figures of version 1" })).toBeNull();
});

test("history jumps to a version or a date, and says when it is neither", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/tables/:name/history", ({ request }) => {
      asked.push(new URL(request.url).searchParams.toString());
      return HttpResponse.json(makeHistory());
    }),
  );
  const { user, history } = visit("/tables/cc_claim?tab=history");
  const field = await screen.findByLabelText("Jump to version or date");
  await user.type(field, "yesterday{Enter}");
  expect(screen.getByRole("alert")).toHaveTextContent("Write a version or YYYY-MM-DD");
  await user.clear(field);
  await user.type(field, "3100{Enter}");
  await waitFor(() => expect(asked.at(-1)).toContain("before=3101"));
  expect(history.location.search).toContain("v=3100");
  const again = await screen.findByLabelText("Jump to version or date");
  await user.clear(again);
  await user.type(again, "2026-11-20 08:30{Enter}");
  await waitFor(() => expect(asked.at(-1)).toContain("until=2026-11-20T08%3A30%3A00.000Z"));
  await user.click(await screen.findByRole("button", { name: "Newest" }));
  await waitFor(() => expect(history.location.search).toBe("?tab=history"));
});

test("a history that cannot be read says why, an empty one why it is empty", async () => {
  server.use(refuse("/api/tables/:name/history"), refuse("/api/tables/:name/timeline"));
  const { unmount } = visit("/tables/cc_claim?tab=history");
  await waitFor(() => expect(screen.getAllByText("The server made a mistake")).toHaveLength(2));
  unmount();
  server.use(
    answer("/api/tables/:name/history", makeHistory({ history: [], total: 0 })),
    answer("/api/tables/:name/timeline", makeTimeline()),
  );
  const { user, history } = visit("/tables/cc_claim?tab=history&op=VACUUM");
  expect(await screen.findByText("No version by VACUUM")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Show all" }));
  await waitFor(() => expect(history.location.search).toBe("?tab=history"));
});

test("the lag has its span, its events and its gaps", async () => {
  const points = [0, 1, 2, 3, 200, 201].map((index) => ({
    at: ago(86_400 - index * 300),
    lag_seconds: index === 3 ? 5000 : 60,
    run_id: `r${index}`,
  }));
  server.use(
    http.get("*/api/tables/:name/timeline", ({ request }) => {
      const days = Number(new URL(request.url).searchParams.get("days"));
      return HttpResponse.json(makeTimeline(days, { lag: points }));
    }),
  );
  const { user, history } = visit("/tables/cc_claim");
  expect(await screen.findByText("no runs")).toBeInTheDocument();
  const card = within(screen.getByRole("region", { name: "Lag over time" }));
  const lane = within(card.getByRole("group", { name: "Events" }));
  expect(
    lane.getByRole("img", { name: /^Failed run, .*The role may not read/ }),
  ).toBeInTheDocument();
  expect(lane.getByRole("img", { name: /^Schema change, version 4102/ })).toBeInTheDocument();
  await user.click(card.getByRole("button", { name: "Lag over time as table" }));
  expect(card.getAllByRole("row")).toHaveLength(1 + 6 + 3);
  await user.click(card.getByRole("button", { name: "30 d" }));
  await waitFor(() => expect(history.location.search).toBe("?span=30"));
});

test("rows and commits per day are told, or why there are none", async () => {
  const { user } = visit("/tables/cc_claim");
  expect(await screen.findByRole("group", { name: "Rows committed per day" })).toBeInTheDocument();
  const card = within(screen.getByRole("region", { name: "Volume" }));
  await user.click(card.getByRole("button", { name: "Commits" }));
  expect(card.getByRole("group", { name: "Commits per day" })).toBeInTheDocument();
});

test("a timeline that cannot be read says so and leaves the rest", async () => {
  server.use(refuse("/api/tables/:name/timeline"));
  visit("/tables/cc_claim");
  await waitFor(() => expect(screen.getAllByRole("alert")).toHaveLength(2));
  expect(screen.getByRole("region", { name: "Manifest and watermark" })).toBeInTheDocument();
});

test("what is pending is told in numbers with its age, or why it is not known", async () => {
  const { manifest } = makeTableDetail();
  server.use(
    answer(
      "/api/tables/:name",
      makeTableDetail({
        manifest: {
          ...manifest,
          pending: "3 folders",
          pending_folders: 3,
          pending_files: 14,
          pending_bytes: 212_000_000,
          pending_as_of: ago(120),
        },
      }),
    ),
  );
  const { unmount } = visit("/tables/cc_claim");
  const card = await screen.findByRole("region", { name: "Manifest and watermark" });
  expect(card).toHaveTextContent("3 folders14 files, 212 MBcounted 2 min ago");
  unmount();
  const reason = "unknown: The source did not answer within 5 s.";
  server.use(
    answer(
      "/api/tables/:name",
      makeTableDetail({
        manifest: { ...manifest, pending: reason, pending_folders: null },
      }),
    ),
  );
  visit("/tables/cc_claim");
  const other = await screen.findByRole("region", { name: "Manifest and watermark" });
  expect(other).toHaveTextContent("Unknown: The source did not answer within 5 s");
});

test("the snippet is for the engine at hand", async () => {
  const { user } = visit("/tables/cc_claim");
  const engines = within(await screen.findByRole("group", { name: "Engine" }));
  expect(screen.getByText(/pl.read_delta/)).toBeInTheDocument();
  await user.click(engines.getByRole("button", { name: "DuckDB" }));
  expect(screen.getByText(/SELECT \* FROM delta_scan/)).toBeInTheDocument();
});

test("any two versions are compared by name, and the pair is in the address", async () => {
  const old = COLUMNS.filter(({ name }) => name !== "reserve").reverse();
  server.use(
    http.get("*/api/tables/:name/schema", ({ request }) => {
      const version = Number(new URL(request.url).searchParams.get("version"));
      const columns = version === 3102 ? COLUMNS : version === 1900 ? old : COLUMNS.toReversed();
      return HttpResponse.json(makeSchema(version, { columns }));
    }),
  );
  const { user, history } = visit("/tables/cc_claim?tab=schema");
  const card = within(await screen.findByRole("region", { name: "Compare versions" }));
  const rows = within(await card.findByRole("table", { name: /1 difference/ })).getAllByRole("row");
  expect(rows).toHaveLength(2);
  expect(rows[1]).toHaveTextContent("Addedreserve–decimal(18,2)null in older rows");
  await user.selectOptions(card.getByLabelText("A"), "0");
  await waitFor(() => expect(history.location.search).toContain("a=0&b=3102"));
  expect(await card.findByText(/have the same 6 columns/)).toBeInTheDocument();
});

test("a lane of the fingerprints is picked for the comparison", async () => {
  const { user, history } = visit("/tables/cc_claim?tab=schema");
  const lanes = within(await screen.findByRole("group", { name: "Fingerprints in time" }));
  await user.click(await lanes.findByRole("button", { name: /^1b7e02c9/ }));
  await waitFor(() => expect(history.location.search).toContain("a=3102&b=0"));
});

test("a table whose columns never changed says so; schemas that cannot be read say why", async () => {
  const [, , first] = makeSchemas().versions;
  server.use(answer("/api/tables/:name/schemas", makeSchemas({ versions: first ? [first] : [] })));
  const { unmount } = visit("/tables/cc_claim?tab=schema");
  expect(await screen.findByText(/have not changed since version 0/)).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/tables/:name/schemas"));
  visit("/tables/cc_claim?tab=schema");
  expect(await screen.findByRole("alert")).toHaveTextContent("The server made a mistake");
  expect(screen.getByRole("region", { name: "Columns" })).toHaveTextContent(/read \d+ min ago/);
});

test("columns say how much of them is null, in words too, or why that is unknown", async () => {
  const nulls = makeNulls();
  const unknown = { share: null, nulls: null, unknown_reason: "2 of 9 files do not say." };
  const columns = nulls.columns.map((column, index) =>
    index === 2 ? { ...column, ...unknown } : column,
  );
  server.use(answer("/api/tables/:name/nulls", { ...nulls, columns }));
  visit("/tables/cc_claim?tab=schema");
  const card = within(await screen.findByRole("region", { name: "Columns" }));
  expect(await card.findByText("10 %: 4,821,390 of 48,213,904 rows are null")).toBeInTheDocument();
  expect(card.getByRole("cell", { name: "unknown: 2 of 9 files do not say." })).toBeVisible();
});

test("nulls that cannot be counted leave the columns where they are", async () => {
  const error = makeError({
    code: "STORE_TOO_SLOW",
    message: "It did not answer.",
    hint: "Try later.",
  });
  server.use(answer("/api/tables/:name/nulls", makeNulls({ columns: [], error })));
  const { unmount } = visit("/tables/cc_claim?tab=schema");
  const card = within(await screen.findByRole("region", { name: "Columns" }));
  expect(await card.findByText(/Nulls are unknown. It did not answer. Try later/)).toBeVisible();
  expect(card.getByText("claimnumber")).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/tables/:name/nulls"));
  visit("/tables/cc_claim?tab=schema");
  expect(
    await screen.findByText(/Nulls are unknown. The database did not answer/),
  ).toBeInTheDocument();
});

test("a table leads to its comparison with another, with itself filled in", async () => {
  const { user, history } = visit("/tables/cc_claim");
  await user.click(await screen.findByRole("link", { name: "Compare" }));
  await waitFor(() => expect(history.location.pathname).toBe("/compare"));
  expect(history.location.search).toBe(`?a=cc_claim&ac=${CONNECTION}`);
  expect(await screen.findByLabelText("First table")).toHaveValue("cc_claim");
  expect(screen.getByLabelText("Second table")).toHaveValue("");
});

test("columns of the sample are picked, and only those are copied", async () => {
  server.use(answer("/api/tables/:name/sample", SAMPLE));
  const { user, history } = visit("/tables/cc_claim?tab=data");
  await user.click(await screen.findByRole("button", { name: /3 of 3/ }));
  const picker = within(await screen.findByRole("dialog", { name: "Columns of the sample" }));
  await user.type(picker.getByLabelText("Filter columns of the sample"), "number");
  await user.click(picker.getByRole("checkbox", { name: "claimnumber" }));
  await waitFor(() => expect(history.location.search).toContain("cols=id,reportedbyemail"));
  await user.keyboard("{Escape}");
  const rows = await screen.findByRole("region", { name: "Sample rows" });
  expect(within(rows).getAllByRole("columnheader")).toHaveLength(2);
  const write = vi.spyOn(navigator.clipboard, "writeText");
  await user.click(screen.getByRole("button", { name: "Copy as CSV" }));
  expect(write).toHaveBeenCalledWith("id,reportedbyemail\r\n1,*\r\n2,\r\n");
});

/** Answers of the sample by the view that is asked for, and what was asked. */
function views(answers: Record<string, unknown>) {
  const asked: string[] = [];
  server.use(
    http.get("*/api/tables/:name/sample", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const active = query.get("active_only") && "active";
      asked.push([query.get("view"), active, query.get("id")].filter(Boolean).join(" "));
      return HttpResponse.json(answers[query.get("view") ?? ""] ?? SAMPLE);
    }),
  );
  return asked;
}

const HISTORY = {
  ...SAMPLE,
  view: "history",
  columns: ["id", "claimnumber", "valid_from", "valid_to", "is_current", "_cda_file"],
  masked_columns: [],
  rows: [
    {
      id: 1,
      claimnumber: "C-1",
      valid_from: "2026-11-01T00:00:00Z",
      valid_to: null,
      is_current: true,
      _cda_file: "part-0.parquet",
    },
  ],
};

test("raw, current and history are three views, and the address says which", async () => {
  const current = { ...SAMPLE, view: "current", version: 3 };
  const asked = views({ current, history: HISTORY });
  const { user, history } = visit("/tables/cc_claim?tab=data");
  await screen.findByRole("region", { name: "Sample rows" });
  const choice = within(screen.getByRole("group", { name: "View" }));
  await user.click(choice.getByRole("button", { name: "Current" }));
  expect(await screen.findByText(/of version 3 of the current table/)).toBeInTheDocument();
  expect(history.location.search).toContain("view=current");
  expect(screen.queryByLabelText("Version")).not.toBeInTheDocument();
  await user.click(choice.getByRole("button", { name: "History" }));
  await screen.findByRole("columnheader", { name: "valid_from" });
  const first = screen.getAllByRole("columnheader");
  expect(first.slice(0, 3).map((each) => each.textContent)).toEqual([
    "valid_from",
    "valid_to",
    "is_current",
  ]);
  expect(first.at(-1)).toHaveTextContent("_cda_file");
  expect(asked).toEqual(["raw", "current", "history"]);
});

test("retired rows are left out of the current view, by its address too", async () => {
  const schema = makeTableDetail()
    .schema.map((each) => ({ ...each, name: "retired" }))
    .slice(0, 1);
  server.use(answer("/api/tables/:name", makeTableDetail({ schema })));
  const asked = views({ current: { ...SAMPLE, view: "current", rows: [] } });
  const { user, history } = visit("/tables/cc_claim?tab=data&view=current");
  await user.click(await screen.findByRole("switch", { name: "Active only" }));
  await waitFor(() => expect(history.location.search).toContain("view=current&only=active"));
  expect(await screen.findByText("No active row")).toBeInTheDocument();
  await user.type(screen.getByLabelText("id"), "7{Enter}");
  expect(await screen.findByText("No active row of id 7")).toBeInTheDocument();
  expect(asked).toEqual(["current", "current active", "current active 7"]);
  await user.click(screen.getByRole("button", { name: "History" }));
  await waitFor(() => expect(history.location.search).not.toContain("only="));
  expect(screen.queryByRole("switch", { name: "Active only" })).not.toBeInTheDocument();
});

test("a table without a column retired has nothing to leave out", async () => {
  views({});
  visit("/tables/cc_claim?tab=data&view=current");
  await screen.findByRole("region", { name: "Sample rows" });
  expect(screen.queryByRole("switch", { name: "Active only" })).not.toBeInTheDocument();
});

test("one id is looked up, and any again", async () => {
  const asked = views({});
  const { user, history } = visit("/tables/cc_claim?tab=data&view=history");
  await screen.findByRole("region", { name: "Sample rows" });
  await user.type(screen.getByLabelText("id"), " 7000 {Enter}");
  await waitFor(() => expect(history.location.search).toContain("7000"));
  await waitFor(() => expect(asked.at(-1)).toBe("history 7000"));
  await user.click(screen.getByRole("button", { name: "Show any id again" }));
  await waitFor(() => expect(history.location.search).not.toContain("7000"));
  expect(screen.getByLabelText("id")).toHaveValue("");
});

test("an id that is not there, and a table without a current one, are said", async () => {
  const hint = "Set current = true for its connection.";
  views({
    raw: { ...SAMPLE, rows: [] },
    current: { ...SAMPLE, rows: [], error: { code: "NO_CURRENT_TABLE", message: "None.", hint } },
  });
  const { user } = visit("/tables/cc_claim?tab=data&id=5");
  expect(await screen.findByText("No row of id 5")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Current" }));
  expect(await screen.findByText("No current table")).toBeInTheDocument();
  expect(screen.getByText(new RegExp(hint))).toBeInTheDocument();
});

test("a query that timed out is tried again by a button", async () => {
  let asked = 0;
  const slow = { code: "STORE_TOO_SLOW", message: "No answer within 2 s.", hint: "Try again." };
  server.use(
    http.get("*/api/tables/:name/sample", () => {
      asked += 1;
      return HttpResponse.json(asked === 1 ? { ...SAMPLE, rows: [], error: slow } : SAMPLE);
    }),
  );
  const { user } = visit("/tables/cc_claim?tab=data");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("Query timed out");
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("region", { name: "Sample rows" })).toBeInTheDocument();
});

test("each run of the table leads to its log", async () => {
  visit("/tables/cc_claim?tab=runs");
  const link = await screen.findByRole("link", { name: /^log\s?of run 8c42/ });
  expect(link).toHaveAttribute("href", "/runs/20261123-094630-8c42?table=cc_claim&attempt=1#log");
});

test("masked cells and nulls are never mistaken for data, CSV is copied", async () => {
  server.use(answer("/api/tables/:name/sample", SAMPLE));
  const { user } = visit("/tables/cc_claim?tab=data");
  const rows = await screen.findByRole("region", { name: "Sample rows" });
  expect(within(rows).getByText("masked")).toBeInTheDocument();
  expect(within(rows).getAllByText("null")).toHaveLength(2);
  const write = vi.spyOn(navigator.clipboard, "writeText");
  await user.click(screen.getByRole("button", { name: "Copy as CSV" }));
  expect(write).toHaveBeenCalledWith(
    'id,claimnumber,reportedbyemail\r\n1,"a ""quoted"", one",*\r\n2,,\r\n',
  );
});

test("rows that cannot be read say why", async () => {
  server.use(answer("/api/tables/:name/sample", { ...SAMPLE, rows: [], error: DENIED }));
  visit("/tables/cc_claim?tab=data");
  expect(await screen.findByRole("alert")).toHaveTextContent(DENIED.hint);
});

test("a table without a version has no rows yet, no history, no run and nothing to compare", async () => {
  server.use(
    answer(
      "/api/tables/:name",
      makeTableDetail({
        version: null,
        health: "Not loaded",
        runs: [],
        lag: [],
        schema: [],
        fingerprints: [],
      }),
    ),
    answer("/api/tables/:name/history", makeHistory({ history: [], operations: [], total: 0 })),
    answer("/api/tables/:name/timeline", makeTimeline(7, { lag: [], events: [] })),
    answer("/api/tables/:name/schemas", makeSchemas({ versions: [] })),
  );
  const { user } = visit("/tables/cc_claim?tab=data");
  expect(await screen.findByText("No rows yet")).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Compare" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /History/ }));
  expect(await screen.findByText("No version yet")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Runs/ }));
  expect(await screen.findByText("No run has looked at this table")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Schema/ }));
  expect(await screen.findByText("No columns known")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Overview/ }));
  expect(await screen.findByText("No run has looked yet")).toBeInTheDocument();
});

test("an address of the API's own under a table's is no table", async () => {
  visit("/tables/_names");
  expect(await screen.findByText("No table “_names”")).toBeInTheDocument();
});
