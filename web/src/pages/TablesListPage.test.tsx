import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { makeTable, makeTableList } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, refuse, server } from "@/testing/server";

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
  const error = { code: "SOURCE_TIMEOUT", message: "No answer within 10 s.", hint: "Wait." };
  server.use(answer("/api/tables", makeTableList({ tables: [], as_of: null, error })));
  visit("/tables");
  expect(await screen.findByText("The tables could not be listed")).toBeInTheDocument();
  expect(screen.getByText("No answer within 10 s.")).toBeInTheDocument();
  expect(screen.queryByText("No tables yet")).not.toBeInTheDocument();
});

test("an old listing is shown, with its age and why", async () => {
  const error = { code: "SOURCE_TIMEOUT", message: "No answer within 10 s.", hint: "Wait." };
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
