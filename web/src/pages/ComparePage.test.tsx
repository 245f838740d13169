import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { ago, CONNECTION, makeTable, makeTableList } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, refuse, server } from "@/testing/server";

const column = (name: string, type = "long", nullable = true) => ({ name, type, nullable });
const side = (name: string, version: number) => ({
  name,
  connection: CONNECTION,
  version,
  latest_version: 9,
  timestamp: ago(60),
  columns: 3,
  schema_versions: [7, 0],
});
const compared = {
  a: side("cc_claim", 3),
  b: side("cc_claim", 9),
  added: 1,
  removed: 1,
  changed: 2,
  same: 1,
  columns: [
    { name: "new", difference: "added", a: null, b: column("new") },
    { name: "gone", difference: "removed", a: column("gone"), b: null },
    { name: "wide", difference: "type", a: column("wide", "integer"), b: column("wide") },
    { name: "id", difference: "nullable", a: column("id", "long", false), b: column("id") },
    { name: "kept", difference: "same", a: column("kept"), b: column("kept") },
  ],
};
const AT = "/compare?a=cc_claim&av=3&b=cc_claim";

test("what differs is named in words, what is the same only when asked for", async () => {
  server.use(answer("/api/compare", compared));
  const { user } = visit(AT);
  expect(
    await screen.findByRole("heading", {
      name: "1 column added, 1 column removed, 2 columns changed",
    }),
  ).toBeInTheDocument();
  const row = (name: string) => screen.getByText(name).closest("tr");
  expect(row("new")).toHaveTextContent("Added");
  expect(row("gone")).toHaveTextContent("Removed");
  expect(row("wide")).toHaveTextContent("Typewideinteger nullablelong nullable");
  expect(row("id")).toHaveTextContent("not null");
  expect(screen.queryByText("kept")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: /^Same/ }));
  expect(row("kept")).toHaveTextContent("Same");
  await user.type(screen.getByLabelText("Filter columns"), "zz");
  expect(screen.getByText("No column matches")).toBeInTheDocument();
});

test("no difference says so", async () => {
  const same = compared.columns.slice(4);
  server.use(
    answer("/api/compare", { ...compared, added: 0, removed: 0, changed: 0, columns: same }),
  );
  visit(AT);
  expect(await screen.findByText("No difference")).toBeInTheDocument();
});

test("nothing chosen yet asks for two tables; waiting has a shape; a refusal is told", async () => {
  const first = visit("/compare?a=cc_claim");
  expect(await screen.findByText("Choose two tables")).toBeInTheDocument();
  first.unmount();
  server.use(never("/api/compare"));
  const second = visit(AT);
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
  second.unmount();
  server.use(refuse("/api/compare", { status: 404, code: "VERSION_NOT_FOUND" }));
  visit(AT);
  expect(await screen.findByText("VERSION_NOT_FOUND")).toBeInTheDocument();
});

test("tables and versions are picked, and stand in the address", async () => {
  const asked: string[] = [];
  server.use(
    answer("/api/tables", makeTableList({ tables: [makeTable({ name: "cc_note" })] })),
    http.get("*/api/compare", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(compared);
    }),
  );
  const { user, history } = visit("/compare?a=cc_claim");
  await user.type(await screen.findByLabelText("Second table"), "cc_note");
  await waitFor(() =>
    expect(history.location.search).toBe(`?a=cc_claim&b=cc_note&bc=${CONNECTION}`),
  );
  const [first] = await screen.findAllByLabelText("Version");
  await user.type(first as HTMLElement, "4{Enter}");
  await waitFor(() => expect(asked.at(-1)).toContain("a_version=4"));
  await user.click(screen.getByRole("button", { name: "Swap sides" }));
  await waitFor(() => expect(history.location.search).toContain("a=cc_note"));
  expect(history.location.search).toContain("bv=4");
});
