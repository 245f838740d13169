import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { visit } from "@/testing/render";
import { ME, PROBLEM, post, refuse, server } from "@/testing/server";

const LOGIN_REQUIRED = { status: 401, code: "LOGIN_REQUIRED" };

test("a page that needs a login leads to it, and back to where one was", async () => {
  server.use(refuse("/api/guidewire/jobs", LOGIN_REQUIRED));
  const seen: unknown[] = [];
  const { user, history } = visit("/runs?state=failed");
  const field = await screen.findByLabelText("Token");
  expect(history.location.pathname).toBe("/login");
  server.resetHandlers();
  server.use(post("/api/login", ME, seen, 200));
  await user.type(field, " a-token ");
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("heading", { name: "Runs", level: 1 })).toBeInTheDocument();
  expect(history.location.href).toBe("/runs?state=failed");
  expect(seen).toEqual([{ token: "a-token" }]);
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain("a-token");
});

test("a wrong token is told where it was typed", async () => {
  const body = { ...PROBLEM, status: 401, code: "TOKEN_WRONG", detail: "This token is not known." };
  server.use(http.post("*/api/login", () => HttpResponse.json(body, { status: 401 })));
  const { user } = visit("/login");
  const button = await screen.findByRole("button", { name: "Log in" });
  expect(button).toBeDisabled();
  await user.type(screen.getByLabelText("Token"), "nonsense");
  await user.click(button);
  expect(await screen.findByRole("alert")).toHaveTextContent("This token is not known.");
  expect(screen.getByLabelText("Token")).toBeInvalid();
});

test("a token can be looked at while it is typed", async () => {
  const { user } = visit("/login");
  const field = await screen.findByLabelText("Token");
  expect(field).toHaveAttribute("type", "password");
  await user.click(screen.getByRole("button", { name: "Show token" }));
  expect(field).toHaveAttribute("type", "text");
});

test("a link brings the token behind its #, and it does not stay there", async () => {
  window.history.replaceState(null, "", "/login#of-the-link");
  visit("/login");
  expect(await screen.findByLabelText("Token")).toHaveValue("of-the-link");
  expect(window.location.hash).toBe("");
  window.history.replaceState(null, "", "/");
});

test("a link with a token that was cut in the middle of a letter still shows the page", async () => {
  window.history.replaceState(null, "", "/login#50%");
  visit("/login");
  expect(await screen.findByLabelText("Token")).toHaveValue("50%");
  window.history.replaceState(null, "", "/");
});

test.each(["//evil.example", "/\\evil.example", "https://evil.example"])(
  "after the login nobody is sent to %s",
  async (to) => {
    server.use(post("/api/login", ME, [], 200));
    const { user, history } = visit(`/login?to=${encodeURIComponent(to)}`);
    await user.type(await screen.findByLabelText("Token"), "a-token");
    await user.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(history.location.pathname).toBe("/"));
  },
);
