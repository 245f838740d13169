import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { CONNECTION, DENIED, makeDashboard, makeRun, makeTrends } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, post, refuse, server } from "@/testing/server";

const panel = (name: string) => screen.findByRole("region", { name });

test("the title is the answer, and every number leads to its list", async () => {
  visit("/");
  expect(await screen.findByRole("heading", { level: 1 })).toHaveTextContent(
    "3 tables failed and 9 are late, of 480",
  );
  const late = screen.getByRole("link", { name: /^9\s*Late/ });
  expect(late).toHaveAttribute("href", "/tables?health=Late");
});

test("while the first answer is awaited the overview has its shape", async () => {
  server.use(never("/api/dashboard"));
  visit("/");
  expect(await screen.findByRole("status", { name: "Loading the overview" })).toBeInTheDocument();
});

test("an error says what, why, what next, and the request's id", async () => {
  server.use(refuse("/api/dashboard"));
  const { user } = visit("/");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The server made a mistake");
  expect(alert).toHaveTextContent("The database did not answer within 5 s.");
  expect(alert).toHaveTextContent("Try again; another process may hold the file.");
  expect(alert).toHaveTextContent("req-0f7d21c4");
  server.use(answer("/api/dashboard", makeDashboard()));
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/3 tables failed/)).toBeInTheDocument();
});

test("a 503 of the server itself is told with its code, not taken for silence", async () => {
  server.use(
    refuse("/api/dashboard", { status: 503, code: "DATABASE_BUSY", hint: "Wait a moment." }),
  );
  visit("/");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("DATABASE_BUSY");
  expect(alert).toHaveTextContent("Wait a moment.");
  expect(screen.queryByText(/does not answer/)).not.toBeInTheDocument();
});

test("a 503 of a proxy is silence", async () => {
  server.use(http.get("*/api/dashboard", () => new HttpResponse("<html>", { status: 503 })));
  visit("/");
  expect((await screen.findAllByText(/does not answer/))[0]).toBeInTheDocument();
});

test("without a connection it says the first step", async () => {
  server.use(answer("/api/dashboard", makeDashboard({ connections: [] })));
  visit("/");
  expect(await screen.findByText("See your Guidewire data arrive")).toBeInTheDocument();
  expect(screen.getByText("Point to the export")).toBeInTheDocument();
});

test("with a connection and nothing else it offers the first run", async () => {
  server.use(answer("/api/dashboard", makeDashboard({ runs: [], total_tables: 0 })));
  visit("/");
  await screen.findByText("See your Guidewire data arrive");
  const steps = screen.getByRole("list", { name: "First steps" });
  expect(within(steps).getByRole("button", { name: "Run now" })).toBeEnabled();
});

test("a connection that fails is told in full", async () => {
  const [connection] = makeDashboard().connections;
  if (!connection) throw new Error("the fixture has a connection");
  server.use(
    answer(
      "/api/dashboard",
      makeDashboard({ connections: [{ ...connection, source_ok: false, error: DENIED }] }),
    ),
  );
  visit("/");
  expect(await screen.findByText("Connection prod-east has a problem")).toBeInTheDocument();
  expect(screen.getByText("ACCESS_DENIED")).toBeInTheDocument();
});

test("nothing to attend to is said, with how many are well", async () => {
  const health = [
    { value: "Healthy", count: 470 },
    { value: "Quiet", count: 10 },
  ];
  server.use(
    answer("/api/dashboard", makeDashboard({ attention: [], attention_total: 0, health })),
  );
  visit("/");
  expect(await panel("Needs attention")).toHaveTextContent("All is well");
});

test("what is not loaded, or could not be looked at, is not called well", async () => {
  const health = [
    { value: "Healthy", count: 469 },
    { value: "Not loaded", count: 9 },
    { value: "Orphan", count: 2 },
  ];
  const nothing = { attention: [], attention_total: 0 };
  server.use(answer("/api/dashboard", makeDashboard({ ...nothing, health })));
  const { unmount } = visit("/");
  expect(await panel("Needs attention")).toHaveTextContent("9 not loaded, 2 orphan.");
  expect(screen.queryByText("All is well")).not.toBeInTheDocument();
  unmount();
  const healthy = [{ value: "Healthy", count: 480 }];
  const dashboard = makeDashboard({ ...nothing, health: healthy, status: "disconnected" });
  server.use(answer("/api/dashboard", dashboard));
  visit("/");
  expect(await panel("Needs attention")).toHaveTextContent("what is shown may be old");
  expect(screen.queryByText("All is well")).not.toBeInTheDocument();
});

