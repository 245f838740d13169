import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import type { ManifestEntryInfo, ManifestPage, ObjectPage } from "@/api/generated";
import { ago, CONNECTION, makeConnection, makeError, NOW } from "@/testing/fixtures";
import { visit } from "@/testing/render";
import { answer, never, refuse, server } from "@/testing/server";

const entry = (over: Partial<ManifestEntryInfo> = {}): ManifestEntryInfo => ({
  table: "cc_claim",
  app: "ClaimCenter",
  manifest_ms: NOW - 60_000,
  manifest_time: ago(60),
  records: 12_345,
  data_files_path: "s3://acme-cda/prod/cc_claim",
  schema_history: [
    { fingerprint: "dcf4aba3", since_ms: NOW - 9_000_000, since: ago(9000) },
    { fingerprint: "7f02acdc", since_ms: NOW - 19_000_000, since: ago(19_000) },
  ],
  is_loaded: true,
  watermark_ms: NOW - 60_000,
  watermark: ago(60),
  health: "Healthy",
  problem: null,
  ...over,
});

const manifest = (over: Partial<ManifestPage> = {}): ManifestPage => {
  const entries = over.entries ?? [entry(), entry({ table: "pc_policy", health: "Not loaded" })];
  return {
    connection: CONNECTION,
    read_at: ago(3),
    entries,
    total: entries.length,
    total_entries: entries.length,
    new_since_yesterday: 1,
    not_loaded: 1,
    error: null,
    ...over,
  };
};

const objects = (over: Partial<ObjectPage> = {}): ObjectPage => ({
  connection: CONNECTION,
  side: "source",
  location: "s3://acme-cda/prod",
  path: "",
  folders: ["cc_claim"],
  objects: [{ name: "manifest.json", path: "manifest.json", size: 2048, last_modified: ago(60) }],
  oddities: [],
  next_after: null,
  download_limit: 1_000_000,
  ...over,
});

beforeEach(() => server.use(answer("/api/connections/:name", makeConnection())));

test("entries have readable times with raw ms, and their history of schemas", async () => {
  server.use(answer("/api/connections/:name/manifest", manifest()));
  const { user } = visit("/sources/prod-east?tab=manifest");
  const list = within(await screen.findByRole("list", { name: "Entries of the manifest" }));
  const [first] = list.getAllByRole("listitem");
  expect(first).toHaveTextContent(String(NOW - 60_000));
  expect(first).toHaveTextContent("12,345");
  expect(first).toHaveTextContent("Healthy");
  await user.click(list.getByRole("button", { name: "Details of cc_claim" }));
  expect(first).toHaveTextContent("s3://acme-cda/prod/cc_claim");
  expect(first).toHaveTextContent("7f02acdc since");
  expect(screen.getByText(/2 entries, read .+ ago/)).toBeInTheDocument();
});

test("what is new or not loaded is chosen, and words are looked for on the server", async () => {
  const asked: string[] = [];
  server.use(
    http.get("*/api/connections/:name/manifest", ({ request }) => {
      const query = new URL(request.url).searchParams;
      asked.push(`${query.get("search")}|${query.get("only") ?? ""}`);
      const none = query.get("search") === "zzz";
      return HttpResponse.json(manifest(none ? { entries: [], total: 0, total_entries: 2 } : {}));
    }),
  );
  const { user, history } = visit("/sources/prod-east?tab=manifest");
  await user.click(await screen.findByRole("button", { name: /Not loaded/ }));
  await waitFor(() => expect(history.location.search).toContain("only=not_loaded"));
  await user.type(screen.getByRole("searchbox", { name: "Search the manifest" }), "zzz");
  expect(await screen.findByText("No entry matches")).toBeInTheDocument();
  expect(asked).toContain("zzz|not_loaded");
  await user.click(screen.getByRole("button", { name: "Clear filters" }));
  await waitFor(() => expect(screen.queryByText("No entry matches")).not.toBeInTheDocument());
});

