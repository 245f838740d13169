import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import type { ConnectionChange } from "@/api/generated";
import { makeConnection, makeError, makeTest } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, post, refuse, server } from "@/testing/server";

const me = (role: string) =>
  answer("/api/me", { name: "ana", role, has_login: false, can_log_out: false });

const change = (over: Partial<ConnectionChange> = {}): ConnectionChange => ({
  name: "prod-east",
  revision: "rev-1",
  is_preview: true,
  differences: [{ key: "workers", before: null, after: 4 }],
  ...over,
});

const laptop = makeConnection({
  name: "laptop",
  origin: "/etc/cdalake.toml [connections.laptop]",
  is_editable: false,
  revision: null,
  source_ok: false,
  error: makeError({
    code: "HOST_UNKNOWN",
    message: "The name minio cannot be resolved.",
    hint: "Check DNS.",
  }),
});

test("every connection says where it leads, how its credentials are found and how it does", async () => {
  server.use(answer("/api/connections", [makeConnection(), laptop]));
  visit("/sources");
  const prod = await screen.findByRole("article", { name: "prod-east" });
  expect(prod).toHaveTextContent("s3://acme-cda/prod");
  expect(prod).toHaveTextContent("profile guidewire");
  expect(prod).toHaveTextContent("480, 9 not loaded");
  expect(prod).toHaveTextContent("Connected");
  expect(prod).toHaveTextContent("Added on the page");
  const other = screen.getByRole("article", { name: "laptop" });
  expect(other).toHaveTextContent("Source does not answer");
  expect(other).toHaveTextContent("HOST_UNKNOWN");
  expect(other).toHaveTextContent("File, read-only");
  expect(screen.getByText("1 of 2 connections cannot be reached: laptop.")).toBeInTheDocument();
});

