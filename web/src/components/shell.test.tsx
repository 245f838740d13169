import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { makeDashboard, makeRun, makeTable, makeTableList } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, PROBLEM, post, refuse, server } from "@/testing/server";

/** What stands around every page, in every state. */

const columns = answer("/api/tables/_columns", [{ value: "policyid", count: 7 }]);

async function palette(user: ReturnType<typeof visit>["user"]) {
  await user.click(await screen.findByRole("button", { name: /^Search tables, runs/ }));
  return screen.findByRole("dialog", { name: /Search tables/ });
}

test("the palette finds tables, columns and runs, and Enter means the best", async () => {
  server.use(columns);
  const { user, history } = visit("/runs");
  const dialog = await palette(user);
  await user.type(within(dialog).getByRole("combobox"), "cc_claim");
  const best = await within(dialog).findByRole("option", { name: /^cc_claim/ });
  await waitFor(() => expect(best).toHaveAttribute("aria-selected", "true"));
  expect(await within(dialog).findByRole("option", { name: /policyid.*7 tables/ })).toBeVisible();
  await user.keyboard("{Enter}");
  await waitFor(() => expect(history.location.pathname).toBe("/tables/cc_claim"));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("nothing found, still searching, and an error are three different things", async () => {
  server.use(columns, never("/api/tables"));
  const first = visit("/runs");
  let dialog = await palette(first.user);
  await first.user.type(within(dialog).getByRole("combobox"), "clam");
  expect(await within(dialog).findByText("Searching…")).toBeVisible();
  first.unmount();

  server.use(answer("/api/tables", makeTableList({ tables: [], total: 0 })));
  const second = visit("/runs");
  dialog = await palette(second.user);
  await second.user.type(within(dialog).getByRole("combobox"), "clam");
  expect(await within(dialog).findByText(/No table has “clam”/)).toBeVisible();
  second.unmount();

  server.use(refuse("/api/tables"));
  const third = visit("/runs");
  dialog = await palette(third.user);
  await third.user.type(within(dialog).getByRole("combobox"), "clam");
  expect(await within(dialog).findByRole("alert")).toHaveTextContent(PROBLEM.detail);
});

test("similar names are offered as such", async () => {
  server.use(columns, answer("/api/tables", makeTableList({ is_similar: true })));
  const { user } = visit("/runs");
  const dialog = await palette(user);
  await user.type(within(dialog).getByRole("combobox"), "clam");
  expect(await within(dialog).findByText("Tables, did you mean")).toBeVisible();
});

test("what failed last is retried from the palette, where something did", async () => {
  const last_run = makeRun({ tables_failed: 3 });
  const asked: string[] = [];
  server.use(
    answer("/api/dashboard", makeDashboard({ last_run })),
    http.post("*/api/guidewire/jobs/:id/retry", ({ params }) => {
      asked.push(String(params.id));
      return HttpResponse.json({ job_id: "x", run_id: "x", status: "pending", message: "" });
    }),
  );
  const { user } = visit("/runs");
  const dialog = await palette(user);
  await user.click(await within(dialog).findByRole("option", { name: /Retry failed.*3 tables/ }));
  await waitFor(() => expect(asked).toEqual([last_run.run_id]));
});

test("the theme is chosen in one place and known in all", async () => {
  const { user } = visit("/runs");
  const dialog = await palette(user);
  await user.click(within(dialog).getByRole("option", { name: "Theme: dark" }));
  expect(document.documentElement).toHaveAttribute("data-theme", "dark");
  expect(screen.getByLabelText("Theme")).toHaveValue("dark");
});

test("the navigation folds, keeps its names, and stays so", async () => {
  const first = visit("/runs");
  await first.user.click(await screen.findByRole("button", { name: "Fold the navigation" }));
  first.unmount();
  visit("/runs");
  expect(await screen.findByRole("button", { name: "Unfold the navigation" })).toBeVisible();
  const main = screen.getByRole("navigation", { name: "Main" });
  expect(within(main).getByRole("link", { name: "Tables" })).toBeVisible();
});

test("the worst of all connections is what the services show", async () => {
  const [connection] = makeDashboard().connections;
  if (!connection) throw new Error("the fixture has a connection");
  const other = { ...connection, name: "other", source_ok: false };
  server.use(answer("/api/dashboard", makeDashboard({ connections: [connection, other] })));
  visit("/runs");
  expect(await screen.findByText("1 of 2 silent")).toBeVisible();
});

test("an address that is no page offers a search and names that come near", async () => {
  server.use(answer("/api/tables", makeTableList({ tables: [makeTable({ name: "cc_claim" })] })));
  const { user, history } = visit("/tabels/cc_clam");
  expect(await screen.findByRole("heading", { name: "Page not found" })).toBeInTheDocument();
  const near = await screen.findByRole("region", { name: "Nearest tables" });
  expect(within(near).getByRole("link", { name: "cc_claim" })).toHaveAttribute(
    "href",
    "/tables/cc_claim",
  );
  await user.type(screen.getByRole("searchbox", { name: "Search tables" }), "note{Enter}");
  await waitFor(() => expect(history.location.href).toBe("/tables?q=note"));
});

test("an empty installation gets demo data by one button", async () => {
  const seen: unknown[] = [];
  server.use(
    answer("/api/dashboard", makeDashboard({ connections: [] })),
    post("/api/demo", { job_id: "r9", run_id: "r9", status: "pending", message: "" }, seen, 201),
  );
  const { user, history } = visit("/");
  await user.click(await screen.findByRole("button", { name: "Start with demo data" }));
  await waitFor(() => expect(history.location.pathname).toBe("/runs/r9"));
});

test("demo data that cannot be had says why, beside the button", async () => {
  server.use(
    answer("/api/dashboard", makeDashboard({ connections: [] })),
    http.post("*/api/demo", () => HttpResponse.json(PROBLEM, { status: 500 })),
  );
  const { user } = visit("/");
  await user.click(await screen.findByRole("button", { name: "Start with demo data" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(PROBLEM.hint);
});
