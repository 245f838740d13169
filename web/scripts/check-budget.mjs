// Fails the build when the page's JavaScript grows over its budget (gzip -9, as sent).
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../../src/cdalake/ui/dist/", import.meta.url);
const ENTRY_LIMIT = 130_000;
const ROUTE_LIMIT = 180_000;

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

/** A chunk and everything it imports without waiting. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) closure(next, seen);
  return seen;
}

const sizes = new Map();
function gzipped(key) {
  const { file } = manifest[key];
  if (!sizes.has(file))
    sizes.set(file, gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length);
  return sizes.get(file);
}
const sum = (keys) => [...keys].reduce((total, key) => total + gzipped(key), 0);
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const base = closure(entry);
const routes = Object.keys(manifest).filter((key) => /^src\/pages\/.*Page\.tsx$/.test(key));
const found = [["entry", sum(base), ENTRY_LIMIT]];
for (const route of routes) {
  const name = route.replace(/^src\/pages\/|\.tsx$/g, "");
  found.push([name, sum(new Set([...base, ...closure(route)])), ROUTE_LIMIT]);
}

let failed = false;
for (const [name, size, limit] of found) {
  const over = size > limit;
  failed ||= over;
  console.log(
    `${over ? "OVER" : "ok  "}  ${name.padEnd(18)} ${kB(size).padStart(9)} of ${kB(limit)}`,
  );
}
if (failed) {
  console.error("The page is over its JavaScript budget.");
  process.exit(1);
}
