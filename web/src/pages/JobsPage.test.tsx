import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { makeDashboard, makeRun, makeStatus } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { makeFacets, makePreflight, makeStep } from "@/testing/run-fixtures";
import { answer, never, post, refuse, server } from "@/testing/server";

test("runs are listed with their result in words", async () => {
  server.use(
    answer("/api/guidewire/jobs", [
      makeRun({ run_id: "20261123-100000-aaaa", status: "running", bytes_percent: 64 }),
      makeRun({ status: "completed_with_errors", tables_failed: 3 }),
    ]),
  );
  visit("/runs");
  const rows = within(await screen.findByRole("table", { name: /Runs/ })).getAllByRole("row");
  expect(rows[1]).toHaveTextContent("Running");
  expect(rows[2]).toHaveTextContent("With errors");
  expect(rows[2]).toHaveTextContent("3 failed");
  expect(screen.getByRole("progressbar", { name: "Progress of the run" })).toHaveAttribute(
    "aria-valuenow",
    "64",
  );
});

test("no runs yet has a next step, an error has its parts, waiting its shape", async () => {
  server.use(answer("/api/guidewire/jobs", []));
  const { unmount } = visit("/runs");
  expect(await screen.findByText("No runs yet")).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/guidewire/jobs"));
  const second = visit("/runs");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  second.unmount();
  server.use(never("/api/guidewire/jobs"));
  visit("/runs");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("without a connection the next step is to add one", async () => {
  server.use(
    answer("/api/guidewire/jobs", []),
    answer("/api/dashboard", makeDashboard({ connections: [] })),
  );
  visit("/runs");
  expect(await screen.findByRole("link", { name: "Add source" })).toHaveAttribute(
    "href",
    "/sources",
  );
});

test("nothing is there to clear before one filters", async () => {
  const { user } = visit("/runs");
  await screen.findByRole("table", { name: /Runs/ });
  expect(screen.queryByRole("button", { name: "Clear filters" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Last 24 hours" }));
  expect(await screen.findByRole("button", { name: "Clear filters" })).toBeInTheDocument();
});

test("a state filters, and stands in the address", async () => {
  const { user, history } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: /^Completed/ }));
  await waitFor(() => expect(history.location.search).toBe("?state=completed"));
});

test("a history longer than what is listed is counted in full", async () => {
  const runs = [makeRun(), makeRun({ run_id: "20261123-100000-aaaa", status: "failed" })];
  server.use(answer("/api/guidewire/jobs", runs, { headers: { "X-Total-Count": "1480" } }));
  visit("/runs");
  expect(await screen.findByText("None going on, 1,480 runs kept.")).toBeInTheDocument();
  expect(await screen.findByText(/^The newest 2 of 1,480 runs/)).toBeInTheDocument();
});

test("two clicks start a run of all tables; nothing is typed", async () => {
  const started: unknown[] = [];
  const made = {
    job_id: "20261123-101010-beef",
    run_id: "20261123-101010-beef",
    status: "pending",
    message: "",
  };
  server.use(post("/api/guidewire/jobs/start", made, started, 201));
  const { user, history } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  await user.click(await screen.findByRole("button", { name: /^Start run of all/ }));
  await waitFor(() => expect(history.location.pathname).toBe("/runs/20261123-101010-beef"));
  expect(started).toEqual([
    {
      config: {
        connection: "prod-east",
        table_names: null,
        exceptions: null,
        commit_per_folder: false,
        largest_tables_first_count: null,
        parallel: true,
        schema_change: null,
        confirm_replace: false,
      },
      request_id: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
    },
  ]);
});

test("of several connections one is chosen, its tables counted and its name sent", async () => {
  const started: { config: { connection: string } }[] = [];
  const made = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
  const connections = makeDashboard().connections.flatMap((each) => [
    each,
    { ...each, name: "prod-west" },
  ]);
  server.use(
    answer("/api/dashboard", makeDashboard({ connections })),
    http.get("*/api/tables/_names", ({ request }) => {
      const connection = new URL(request.url).searchParams.get("connection") ?? "";
      const names = connection === "prod-west" ? ["a", "b", "c"] : ["a"];
      return HttpResponse.json([{ connection, names, orphans: ["left_behind"] }]);
    }),
    post("/api/guidewire/jobs/start", made, started, 201),
  );
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  await user.selectOptions(await screen.findByLabelText("Connection"), "prod-west");
  await user.click(await screen.findByRole("button", { name: "Start run of all 3 tables" }));
  await waitFor(() => expect(started[0]?.config.connection).toBe("prod-west"));
});

test("a start that is refused keeps the dialog and says why", async () => {
  server.use(
    post(
      "/api/guidewire/jobs/start",
      {
        type: "x",
        title: "Unknown connection",
        status: 404,
        detail: "No connection x.",
        code: "NO_CONNECTION",
        hint: "Choose one.",
        request_id: "r1",
      },
      [],
      404,
    ),
  );
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  await user.click(await screen.findByRole("button", { name: /^Start run of all/ }));
  expect(await within(screen.getByRole("dialog")).findByRole("alert")).toHaveTextContent(
    "Choose one.",
  );
});

const FACETS = makeFacets({
  states: { completed: 3, failed: 2 },
  triggers: { page: 3, cli: 2 },
  requested_by: { ana: 4, bo: 1 },
});

/** The list answers with these runs; what it was asked is kept. */
function serveRuns(runs = [makeRun()], total = runs.length, asked: URLSearchParams[] = []) {
  server.use(
    answer("/api/runs/facets", FACETS),
    http.get("*/api/guidewire/jobs", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      return HttpResponse.json(runs, { headers: { "X-Total-Count": String(total) } });
    }),
  );
  return asked;
}

test("trigger, who, time and table filter the list, and stand in the address", async () => {
  const asked = serveRuns();
  const { user, history } = visit("/runs");
  await user.selectOptions(await screen.findByLabelText("Trigger"), "cli");
  await user.selectOptions(screen.getByLabelText("Who"), "bo");
  await user.selectOptions(screen.getByLabelText("When"), "7");
  await user.type(screen.getByLabelText("Has table"), "cc_claim");
  await waitFor(() =>
    expect(history.location.search).toBe("?trigger=cli&who=bo&days=7&table=cc_claim"),
  );
  await waitFor(() => expect(asked.at(-1)?.get("table")).toBe("cc_claim"));
  const last = asked.findLast((each) => each.has("table"));
  expect(last?.get("trigger")).toBe("cli");
  expect(last?.get("requested_by")).toBe("bo");
  expect(Date.parse(last?.get("since") ?? "")).toBeLessThan(Date.now() - 6 * 86_400_000);
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(history.location.search).toBe("");
});

test("a span of dates is whole days, and a view is one press", async () => {
  const asked = serveRuns();
  const { user, history } = visit("/runs");
  await user.selectOptions(await screen.findByLabelText("When"), "dates");
  await user.type(screen.getByLabelText("From"), "2026-11-01");
  await user.type(screen.getByLabelText("To (UTC)"), "2026-11-02");
  await waitFor(() => expect(asked.at(-1)?.get("until")).toBe("2026-11-02T23:59:59.999Z"));
  await user.click(screen.getByRole("button", { name: "Not well, 7 days" }));
  expect(history.location.search).toBe("?state=failed,completed_with_errors&days=7");
  expect(screen.getByRole("button", { name: "Not well, 7 days" })).toHaveAttribute(
    "aria-pressed",
    "true",
  );
});

test("a filter that lets nothing through is no empty history", async () => {
  server.use(
    http.get("*/api/guidewire/jobs", ({ request }) =>
      HttpResponse.json(new URL(request.url).searchParams.has("status") ? [] : [makeRun()]),
    ),
  );
  const { user, history } = visit("/runs?state=failed");
  expect(await screen.findByText("No run matches")).toBeInTheDocument();
  const list = screen.getByRole("region", { name: "List of runs" });
  await user.click(within(list).getAllByRole("button", { name: "Clear filters" })[0] as Element);
  await waitFor(() => expect(history.location.search).toBe(""));
});

test("older runs come behind the last one listed", async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get("*/api/guidewire/jobs", ({ request }) => {
      const before = new URL(request.url).searchParams.get("before");
      asked.push(before);
      const run = makeRun({ run_id: before ? "20261122-080000-0002" : "20261123-080000-0001" });
      return HttpResponse.json([run], { headers: { "X-Total-Count": "2" } });
    }),
  );
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Show older ones" }));
  expect(await screen.findByRole("link", { name: "Run 20261122-080000-0002" })).toBeVisible();
  expect(asked).toContain("20261123-080000-0001");
  expect(screen.queryByRole("button", { name: "Show older ones" })).not.toBeInTheDocument();
});

