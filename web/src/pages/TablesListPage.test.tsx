import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { ago, CONNECTION, makeError, makeTable, makeTableList } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, PROBLEM, post, refuse, server } from "@/testing/server";

const late = makeTable({
  name: "pc_policy",
  health: "Late",
  app: "PolicyCenter",
  processing_lag_seconds: 5700,
});

test("a row is a link, with its health in words", async () => {
  visit("/tables");
  const link = await screen.findByRole("link", { name: "cc_claim" });
  expect(link).toHaveAttribute("href", "/tables/cc_claim");
  const row = link.closest("tr");
  expect(row).toHaveTextContent("Healthy");
  expect(row).toHaveTextContent("48,213,904");
});

test("waiting shows the shape of the list", async () => {
  server.use(never("/api/tables"));
  visit("/tables");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("no tables at all has a next step", async () => {
  server.use(answer("/api/tables", makeTableList({ tables: [] })));
  visit("/tables");
  expect(await screen.findByText("No tables yet")).toBeInTheDocument();
  expect(screen.getAllByRole("button", { name: "Run now" })).toHaveLength(2);
});

test("a listing error is never 'no tables'", async () => {
  const error = makeError({
    code: "SOURCE_TIMEOUT",
    message: "No answer within 10 s.",
    hint: "Wait.",
  });
  server.use(answer("/api/tables", makeTableList({ tables: [], as_of: null, error })));
  visit("/tables");
  expect(await screen.findByText("The tables could not be listed")).toBeInTheDocument();
  expect(screen.getByText("No answer within 10 s.")).toBeInTheDocument();
  expect(screen.queryByText("No tables yet")).not.toBeInTheDocument();
});

test("an old listing is shown, with its age and why", async () => {
  const error = makeError({
    code: "SOURCE_TIMEOUT",
    message: "No answer within 10 s.",
    hint: "Wait.",
  });
  server.use(answer("/api/tables", makeTableList({ tables: [late], error })));
  visit("/tables");
  expect(await screen.findByText(/^The listing is as of .* UTC$/)).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "pc_policy" })).toBeInTheDocument();
});

test("a refused request is told in full", async () => {
  server.use(refuse("/api/tables"));
  visit("/tables");
  expect(await screen.findByRole("alert")).toHaveTextContent("req-0f7d21c4");
});

test("what is typed is searched once, and stands in the address", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/tables", ({ request }) => {
      asked.push(new URL(request.url).searchParams.get("search") ?? "");
      return HttpResponse.json(makeTableList());
    }),
  );
  const { user, history } = visit("/tables");
  await screen.findByRole("link", { name: "cc_claim" });
  await user.type(screen.getByRole("searchbox"), "claim");
  await waitFor(() => expect(history.location.search).toBe("?q=claim"));
  await waitFor(() => expect(asked).toContain("claim"));
  expect(asked.filter((text) => text && text !== "claim")).toEqual([]);
});

test("facets filter, together, and are cleared when nothing is left", async () => {
  server.use(
    http.get("*/api/tables", ({ request }) => {
      const health = new URL(request.url).searchParams.getAll("health");
      const tables = health.includes("Late") ? [] : [makeTable(), late];
      return HttpResponse.json(
        makeTableList({ tables, health: [{ value: "Late", count: 1 }], total_tables: 2 }),
      );
    }),
  );
  const { user, history } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: /^Late/ }));
  expect(await screen.findByText("No table matches")).toBeInTheDocument();
  expect(history.location.search).toBe("?health=Late");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByRole("link", { name: "pc_policy" })).toBeInTheDocument();
});

test("10,000 tables are a screenful of rows", async () => {
  const tables = Array.from({ length: 200 }, (_, i) => makeTable({ name: `t_${i}` }));
  server.use(answer("/api/tables", makeTableList({ tables, total: 10_000, total_tables: 10_000 })));
  visit("/tables");
  const list = await screen.findByRole("table", { name: "Tables" });
  expect(list).toHaveAttribute("aria-rowcount", "10001");
  expect(within(list).getAllByRole("row").length).toBeLessThan(120);
});

