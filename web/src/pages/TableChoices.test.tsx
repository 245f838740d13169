import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TableDetail } from "@/api/generated";
import {
  CONNECTION,
  HELD,
  makeChecks,
  makeDashboard,
  makeError,
  makeHold,
  makeJob,
  makePlan,
  makeRun,
  makeTable,
  makeTableDetail,
  makeTableList,
  makeVerification,
  makeVersion,
} from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, ME, PROBLEM, post, server } from "@/testing/server";

/** Holds, verification and quarantine on the pages, as people meet them. */

const RUN = "20261126-180000-ab12";
const STARTED = { job_id: RUN, run_id: RUN, status: "pending", message: "", is_new: true };

function open(over: Partial<TableDetail>) {
  server.use(answer("/api/tables/:name", makeTableDetail(over)));
  return visit("/tables/cc_claim");
}

const held = () => open({ health: "Failed", hold: makeHold(), error: HELD });

test("a held table says what happened, since which run, and what can be chosen", async () => {
  held();
  const card = await screen.findByRole("region", { name: "Somebody else changed this table" });
  expect(card).toHaveTextContent("CHANGED_OUTSIDE");
  expect(card).toHaveTextContent(/which is not ours, changed rows/);
  expect(within(card).getByRole("link", { name: "run 8c42" })).toBeInTheDocument();
  const buttons = within(card).getAllByRole("button");
  expect(buttons.map((each) => each.textContent)).toEqual([
    "Accept as it is",
    "Re-sync from…",
    "Rebuild",
  ]);
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("a table that needs nobody's choice has no such card", async () => {
  open({});
  await screen.findByRole("heading", { level: 1, name: "cc_claim" });
  expect(screen.queryByRole("list", { name: "Choices" })).not.toBeInTheDocument();
});

test("a choice shows first what it would do, starts then, and leads to its run", async () => {
  const tried: unknown[] = [];
  const started: unknown[] = [];
  server.use(
    post("/api/tables/:name/plan", makePlan(), tried, 200),
    post("/api/guidewire/jobs/start", STARTED, started, 201),
    answer("/api/guidewire/jobs/:id", makeJob({ run_id: RUN, action: "rebuild" })),
  );
  const { user, history } = held();
  await user.click(await screen.findByRole("button", { name: "Rebuild" }));
  const dialog = await screen.findByRole("dialog", { name: /Rebuild from the whole export/ });
  expect(await within(dialog).findByText(/^3 files, 40\.0 MB, of 3 folders/)).toBeInTheDocument();
  expect(within(dialog).getByText("2 files, 18,432 rows")).toBeInTheDocument();
  await user.click(within(dialog).getByText("Files read"));
  expect(within(dialog).getByText("3ca1b9/1795423600000/part-0.parquet")).toBeVisible();
  expect(within(dialog).getByRole("list", { name: "Files read" })).toHaveTextContent("and 1 more");
  expect(tried).toEqual([{ action: "rebuild" }]);
  expect(started).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Rebuild" }));
  await waitFor(() => expect(history.location.pathname).toBe(`/runs/${RUN}`));
  expect(started).toMatchObject([
    { config: { connection: CONNECTION, table_names: ["cc_claim"], action: "rebuild" } },
  ]);
  expect(await screen.findByText("Rebuild", { selector: "strong" })).toBeInTheDocument();
});

test("a re-sync asks from when, and its watermarks are offered", async () => {
  const tried: { since?: number }[] = [];
  server.use(post("/api/tables/:name/plan", makePlan({ action: "resync" }), tried, 200));
  const { user } = open({
    hold: makeHold(),
    history: [
      makeVersion(2, { watermark: "2026-11-26T03:00:00.000Z" }),
      makeVersion(1, { watermark: "2026-11-25T03:00:00.000Z" }),
    ],
  });
  await user.click(await screen.findByRole("button", { name: "Re-sync from…" }));
  const field = await screen.findByRole("textbox", { name: "Read again from" });
  expect(field).toHaveValue("2026-11-26T03:00:00.000Z");
  await waitFor(() => expect(tried.at(-1)?.since).toBe(Date.UTC(2026, 10, 26, 3)));
  const marks = screen.getByRole("combobox", { name: "Watermarks of this table" });
  await user.selectOptions(marks, "2026-11-25T03:00:00.000Z");
  await waitFor(() => expect(tried.at(-1)?.since).toBe(Date.UTC(2026, 10, 25, 3)));
  await user.clear(field);
  await user.type(field, "soon");
  expect(field).toBeInvalid();
  expect(screen.getByRole("button", { name: "Re-sync" })).toBeDisabled();
});

test("a dry run says in words what it comes to", async () => {
  const does = ["831 rows are accepted where our newest commit left 1,242: 411 fewer."];
  server.use(post("/api/tables/:name/plan", makePlan({ action: "accept", does }), [], 200));
  const { user } = held();
  await user.click(await screen.findByRole("button", { name: "Accept as it is" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText(/left 1,242: 411 fewer/)).toBeInTheDocument();
});

test("a dry run that cannot be done says why, and nothing can be started", async () => {
  const error = makeError({ code: "CANNOT_RESYNC", message: "Nobody knows.", hint: "Rebuild." });
  server.use(post("/api/tables/:name/plan", makePlan({ error }), [], 200));
  const { user } = held();
  await user.click(await screen.findByRole("button", { name: "Accept as it is" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("Nobody knows.")).toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Accept as it is" })).toBeDisabled();
});

test("a store that does not answer is an error with a way to try again", async () => {
  server.use(
    post("/api/tables/:name/plan", { ...PROBLEM, status: 503, code: "STORE_TOO_SLOW" }, [], 503),
  );
  const { user } = held();
  await user.click(await screen.findByRole("button", { name: "Rebuild" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("STORE_TOO_SLOW")).toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Try again" })).toBeInTheDocument();
});

test("waiting is explained and does nothing", async () => {
  const error = makeError({ ...HELD, code: "RESET_SUSPECTED", choices: ["rebuild", "wait"] });
  const { user } = open({ hold: makeHold({ error }) });
  await user.click(await screen.findByRole("button", { name: "Wait" }));
  const dialog = await screen.findByRole("dialog", { name: /Wait for the export/ });
  expect(dialog).toHaveTextContent(/Nothing is done and nothing is written/);
  expect(within(dialog).queryByRole("button", { name: "Rebuild" })).not.toBeInTheDocument();
});

test("a viewer sees the choices and why they are not theirs", async () => {
  server.use(answer("/api/me", { ...ME, role: "viewer" }));
  const { user } = held();
  const button = await screen.findByRole("button", { name: /Rebuild.*needs the role operator/ });
  await user.click(button);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a table that is well can be verified, re-synced and rebuilt from its menu", async () => {
  const started: unknown[] = [];
  server.use(
    post("/api/guidewire/jobs/start", STARTED, started, 201),
    answer("/api/guidewire/jobs/:id", makeJob({ run_id: RUN, action: "verify" })),
  );
  const { user, history } = open({});
  await user.click(await screen.findByRole("button", { name: "More for this table" }));
  expect(screen.getByRole("button", { name: "Re-sync…" })).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Rebuild…" })).toBeInTheDocument();
  const menu = screen.getByRole("dialog", { name: "More for this table" });
  await user.click(within(menu).getByRole("button", { name: "Verify now" }));
  await waitFor(() => expect(history.location.pathname).toBe(`/runs/${RUN}`));
  expect(started).toMatchObject([{ config: { action: "verify", table_names: ["cc_claim"] } }]);
});

test("a table that was never verified says so", async () => {
  open({});
  const card = await screen.findByRole("region", { name: "Reconciliation" });
  expect(card).toHaveTextContent("Not verified yet");
  expect(within(card).getByRole("button", { name: "Verify now" })).toBeInTheDocument();
});

test("the reconciliation counts files, rows and folders", async () => {
  open({ verification: makeVerification() });
  const card = await screen.findByRole("region", { name: "Reconciliation" });
  expect(card).toHaveTextContent("Nothing is missing.");
  expect(card).toHaveTextContent("Files the export promises8,410");
  expect(card).toHaveTextContent("as many as rows");
  expect(card).toHaveTextContent("4,210 agree");
});

test.each([
  ["another version", { version: 4187 }, {}, "version 4,187, now 4,211"],
  ["other rows", {}, { row_count: 48_213_900 }, "48,213,904 rows, now 48,213,900"],
  ["no table", {}, { version: null }, "version 4,211, not there any more"],
])("a reconciliation from before says so: %s", async (_, was, now, told) => {
  open({ verification: makeVerification(was), ...now });
  const card = await screen.findByRole("region", { name: "Reconciliation" });
  expect(card).toHaveTextContent(`The table has changed since (${told}).`);
  expect(card).toHaveTextContent("Nothing was missing then.");
  expect(card).not.toHaveTextContent("Nothing is missing");
});

test("what a verification misses is named", async () => {
  const checks = makeChecks({
    missing: 1,
    missing_files: ["3ca1b9/1795420000000/part-7.parquet"],
    difference: -12,
    folders: { ok: 4209, mismatch: 1 },
    mismatched_folders: ["3ca1b9/1795420000000"],
  });
  open({ verification: makeVerification({ checks, status: "failed" }) });
  const card = await screen.findByRole("region", { name: "Reconciliation" });
  expect(card).not.toHaveTextContent("Nothing is missing");
  expect(card).toHaveTextContent("Missing from the table1");
  expect(card).toHaveTextContent("12 rows fewer in the table");
  expect(card).toHaveTextContent("1 differ");
  expect(card).toHaveTextContent("3ca1b9/1795420000000/part-7.parquet");
});

test("a file in quarantine is flagged and can be released", async () => {
  const key = "3ca1b9/1795420000000/bad.parquet";
  const tried: unknown[] = [];
  server.use(post("/api/tables/:name/plan", makePlan({ action: "release" }), tried, 200));
  const { user } = open({
    quarantined_files: 1,
    quarantine: [{ key, reason: "set aside by ana" }],
  });
  const card = await screen.findByRole("region", { name: "1 file in quarantine" });
  expect(card).toHaveTextContent("set aside by ana");
  expect(screen.getByText("1 file set aside")).toBeInTheDocument();
  await user.click(within(card).getByRole("button", { name: `Release ${key}` }));
  await waitFor(() => expect(tried).toEqual([{ action: "release", files: [key] }]));
});

test("the list of tables flags files that are set aside", async () => {
  server.use(
    answer("/api/tables", makeTableList({ tables: [makeTable({ quarantined_files: 2 })] })),
  );
  visit("/tables");
  expect(await screen.findByText("2 files set aside")).toBeInTheDocument();
});

test("a table that waits is one click from the overview and from its run", async () => {
  const [first] = makeDashboard().attention;
  if (!first) throw new Error("the fixture has no attention");
  const item = { ...first, action: "choose" as const, choices: HELD.choices ?? [] };
  const group = {
    code: "CHANGED_OUTSIDE",
    title: "Changed outside",
    message: HELD.message,
    hint: HELD.hint,
    tables: ["cc_claim"],
    choices: HELD.choices ?? [],
  };
  server.use(
    answer("/api/dashboard", makeDashboard({ attention: [item] })),
    answer("/api/guidewire/jobs/:id", makeJob({ can_retry: true, error_groups: [group] })),
  );
  const view = visit("/");
  const link = await screen.findByRole("link", { name: "Choose cc_note" });
  expect(link).toHaveAttribute("href", "/tables/cc_note");
  view.unmount();
  visit(`/runs/${RUN}`);
  const card = await screen.findByRole("region", { name: "1 table did not end well, 1 cause" });
  expect(card).toHaveTextContent("Open a table to choose: Accept as it is, Re-sync from…, Rebuild");
  expect(within(card).getByRole("link", { name: "cc_claim" })).toHaveAttribute(
    "href",
    "/tables/cc_claim",
  );
  expect(within(card).queryByRole("button", { name: "Retry" })).not.toBeInTheDocument();
});

test("the list of runs says what a run did", async () => {
  server.use(
    answer("/api/guidewire/jobs", [makeRun({ action: "rebuild", selection: "cc_claim" })], {
      headers: { "x-total-count": "1" },
    }),
  );
  visit("/runs");
  expect(await screen.findByText("Rebuild: cc_claim")).toBeInTheDocument();
});
