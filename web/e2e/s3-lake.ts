import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort, Lake } from "./lake";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export const KEY_ID = "AKIAE2ETESTKEY7Q3Z";
export const SECRET = "e2e-secret-that-nobody-may-ever-see";

/** A lake in two buckets of a real S3 server on loopback, with keys in the environment. */
export class S3Lake extends Lake {
  private store: ChildProcess | null = null;
  private endpoint = "";

  protected override get env(): NodeJS.ProcessEnv {
    return {
      ...super.env,
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_REGION: "us-east-1",
    };
  }

  async startStore(): Promise<void> {
    const port = await freePort();
    this.endpoint = `http://127.0.0.1:${port}`;
    const args = ["run", "--no-sync", "moto_server", "-H", "127.0.0.1", "-p", String(port)];
    this.store = spawn("uv", args, { cwd: ROOT, stdio: "ignore", detached: true });
    for (const bucket of ["acme-cda", "acme-lake"]) await this.makeBucket(bucket);
    this.source = "s3://acme-cda/prod";
    this.target = "s3://acme-lake/guidewire";
  }

  private async makeBucket(bucket: string): Promise<void> {
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const made = await fetch(`${this.endpoint}/${bucket}`, { method: "PUT" }).catch(() => null);
      if (made?.ok) return;
      await new Promise((wake) => setTimeout(wake, 200));
    }
    throw new Error(`The store at ${this.endpoint} did not come up.`);
  }

  stopStore(): void {
    const { pid } = this.store ?? {};
    // The whole group: uv is only the parent of the store.
    if (pid) process.kill(-pid, "SIGTERM");
    this.store = null;
  }
}