test("a header sorts, once down, once up", async () => {
  const { user, history } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: "Rows" }));
  expect(history.location.search).toBe("?sort=-rows");
  await waitFor(() =>
    expect(screen.getByRole("columnheader", { name: "Rows" })).toHaveAttribute(
      "aria-sort",
      "descending",
    ),
  );
  await user.click(screen.getByRole("button", { name: "Rows" }));
  expect(history.location.search).toBe("?sort=rows");
});

const three = ["cc_claim", "cc_note", "pc_policy"].map((name) => makeTable({ name }));
const listOfThree = (over = {}) =>
  answer("/api/tables", makeTableList({ tables: three, total: 212, total_tables: 480, ...over }));
const tick = (name: string) => screen.getByRole("checkbox", { name: `Select ${name}` });

test("a column that matched is shown beside the name", async () => {
  const tables = [makeTable({ matched_columns: ["claimid", "claimnumber"] })];
  server.use(answer("/api/tables", makeTableList({ tables })));
  visit("/tables?q=claim");
  const row = (await screen.findByRole("link", { name: "cc_claim" })).closest("tr");
  expect(row).toHaveTextContent("claimid +1");
});

test("what comes near is not passed off as a match", async () => {
  server.use(listOfThree({ is_similar: true }));
  visit("/tables?q=clam");
  expect(await screen.findByText(/Nothing matches “clam” as it is written/)).toBeInTheDocument();
});

test("facets with many values unfold, filter, and stand in the address", async () => {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get("*/api/tables", ({ request }) => {
      asked.push(new URL(request.url).searchParams);
      const lags = [
        { value: "under_1m", count: 400 },
        { value: "over_6h", count: 3 },
      ];
      return HttpResponse.json(makeTableList({ lags }));
    }),
  );
  const { user, history } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: "Lag" }));
  await user.click(screen.getByRole("checkbox", { name: /^Over 6 h/ }));
  await waitFor(() => expect(history.location.search).toBe("?lag=over_6h"));
  expect(await screen.findByRole("button", { name: "Lag: Over 6 h" })).toBeInTheDocument();
  await waitFor(() => expect(asked.at(-1)?.getAll("lag")).toEqual(["over_6h"]));
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("checkbox", { name: /^Over 6 h/ })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Last commit" }));
  await user.type(screen.getByLabelText("Since"), "2026-11-20");
  await waitFor(() => expect(asked.at(-1)?.get("changed_since")).toBe("2026-11-20"));
});

test("a column is chosen from those there are, and given up again", async () => {
  server.use(answer("/api/tables/_columns", [{ value: "reserve_cur", count: 7 }]));
  const { user, history } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: "Has column" }));
  await user.click(await screen.findByRole("button", { name: /reserve_cur\s*7 tables/ }));
  await waitFor(() => expect(history.location.search).toBe("?has=reserve_cur"));
  await user.click(await screen.findByRole("button", { name: /Has reserve_cur/ }));
  await waitFor(() => expect(history.location.search).toBe(""));
});

test("no column of a name says so, and a refused question is told", async () => {
  server.use(answer("/api/tables/_columns", []));
  const { user } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: "Has column" }));
  expect(await screen.findByText("No table has a schema yet.")).toBeInTheDocument();
  await user.type(screen.getByLabelText("Column name"), "zz");
  expect(await screen.findByText("No column is called like “zz”.")).toBeInTheDocument();
  server.use(refuse("/api/tables/_columns"));
  await user.type(screen.getByLabelText("Column name"), "z");
  expect(await screen.findByText("The server made a mistake")).toBeInTheDocument();
});

test("columns are chosen, remembered, and stand in the address", async () => {
  const { user, history, unmount } = visit("/tables");
  await user.click(await screen.findByRole("button", { name: "Columns" }));
  await user.click(screen.getByRole("checkbox", { name: "Fingerprint" }));
  await waitFor(() => expect(history.location.search).toContain("cols=health,name,app,lag"));
  expect(screen.queryByRole("columnheader", { name: "Fingerprint" })).not.toBeInTheDocument();
  await user.selectOptions(screen.getByLabelText("Density"), "roomy");
  await waitFor(() => expect(history.location.search).toContain("density=roomy"));
  unmount();
  visit("/tables");
  await screen.findByRole("link", { name: "cc_claim" });
  expect(screen.queryByRole("columnheader", { name: "Fingerprint" })).not.toBeInTheDocument();
});

