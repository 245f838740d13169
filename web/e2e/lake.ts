import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base } from "@playwright/test";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface LakeOptions {
  tables: number;
  folders: number;
  /** Sync once before the server starts, so that there is something to see. */
  synced: boolean;
  dirt: boolean;
  /** No export, no target, no connection: a server as it is installed. */
  bare?: boolean;
  /** Settings of the server. */
  env?: Record<string, string>;
}

/** A home of its own with a sample export, and the real server on a free port. */
export class Lake {
  readonly home = mkdtempSync(join(tmpdir(), "cdalake-e2e-"));
  source = join(this.home, "export");
  target = join(this.home, "lake");
  private server: ChildProcess | null = null;
  private settings: Record<string, string> = {};
  private bare = false;
  url = "";

  protected get env(): NodeJS.ProcessEnv {
    const home = { CDALAKE_HOME: join(this.home, "home") };
    const places = { CDALAKE_SOURCE: this.source, CDALAKE_TARGET: this.target };
    return { ...process.env, ...home, ...(this.bare ? {} : places), ...this.settings };
  }

  cli(...args: string[]): string {
    return execFileSync("uv", ["run", "--no-sync", "cdalake", ...args], {
      cwd: ROOT,
      env: this.env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  make({ tables, folders, synced, dirt, bare, env }: LakeOptions): void {
    this.settings = env ?? {};
    this.bare = bare ?? false;
    if (this.bare) return;
    const size = ["--tables", String(tables), "--folders", String(folders)];
    this.cli("sample", this.source, ...size, ...(dirt ? ["--dirt"] : []));
    if (synced) this.sync();
  }

  /** A run from the command line; tables that fail on purpose are no reason to stop. */
  sync(...args: string[]): void {
    try {
      this.cli("sync", this.source, this.target, ...args);
    } catch (error) {
      if ((error as { status?: number }).status !== 2) throw error;
    }
  }

  async start(): Promise<void> {
    const port = this.url ? Number(new URL(this.url).port) : await freePort();
    this.server = spawn("uv", ["run", "--no-sync", "cdalake", "serve", "--port", String(port)], {
      cwd: ROOT,
      env: this.env,
      stdio: "ignore",
      detached: true,
    });
    this.url = `http://127.0.0.1:${port}`;
    await this.answers();
  }

  private async answers(): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const response = await fetch(`${this.url}/health`).catch(() => null);
      if (response?.ok) return;
      await new Promise((wake) => setTimeout(wake, 200));
    }
    throw new Error(`The server at ${this.url} did not come up.`);
  }

  /** Stop the server as an operator would; runs it started go on. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server || server.exitCode !== null) return;
    const gone = new Promise((wake) => server.once("exit", wake));
    server.kill("SIGTERM");
    await gone;
    this.server = null;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** `lake` is made once a file by `test.use({ lakeOptions })`. */
export const test = base.extend<object, { lakeOptions: LakeOptions; lake: Lake }>({
  lakeOptions: [
    { tables: 11, folders: 20, synced: true, dirt: true },
    { option: true, scope: "worker" },
  ],
  lake: [
    async ({ lakeOptions }, use) => {
      const lake = new Lake();
      lake.make(lakeOptions);
      await lake.start();
      await use(lake);
      await lake.stop();
      lake.remove();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ lake }, use) => {
    await use(lake.url);
  },
});

export { expect } from "@playwright/test";
