// Writes, for each path of the page's router, what a browser that opens it needs at once: the server
// names that with the page itself, and answers 404 for any other path.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createMemoryHistory } from "@tanstack/react-router";
import { createServer } from "vite";

const DIST = new URL("../../src/cdalake/ui/dist/", import.meta.url);

/**
 * What pages ask first, word for word: a browser takes an answer only for the same address. `$name`
 * stands for a step of the path or for a parameter of the address; an address with any other
 * parameter asks for something else.
 */
const ASKS = {
  "/": ["/api/dashboard"],
  "/tables": ["/api/tables?search=&sort=health&limit=200&offset=0"],
  "/tables/$name": [
    "/api/tables/$name?sample=false",
    "/api/tables/$name?sample=false&connection=$connection",
  ],
  "/runs": ["/api/guidewire/jobs?limit=200"],
  "/runs/$runId": ["/api/guidewire/jobs/$runId"],
  "/sources": ["/api/connections"],
  "/sources/$name": ["/api/connections/$name"],
};

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

/** A chunk and everything it imports without waiting. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

/** The pages a route shows, one inside the other. */
function pages(route) {
  const own = route.options.staticData?.page;
  return [...(route.parentRoute ? pages(route.parentRoute) : []), ...(own ? [own] : [])];
}

const entry = closure(Object.keys(manifest).find((key) => manifest[key].isEntry));
/** The files a route runs, those of every page first: the largest of all is among them. */
function parts(route) {
  const keys = pages(route).flatMap((page) => [...closure(`src/pages/${page}.tsx`)]);
  const chunks = [...new Set([...entry, ...keys])].map((key) => manifest[key]);
  return [...chunks.flatMap(({ css = [] }) => css), ...chunks.map(({ file }) => file)];
}

// The client of the API asks where it is when it is loaded.
globalThis.location = new URL("http://localhost/");
const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
try {
  const { makeRouter } = await vite.ssrLoadModule("/src/router.tsx");
  const { routesByPath } = makeRouter(createMemoryHistory());
  const paths = Object.keys(routesByPath).toSorted();
  const found = paths.map((path) => ({
    path,
    parts: parts(routesByPath[path]),
    asks: path === "/login" ? [] : ["/api/me", ...(ASKS[path] ?? [])],
  }));
  writeFileSync(new URL("routes.json", DIST), `${JSON.stringify(found)}\n`);
  console.log(`routes: ${paths.join(" ")}`);
} finally {
  await vite.close();
}
// The manifest has done its work; it is no part of the page.
rmSync(new URL(".vite/", DIST), { recursive: true });
