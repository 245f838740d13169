import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { FakeEventSource } from "@/testing/fake-event-source";
import {
  CONNECTION,
  DENIED,
  makeCluster,
  makeCompared,
  makeComparison,
  makeConfig,
  makeDashboard,
  makeError,
  makeJob,
  makeLine,
  makeLogPage,
  makeResult,
  makeRun,
} from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, post, refuse, server } from "@/testing/server";

const ID = "20261123-094630-8c42";
const at = `/runs/${ID}`;
const STARTED = { job_id: "r2", run_id: "r2", status: "pending", message: "" };
const running = makeJob({
  status: "running",
  end_time: null,
  duration_seconds: null,
  bytes_percent: 40,
  can_cancel: true,
  results: [
    makeResult({ table: "cc_claim", status: "running", bytes_done: 10, commits: 1 }),
    makeResult({ table: "cc_note", status: "failed", error: DENIED, commits: 0 }),
    makeResult({ table: "cc_exposure", status: "pending", process_start_time: null, commits: 0 }),
  ],
});

test("failed tables are grouped by cause, with what to do", async () => {
  const group = { ...DENIED, title: "Access denied", tables: ["cc_note", "cc_document"] };
  server.use(
    answer(
      "/api/guidewire/jobs/:id",
      makeJob({
        status: "completed_with_errors",
        error_groups: [group],
        can_retry: true,
        tables_failed: 2,
      }),
    ),
  );
  visit(at);
  const card = await screen.findByRole("region", { name: "2 tables did not end well, 1 cause" });
  expect(card).toHaveTextContent("ACCESS_DENIED");
  expect(card).toHaveTextContent(DENIED.hint);
  expect(within(card).getByRole("link", { name: "cc_document" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Retry 2 failed" })).toBeEnabled();
});

test("the stream moves the run, and its end reads it once more", async () => {
  server.use(answer("/api/guidewire/jobs/:id", running));
  visit(at);
  const bar = await screen.findByRole("progressbar", { name: "Progress by bytes" });
  expect(bar).toHaveAttribute("aria-valuenow", "40");
  const stream = await waitFor(() => FakeEventSource.of("/api/runs"));
  act(() => {
    stream.open();
    stream.send("progress", { run: { bytes_percent: 70 }, results: [] });
  });
  expect(bar).toHaveAttribute("aria-valuenow", "70");
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ status: "completed" })));
  act(() => stream.send("end", { run_id: ID, status: "completed" }));
  expect(await screen.findByText("Completed")).toBeInTheDocument();
});

test("lines of the stream follow those of the page, each once", async () => {
  server.use(
    answer("/api/guidewire/jobs/:id", { ...running, last_line: 2 }),
    answer("/api/runs/:id/logs", { ...makeLogPage([makeLine(1), makeLine(2)]), is_final: false }),
  );
  visit(at);
  await screen.findByRole("log");
  const log = () => screen.getByRole("log");
  await waitFor(() => expect(log()).toHaveTextContent("line 2 of the log"));
  await waitFor(() => expect(FakeEventSource.last.url).toContain("after=2"));
  act(() => FakeEventSource.last.send("log", [makeLine(2), makeLine(3)]));
  await waitFor(() => expect(log()).toHaveTextContent("line 3 of the log"));
  expect(within(log()).getAllByText("line 2 of the log")).toHaveLength(1);
});

test("without a stream the run is asked again every two seconds", async () => {
  let asked = 0;
  server.use(
    http.get("*/api/guidewire/jobs/:id", () => {
      asked += 1;
      return HttpResponse.json({ ...running, bytes_percent: 40 + asked });
    }),
  );
  visit(at);
  const stream = await waitFor(() => FakeEventSource.of("/api/runs"));
  act(() => stream.fail());
  await waitFor(() => expect(asked).toBeGreaterThan(1), { timeout: 4000 });
});

