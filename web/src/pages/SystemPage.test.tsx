import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { makeLease, makeSystem } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, refuse, server } from "@/testing/server";

const card = (name: string) => screen.findByRole("region", { name });

test("it says how long the server is up, how slow its slowest route is, what runs and waits", async () => {
  visit("/settings/system");
  await card("Requests");
  const main = screen.getByRole("main");
  expect(main).toHaveTextContent("Up for3 h 30 min");
  expect(main).toHaveTextContent("Slowest p95610 ms");
  expect(main).toHaveTextContent("Runs1 going2 waiting");
  expect(main).toHaveTextContent("Memory214 MB2 live streams");
});

test("what takes long comes first, and what is too slow is marked, not by colour alone", async () => {
  visit("/settings/system");
  const table = within(await screen.findByRole("table", { name: "Requests" }));
  const [first, second] = table.getAllByRole("rowheader");
  expect(first).toHaveTextContent("/api/dashboard");
  expect(second).toHaveTextContent("/api/tables");
  expect(table.getByText("610 ms")).toHaveTextContent("slow");
  expect(table.getByText("42.0 ms")).not.toHaveTextContent("slow");
});

test("many routes are cut short until all are asked for", async () => {
  const requests = Array.from({ length: 30 }, (_, number) => ({
    ...makeSystem().requests[0],
    name: `/api/route-${number}`,
  }));
  server.use(answer("/api/system", { ...makeSystem(), requests }));
  const { user } = visit("/settings/system");
  const table = within(await screen.findByRole("table", { name: "Requests" }));
  expect(table.getAllByRole("rowheader")).toHaveLength(8);
  await user.click(screen.getByRole("button", { name: "Show all 30" }));
  expect(table.getAllByRole("rowheader")).toHaveLength(30);
  await user.click(screen.getByRole("button", { name: "Show the slowest only" }));
  expect(table.getAllByRole("rowheader")).toHaveLength(8);
});

test("servers say what they do and until when, this one first", async () => {
  const far = { host: "monitor-2", pid: 7, is_this: false };
  const runs = Array.from({ length: 20 }, (_, number) =>
    makeLease({ ...far, duty: "run", name: `20261123-0946${10 + number}-8c42` }),
  );
  const leases = [...runs, makeLease(far), ...makeSystem().leases];
  server.use(answer("/api/system", { ...makeSystem(), leases }));
  const { user } = visit("/settings/system");
  const table = within(await screen.findByRole("table", { name: "Servers" }));
  const rows = () => table.getAllByRole("row").slice(1);
  const [first, second, third] = rows();
  expect(first).toHaveTextContent("monitor-1, process 4242 this oneAnswers, and takes over from");
  expect(second).toHaveTextContent("Looks at manifest and tables of prod-east09:30:12");
  expect(third).toHaveTextContent("monitor-2, process 7 Answers");
  expect(rows()).toHaveLength(12);
  await user.click(screen.getByRole("button", { name: "Show all 23" }));
  expect(rows()).toHaveLength(23);
  expect(table.getAllByRole("link", { name: "8c42" })).toHaveLength(20);
});

test("a thread that ended and an index that is old are told in words", async () => {
  const index = makeSystem().indexes[0];
  server.use(
    answer("/api/system", {
      ...makeSystem(),
      threads: [{ name: "refresher", is_working: false }],
      indexes: [
        { ...index, connection: "old", age_seconds: 900, failures: 3 },
        { ...index, connection: "new", as_of: null, age_seconds: null, looks: null },
      ],
    }),
  );
  visit("/settings/system");
  expect(await card("Background work")).toHaveTextContent("refresherEnded: restart the server");
  const indexes = await card("Index of tables");
  expect(indexes).toHaveTextContent("15 min old");
  expect(indexes).toHaveTextContent("3 failed");
  expect(indexes).toHaveTextContent("No complete look yet");
});

test("a server that has done nothing yet says so in every card", async () => {
  const runs = { by_state: {}, success_rate: null, duration: null, table_duration: null };
  const none = { requests: [], store_calls: [], queries: [], indexes: [] };
  server.use(
    answer("/api/system", { ...makeSystem(), ...none, runs }),
    answer("/api/system/log", { lines: [] }),
  );
  visit("/settings/system");
  expect(await card("Requests")).toHaveTextContent("None since the start");
  expect(await card("Index of tables")).toHaveTextContent("No connection yet");
  expect(await card("Runs")).toHaveTextContent("Ended well–");
  expect(await card("Runs")).toHaveTextContent("None yet");
  const log = await card("Server log");
  await waitFor(() => expect(log).toHaveTextContent("Nothing logged yet"));
});