test("Retry retries that run, Run starts a run of that table", async () => {
  const retried: unknown[] = [];
  const started: unknown[] = [];
  const made = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
  server.use(
    post("/api/guidewire/jobs/:id/retry", made, retried),
    post("/api/guidewire/jobs/start", made, started),
  );
  const { user } = visit("/");
  const list = await panel("Needs attention");
  await user.click(within(list).getByRole("button", { name: /Retry cc_note/ }));
  await waitFor(() => expect(retried).toHaveLength(1));
  await user.click(within(list).getByRole("button", { name: /Run pc_policyperiod/ }));
  await waitFor(() =>
    expect(started).toEqual([
      {
        config: { connection: CONNECTION, table_names: ["pc_policyperiod"] },
        request_id: expect.any(String),
      },
    ]),
  );
});

test("with two connections each table, link and run is of its own", async () => {
  const started: unknown[] = [];
  const made = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
  const base = makeDashboard();
  const [item] = base.attention.filter((each) => each.action === "run");
  const [connection] = base.connections;
  if (!item || !connection) throw new Error("the fixture has both");
  server.use(
    answer(
      "/api/dashboard",
      makeDashboard({
        attention: [item, { ...item, connection: "prod-west" }],
        connections: [connection, { ...connection, name: "prod-west", error: DENIED }],
      }),
    ),
    post("/api/guidewire/jobs/start", made, started),
  );
  const { user } = visit("/");
  const rows = within(await panel("Needs attention")).getAllByRole("listitem");
  const west = within(rows[1] as HTMLElement);
  expect(west.getByRole("link", { name: `${item.table} prod-west` })).toHaveAttribute(
    "href",
    `/tables/${item.table}?connection=prod-west`,
  );
  expect(screen.getByText("Connection prod-west has a problem")).toBeInTheDocument();
  expect(screen.getByText("All connections")).toBeInTheDocument();
  await user.click(west.getByRole("button", { name: /^Run/ }));
  await waitFor(() =>
    expect(started).toEqual([
      {
        config: { connection: "prod-west", table_names: [item.table] },
        request_id: expect.any(String),
      },
    ]),
  );
});

test("while a run goes on, a second one is not offered beside each table", async () => {
  server.use(
    answer("/api/dashboard", makeDashboard({ active_run: makeRun({ status: "running" }) })),
  );
  visit("/");
  const list = await panel("Needs attention");
  expect(within(list).getByRole("button", { name: /Retry cc_note/ })).toBeDisabled();
});

test("each chart is also a table", async () => {
  const { user } = visit("/");
  const volume = await panel("Volume");
  await user.click(within(volume).getByRole("button", { name: "Volume as table" }));
  const head = within(volume).getAllByRole("columnheader");
  expect(head.map((cell) => cell.textContent)).toEqual([
    "Day",
    "PolicyCenter",
    "ClaimCenter",
    "BillingCenter",
    "Commits",
  ]);
  expect(within(volume).getAllByRole("row")).toHaveLength(15);
});

test("panels without data say why", async () => {
  server.use(
    answer(
      "/api/dashboard",
      makeDashboard({ runs: [], volume: [], schema_changes: [], most_behind: [] }),
    ),
  );
  visit("/");
  expect(await panel("Last 30 runs")).toHaveTextContent("No runs yet");
  expect(await panel("Volume")).toHaveTextContent("No rows yet");
  expect(await panel("Schema changes")).toHaveTextContent("No table changed its columns.");
  expect(await panel("Freshness")).toHaveTextContent("No table is behind its manifest.");
});

test("one button retries everything that failed, each connection in one run", async () => {
  const retried: unknown[] = [];
  const started: unknown[] = [];
  const made = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
  const offers = [
    { connection: CONNECTION, run_id: "r1", tables: ["cc_note"] },
    { connection: "prod-west", run_id: null, tables: ["bc_invoice", "pc_policy"] },
  ];
  server.use(
    answer("/api/dashboard", makeDashboard({ retry: offers })),
    post("/api/guidewire/jobs/r1/retry", made, retried),
    post("/api/guidewire/jobs/start", made, started),
  );
  const { user } = visit("/");
  await user.click(await screen.findByRole("button", { name: "Retry 3 failed" }));
  await waitFor(() => expect(retried).toHaveLength(1));
  expect(started).toEqual([
    {
      config: { connection: "prod-west", table_names: ["bc_invoice", "pc_policy"] },
      request_id: expect.any(String),
    },
  ]);
  expect(await screen.findAllByText("Retrying 3 failed tables.")).not.toHaveLength(0);
});