test("Run again asks for the same tables, exceptions and connection", async () => {
  const started: unknown[] = [];
  const config = makeConfig({
    connection: "prod-west",
    table_names: ["CC_*"],
    exceptions: ["cc_note"],
    commit_per_folder: true,
    schema_change: "per_fingerprint",
  });
  const connections = makeDashboard().connections.flatMap((each) => [
    each,
    { ...each, name: "prod-west" },
  ]);
  server.use(
    answer("/api/guidewire/jobs/:id", makeJob({ connection: "prod-west", config })),
    answer("/api/dashboard", makeDashboard({ connections })),
    http.get("*/api/tables/_names", ({ request }) => {
      const connection = new URL(request.url).searchParams.get("connection") ?? "";
      const names = connection === "prod-west" ? ["cc_claim", "cc_note"] : ["cc_a", "cc_b"];
      return HttpResponse.json([{ connection, names, orphans: ["left_behind"] }]);
    }),
    post("/api/guidewire/jobs/start", STARTED, started, 201),
  );
  const { user } = visit(at);
  await user.click(await screen.findByRole("button", { name: "Run again" }));
  await user.click(await screen.findByRole("button", { name: "Start run of 1 table" }));
  await waitFor(() =>
    expect(started).toEqual([
      {
        config: {
          connection: "prod-west",
          table_names: ["CC_*"],
          exceptions: ["cc_note"],
          commit_per_folder: true,
          largest_tables_first_count: null,
          parallel: true,
          schema_change: "per_fingerprint",
          confirm_replace: false,
        },
        request_id: expect.any(String),
      },
    ]),
  );
});

test("Run again of a connection that is gone asks for another one, and takes none by itself", async () => {
  const config = makeConfig({ connection: "old-bucket" });
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ connection: "old-bucket", config })));
  const { user } = visit(at);
  await user.click(await screen.findByRole("button", { name: "Run again" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByRole("button", { name: "Choose a connection" })).toBeDisabled();
  expect(dialog).toHaveTextContent("The server has no connection named old-bucket.");
  await user.selectOptions(within(dialog).getByLabelText("Connection"), CONNECTION);
  expect(await within(dialog).findByRole("button", { name: /^Start run of all/ })).toBeEnabled();
});