test("many runs are retried or cancelled at once, and each refusal is said", async () => {
  const bodies: unknown[] = [];
  serveRuns([
    makeRun({ run_id: "20261123-080000-aaaa", status: "running", end_time: null }),
    makeRun({ run_id: "20261123-080000-bbbb", status: "failed" }),
    makeRun({ run_id: "20261123-080000-cccc", status: "completed_with_errors" }),
  ]);
  const refusal = { code: "NOTHING_TO_RETRY", message: "Every table ended well.", hint: "" };
  const items = [
    { run_id: "20261123-080000-bbbb", ok: true, message: "", error: null },
    { run_id: "20261123-080000-cccc", ok: false, message: refusal.message, error: refusal },
  ];
  server.use(post("/api/runs/bulk", { items }, bodies, 200));
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("checkbox", { name: "Choose every run listed" }));
  const bar = screen.getByRole("region", { name: "Chosen runs" });
  expect(bar).toHaveTextContent("3 runs chosen");
  await user.click(within(bar).getByRole("button", { name: "Cancel 1" }));
  const dialog = await screen.findByRole("dialog", { name: "Cancel 1 run?" });
  expect(dialog).toHaveTextContent("aaaa");
  await user.click(within(dialog).getByRole("button", { name: "Keep running" }));
  await user.click(within(bar).getByRole("button", { name: "Retry failed tables of 2" }));
  expect(await screen.findAllByText(/1 run tried again\. 1 run refused: cccc/)).not.toEqual([]);
  expect(bodies).toEqual([
    { action: "retry", run_ids: ["20261123-080000-bbbb", "20261123-080000-cccc"] },
  ]);
  await waitFor(() =>
    expect(screen.queryByRole("region", { name: "Chosen runs" })).not.toBeInTheDocument(),
  );
});

