import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { ago, makeJob } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, ME, never, PROBLEM, post, refuse, server } from "@/testing/server";

const TOKENS = [
  { name: "bob", role: "operator", created_at: ago(9000), created_by: "ana", last_used: ago(60) },
  { name: "report", role: "viewer", created_at: ago(9000), created_by: "ana", last_used: null },
];

test("one sees who one is, the roles, and every token but the tokens themselves", async () => {
  server.use(answer("/api/tokens", TOKENS));
  visit("/settings/access");
  const table = await screen.findByRole("table", { name: "Tokens, by name" });
  expect(within(table).getAllByRole("row")[2]).toHaveTextContent(/report.*viewer.*never/);
  expect(screen.getByRole("listitem", { current: true })).toHaveTextContent("your role");
  expect(screen.getByText(/You logged in with a token/)).toBeInTheDocument();
});

test("no tokens yet says what they are for, and the list of settings leads here", async () => {
  server.use(answer("/api/tokens", []));
  visit("/settings/access");
  expect(await screen.findByText("No tokens yet")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: "Access" })).toHaveAttribute("aria-current", "page");
});

test("tokens that are waited for have their shape, an error has its parts", async () => {
  server.use(never("/api/tokens"));
  const { unmount } = visit("/settings/access");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/tokens"));
  visit("/settings/access");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
});

test("who may not see tokens reads which role they need and who grants it", async () => {
  server.use(
    answer("/api/me", { ...ME, role: "viewer" }),
    refuse("/api/tokens", {
      status: 403,
      code: "PERMISSION_MISSING",
      detail: "This needs the role admin; yours is viewer.",
      hint: "Ask an admin of this server for the role admin.",
    }),
  );
  visit("/settings/access");
  const state = await screen.findByRole("alert");
  expect(state).toHaveTextContent("You may not see this");
  expect(state).toHaveTextContent("This needs the role admin; yours is viewer. Ask an admin");
  expect(screen.queryByText("No tokens yet")).not.toBeInTheDocument();
  const button = await screen.findByRole("button", {
    name: /New token.*This needs the role admin/,
  });
  expect(button).toHaveAttribute("aria-disabled", "true");
});

test("a new token is shown once and is gone with its dialog", async () => {
  const seen: unknown[] = [];
  server.use(
    answer("/api/tokens", []),
    post("/api/tokens", { name: "bob", role: "operator", token: "cdl_PLANTED" }, seen, 201),
  );
  const { user } = visit("/settings/access");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(screen.getByLabelText("Name"), "bob");
  await user.click(screen.getByRole("button", { name: "operator" }));
  await user.click(screen.getByRole("button", { name: "Make token" }));
  const dialog = await screen.findByRole("dialog", { name: "Token of bob" });
  expect(dialog).toHaveTextContent("cdl_PLANTED");
  expect(seen).toEqual([{ name: "bob", role: "operator" }]);
  await user.click(within(dialog).getByRole("button", { name: "Done" }));
  expect(document.body).not.toHaveTextContent("cdl_PLANTED");
});

test("a name that is taken is told in the dialog", async () => {
  const body = { ...PROBLEM, status: 409, code: "TOKEN_TAKEN", detail: "There is a token 'bob'." };
  server.use(
    answer("/api/tokens", TOKENS),
    http.post("*/api/tokens", () => HttpResponse.json(body, { status: 409 })),
  );
  const { user } = visit("/settings/access");
  await user.click(await screen.findByRole("button", { name: "New token" }));
  await user.type(screen.getByLabelText("Name"), "bob{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("There is a token 'bob'.");
});

test("revoking says what it means before it is done", async () => {
  const revoked: string[] = [];
  server.use(
    answer("/api/tokens", TOKENS),
    http.delete("*/api/tokens/:name", ({ params }) => {
      revoked.push(String(params.name));
      return HttpResponse.json({ message: "Token revoked" });
    }),
  );
  const { user } = visit("/settings/access");
  await user.click(await screen.findByRole("button", { name: "Revoke bob" }));
  const dialog = screen.getByRole("dialog", { name: "Revoke bob?" });
  expect(dialog).toHaveTextContent("has to log in anew");
  await user.click(within(dialog).getByRole("button", { name: "Revoke" }));
  expect((await screen.findAllByText(/Token bob is revoked/)).length).toBeGreaterThan(0);
  expect(revoked).toEqual(["bob"]);
});

test("the menu says who one is and lets one out", async () => {
  let outs = 0;
  server.use(
    http.post("*/api/logout", () => {
      outs += 1;
      return HttpResponse.json({ message: "Logged out" });
    }),
  );
  const { user, history } = visit("/");
  expect(await screen.findByRole("button", { name: "You: ana, admin" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Log out", hidden: true }));
  expect(await screen.findByLabelText("Token")).toBeInTheDocument();
  expect([outs, history.location.pathname]).toEqual([1, "/login"]);
});

test("a viewer reads why there is nothing to press", async () => {
  server.use(
    answer("/api/me", { ...ME, role: "viewer" }),
    answer("/api/guidewire/jobs/:id", makeJob({ can_retry: true })),
  );
  const { user } = visit("/runs/20261123-094630-8c42");
  const buttons = await waitFor(() => {
    const found = screen.getAllByRole("button", { name: /This needs the role operator/ });
    expect(found.length).toBeGreaterThan(1);
    return found;
  });
  for (const button of buttons) {
    expect(button).toHaveAttribute("aria-disabled", "true");
    await user.click(button);
  }
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("links inside a sentence and the start dialog keep to the role too", async () => {
  const asked: unknown[] = [];
  server.use(answer("/api/me", { ...ME, role: "viewer" }), post("/api/tables/refresh", {}, asked));
  const { user } = visit("/");
  const link = await screen.findByRole("button", { name: /Look again.*needs the role operator/ });
  await user.click(link);
  await user.keyboard("n");
  const start = await screen.findByRole("button", { name: /Start run.*needs the role operator/i });
  expect(start).toHaveAttribute("aria-disabled", "true");
  expect(asked).toEqual([]);
});