test("cancelling says first what it means", async () => {
  server.use(
    answer("/api/guidewire/jobs/:id", running),
    http.delete("*/api/guidewire/jobs/:id", () =>
      HttpResponse.json({ message: "Cancellation requested" }, { status: 202 }),
    ),
  );
  const { user } = visit(at);
  await user.click(await screen.findByRole("button", { name: "Cancel run" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("1 table committed something, kept");
  expect(dialog).toHaveTextContent("1 table running, it stops at the next folder");
  expect(dialog).toHaveTextContent("1 table not started, left as it is");
  expect(within(dialog).getByRole("button", { name: "Keep running" })).toHaveFocus();
  await user.click(within(dialog).getByRole("button", { name: "Cancel run" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a state filters the tables, a header sorts them", async () => {
  server.use(answer("/api/guidewire/jobs/:id", running));
  const { user, history } = visit(at);
  const rows = () =>
    within(screen.getByRole("table", { name: "Tables of the run" })).getAllByRole("row");
  await screen.findByRole("table", { name: "Tables of the run" });
  expect(rows()[1]).toHaveTextContent("Failed");
  await user.click(screen.getByRole("button", { name: /^Queued/ }));
  await waitFor(() => expect(rows()).toHaveLength(2));
  expect(history.location.search).toBe("?state=pending");
  await user.click(screen.getByRole("button", { name: "Show all" }));
  await user.click(await screen.findByRole("button", { name: "Table" }));
  await waitFor(() => expect(rows()[1]).toHaveTextContent("cc_claim"));
});

const LOG = [
  makeLine(1, { message: "began", table: null }),
  makeLine(2, { message: "refused once", level: "error" }),
  makeLine(3, { message: "went on", attempt: 2 }),
  makeLine(4, { message: "refused again", level: "error", attempt: 2 }),
];

/** The server's side of a log of these lines; what was asked is kept. */
function serveLog(lines = LOG, asked: string[] = []) {
  const matching = (url: URL) => {
    const get = (name: string) => url.searchParams.get(name);
    return lines
      .filter((line) => line.line > Number(get("after") ?? 0))
      .filter((line) => !get("q") || line.message.includes(get("q") ?? ""))
      .filter((line) => !get("level") || line.level === get("level"))
      .filter((line) => !get("attempt") || line.attempt === Number(get("attempt")));
  };
  server.use(
    http.get("*/api/runs/:id/logs/hits", ({ request }) => {
      const url = new URL(request.url);
      asked.push(url.search);
      const last = lines.length;
      const numbers = matching(url).map((line) => line.line);
      return HttpResponse.json({
        lines: numbers,
        next_offset: last,
        last_line: last,
        is_final: true,
      });
    }),
    http.get("*/api/runs/:id/logs", ({ request }) => {
      const found = matching(new URL(request.url));
      return HttpResponse.json({ ...makeLogPage(found), last_line: lines.length });
    }),
  );
  return asked;
}
const log = () => screen.getByRole("log");

test("a log filter is asked of the server and kept in the address", async () => {
  const asked = serveLog();
  const { user, history } = visit(at);
  await screen.findByRole("log");
  await user.click(screen.getByRole("button", { name: "Errors" }));
  await waitFor(() => expect(asked.some((search) => search.includes("level=error"))).toBe(true));
  expect(history.location.search).toBe("?level=error");
  await waitFor(() => expect(log()).toHaveTextContent("refused again"));
  expect(log()).not.toHaveTextContent("went on");
  expect(screen.getByText("2 lines of 4")).toBeInTheDocument();
});

test("a search keeps every line, counts the hits and goes from one to the next", async () => {
  serveLog();
  const { user, history } = visit(at);
  await waitFor(() => expect(screen.getByRole("log")).toHaveTextContent("went on"));
  await user.keyboard("{Control>}f{/Control}");
  const field = screen.getByRole("textbox", { name: "Search the log" });
  expect(field).toHaveFocus();
  await user.type(field, "refused");
  expect(await screen.findByText("1/2")).toBeInTheDocument();
  expect(history.location.search).toBe("?q=refused");
  await user.keyboard("{Enter}");
  expect(screen.getByText("2/2")).toBeInTheDocument();
  await user.keyboard("{Shift>}{Enter}{/Shift}");
  expect(screen.getByText("1/2")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Next hit" }));
  expect(screen.getByText("2/2")).toBeInTheDocument();
  expect(log()).toHaveTextContent("went on");
  await user.clear(field);
  await user.type(field, "nothing like it");
  expect(await screen.findByText("no hit")).toBeInTheDocument();
});

test("Ctrl F a second time is left to the browser", async () => {
  serveLog();
  const { user } = visit(at);
  await screen.findByRole("log");
  const taken: boolean[] = [];
  const onKey = (event: KeyboardEvent) => taken.push(event.defaultPrevented);
  window.addEventListener("keydown", onKey);
  await user.keyboard("{Control>}f");
  await user.keyboard("f{/Control}");
  window.removeEventListener("keydown", onKey);
  expect(taken.slice(-2)).toEqual([true, false]);
});

test("a later attempt's lines are told apart, and the choice can be undone", async () => {
  serveLog();
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ attempt: 2 })));
  const { user, history } = visit(`${at}?table=cc_claim&from=2026-11-23T09:46:00Z`);
  await user.click(await screen.findByRole("button", { name: "Attempt 2" }));
  await waitFor(() => expect(history.location.search).toContain("attempt=2"));
  await user.click(screen.getByRole("button", { name: /Show all tables/ }));
  await user.click(screen.getByRole("button", { name: /Show the whole time/ }));
  await user.click(screen.getByRole("button", { name: "All attempts" }));
  await waitFor(() => expect(history.location.search).toBe(""));
});

test("a link to a line opens there, and its number copies the link", async () => {
  serveLog();
  const { user, history } = visit(`${at}#L3`);
  await waitFor(() => expect(screen.getByRole("log")).toHaveTextContent("went on"));
  await user.click(screen.getByRole("link", { name: "Link to line 4" }));
  expect(history.location.hash).toBe("#L4");
  expect(await navigator.clipboard.readText()).toContain("#L4");
});

test("the log is a file: whole, as narrowed, and raw", async () => {
  serveLog();
  visit(`${at}?level=error`);
  const whole = await screen.findByRole("link", { name: "Download the whole log" });
  expect(whole).toHaveAttribute("href", `/api/runs/${ID}/logs/file`);
  expect(screen.getByRole("link", { name: "Filtered" })).toHaveAttribute(
    "href",
    `/api/runs/${ID}/logs/file?level=error`,
  );
  expect(screen.getByRole("link", { name: "Raw log in a new tab" })).toHaveAttribute(
    "href",
    `/api/runs/${ID}/logs/file?level=error&view=true`,
  );
});

test("a log that cannot be read or searched says so and can be asked again", async () => {
  server.use(refuse("/api/runs/:id/logs"));
  const { user } = visit(at);
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  serveLog();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.getByRole("log")).toHaveTextContent("went on"));
  server.use(refuse("/api/runs/:id/logs/hits"));
  await user.type(screen.getByRole("textbox", { name: "Search the log" }), "x");
  expect(await screen.findByText("not searched")).toBeInTheDocument();
});

test("a time line has a lane for each table; one that is chosen tells its phases", async () => {
  const asked: string[] = [];
  const results = [
    makeResult({
      table: "cc_claim",
      process_start_time: "2026-11-23T09:46:30Z",
      process_finish_time: "2026-11-23T09:46:40Z",
    }),
    makeResult({
      table: "cc_note",
      process_start_time: "2026-11-23T09:46:31Z",
      process_finish_time: "2026-11-23T09:46:52Z",
    }),
  ];
  server.use(
    answer("/api/guidewire/jobs/:id", makeJob({ results })),
    http.get("*/api/runs/:id/logs", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(
        makeLogPage([makeLine(1, { kind: "committed", at: "2026-11-23T09:46:50Z" })]),
      );
    }),
  );
  const { user, history } = visit(at);
  const chart = await screen.findByRole("group", { name: "Time line of tables" });
  expect(within(chart).getByText("ended last")).toBeInTheDocument();
  expect(screen.getByText(/The last 12 s only/)).toHaveTextContent("cc_note");
  await user.click(within(chart).getByRole("img", { name: /^cc_note: Written/ }));
  const phases = await screen.findByRole("region", { name: "Phases of cc_note" });
  expect(await within(phases).findByText(/^Committed/)).toBeInTheDocument();
  expect(asked.some((search) => search.includes("table=cc_note"))).toBe(true);
  await user.click(within(phases).getByRole("button", { name: "Its log in this time" }));
  expect(history.location.search).toContain("table=cc_note");
  expect(history.location.search).toContain("from=2026-11-23T09%3A46%3A31.000Z");
});

