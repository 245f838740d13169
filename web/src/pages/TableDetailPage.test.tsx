import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import {
  CONNECTION,
  DENIED,
  makeDashboard,
  makeTable,
  makeTableDetail,
  makeTableList,
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
      return HttpResponse.json({ history: [makeVersion(4211)], total: 1, next_before: null });
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
  expect(screen.getByRole("cell", { name: /^id Key/ })).toBeInTheDocument();
  expect(screen.getByRole("cell", { name: /reportedbyemail Masked/ })).toBeInTheDocument();
  await user.type(screen.getByLabelText("Filter columns"), "gwcbi");
  expect(screen.queryByRole("cell", { name: /^id Key/ })).not.toBeInTheDocument();
  expect(screen.getByRole("cell", { name: /gwcbi___operation CDA/ })).toBeInTheDocument();
  await user.type(screen.getByLabelText("Filter columns"), "zzz");
  expect(screen.getByText("No column matches")).toBeInTheDocument();
});

test("history comes in pages and filters by operation", async () => {
  server.use(
    answer("/api/tables/:name/history", {
      history: [makeVersion(4211), makeVersion(4210, { schema_changed: true })],
      total: 4212,
      next_before: 4210,
    }),
  );
  const { user, history } = visit("/tables/cc_claim?tab=history");
  const versions = await screen.findByRole("table", { name: /Versions/ });
  expect(within(versions).getByText("4,211")).toBeInTheDocument();
  expect(within(versions).getAllByRole("link", { name: "8c42" })[0]).toHaveAttribute(
    "href",
    "/runs/20261123-094630-8c42?table=cc_claim",
  );
  expect(screen.getByRole("button", { name: "Older than version 4,210" })).toBeEnabled();
  await user.selectOptions(screen.getByLabelText("Operation"), "OPTIMIZE");
  await waitFor(() => expect(history.location.search).toContain("op=OPTIMIZE"));
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

test("a table without a version has no rows yet, no history and no run", async () => {
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
  );
  const { user } = visit("/tables/cc_claim?tab=data");
  expect(await screen.findByText("No rows yet")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /History/ }));
  expect(await screen.findByText("No version yet")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Runs/ }));
  expect(await screen.findByText("No run has looked at this table")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Schema/ }));
  expect(await screen.findByText("No columns known")).toBeInTheDocument();
  await user.click(screen.getByRole("tab", { name: /Overview/ }));
  expect(await screen.findByText("No run has looked yet")).toBeInTheDocument();
});
