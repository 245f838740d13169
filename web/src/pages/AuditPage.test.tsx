import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test, vi } from "vitest";
import { ago } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, refuse, server } from "@/testing/server";

const entry = (id: number, action: string, subject: string, detail = {}) => ({
  id: String(id),
  at: ago(60 * id),
  who: "ana",
  role: "operator",
  trigger: "page",
  action,
  subject,
  detail,
});
const page = (...entries: unknown[]) => ({ entries, next_before: null });

test("actions are read with who, what and where it leads", async () => {
  const run = entry(2, "run.start", "20261123-094630-8c42", { connection: "prod-east" });
  server.use(answer("/api/audit", page(run, entry(1, "table.sample", "cc_claim", { rows: 50 }))));
  visit("/settings/audit");
  const table = await screen.findByRole("table", { name: "Actions, newest first" });
  const rows = within(table).getAllByRole("row");
  expect(rows[1]).toHaveTextContent(/ana operator, page.*Run started.*connection prod-east/);
  expect(within(table).getByRole("link", { name: "20261123-094630-8c42" })).toBeInTheDocument();
  expect(within(table).getByRole("link", { name: "cc_claim" })).toBeInTheDocument();
});

test("on a phone an action is a few lines, and nothing of it is left out", async () => {
  vi.spyOn(window, "matchMedia").mockImplementation(
    (media) => Object.assign(new EventTarget(), { media, matches: true }) as never,
  );
  const run = entry(2, "run.start", "20261123-094630-8c42", { connection: "prod-east" });
  server.use(answer("/api/audit", page(run)));
  visit("/settings/audit");
  const list = await screen.findByRole("list", { name: "Actions, newest first" });
  expect(within(list).getByRole("link", { name: "20261123-094630-8c42" })).toBeInTheDocument();
  expect(list).toHaveTextContent(/Run started.*UTC.*ana, operator, page: connection prod-east/);
});

test("no action stands there as a code", async () => {
  const actions = ["connection.change", "object.download", "runs.forget", "support.bundle"];
  server.use(answer("/api/audit", page(...actions.map((each, at) => entry(at, each, "it")))));
  visit("/settings/audit");
  const table = await screen.findByRole("table", { name: "Actions, newest first" });
  for (const words of ["Connection changed", "File downloaded", "Runs forgotten"])
    expect(table).toHaveTextContent(words);
  expect(table).not.toHaveTextContent(/\w\.\w/);
});

test("older ones are asked for by the cursor", async () => {
  server.use(
    http.get("*/api/audit", ({ request }) => {
      const before = new URL(request.url).searchParams.get("before");
      return HttpResponse.json(
        before === "2"
          ? page(entry(1, "login", "page"))
          : { entries: [entry(2, "logout", "page")], next_before: 2 },
      );
    }),
  );
  const { user } = visit("/settings/audit");
  await user.click(await screen.findByRole("button", { name: "Show older" }));
  const table = screen.getByRole("table", { name: "Actions, newest first" });
  await waitFor(() => expect(within(table).getAllByRole("row")).toHaveLength(3));
  expect(screen.queryByRole("button", { name: "Show older" })).not.toBeInTheDocument();
});

test("filters stand in the address, in the question and in the files", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/audit", ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json(page());
    }),
  );
  const { user, history } = visit("/settings/audit?who=ana");
  expect(await screen.findByText("No action matches")).toBeInTheDocument();
  await user.selectOptions(screen.getByLabelText("Action"), "Run started");
  await user.type(screen.getByLabelText("On what"), "8c42");
  await user.click(screen.getByRole("button", { name: "7 days" }));
  await waitFor(() =>
    expect(new URLSearchParams(history.location.search).toString().split("&").sort()).toEqual([
      "action=run.start",
      "days=7",
      "subject=8c42",
      "who=ana",
    ]),
  );
  await waitFor(() =>
    expect(asked.at(-1)).toMatch(/who=ana&action=run.start&subject=8c42&since=20/),
  );
  const file = screen.getByRole("link", { name: "CSV" }).getAttribute("href");
  expect(file).toMatch(/export\?who=ana&action=run.start&subject=8c42&since=.*&format=csv/);
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(await screen.findByText("Nothing was done yet")).toBeInTheDocument();
});

test("waiting has its shape, an error its parts, a missing role its reason", async () => {
  server.use(never("/api/audit"));
  const first = visit("/settings/audit");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
  first.unmount();
  server.use(refuse("/api/audit"));
  const second = visit("/settings/audit");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  second.unmount();
  server.use(refuse("/api/audit", { status: 403, code: "PERMISSION_MISSING" }));
  visit("/settings/audit");
  expect(await screen.findByText("You may not see this")).toBeInTheDocument();
});