test("a run of very many tables draws the lanes in sight, in groups that open", async () => {
  const results = Array.from({ length: 1000 }, (_, n) =>
    makeResult({ table: `cc_${String(n).padStart(4, "0")}`, status: n % 9 ? "ok" : "failed" }),
  );
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ results })));
  const { user } = visit(at);
  const chart = await screen.findByRole("group", { name: "Time line of tables" });
  const failed = within(chart).getByRole("button", { name: "Failed, 112 tables" });
  expect(failed).toHaveAttribute("aria-expanded", "false");
  expect(within(chart).queryAllByRole("img")).toHaveLength(0);
  await user.click(failed);
  const lanes = within(chart).getAllByRole("img");
  expect(lanes.length).toBeGreaterThan(20);
  expect(lanes.length).toBeLessThan(100);
  await user.click(screen.getByRole("button", { name: "By application" }));
  expect(within(chart).getByRole("button", { name: "ClaimCenter, 1,000 tables" })).toBeVisible();
  // The list of tables below is a window too.
  const table = screen.getByRole("table", { name: "Tables of the run" });
  expect(table).toHaveAttribute("aria-rowcount", "1001");
  expect(within(table).getAllByRole("row").length).toBeLessThan(200);
});

test("results are files, of the tables shown", async () => {
  server.use(answer("/api/guidewire/jobs/:id", running));
  visit(`${at}?state=failed`);
  const saved = await screen.findByRole("link", { name: "CSV" });
  expect(saved).toHaveAttribute("href", `/api/runs/${ID}/results?format=csv&status=failed`);
});

