import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { CONNECTION, DENIED, makeDashboard, makeRun } from "@/testing/fixtures";
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
  expect(alert).toHaveTextContent("The index is busy");
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
  server.use(answer("/api/dashboard", makeDashboard({ attention: [], attention_total: 0 })));
  visit("/");
  expect(await panel("Needs attention")).toHaveTextContent("All is well");
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
  expect(screen.getByText("2 connections")).toBeInTheDocument();
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