test("the preflight says what it saw, what is pending and whom the run would wait for", async () => {
  const waits = {
    run_id: "20261123-094630-8c42",
    tables: ["cc_a", "cc_b", "cc_c"],
    reason: "",
  };
  const found = makePreflight({
    pending: { tables: 2, waiting: 1, folders: 5, bytes: 60_000 },
    usual: { runs: 3, seconds: 60, slow_bytes_per_second: 500, fast_bytes_per_second: 1000 },
    waits_for: [waits],
  });
  server.use(post("/api/guidewire/jobs/preflight", found, [], 200));
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  const steps = await screen.findByRole("region", { name: "Preflight" });
  expect(await within(steps).findByText("Read the manifest")).toBeInTheDocument();
  expect(steps).toHaveTextContent("The manifest names 3 tables, 3 of them chosen.");
  expect(steps).toHaveTextContent("3 tables busy");
  expect(steps).toHaveTextContent("cc_a, cc_b and 1 more in run 8c42; this run waits for it");
  expect(
    screen.getByText(
      "2 have something new, 1 of them waits for a choice: 5 folders, 60.0 kB, 1 to 3 min.",
    ),
  ).toBeInTheDocument();
});

test("a preflight that fails says how to mend it, and starting is a word more", async () => {
  const step = makeStep({
    name: "target.list",
    title: "List the target",
    state: "failed",
    code: "BUCKET_NOT_FOUND",
    sentence: "The bucket acme does not exist.",
    hint: "Check its name and region; cdalake never creates a bucket.",
  });
  const found = makePreflight({ can_start: false, steps: [step] });
  server.use(post("/api/guidewire/jobs/preflight", found, [], 200));
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  expect(await screen.findByText("BUCKET_NOT_FOUND")).toBeInTheDocument();
  expect(screen.getByText(/cdalake never creates a bucket/)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: /^Start run .* anyway$/ })).toBeEnabled();
});

