// Every platform's optional binary has its own entry in bun.lock, or people on it cannot install.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../bun.lock", import.meta.url), "utf8");
const { packages } = JSON.parse(text.replace(/,(\s*[}\]])/g, "$1"));
const entries = Object.values(packages);
const locked = new Set(entries.map(([id]) => /^(@?[^@]+)@/.exec(id)?.[1]));
const missing = entries.flatMap((entry) =>
  entry
    .filter((part) => part && typeof part === "object" && part.optionalDependencies)
    .flatMap((part) => Object.keys(part.optionalDependencies))
    .filter((name) => !locked.has(name))
    .map((name) => `${entry[0]} wants ${name}`),
);
if (missing.length > 0) {
  console.error(missing.join("\n"));
  process.exit(1);
}
console.log(`bun.lock is complete: ${entries.length} packages`);