test("two thousand entries are a screenful of rows", async () => {
  const entries = Array.from({ length: 2000 }, (_, n) => entry({ table: `pc_t${n}` }));
  server.use(answer("/api/connections/:name/manifest", manifest({ entries })));
  visit("/sources/prod-east?tab=manifest");
  const list = await screen.findByRole("list", { name: "Entries of the manifest" });
  expect(within(list).getAllByRole("button").length).toBeLessThan(100);
  expect(screen.getByText(/2,000 entries/)).toBeInTheDocument();
});

test("a manifest that cannot be read now still shows what was read before", async () => {
  const error = makeError({
    code: "ACCESS_DENIED",
    message: "The store refused.",
    hint: "Grant it.",
  });
  server.use(answer("/api/connections/:name/manifest", manifest({ error })));
  visit("/sources/prod-east?tab=manifest");
  expect(await screen.findByRole("alert")).toHaveTextContent("The store refused. Grant it.");
  expect(screen.getByText("cc_claim")).toBeInTheDocument();
});

test("an empty manifest, an error and waiting are told apart", async () => {
  server.use(answer("/api/connections/:name/manifest", manifest({ entries: [] })));
  const { unmount } = visit("/sources/prod-east?tab=manifest");
  expect(await screen.findByText("The manifest has no entries yet")).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/connections/:name/manifest"));
  const second = visit("/sources/prod-east?tab=manifest");
  expect(await screen.findByRole("alert")).toHaveTextContent("DATABASE_BUSY");
  second.unmount();
  server.use(never("/api/connections/:name/manifest"));
  visit("/sources/prod-east?tab=manifest");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("folders are walked in the address, objects are handed out", async () => {
  server.use(
    http.get("*/api/connections/:name/objects", ({ request }) => {
      const query = new URL(request.url).searchParams;
      const path = query.get("path") ?? "";
      if (query.get("after")) return HttpResponse.json(objects({ path, folders: ["last"] }));
      const deeper = objects({ path, folders: ["dcf4"], objects: [], next_after: "fdcf4" });
      return HttpResponse.json(path ? deeper : objects());
    }),
  );
  const { user, history } = visit("/sources/prod-east?tab=objects");
  const link = await screen.findByRole("link", { name: "Download manifest.json" });
  expect(link).toHaveAttribute(
    "href",
    "/api/connections/prod-east/objects/content?side=source&path=manifest.json",
  );
  await user.click(screen.getByRole("link", { name: "cc_claim" }));
  await waitFor(() => expect(history.location.search).toContain("path=cc_claim"));
  await screen.findByRole("link", { name: "dcf4" });
  await user.click(screen.getByRole("button", { name: "Show more" }));
  expect(await screen.findByRole("link", { name: "last" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Target" }));
  await waitFor(() => expect(history.location.search).toBe("?tab=objects&side=target"));
});

test("an empty folder, a refusal and waiting are told apart", async () => {
  server.use(answer("/api/connections/:name/objects", objects({ folders: [], objects: [] })));
  const { unmount } = visit("/sources/prod-east?tab=objects");
  expect(await screen.findByText("This folder is empty")).toBeInTheDocument();
  unmount();
  server.use(refuse("/api/connections/:name/objects", { code: "STORE_TOO_SLOW", status: 503 }));
  const second = visit("/sources/prod-east?tab=objects");
  expect(await screen.findByRole("alert")).toHaveTextContent("STORE_TOO_SLOW");
  second.unmount();
  server.use(never("/api/connections/:name/objects"));
  visit("/sources/prod-east?tab=objects");
  expect(await screen.findByRole("status", { name: "Loading" })).toBeInTheDocument();
});

test("a folder with something that cannot be read is not called empty", async () => {
  const odd = "caf\\xe9.parquet has a name that no store can have";
  const page = objects({ folders: [], objects: [], oddities: [odd] });
  server.use(answer("/api/connections/:name/objects", page));
  visit("/sources/prod-east?tab=objects");
  expect(await screen.findByText(odd)).toBeInTheDocument();
  expect(screen.queryByText("This folder is empty")).not.toBeInTheDocument();
});