test("a disk that nobody knows is a dash", async () => {
  server.use(answer("/api/system", { ...makeSystem(), disk: null }));
  visit("/settings/system");
  expect(await card("Process and versions")).toHaveTextContent("Disk–");
  expect(screen.getByText("the home cannot be reached")).toBeInTheDocument();
});

test("nothing is forgotten by itself, and the button waits until something is due", async () => {
  visit("/settings/system");
  const old = await card("Old runs");
  expect(old).toHaveTextContent("Every run is kept.");
  expect(within(old).getByRole("button", { name: "Forget now" })).toBeDisabled();
});

test("old runs are forgotten after a question, and what came of it is said", async () => {
  const asked: string[] = [];
  server.use(
    answer("/api/system", { ...makeSystem(), retention: { days: 30, runs: 500, due: 2 } }),
    http.post("*/api/system/clean-up", () => {
      asked.push("clean-up");
      return HttpResponse.json({ removed: ["a", "b"] });
    }),
  );
  const { user } = visit("/settings/system");
  const old = await card("Old runs");
  expect(old).toHaveTextContent("Ended runs older than 30 days or beyond the newest 500");
  await user.click(within(old).getByRole("button", { name: "Forget 2 runs" }));
  const dialog = within(screen.getByRole("dialog", { name: "Forget 2 runs?" }));
  expect(dialog.getByRole("button", { name: "Keep them" })).toHaveFocus();
  await user.click(dialog.getByRole("button", { name: "Keep them" }));
  expect(asked).toEqual([]);
  await user.click(within(old).getByRole("button", { name: "Forget 2 runs" }));
  const again = within(screen.getByRole("dialog"));
  await user.click(again.getByRole("button", { name: "Forget 2 runs" }));
  await waitFor(() => expect(asked).toEqual(["clean-up"]));
  expect((await screen.findAllByText("2 runs forgotten.")).length).toBeGreaterThan(0);
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
});

test("a clean-up that is refused says why", async () => {
  server.use(
    answer("/api/system", { ...makeSystem(), retention: { days: 1, runs: 0, due: 1 } }),
    http.post("*/api/system/clean-up", () =>
      HttpResponse.json(
        { code: "PERMISSION_MISSING", detail: "You may only look.", hint: "Ask an admin." },
        { status: 403, headers: { "content-type": "application/problem+json" } },
      ),
    ),
  );
  const { user } = visit("/settings/system");
  await user.click(await screen.findByRole("button", { name: "Forget 1 run" }));
  await user.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Forget 1 run" }),
  );
  expect((await screen.findAllByText(/You may only look. Ask an admin./)).length).toBeGreaterThan(
    0,
  );
});

test("the log shows the newest line first", async () => {
  visit("/settings/system");
  const log = await screen.findByRole("log", { name: "Log lines" });
  const [first, second] = within(log).getAllByRole("listitem");
  expect(first).toHaveTextContent("GET /api/tables 200");
  expect(first).toHaveTextContent("3.4 ms");
  expect(second).toHaveTextContent("error");
});

test("who may not read the log still sees the rest", async () => {
  server.use(refuse("/api/system/log", { status: 403, code: "PERMISSION_MISSING" }));
  visit("/settings/system");
  const log = await card("Server log");
  await waitFor(() => expect(log).toHaveTextContent("You may not see this"));
  expect(await card("Requests")).toHaveTextContent("/api/dashboard");
});

test("the support bundle is a download", async () => {
  visit("/settings/system");
  const link = await screen.findByRole("link", { name: "Support bundle" });
  expect(link).toHaveAttribute("href", "/api/support-bundle");
  expect(link).toHaveAttribute("download");
});

test("an error has its parts, waiting its shape", async () => {
  server.use(refuse("/api/system"));
  const { unmount } = visit("/settings/system");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  unmount();
  server.use(never("/api/system"));
  visit("/settings/system");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});
