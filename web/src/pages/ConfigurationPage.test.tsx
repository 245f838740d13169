import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { asYaml, originOf } from "@/features/settings/origin";
import { makeConfiguration } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { never, refuse, server } from "@/testing/server";

const group = (name: string) => screen.findByRole("region", { name });

test("every value says where it comes from, the connection's first", async () => {
  visit("/settings/configuration");
  const connection = await group("Connection prod-east");
  expect(connection).toHaveTextContent("s3://acme-cda/prod");
  expect(connection).toHaveTextContent("File/etc/cdalake.toml [connections.prod]");
  expect(connection).toHaveTextContent(/profile guidewire.*Page/);
  const stores = await group("Stores");
  expect(stores).toHaveTextContent("****7QXF");
  expect(stores).toHaveTextContent("Environment");
  expect(screen.getAllByRole("region")[0]).toBe(connection);
});

test("what the demo sets is not told as a file's", () => {
  expect(originOf("cdalake demo")).toMatchObject({ kind: "Demo", where: "cdalake demo" });
  expect(originOf("cdalake.toml")).toMatchObject({ kind: "File", where: "cdalake.toml" });
});

test("Settings alone leads to the configuration, and its place is marked", async () => {
  const { history } = visit("/settings");
  await group("Server");
  expect(history.location.pathname).toBe("/settings/configuration");
  const places = within(screen.getByRole("navigation", { name: "Settings" }));
  expect(places.getByRole("link", { name: "Configuration" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("a setting is found, what is not default is chosen, and nothing found has a way back", async () => {
  const { user } = visit("/settings/configuration");
  await group("Server");
  await user.click(screen.getByRole("button", { name: /Changed from default/ }));
  expect(screen.queryByText("port")).not.toBeInTheDocument();
  await user.type(screen.getByRole("searchbox", { name: "Find a setting" }), "no such thing");
  expect(screen.getByText("No setting matches")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(screen.getByText("port")).toBeInTheDocument();
});

test("another connection is chosen in the address", async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get("*/api/config", ({ request }) => {
      const name = new URL(request.url).searchParams.get("connection");
      asked.push(name);
      const connections = ["default", "laptop"];
      return HttpResponse.json(makeConfiguration({ connection: name ?? "default", connections }));
    }),
  );
  const { user, history } = visit("/settings/configuration");
  await user.selectOptions(await screen.findByRole("combobox", { name: "Connection" }), "laptop");
  await waitFor(() => expect(history.location.search).toBe("?connection=laptop"));
  await waitFor(() => expect(asked).toContain("laptop"));
});

test("it is copied as YAML", async () => {
  const { user } = visit("/settings/configuration");
  await user.click(await screen.findByRole("button", { name: "Copy as YAML, no secrets" }));
  expect(await screen.findByText("Copied")).toBeInTheDocument();
  const text = await navigator.clipboard.readText();
  expect(text).toBe(asYaml(makeConfiguration().settings));
  expect(text).toContain('"access key id": "****7QXF"  # environment AWS_ACCESS_KEY_ID');
});

test("an error has its parts, waiting its shape", async () => {
  server.use(refuse("/api/config", { code: "NO_CONNECTION" }));
  const { unmount } = visit("/settings/configuration?connection=x");
  expect(await screen.findByRole("alert")).toHaveTextContent("NO_CONNECTION");
  unmount();
  server.use(never("/api/config"));
  visit("/settings/configuration");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});