test("an address says which columns are shown", async () => {
  visit("/tables?cols=files,nonsense");
  expect(await screen.findByRole("columnheader", { name: "Files" })).toBeInTheDocument();
  expect(screen.queryByRole("columnheader", { name: "Rows" })).not.toBeInTheDocument();
});

test("a view is an address with a name", async () => {
  const { user, history } = visit("/tables?health=Late&sort=-rows");
  await user.click(await screen.findByRole("button", { name: "Views" }));
  await user.type(screen.getByLabelText("Save what you see as"), "On call");
  await user.click(screen.getByRole("button", { name: "Save view" }));
  await user.click(await screen.findByRole("link", { name: "Needs attention" }));
  await waitFor(() =>
    expect(history.location.search).toBe("?health=Failed,Late,Unknown&sort=health"),
  );
  await user.click(await screen.findByRole("button", { name: "View: Needs attention" }));
  await user.click(screen.getByRole("link", { name: "On call" }));
  await waitFor(() => expect(history.location.search).toBe("?health=Late&sort=-rows"));
  await user.click(await screen.findByRole("button", { name: "View: On call" }));
  await user.click(screen.getByRole("button", { name: "Forget view On call" }));
  expect(screen.queryByRole("link", { name: "On call" })).not.toBeInTheDocument();
});

test("a file has exactly what is filtered, sorted and shown", async () => {
  const { user } = visit("/tables?health=Late&has=reserve&sort=-lag&cols=rows");
  await user.click(await screen.findByRole("button", { name: "Export" }));
  const href = screen.getByRole("link", { name: "As CSV, the columns shown" }).getAttribute("href");
  const query = new URL(href ?? "", "http://here").searchParams;
  expect([...query]).toEqual([
    ["format", "csv"],
    ["sort", "-lag"],
    ["health", "Late"],
    ["column", "reserve"],
    ["field", "name"],
    ["field", "connection"],
    ["field", "path"],
    ["field", "row_count"],
  ]);
});

test("rows are ticked one by one, by Shift from one to another, and by x", async () => {
  server.use(listOfThree());
  const { user } = visit("/tables");
  await user.click(await screen.findByRole("checkbox", { name: "Select cc_claim" }));
  await user.keyboard("{Shift>}");
  await user.click(tick("pc_policy"));
  await user.keyboard("{/Shift}");
  expect(screen.getByText("3 selected")).toBeInTheDocument();
  await user.keyboard("k");
  await waitFor(() => expect(document.activeElement).toHaveTextContent("cc_note"));
  await user.keyboard("x");
  expect(screen.getByText("2 selected")).toBeInTheDocument();
  expect(tick("cc_note")).not.toBeChecked();
  await user.keyboard("{Escape}");
  expect(screen.queryByText("2 selected")).not.toBeInTheDocument();
});

test("the ticked tables are run by one request", async () => {
  const seen: unknown[] = [];
  const run = {
    run_id: "20261126-000000-ab12",
    connection: CONNECTION,
    status: "pending",
    tables: 2,
  };
  const items = ["cc_claim", "cc_note"].map((name) => ({
    connection: CONNECTION,
    name,
    run_id: run.run_id,
    error: null,
  }));
  server.use(listOfThree(), post("/api/tables/_run", { runs: [run], items }, seen));
  const { user } = visit("/tables");
  await user.click(await screen.findByRole("checkbox", { name: "Select cc_claim" }));
  await user.click(tick("cc_note"));
  await user.click(screen.getByRole("button", { name: "Run" }));
  expect(await screen.findAllByText("Run ab12 of 2 tables started.")).not.toHaveLength(0);
  expect(seen[0]).toMatchObject({
    action: "run",
    tables: [
      { connection: CONNECTION, name: "cc_claim" },
      { connection: CONNECTION, name: "cc_note" },
    ],
  });
  expect(screen.queryByText("2 selected")).not.toBeInTheDocument();
});

