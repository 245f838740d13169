import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { makeDashboard } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, refuse, server } from "@/testing/server";

/** Which connection the pages are about. */

const [first] = makeDashboard().connections;
if (!first) throw new Error("the fixture has a connection");
const north = { ...first, name: "north" };
const south = { ...first, name: "south", source_ok: false, error: null };
const asked: (string | null)[] = [];

beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get("*/api/dashboard", ({ request }) => {
      const name = new URL(request.url).searchParams.get("connection");
      asked.push(name);
      const connections = [north, south].filter((each) => name === null || each.name === name);
      const headline = `Of ${name ?? "all"}`;
      return HttpResponse.json(makeDashboard({ connections, headline }));
    }),
  );
});

const opened = async (user: ReturnType<typeof visit>["user"], now: string) => {
  await user.click(await screen.findByRole("button", { name: `Connection: ${now}` }));
  return screen.findByRole("menu", { name: "Connection" });
};

test("a connection is chosen by keyboard, stands in the address and is the overview's", async () => {
  const { user, history } = visit("/?days=7");
  const menu = await opened(user, "All connections");
  const items = within(menu).getAllByRole("menuitemradio");
  expect(items.map((item) => item.getAttribute("aria-checked"))).toEqual([
    "true",
    "false",
    "false",
  ]);
  expect(items[2]).toHaveTextContent("No answer from source");
  await user.keyboard("{ArrowUp}{Enter}");
  await waitFor(() => expect(history.location.href).toBe("/?days=7&connection=south"));
  expect(await screen.findByRole("heading", { name: "Of south" })).toBeVisible();
  expect(asked).toContain("south");
  expect(await screen.findByRole("button", { name: "Connection: south" })).toHaveFocus();
});

test("the menu opens on the connection that is chosen, and goes on from there", async () => {
  const { user } = visit("/?connection=north");
  await screen.findByRole("heading", { name: "Of north" });
  const menu = await opened(user, "north");
  const item = (name: RegExp) => within(menu).getByRole("menuitemradio", { name });
  expect(item(/north/)).toHaveFocus();
  await user.keyboard("{ArrowDown}");
  expect(item(/south/)).toHaveFocus();
  await user.keyboard("{ArrowDown}");
  expect(item(/All connections/)).toHaveFocus();
});

test("the choice is kept from page to page, also over one that is of no connection", async () => {
  const { user, history } = visit("/?connection=north");
  await screen.findByRole("heading", { name: "Of north" });
  const main = screen.getByRole("navigation", { name: "Main" });
  const walk = (name: string) =>
    user.click(within(main).getByRole("link", { name: new RegExp(`^${name}`) }));
  await walk("Tables");
  await waitFor(() => expect(history.location.href).toBe("/tables?connection=north"));
  await walk("Sources");
  await waitFor(() => expect(history.location.href).toBe("/sources"));
  await walk("Runs");
  await waitFor(() => expect(history.location.href).toBe("/runs?connection=north"));
  // The page itself, which comes late: the address is the new one before it.
  await screen.findByRole("heading", { name: "Runs", level: 1 }, { timeout: 4000 });
  const menu = await opened(user, "north");
  await user.click(within(menu).getByRole("menuitemradio", { name: /All connections/ }));
  await waitFor(() => expect(history.location.href).toBe("/runs"));
});

test("from a page of no connection the choice leads to the overview", async () => {
  const { user, history } = visit("/sources");
  const menu = await opened(user, "All connections");
  await user.click(within(menu).getByRole("menuitemradio", { name: /north/ }));
  await waitFor(() => expect(history.location.href).toBe("/?connection=north"));
});

test("a run starts with the chosen connection", async () => {
  const { user } = visit("/runs?connection=south");
  await screen.findByRole("button", { name: "Connection: south" });
  await user.click(screen.getByRole("button", { name: "Run now" }));
  expect(await screen.findByLabelText("Connection", { selector: "select" })).toHaveValue("south");
});

test("one connection is a link to it, and none to where one is added", async () => {
  server.use(answer("/api/dashboard", makeDashboard({ connections: [north] })));
  const { unmount } = visit("/runs");
  expect(await screen.findByRole("link", { name: "north" })).toHaveAttribute(
    "href",
    "/sources/north",
  );
  unmount();
  server.use(answer("/api/dashboard", makeDashboard({ connections: [] })));
  visit("/runs");
  expect(await screen.findByRole("link", { name: "No connection" })).toBeVisible();
});

test("a connection the server does not know is an error, and the way out stays", async () => {
  server.use(refuse("/api/dashboard", { detail: "There is no connection named 'nope'." }));
  server.use(
    http.get("*/api/dashboard", ({ request }) =>
      new URL(request.url).searchParams.has("connection")
        ? undefined
        : HttpResponse.json(makeDashboard({ connections: [north, south] })),
    ),
  );
  const { user } = visit("/?connection=nope");
  expect(await screen.findByRole("alert")).toHaveTextContent("no connection named 'nope'");
  const menu = await opened(user, "nope");
  expect(within(menu).getByRole("menuitemradio", { name: /All connections/ })).toBeVisible();
});
