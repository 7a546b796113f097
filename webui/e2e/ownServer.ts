import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Settings } from "./settings";

const PASSWORD = "for-this-test-only";
const PATIENCE = 60_000;

/** A server of a test's own, which it may stop and start again on the same port and data. */
export class OwnServer {
  private process: ChildProcess | null = null;

  private constructor(
    private readonly command: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  /** Make one that `command` (kodkod) starts. */
  static async make(command: string): Promise<OwnServer> {
    const folder = await mkdtemp(join(tmpdir(), "kodkod-e2e-"));
    return new OwnServer(command, folder, await freePort());
  }

  get settings(): Settings {
    const baseUrl = `http://127.0.0.1:${this.port}`;
    return { baseUrl, username: "root", password: PASSWORD, project: "" };
  }

  /** Start it and return when it answers. */
  async start(): Promise<void> {
    const own = Object.entries(process.env).filter(([name]) => !name.startsWith("KODKOD"));
    const arguments_ = ["serve", `--data-dir=${this.folder}`, "--host=127.0.0.1"];
    this.process = spawn(this.command, [...arguments_, `--port=${this.port}`], {
      env: { ...Object.fromEntries(own), KODKOD_ROOT_PASSWORD: PASSWORD },
      stdio: "ignore",
    });
    const until = Date.now() + PATIENCE;
    while (!(await this.answers())) {
      if (Date.now() > until || this.process.exitCode !== null) {
        throw new Error("the test's own server does not answer");
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Ask it to end, as an operator would, and return when it has. */
  async stop(): Promise<void> {
    const running = this.process;
    if (running === null || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGTERM");
    await ended;
    this.process = null;
  }

  /** Stop it for good. */
  async discard(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.settings.baseUrl}/api/v1/health`)).ok;
    } catch {
      return false;
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}