test("the manifest a run was made from is a file, while it had none there is no link", async () => {
  server.use(answer("/api/guidewire/jobs/:id", makeJob()));
  const { unmount } = visit(at);
  const saved = await screen.findByRole("link", { name: "Manifest" });
  expect(saved).toHaveAttribute("href", `/api/runs/${ID}/manifest`);
  unmount();
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ manifest_sha256: null })));
  visit(at);
  expect(await screen.findByRole("link", { name: "CSV" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Manifest" })).not.toBeInTheDocument();
});

test("a run is compared with the one before: times, failures, settings", async () => {
  server.use(
    answer(
      "/api/runs/:id/compare",
      makeComparison({
        before: makeRun({ run_id: "20261123-091630-8c41", rows: 7 }),
        slower: [makeCompared({ table: "cc_history" })],
        new_failures: [makeCompared({ table: "cc_note", status_now: "failed" })],
        only_now: ["cc_new"],
        config: [{ name: "workers", before: "8", now: "2" }],
      }),
    ),
  );
  visit(at);
  const slower = await screen.findByRole("region", { name: "Slower" });
  expect(slower).toHaveTextContent("cc_history1 s → 4 s");
  expect(screen.getByRole("region", { name: "Failed anew" })).toHaveTextContent("Written → Failed");
  expect(screen.getByRole("region", { name: "Changed settings" })).toHaveTextContent("8 → 2");
  expect(screen.getByText(/1 table new, 0 tables no longer in it/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "8c41" })).toHaveAttribute(
    "href",
    "/runs/20261123-091630-8c41",
  );
});

test("the first run, two equal ones, one that goes on and an error are told apart", async () => {
  const first = visit(at);
  expect(await screen.findByText("The first run of this selection")).toBeInTheDocument();
  first.unmount();
  server.use(answer("/api/runs/:id/compare", makeComparison({ before: makeRun() })));
  const second = visit(at);
  expect(await screen.findByText("Nothing else differs.")).toBeInTheDocument();
  second.unmount();
  server.use(refuse("/api/runs/:id/compare"));
  const third = visit(at);
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  third.unmount();
  server.use(answer("/api/guidewire/jobs/:id", running));
  visit(at);
  expect(await screen.findByText("It is compared when it has ended.")).toBeInTheDocument();
});

test("a run that could not start shows what it was asked and what to do", async () => {
  const error = makeError({
    code: "RUN_NOT_STARTED",
    message: "The run's process could not be started: no room.",
    hint: "Check that the disk has room, then retry.",
  });
  server.use(
    answer(
      "/api/guidewire/jobs/:id",
      makeJob({ status: "failed", error, results: [], can_retry: true }),
    ),
  );
  visit(at);
  const problem = await screen.findByRole("alert");
  expect(problem).toHaveTextContent("The run could not start");
  expect(problem).toHaveTextContent(error.hint);
  expect(screen.getAllByRole("region", { name: "Configuration" })).toHaveLength(1);
  expect(screen.getByText("s3://acme-lake/guidewire")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Retry" })).toBeEnabled();
});

test("a run says whose credentials it used, once", async () => {
  const credential = "access key ****7QXF, sent with the request";
  const config = makeConfig({ credential, aws_access_key_id: "****7QXF" });
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ config })));
  visit(at);
  const card = await screen.findByRole("region", { name: "Configuration" });
  const term = within(card).getByText("Credential");
  expect(term.nextElementSibling).toHaveTextContent(credential);
  expect(within(card).getAllByText(/7QXF/)).toHaveLength(1);
});

test("a cancelled run says what is committed, what stopped and what never began", async () => {
  const results = [
    makeResult({ commits: 2 }),
    makeResult({ table: "b", status: "cancelled", commits: 1 }),
    makeResult({ table: "c", status: "cancelled", commits: 0, process_start_time: null }),
  ];
  server.use(answer("/api/guidewire/jobs/:id", makeJob({ status: "cancelled", results })));
  visit(at);
  expect(
    await screen.findByText(
      /2 tables committed something, kept\. 1 table stopped at a safe point\. 1 table not started\./,
    ),
  ).toBeInTheDocument();
});