test("with nothing that failed in a run there is no button to retry", async () => {
  server.use(answer("/api/dashboard", makeDashboard({ retry: [] })));
  visit("/");
  await panel("Needs attention");
  expect(screen.queryByRole("button", { name: /Retry \d+ failed/ })).not.toBeInTheDocument();
});

test("the answer says how old it is and is renewed by a button", async () => {
  const asked: unknown[] = [];
  server.use(post("/api/tables/refresh", { message: "Refresh requested" }, asked));
  const { user } = visit("/");
  expect(await screen.findByText(/As of \d+ s ago\./)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Look again" }));
  await waitFor(() => expect(asked).toHaveLength(1));
});

test("volume counts commits too, by application", async () => {
  const { user } = visit("/");
  const volume = within(await panel("Volume"));
  await user.click(volume.getByRole("button", { name: "Commits" }));
  expect(volume.getByRole("group", { name: "Commits per day by application" })).toBeInTheDocument();
  expect(volume.getByRole("link", { name: "ClaimCenter" })).toHaveAttribute(
    "href",
    "/tables?app=ClaimCenter&sort=-rows_today",
  );
});

test("trends say how it went, beside the time before", async () => {
  const { user } = visit("/");
  const trends = within(await screen.findByRole("region", { name: "Trends" }));
  expect(await trends.findByText("99.7 %")).toBeInTheDocument();
  expect(trends.getByText("4 recoveries, before 1 h 23 min")).toBeInTheDocument();
  expect(trends.getByText("6 % more than before")).toBeInTheDocument();
  const slowest = within(trends.getByRole("region", { name: "Slowest tables" }));
  expect(slowest.getByRole("link", { name: "pc_policyperiod" })).toHaveAttribute(
    "href",
    "/tables/pc_policyperiod?tab=runs",
  );
  await user.click(trends.getByRole("button", { name: "7 days" }));
  expect(await trends.findByLabelText("The last 7 days")).toBeInTheDocument();
});

test("every trend is also a table", async () => {
  const { user } = visit("/?days=7");
  const trends = within(await screen.findByRole("region", { name: "Trends" }));
  for (const title of ["Rows per day", "Runs per day", "Duration of runs"]) {
    await user.click(await trends.findByRole("button", { name: `${title} as table` }));
    const card = within(trends.getByRole("region", { name: title }));
    expect(card.getAllByRole("row")).toHaveLength(8);
  }
});

test("without a run the trends say so, and an error of theirs leaves the rest", async () => {
  const { totals } = makeTrends(7);
  const none = {
    ...totals,
    rows: 0,
    runs: 0,
    success_rate: null,
    p50_seconds: null,
    p95_seconds: null,
    recoveries: 0,
    mean_recovery_seconds: null,
  };
  server.use(
    answer(
      "/api/trends",
      makeTrends(7, { totals: none, before: none, by_day: [], slowest: [], slowest_since: null }),
    ),
  );
  const { unmount } = visit("/");
  expect(await screen.findByText("No table had anything to do")).toBeInTheDocument();
  expect(screen.getAllByText("No run ended in these days")).toHaveLength(2);
  expect(screen.getByText("no table had to recover")).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/trends"));
  visit("/");
  const trends = await screen.findByRole("region", { name: "Trends" });
  expect(await within(trends).findByRole("alert")).toHaveTextContent("The server made a mistake");
  expect(await panel("Needs attention")).toBeInTheDocument();
});

test("while the trends are awaited they have their shape", async () => {
  server.use(never("/api/trends"));
  visit("/");
  expect(await screen.findByRole("status", { name: "Loading the trends" })).toBeInTheDocument();
});

test("a bar of the freshness leads to the tables in it", async () => {
  visit("/");
  const chart = within(await screen.findByRole("group", { name: "Tables by processing lag" }));
  expect(chart.getByRole("link", { name: /^10 tables with a lag of 1 h to 2 h/ })).toHaveAttribute(
    "href",
    "/tables?lag=under_6h&sort=-lag",
  );
  expect(chart.getByRole("link", { name: /^194 tables/ })).toHaveAttribute(
    "href",
    "/tables?lag=under_1m&sort=-lag",
  );
});