test("all that match are retried but for one, and who is left out is named", async () => {
  const seen: unknown[] = [];
  const error = makeError({
    code: "NOTHING_TO_RETRY",
    message: "It did not fail.",
    hint: "Run it.",
  });
  const items = [{ connection: CONNECTION, name: "cc_claim", run_id: null, error }];
  server.use(listOfThree(), post("/api/tables/_run", { runs: [], items }, seen));
  const { user } = visit("/tables?health=Failed");
  await user.click(await screen.findByRole("checkbox", { name: "Select cc_claim" }));
  await user.click(screen.getByRole("button", { name: "Select all 212 matching" }));
  await user.click(tick("cc_note"));
  expect(screen.getByText("211 selected")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Retry failed" }));
  const dialog = await screen.findByRole("dialog", { name: "1 table left out" });
  expect(dialog).toHaveTextContent("It did not fail.");
  expect(seen[0]).toMatchObject({
    action: "retry",
    matching: { health: ["Failed"] },
    without: [{ connection: CONNECTION, name: "cc_note" }],
  });
  await user.click(within(dialog).getAllByRole("button", { name: "Close" })[1] as HTMLElement);
  expect(screen.getByText("211 selected")).toBeInTheDocument();
});

test("a run of a selection that is refused says why", async () => {
  server.use(listOfThree(), post("/api/tables/_run", { ...PROBLEM }, [], 500));
  const { user } = visit("/tables");
  await user.click(await screen.findByRole("checkbox", { name: "Select cc_claim" }));
  await user.click(screen.getByRole("button", { name: "Run" }));
  expect(await screen.findByText("The server made a mistake")).toBeInTheDocument();
});

test("two ticked tables can be compared", async () => {
  server.use(listOfThree());
  const { user } = visit("/tables");
  await user.click(await screen.findByRole("checkbox", { name: "Select cc_claim" }));
  expect(screen.getByRole("button", { name: "Compare" })).toBeDisabled();
  await user.click(tick("cc_note"));
  expect(screen.getByRole("link", { name: "Compare" })).toHaveAttribute(
    "href",
    `/compare?a=cc_claim&ac=${CONNECTION}&b=cc_note&bc=${CONNECTION}`,
  );
});

const matrix = {
  runs: ["20261126-000000-aa11", "20261126-000000-bb22"].map((run_id) => ({
    run_id,
    connection: CONNECTION,
    status: "completed",
    created_at: ago(900),
    duration_seconds: 12,
  })),
  tables: ["cc_claim", "cc_note"].map((name, row) => ({
    name,
    connection: CONNECTION,
    health: "Healthy",
    cells: [
      row === 0 ? null : cell("ok"),
      cell(row === 0 ? "failed" : "no_change", row === 0 ? "ACCESS_DENIED" : null),
    ],
  })),
  total: 60,
  older: "20261126-000000-aa11",
};

function cell(status: string, error_code: string | null = null) {
  return { status, rows: 5, duration_seconds: 2, error_code };
}

test("the matrix says in words how a table ended in a run, and leads there", async () => {
  server.use(answer("/api/tables/_matrix", matrix));
  const { user, history } = visit("/tables?view=matrix");
  const failed = await screen.findByRole("link", {
    name: "cc_claim in run bb22: Failed, 5 rows, 2 s, ACCESS_DENIED",
  });
  expect(failed).toHaveAttribute("href", "/runs/20261126-000000-bb22?table=cc_claim");
  failed.focus();
  await user.keyboard("{ArrowDown}{ArrowLeft}");
  expect(document.activeElement).toHaveAccessibleName(/cc_note in run aa11: Written/);
  await user.click(screen.getByRole("button", { name: "Tables after" }));
  await waitFor(() => expect(history.location.search).toBe("?view=matrix&page=2"));
  await user.click(screen.getByRole("button", { name: "Older runs" }));
  await waitFor(() => expect(history.location.search).toContain("before=20261126-000000-aa11"));
});

test("a matrix without runs, one that waits and one that is refused each say so", async () => {
  server.use(answer("/api/tables/_matrix", { ...matrix, runs: [], older: null }));
  const first = visit("/tables?view=matrix");
  expect(await screen.findByText("No runs yet")).toBeInTheDocument();
  first.unmount();
  server.use(never("/api/tables/_matrix"));
  const second = visit("/tables?view=matrix");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
  second.unmount();
  server.use(refuse("/api/tables/_matrix"));
  visit("/tables?view=matrix");
  expect(await screen.findByText("The server made a mistake")).toBeInTheDocument();
});
