import type { components } from "../src/api/generated";
import type { Settings } from "./settings";

type LogEntry = components["schemas"]["LogEntry"];
type SchemeInfo = components["schemas"]["SchemeInfo"];

/** The server itself, asked without the page in between. */
export class Server {
  private constructor(
    private readonly settings: Settings,
    private readonly token: string,
  ) {}

  static async signIn(settings: Settings): Promise<Server> {
    const { baseUrl, username, password } = settings;
    const answer = await fetch(`${baseUrl}/api/v1/auth/token`, {
      method: "POST",
      body: new URLSearchParams({ username, password }),
    });
    if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
    const { access_token } = (await answer.json()) as { access_token: string };
    return new Server(settings, access_token);
  }

  scheme(name: string): Promise<SchemeInfo> {
    return this.get(`schemes/${name}`);
  }

  async log(scheme: string): Promise<LogEntry[]> {
    const page = await this.get<{ items: LogEntry[] }>(`schemes/${scheme}/annotations`);
    return page.items;
  }

  private async get<T>(path: string): Promise<T> {
    const { baseUrl, project } = this.settings;
    const answer = await fetch(`${baseUrl}/api/v1/projects/${project}/${path}`, {
      headers: { Authorization: `Bearer ${this.token}` },
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
