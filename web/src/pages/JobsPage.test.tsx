import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { makeDashboard, makeRun } from "@/testing/fixtures";
import { visit } from "@/testing/render";
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
  expect(screen.getByText(/^The newest 2 of 1,480 runs/)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Failed" })).not.toHaveTextContent("1");
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
