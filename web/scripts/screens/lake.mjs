import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

// A fixed place: the paths are in the pictures.
const home = join(tmpdir(), "acme");
const source = join(home, "cda-export");
const target = join(home, "lake");
const env = {
  ...process.env,
  CDALAKE_HOME: join(home, "home"),
  CDALAKE_SOURCE: source,
  CDALAKE_TARGET: target,
};
const { CDALAKE_SOURCE: _, CDALAKE_TARGET: __, ...unset } = env;
/** What the servers of the pictures find set. */
export const SERVERS = {
  full: env,
  empty: { ...unset, CDALAKE_HOME: join(home, "empty") },
  login: { ...env, CDALAKE_REQUIRE_LOGIN: "true" },
};

function cli(...args) {
  const options = { cwd: ROOT, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  try {
    return execFileSync("uv", ["run", "--no-sync", "cdalake", ...args], options);
  } catch (error) {
    // 2: some tables failed, which the dirty sample wants.
    if (error.status !== 2) throw error;
    return error.stdout;
  }
}

export const more = (folders) =>
  cli("sample", source, "--extra-folders", String(folders), "--dirt");

/** Runs from the command line while the export grows; two tables are left behind. */
export function makeLake() {
  removeLake();
  mkdirSync(home);
  cli("sample", source, "--tables", "11", "--folders", "3", "--dirt");
  cli("sync", source, target);
  for (const folders of [40, 60, 25, 90, 30]) {
    more(folders);
    cli("sync", source, target);
  }
  cli("sync", source, target, "--table", "pc_*");
  more(80);
  cli("sync", source, target, "--exclude", "cc_exposure", "--exclude", "pc_address");
  cli("sync", source, target, "--table", "cc_contact", "--current");
}

/** As a colleague would, with another engine; the run after it holds the table. */
export function restoreAndSync(table) {
  const code = `from deltalake import DeltaTable; DeltaTable(r"${join(target, table)}").restore(1)`;
  execFileSync("uv", ["run", "--no-sync", "python", "-c", code], { cwd: ROOT, env });
  more(4);
  cli("sync", source, target, "--table", table);
}

export const verify = (table) => cli("verify", source, target, "--table", table);

export const removeLake = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 });

export const viewersToken = () =>
  /cdl_\S+/.exec(cli("token", "add", "watcher", "--role", "viewer"))[0];

/** Do something while the export is not where it was. */
export async function withoutSource(act) {
  renameSync(source, `${source}-gone`);
  try {
    await act();
  } finally {
    renameSync(`${source}-gone`, source);
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

async function answers(url) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  throw new Error("the server did not come up");
}

/** Do something with the address of a server, and stop the server. */
export async function withServer(settings, act) {
  const port = String(await freePort());
  const args = ["run", "--no-sync", "cdalake", "serve", "--port", port];
  const server = spawn("uv", args, { cwd: ROOT, env: settings, stdio: "ignore" });
  const gone = new Promise((done) => server.once("exit", done));
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url);
    await act(url);
  } finally {
    server.kill("SIGTERM");
    await gone;
  }
}
