// Writes the paths of the page's router beside the page: the server answers 404 for any other.
import { writeFileSync } from "node:fs";
import { createMemoryHistory } from "@tanstack/react-router";
import { createServer } from "vite";

const OUT = new URL("../../src/cdalake/ui/dist/routes.json", import.meta.url);

// The client of the API asks where it is when it is loaded.
globalThis.location = new URL("http://localhost/");
const vite = await createServer({ server: { middlewareMode: true }, appType: "custom" });
try {
  const { makeRouter } = await vite.ssrLoadModule("/src/router.tsx");
  const { routesByPath } = makeRouter(createMemoryHistory());
  const paths = Object.keys(routesByPath).toSorted();
  writeFileSync(OUT, `${JSON.stringify(paths)}\n`);
  console.log(`routes: ${paths.join(" ")}`);
} finally {
  await vite.close();
}