test("time left comes from earlier runs while this one has no pace, else it is unknown", async () => {
  const young = { ...running, bytes_percent: 0, bytes_done: 0, bytes_total: 60_000 };
  const usual = {
    runs: 3,
    seconds: 60,
    slow_bytes_per_second: 500,
    fast_bytes_per_second: 1000,
  };
  server.use(answer("/api/guidewire/jobs/:id", { ...young, usual }));
  const first = visit(at);
  expect(await screen.findByText("1 to 3 min")).toBeInTheDocument();
  expect(screen.getByText("usually 1 min")).toBeInTheDocument();
  first.unmount();
  server.use(answer("/api/guidewire/jobs/:id", young));
  visit(at);
  expect(await screen.findByText("too early, and no earlier run to go by")).toBeInTheDocument();
});

test("an unknown run is a real 404; an error, waiting and an empty log are told apart", async () => {
  server.use(refuse("/api/guidewire/jobs/:id", { status: 404, code: "RUN_NOT_FOUND" }));
  const first = visit("/runs/nosuch");
  expect(await screen.findByText("There is no run nosuch")).toBeInTheDocument();
  first.unmount();
  server.use(refuse("/api/guidewire/jobs/:id"));
  const second = visit(at);
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  second.unmount();
  server.use(never("/api/guidewire/jobs/:id"));
  const third = visit(at);
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
  third.unmount();
  server.use(answer("/api/guidewire/jobs/:id", makeJob()));
  visit(at);
  expect(await screen.findByText("No lines yet")).toBeInTheDocument();
});

const onRay = makeConfig({ runner: "ray", ray_address: "10.0.0.5:6379" });

test("a run on Ray shows its cluster, and what a node's end left of it", async () => {
  server.use(
    answer("/api/guidewire/jobs/:id", { ...running, config: onRay, cluster: makeCluster() }),
  );
  visit(at);
  const card = await screen.findByRole("region", { name: "Cluster" });
  expect(card).toHaveTextContent("1 alive");
  expect(card).toHaveTextContent("1 dead");
  expect(card).toHaveTextContent("3 of 4");
  expect(card).toHaveTextContent("12 pending");
  expect(card).toHaveTextContent("At 10.0.0.5:6379");
  const nodes = within(within(card).getByRole("list", { name: "Nodes" })).getAllByRole("listitem");
  expect(nodes.map((node) => node.textContent)).toEqual([
    expect.stringContaining("Alive"),
    expect.stringContaining("Dead"),
  ]);
  expect(within(card).getByRole("progressbar", { name: "CPUs in use" })).toHaveAttribute(
    "aria-valuenow",
    "75",
  );
});

test("the cluster of a run that has ended is told in the past", async () => {
  const over = makeJob({ config: onRay, cluster: makeCluster() });
  server.use(answer("/api/guidewire/jobs/:id", over));
  visit(at);
  const card = await screen.findByRole("region", { name: "Cluster" });
  for (const was of ["1 was alive", "1 was dead", "were in use", "3 were running", "Was alive"]) {
    expect(card).toHaveTextContent(was);
  }
  expect(within(card).queryByRole("progressbar")).not.toBeInTheDocument();
});

test("a cluster that is waited for, was not needed, or cannot be had says so", async () => {
  server.use(answer("/api/guidewire/jobs/:id", { ...running, config: onRay }));
  const waiting = visit(at);
  const card = () => screen.findByRole("region", { name: "Cluster" });
  expect(await card()).toHaveTextContent("once a table has something to bring");
  waiting.unmount();

  server.use(answer("/api/guidewire/jobs/:id", makeJob({ status: "completed", config: onRay })));
  const idle = visit(at);
  expect(await card()).toHaveTextContent("Ray was not needed");
  idle.unmount();

  const error = { ...DENIED, code: "RAY_CONNECT_FAILED" };
  server.use(
    answer("/api/guidewire/jobs/:id", makeJob({ status: "failed", config: onRay, error })),
  );
  visit(at);
  expect(await card()).toHaveTextContent("RAY_CONNECT_FAILED");
});

test("a run by threads has no cluster", async () => {
  server.use(answer("/api/guidewire/jobs/:id", running));
  visit(at);
  await screen.findByRole("progressbar", { name: "Progress by bytes" });
  expect(screen.queryByRole("region", { name: "Cluster" })).not.toBeInTheDocument();
});