test("none yet has a next step, an error has its parts, waiting its shape", async () => {
  server.use(me("admin"), answer("/api/connections", []));
  const { unmount } = visit("/sources");
  expect(await screen.findByText("No connection yet")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Add connection" })).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/connections"));
  const second = visit("/sources");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  second.unmount();
  server.use(never("/api/connections"));
  visit("/sources");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("who may not change connections is offered nothing of it", async () => {
  server.use(
    me("viewer"),
    answer("/api/connections", [makeConnection()]),
    answer("/api/connections/:name", makeConnection()),
  );
  const { unmount } = visit("/sources");
  await screen.findByRole("article", { name: "prod-east" });
  expect(screen.queryByRole("button", { name: "Add connection" })).not.toBeInTheDocument();
  unmount();
  visit("/sources/prod-east");
  expect(await screen.findByText("Testing needs the role operator.")).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
});

test("a connection is added after its values were looked at", async () => {
  const sent: unknown[] = [];
  const made = change({
    name: "new",
    differences: [{ key: "source", before: null, after: "s3://a" }],
  });
  server.use(
    me("admin"),
    answer("/api/connections", [makeConnection()]),
    answer("/api/connections/:name", makeConnection({ name: "new" })),
    http.post("*/api/connections", async ({ request }) => {
      const preview = new URL(request.url).searchParams.get("preview");
      sent.push([preview, await request.json()]);
      return HttpResponse.json(made, { status: preview === "true" ? 200 : 201 });
    }),
  );
  const { user, history } = visit("/sources");
  await user.click(await screen.findByRole("button", { name: "Add connection" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Add a connection" }));
  await user.type(dialog.getByLabelText("Name"), "new");
  await user.type(dialog.getByLabelText("Source"), "s3://a");
  await user.type(dialog.getByLabelText("Target"), "s3://b");
  await user.type(dialog.getByLabelText("Credential"), "env:NEW_");
  await user.click(dialog.getByText("Options"));
  await user.click(dialog.getByRole("radio", { name: /^zero_copy/ }));
  await user.click(dialog.getByRole("button", { name: "Review changes" }));
  const table = await dialog.findByRole("table", { name: "What would change" });
  expect(within(table).getByRole("row", { name: "source default s3://a" })).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Add connection" }));
  await waitFor(() => expect(history.location.pathname).toBe("/sources/new"));
  const body = {
    name: "new",
    values: { source: "s3://a", target: "s3://b", credential: "env:NEW_", layout: "zero_copy" },
  };
  expect(sent).toEqual([
    ["true", body],
    ["false", body],
  ]);
});

test("an edit shows old and new, and names the revision it was made of", async () => {
  const sent: (string | null)[] = [];
  server.use(
    me("admin"),
    answer("/api/connections/:name", makeConnection()),
    http.put("*/api/connections/:name", ({ request }) => {
      sent.push(request.headers.get("if-match"));
      return HttpResponse.json(change());
    }),
  );
  const { user } = visit("/sources/prod-east");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Edit prod-east" }));
  expect(dialog.getByLabelText("Credential")).toHaveValue("profile:guidewire");
  await user.click(dialog.getByText("Options"));
  await user.type(dialog.getByLabelText("Workers"), "4");
  await user.click(dialog.getByRole("button", { name: "Review changes" }));
  expect(await dialog.findByRole("row", { name: "workers default 4" })).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Save changes" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(sent).toEqual(["rev-1", "rev-1"]);
});

test("where tables are worked at and what a change of columns does are seen, changed and sent", async () => {
  const sent: unknown[] = [];
  const places = { source: "s3://a", target: "s3://b" };
  const given = {
    ...places,
    runner: "ray",
    ray_address: "10.0.0.5:6379",
    schema_change: "replace",
    current: true,
  };
  server.use(
    me("admin"),
    answer("/api/connections/:name", makeConnection({ values: given })),
    http.put("*/api/connections/:name", async ({ request }) => {
      sent.push(await request.json());
      const differences = [{ key: "current", before: true, after: false }];
      return HttpResponse.json(change({ differences }));
    }),
  );
  const { user } = visit("/sources/prod-east");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Edit prod-east" }));
  const review = () => user.click(dialog.getByRole("button", { name: "Review changes" }));
  await user.click(dialog.getByText("Options"));
  const policies = within(dialog.getByRole("group", { name: "When columns change" }));
  expect(policies.getAllByRole("radio")).toHaveLength(4);
  expect(policies.getByRole("radio", { name: /^replace/ })).toBeChecked();
  expect(policies.getByText(/older rows leave the current version/)).toBeInTheDocument();
  expect(dialog.getByRole("switch", { name: /^Current tables/ })).toBeChecked();
  expect(dialog.getByLabelText("Ray address")).toHaveValue("10.0.0.5:6379");
  await review();
  expect(await dialog.findByRole("row", { name: "current true false" })).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Back" }));
  await user.click(dialog.getByText("Options"));
  await user.click(dialog.getByRole("radio", { name: /^threads/ }));
  expect(dialog.queryByLabelText("Ray address")).not.toBeInTheDocument();
  await user.click(dialog.getByRole("radio", { name: /^per_fingerprint/ }));
  await user.click(dialog.getByRole("switch", { name: /^Current tables/ }));
  await review();
  await waitFor(() =>
    expect(sent).toEqual([given, { ...places, schema_change: "per_fingerprint" }]),
  );
});

test("a refused edit stays open and says why", async () => {
  server.use(
    me("admin"),
    answer("/api/connections/:name", makeConnection()),
    http.put("*/api/connections/:name", () =>
      HttpResponse.json(
        {
          type: "about:blank",
          title: "Forbidden",
          status: 403,
          detail: "10.0.0.1 is not for connections of the page.",
          code: "ENDPOINT_NOT_ALLOWED",
          hint: "Name it.",
          request_id: "r",
        },
        { status: 403 },
      ),
    ),
  );
  const { user } = visit("/sources/prod-east");
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  await user.click(await screen.findByRole("button", { name: "Review changes" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("ENDPOINT_NOT_ALLOWED");
  expect(screen.getByRole("dialog")).toBeInTheDocument();
});

test("a test tells each step, what failed and what to do", async () => {
  const sent: unknown[] = [];
  const failed = makeTest({ ok: false });
  const write = {
    name: "target.write",
    title: "Write to the target",
    state: "failed",
    seconds: 0.1,
    sentence: "The store refused to put.",
    code: "ACCESS_DENIED",
    hint: "Grant s3:PutObject there.",
  };
  failed.steps[2] = write;
  failed.steps.push({ ...write, name: "target.space", title: "Room", state: "skipped" });
  server.use(
    me("operator"),
    answer("/api/connections/:name", makeConnection()),
    post("/api/connections/:name/test", failed, sent, 200),
  );
  const { user } = visit("/sources/prod-east");
  const card = within(await screen.findByRole("region", { name: "Test connection" }));
  await waitFor(() => expect(card.getByRole("button", { name: "Test connection" })).toBeEnabled());
  await user.click(card.getByRole("switch"));
  await user.click(card.getByRole("button", { name: "Test connection" }));
  const result = await card.findByRole("status");
  expect(result).toHaveTextContent("One step failed.");
  expect(result).toHaveTextContent("ACCESS_DENIED");
  expect(result).toHaveTextContent("Grant s3:PutObject there.");
  expect(result).toHaveTextContent("42 ms");
  expect(sent).toEqual([{ consent: true }]);
});

test("removing asks, says what stays, and leads back", async () => {
  server.use(
    me("admin"),
    answer("/api/connections", []),
    answer("/api/connections/:name", makeConnection()),
    http.delete("*/api/connections/:name", () => HttpResponse.json(change({ revision: null }))),
  );
  const { user, history } = visit("/sources/prod-east");
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Remove prod-east?" }));
  expect(dialog.getByText(/471 tables stay in/)).toBeInTheDocument();
  expect(dialog.getByRole("button", { name: "Keep it" })).toHaveFocus();
  await user.click(dialog.getByRole("button", { name: "Remove connection" }));
  await waitFor(() => expect(history.location.pathname).toBe("/sources"));
});

test("a connection of the file says where it is changed", async () => {
  server.use(me("admin"), answer("/api/connections/:name", laptop));
  visit("/sources/laptop");
  expect(await screen.findByText(/^From \/etc\/cdalake.toml/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
});

test("a connection that is not there is an error with its parts", async () => {
  server.use(refuse("/api/connections/:name", { status: 404, code: "CONNECTION_NOT_FOUND" }));
  visit("/sources/nobody");
  expect(await screen.findByRole("alert")).toHaveTextContent("CONNECTION_NOT_FOUND");
});