test("a preflight under way and one that could not be tried are no good news", async () => {
  server.use(
    http.post("*/api/guidewire/jobs/preflight", () => new Promise<never>(() => undefined)),
  );
  const first = visit("/runs");
  await first.user.click(await screen.findByRole("button", { name: "Run now" }));
  const steps = await screen.findByRole("region", { name: "Preflight" });
  expect(within(steps).getByRole("status", { name: "Loading" })).toBeInTheDocument();
  first.unmount();
  server.use(
    http.post("*/api/guidewire/jobs/preflight", () =>
      HttpResponse.json(
        {
          code: "NO_CONNECTION",
          detail: "There is none.",
          hint: "Add one.",
          title: "",
          status: 400,
        },
        { status: 400 },
      ),
    ),
  );
  const second = visit("/runs");
  await second.user.click(await screen.findByRole("button", { name: "Run now" }));
  const problem = await screen.findByRole("alert");
  expect(problem).toHaveTextContent("It could not be tried: There is none. Add one.");
  server.use(post("/api/guidewire/jobs/preflight", makePreflight(), [], 200));
  await second.user.click(within(problem).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Read the manifest")).toBeInTheDocument();
});

test("a run's own options are sent with it", async () => {
  const started: { config: object }[] = [];
  const made = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
  server.use(post("/api/guidewire/jobs/start", made, started, 201));
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  await user.click(await screen.findByRole("switch", { name: /^Largest first/ }));
  await user.click(screen.getByRole("switch", { name: /^Several tables/ }));
  await user.click(screen.getByRole("switch", { name: /^One version/ }));
  await user.click(screen.getByRole("button", { name: /^Start run of all/ }));
  await waitFor(() =>
    expect(started[0]?.config).toMatchObject({
      largest_tables_first_count: 0,
      parallel: false,
      commit_per_folder: true,
    }),
  );
});

test("a run that replaces is started only when that was confirmed for it", async () => {
  const started: { config: object }[] = [];
  const connections = [makeStatus({ schema_change: "replace" }), makeStatus({ name: "other" })];
  server.use(
    answer("/api/dashboard", makeDashboard({ connections })),
    post("/api/guidewire/jobs/start", { job_id: "r2", run_id: "r2" }, started, 201),
  );
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  expect(await screen.findByRole("button", { name: "Confirm replace first" })).toBeDisabled();
  const policy = screen.getByLabelText(/^When columns change/);
  expect(screen.getByText(/older rows leave the current version/)).toBeInTheDocument();
  await user.selectOptions(policy, "fail");
  expect(screen.getByRole("button", { name: /^Start run of all/ })).toBeEnabled();
  await user.selectOptions(policy, "replace (default)");
  await user.click(screen.getByRole("switch", { name: /^Older rows may leave/ }));
  expect(screen.getByRole("button", { name: /^Start run of all/ })).toBeEnabled();
  await user.selectOptions(screen.getByLabelText("Connection"), "other");
  await user.selectOptions(policy, "replace");
  expect(screen.getByRole("button", { name: "Confirm replace first" })).toBeDisabled();
  await user.click(screen.getByRole("switch", { name: /^Older rows may leave/ }));
  await user.click(screen.getByRole("button", { name: /^Start run of all/ }));
  await waitFor(() =>
    expect(started[0]?.config).toMatchObject({
      connection: "other",
      schema_change: "replace",
      confirm_replace: true,
    }),
  );
});

test("runs of the connections in view are paused after a word of warning", async () => {
  const paused: string[] = [];
  const connections = [makeStatus({ name: "lake" }), makeStatus({ name: "other" })];
  server.use(
    answer("/api/dashboard", makeDashboard({ connections })),
    http.post("*/api/connections/:name/pause", ({ params }) => {
      paused.push(String(params.name));
      return HttpResponse.json({ message: "" });
    }),
  );
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Pause runs" }));
  const dialog = await screen.findByRole("dialog", { name: "Pause the runs of lake, other?" });
  expect(within(dialog).getByRole("button", { name: "Do not pause" })).toHaveFocus();
  expect(paused).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Pause runs" }));
  await waitFor(() => expect(paused).toEqual(["lake", "other"]));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("paused runs are told on every page with who did it, and resumed there", async () => {
  const resumed: string[] = [];
  const paused = [{ connection: "lake", by: "ana", at: "2026-11-23T02:10:00Z" }];
  server.use(
    // One that is gone from the configuration, too: its runs wait for nothing else.
    answer(
      "/api/dashboard",
      makeDashboard({ connections: [makeStatus({ name: "other" })], paused }),
    ),
    http.post("*/api/connections/:name/resume", ({ params }) => {
      resumed.push(String(params.name));
      return HttpResponse.json({ message: "" });
    }),
  );
  const { user } = visit("/tables");
  const banner = await screen.findByText(/Runs of lake are paused/);
  expect(banner.parentElement).toHaveTextContent(
    /by ana since .*02:10.*: none begins before they are resumed/,
  );
  expect(screen.queryByText(/Runs of other are paused/)).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Resume" }));
  await waitFor(() => expect(resumed).toEqual(["lake"]));
});

test("where every run in view is paused already there is nothing to pause", async () => {
  const paused = [{ connection: "lake", by: "ana", at: "2026-11-23T02:10:00Z" }];
  server.use(
    answer(
      "/api/dashboard",
      makeDashboard({ connections: [makeStatus({ name: "lake" })], paused }),
    ),
  );
  visit("/runs");
  await screen.findByText(/Runs of lake are paused/);
  expect(screen.queryByRole("button", { name: "Pause runs" })).not.toBeInTheDocument();
});

test("the preflight of a paused connection says that the run would wait", async () => {
  const found = makePreflight({ pause: "Waits because ana paused the runs of lake." });
  server.use(post("/api/guidewire/jobs/preflight", found, [], 200));
  const { user } = visit("/runs");
  await user.click(await screen.findByRole("button", { name: "Run now" }));
  const steps = await screen.findByRole("region", { name: "Preflight" });
  expect(await within(steps).findByText("Runs are paused")).toBeInTheDocument();
  expect(steps).toHaveTextContent("ana paused the runs of lake");
});
